"""个人信息查阅记录: who had phones and addresses shown, took them out as a file, or erased them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel.journal import read_entries
from xiaocheng.foundation.org.queries import people
from xiaocheng.interface.web.admin.journal import JournalFilters
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.forms import PickFilter
from xiaocheng.interface.web.shell.links import Empty
from xiaocheng.interface.web.shell.screens import Column, ListScreen
from xiaocheng.selling.customers import queries
from xiaocheng.selling.customers.access import SEE_ACCESS_LOG
from xiaocheng.selling.customers.queries import ACCESS_ACTS


class AccessFilters(JournalFilters):
    """Who, what, about whom, in which days."""

    module = None
    act = django_filters.ChoiceFilter(
        label=gettext_lazy("事项"),
        choices=[(key, name) for key, (name, _event) in ACCESS_ACTS.items()],
        method="of_act",
    )
    customer = PickFilter(source="customers", label=gettext_lazy("客户"), method="of_customer")
    contact = PickFilter(source="contacts", label=gettext_lazy("联系人"), method="of_contact")

    def of_act(self, rows: QuerySet[Any], name: str, key: str) -> QuerySet[Any]:
        """Acts of one kind."""
        return rows.filter(kind=ACCESS_ACTS[key][1].kind())

    def of_customer(self, rows: QuerySet[Any], name: str, customer_id: int) -> QuerySet[Any]:
        """Acts about one customer."""
        return queries.log_of_customer(self.request.actor, rows, customer_id)

    def of_contact(self, rows: QuerySet[Any], name: str, contact_id: int) -> QuerySet[Any]:
        """Acts about one contact."""
        return queries.log_of_contact(self.request.actor, rows, contact_id)


@access(SEE_ACCESS_LOG)
class AccessLog(ListScreen):
    """The acts, the latest first."""

    title = gettext_lazy("个人信息查阅记录")
    order: ClassVar[str] = "-pk"
    export = "customers:export_access_log"
    filters = AccessFilters
    bulk = ()

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """When, who, what, about whom."""
        return [
            Column(_("时间"), "at", show=formats.moment),
            Column(_("操作人"), self._who, phone="aside"),
            Column(_("内容"), lambda row: read_entries([row])[0].sentence, phone="bare"),
            Column(_("客户"), _customer),
        ]

    @cached_property
    def _names(self) -> dict[int, str]:
        return dict(people(self.actor, active=None).values_list("pk", "name"))

    def _who(self, row: Any) -> str:
        return formats.doer(row, self._names)

    def rows(self) -> QuerySet[Any]:
        """All of them; the filters narrow."""
        return queries.access_log(self.actor)

    def context(self) -> dict[str, Any]:
        """What stands here."""
        said = _("谁让系统显示了联系方式、导出了带联系方式的名单、清除了个人信息。")
        return {**super().context(), "hint": said}

    def empty(self) -> Empty:
        """Nothing yet."""
        return Empty(
            _("还没有查阅记录"), _("规则「查看他人客户的联系方式须留痕」开启后,每次显示都记在这里。"), icon="eye-check"
        )


def _customer(row: Any) -> str:
    """The customer, as a link; what was erased has no name any more."""
    if not row.customer_id:
        return ""
    page = reverse("customers:page", args=[row.customer_id])
    return format_html('<a href="{}">{}</a>', page, row.customer or row.customer_id)


@access(SEE_ACCESS_LOG, EXPORT)
class ExportAccessLog(ExportScreen):
    """The log as a file."""

    screen_class = AccessLog
