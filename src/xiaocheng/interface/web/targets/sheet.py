"""The sheet in which a supervisor sets the targets of a team: people down, measures across, one form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xiaocheng.control.targets import commands, queries
from xiaocheng.control.targets.access import SET
from xiaocheng.control.targets.commands import TargetDraft, TargetOutcome
from xiaocheng.control.targets.queries import PersonProgress
from xiaocheng.foundation.kernel.errors import EditConflict
from xiaocheng.foundation.kernel.measures import Measure, measure
from xiaocheng.foundation.kernel.periods import months_after
from xiaocheng.foundation.org.queries import names_of
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form, MoneyField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link
from xiaocheng.interface.web.shell.screens import FormScreen

from .months import asked_months, departments_of

MOST_PEOPLE = 200  # of whom a sheet can be sent: a form has its limit of fields
MOST_TOLD = 3  # refusals that are named; of more, how many


class SheetForm(Form):
    """A cell per person and measure, each with the version and the value that it started from."""

    basis = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("这次改动的目标以什么为依据、怎样完成,本人能看到。"),
    )

    def __init__(self, *args: Any, people: Sequence[PersonProgress] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        for line in people:
            for item in queries.offered():
                name = cell_name(line.person.pk, item.key)
                self.fields[name] = MoneyField(label=f"{line.person.name} · {item.name}", required=False, min_value=0)
                self.fields[f"{name}-was"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def columns(self) -> list[tuple[Measure, str]]:
        """The measures across, each with its unit."""
        units = {"money": _("元"), "count": ""}
        return [(item, units[item.unit]) for item in queries.offered()]

    def lines(self) -> Iterator[tuple[PersonProgress, list[tuple[Any, Any]]]]:
        """The people down, with (cell, what it started from)."""
        for line in self.people:
            names = [cell_name(line.person.pk, item.key) for item in queries.offered()]
            yield line, [(self[name], self[f"{name}-was"]) for name in names]


def cell_name(person_id: int, key: str) -> str:
    """The name of a cell's field."""
    return f"t-{person_id}-{key.replace('.', '-')}"


@access(SET)
class SetTargets(FormScreen):
    """Set the targets of a team for a month."""

    title, template, form_class = gettext_lazy("定目标"), "targets/set.html", SheetForm

    def load(self) -> None:
        """The people of the month and department."""
        self.departments = departments_of(self.actor)
        self.months = asked_months(self.request, self.departments)
        found = queries.team_progress(self.actor, self.months.month, self.months.team)
        # One's own are set by whoever stands above; somebody who has left gets none any more.
        people = [line for line in found.people if line.person.pk != self.actor.person_id and line.person.is_active]
        self.people, self.left_out = people[:MOST_PEOPLE], len(people[MOST_PEOPLE:])

    def crumbs(self) -> Sequence[Crumb]:
        """Back to what was reached."""
        return [Crumb(_("团队目标"), reverse("targets:team") + self.months.query())]

    def actions(self) -> Sequence[Link | None]:
        """Fill the empty cells from the month before."""
        query = f"{self.months.query()}&copy=1"
        return (Link(_("填入上月目标"), "targets:set", icon="copy", look="quiet", query=query),)

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """A form with a cell for everybody."""
        return SheetForm(data, files, initial=self.initial(), actor=self.actor, people=self.people)

    def initial(self) -> dict[str, Any]:
        """What stands now; with `copy`, in empty cells what stood a month before."""
        start: dict[str, Any] = {}
        former = self._former() if "copy" in self.request.GET else {}
        for line in self.people:
            for key in queries.MEASURES:
                name, row = cell_name(line.person.pk, key), line.rows.get(key)
                start[name] = row.value if row else former.get((line.person.pk, key))
                start[f"{name}-was"] = f"{row.edit_version} {row.value.normalize():f}" if row else ""
        return start

    def context(self) -> dict[str, Any]:
        """The month and the department."""
        return {
            "months": self.months,
            "departments": self.departments,
            "left_out": self.left_out,
            "empty": Empty(_("这里还没有需要定目标的人员"), icon="flag"),
        }

    def run(self, data: dict[str, Any]) -> Done:
        """Set what was changed; what could not be set is told by name."""
        outcomes = commands.set_targets(self.actor, list(self._drafts(data)))
        return Done(url=reverse("targets:team") + self.months.query(), toast=told(outcomes))

    def _drafts(self, data: dict[str, Any]) -> Iterator[TargetDraft]:
        for line in self.people:
            for key in queries.MEASURES:
                name = cell_name(line.person.pk, key)
                version, _space, was = data[f"{name}-was"].partition(" ")
                value = data[name] or None
                if plain(value) != was:
                    yield TargetDraft(
                        person_id=line.person.pk,
                        measure=key,
                        month=self.months.month,
                        value=value,
                        basis=data["basis"],
                        version=int(version) if version.isdigit() else 0,
                    )

    def _former(self) -> dict[tuple[int, str], Decimal]:
        rows = queries.targets(self.actor).filter(month=months_after(self.months.month, -1))
        return {(person, key): value for person, key, value in rows.values_list("person_id", "measure", "value")}


def plain(value: Decimal | None) -> str:
    """A value as the hidden field keeps it."""
    return f"{value.normalize():f}" if value else ""


def told(outcomes: Sequence[TargetOutcome]) -> str:
    """How many were saved, and what was refused."""
    refused = [outcome for outcome in outcomes if outcome.refusal]
    done = len(outcomes) - len(refused)
    said = ngettext("已保存 %(n)s 项目标", "已保存 %(n)s 项目标", done) % {"n": done}
    if not refused:
        return said
    names = names_of(outcome.draft.person_id for outcome in refused)
    return formats.sentences(
        said + ";", *(_refused(outcome, names) for outcome in refused[:MOST_TOLD]), *_more(len(refused) - MOST_TOLD)
    )


def _refused(outcome: TargetOutcome, names: dict[int, str]) -> str:
    draft, refusal = outcome.draft, outcome.refusal
    said = {"name": names.get(draft.person_id, ""), "measure": measure(draft.measure).name}
    if isinstance(refusal, EditConflict):
        return _("%(name)s的「%(measure)s」刚被别人改过,没有保存,请看过再改。") % said
    return _("%(name)s的「%(measure)s」没有保存:%(why)s") % {**said, "why": str(refusal)}


def _more(count: int) -> list[str]:
    return [_("还有 %(n)s 项没有保存。") % {"n": count}] if count > 0 else []
