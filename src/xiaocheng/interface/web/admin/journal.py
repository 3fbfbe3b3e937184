"""The journal: who did what, when, and on whose behalf."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.queries import seen_part
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.journal import read_entries
from xiaocheng.foundation.org import queries
from xiaocheng.foundation.org.access import READ_JOURNAL
from xiaocheng.foundation.org.queries import JournalEntry
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import DateInput, Filters, PickFilter
from xiaocheng.interface.web.shell.links import Crumb, Empty
from xiaocheng.interface.web.shell.paging import Page
from xiaocheng.interface.web.shell.screens import Column, ListScreen
from xiaocheng.interface.web.shell.screens.base import Screen

from .names import MODULES, module_name


class JournalFilters(Filters):
    """Whose acts, of which module, in which days."""

    person = PickFilter(source="people", field_name="person_id", label=_("操作人"))
    module = django_filters.ChoiceFilter(label=_("模块"), choices=list(MODULES.items()), method="of_module")
    since = django_filters.DateFilter(label=_("从"), method="from_day", widget=DateInput)
    until = django_filters.DateFilter(label=_("到"), method="to_day", widget=DateInput)

    def of_module(self, rows: QuerySet[JournalEntry], _name: str, label: str) -> QuerySet[JournalEntry]:
        """Entries of one module."""
        return rows.filter(kind__startswith=f"{label}.")

    def from_day(self, rows: QuerySet[JournalEntry], _name: str, day: Any) -> QuerySet[JournalEntry]:
        """Entries from a company day on."""
        return rows.filter(at__gte=clock.bounds(day, day)[0])

    def to_day(self, rows: QuerySet[JournalEntry], _name: str, day: Any) -> QuerySet[JournalEntry]:
        """Entries up to a company day."""
        return rows.filter(at__lt=clock.bounds(day, day)[1])


def module_of(kind: str) -> Sentence:
    """The module's name behind the kind of an entry."""
    return module_name(kind.partition(".")[0])


@access(READ_JOURNAL)
class Journal(ListScreen):
    """Everything that was done, the newest first."""

    title = _("操作日志")
    columns = [
        Column(_("时间"), "at", show=formats.moment),
        Column(_("操作人"), "who", phone="aside"),
        Column(_("内容"), "sentence", phone="bare"),
        Column(_("模块"), "kind", show=module_of),
    ]
    row_to, order, filters = "admin:journal-entry", "-pk", JournalFilters

    def rows(self) -> QuerySet[JournalEntry]:
        """The journal."""
        return queries.journal(self.actor)

    @cached_property
    def page(self) -> Page[Any]:
        """The page's entries, each with its sentence and the name of who did it."""
        page = super().page
        names = queries.names_of(pk for row in page.rows for pk in (row.person_id, row.on_behalf_of_id))
        for row, item in zip(page.rows, read_entries(page.rows), strict=True):
            row.sentence, row.who = item.sentence, formats.doer(item, names)
        return page

    def empty(self) -> Empty:
        """Nothing yet."""
        return Empty(_("还没有任何操作"), icon="history")


@access(READ_JOURNAL)
class Entry(Screen):
    """One entry with all that it kept."""

    template, title = "admin/entry.html", _("操作日志")
    entry: JournalEntry

    def load(self) -> None:
        """Read the entry."""
        self.entry = queries.journal_entry(self.actor, self.kwargs["pk"])

    def crumbs(self) -> list[Crumb]:
        """The list."""
        return [Crumb(_("操作日志"), reverse("admin:journal"))]

    def context(self) -> dict[str, Any]:
        """What it says and what it kept."""
        row = self.entry
        item = read_entries([row])[0]
        names = queries.names_of([row.person_id, row.on_behalf_of_id])
        kept = [
            (name, seen_part(self.actor, value)) for name, value in [*row.data.items(), *(row.personal or {}).items()]
        ]
        return {
            "entry": row,
            "sentence": item.sentence,
            "who": formats.doer(item, names),
            "module": module_of(row.kind),
            "values": [(name, json.dumps(value, ensure_ascii=False)) for name, value in kept],
            "subjects": row.subjects.order_by("pk"),
        }
