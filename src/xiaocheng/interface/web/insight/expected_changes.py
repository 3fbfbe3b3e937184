"""预期变化: campaigns, fairs and holidays that the forecast counts with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.insight import commands, queries
from xiaocheng.insight.access import EXPECT, SEE
from xiaocheng.insight.commands import LEAST_CHANGE, MOST_CHANGE, ChangeDraft
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import DateField, Form, PickField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link
from xiaocheng.interface.web.shell.screens import ActionScreen, Column, FormScreen, ListScreen

LIST = "insight:expected_changes"


def percent_said(percent: int) -> str:
    """How many more or fewer, with its sign."""
    return f"{percent:+d}%"


def whose(row: Any) -> str:
    """What it is about."""
    return row.department.name if row.department else _("全公司")


@access(SEE)
class ExpectedChanges(ListScreen):
    """What the forecast counts with, the newest first."""

    title = gettext_lazy("预期变化")
    hint = gettext_lazy("展会、促销或假期让进来的商机比平时多或少:登记之后,从下一个凌晨起的预测都计入。")
    row_to = "insight:edit_expected_change"
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("活动或假期"), "name"),
        Column(gettext_lazy("从"), "first", show=formats.day, look="nowrap"),
        Column(gettext_lazy("到"), "last", show=formats.day, look="nowrap"),
        Column(gettext_lazy("新商机增减"), "percent", show=percent_said, look="number", phone="aside"),
        Column(gettext_lazy("范围"), lambda row: row, show=whose),
        Column(gettext_lazy("登记人"), "author.name", look="nowrap", phone="off"),
    ]

    def rows(self) -> QuerySet[Any]:
        """All of them."""
        return queries.expected_changes(self.actor)

    def crumbs(self) -> list[Crumb]:
        """Back to the forecast."""
        return [Crumb(_("销售预测"), reverse("insight:forecast"))]

    def actions(self) -> list[Link | None]:
        """Enter one, for whoever may."""
        if not self.actor.can(EXPECT):
            return []
        return [Link(_("登记"), "insight:new_expected_change", icon="plus", drawer=True)]

    def empty(self) -> Empty:
        """What it is for."""
        return Empty(_("还没有登记活动或假期"), _("没有登记的日子按平时预测。"), icon="calendar-event")


class ChangeForm(Form):
    """Which days, how many more or fewer, of whom."""

    name = forms.CharField(label=gettext_lazy("活动或假期"), max_length=60)
    first = DateField(label=gettext_lazy("从"))
    last = DateField(label=gettext_lazy("到"))
    percent = forms.IntegerField(
        label=gettext_lazy("新商机增减(%)"),
        min_value=LEAST_CHANGE,
        max_value=MOST_CHANGE,
        help_text=gettext_lazy("比平时多三成写 30,少一半写 -50"),
    )
    department = PickField(
        "insight-teams", label=gettext_lazy("部门及下级"), required=False, placeholder=gettext_lazy("全公司")
    )


def _draft(data: dict[str, Any]) -> ChangeDraft:
    return ChangeDraft(**{name: value for name, value in data.items() if name != "department"},
                       department_id=data["department"])  # fmt: skip


@access(SEE, EXPECT)
class NewExpectedChange(FormScreen):
    """Enter a campaign or holiday."""

    title, form_class = gettext_lazy("登记预期变化"), ChangeForm

    def crumbs(self) -> list[Crumb]:
        """Back to the list."""
        return [Crumb(_("预期变化"), reverse(LIST))]

    def initial(self) -> dict[str, Any]:
        """The department that one heads; who sees everything enters for the company."""
        return {"department": queries.usual_scope(self.actor).department_id}

    def run(self, data: dict[str, Any]) -> Done:
        """Enter it."""
        commands.expect_change(self.actor, _draft(data))
        return Done(url=reverse(LIST), toast=_("已登记:从下一个凌晨起计入预测"))


@access(SEE)
class EditExpectedChange(NewExpectedChange):
    """Change one, or look at it."""

    title, submit = gettext_lazy("预期变化"), gettext_lazy("保存")

    def load(self) -> None:
        """The one that the address names."""
        self.row = queries.expected_change(self.actor, self.kwargs["pk"])

    def actions(self) -> list[Link | None]:
        """Delete it, for whoever may."""
        if not queries.may_expect(self.actor, self.row.department_id):
            return []
        sure = _("确定删除?已经做了的预测不变。")
        pk = (self.row.pk,)
        return [
            Link(_("删除"), "insight:drop_expected_change", pk, icon="trash", look="danger", post=True, confirm=sure)
        ]

    def version(self) -> int:
        """The version that the form starts from."""
        return self.row.edit_version

    def initial(self) -> dict[str, Any]:
        """What stands there now."""
        kept = {name: getattr(self.row, name) for name in ("name", "first", "last", "percent")}
        return {**kept, "department": self.row.department_id}

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        commands.edit_expected_change(self.actor, self.row.pk, self.sent_version, _draft(data))
        return Done(url=reverse(LIST), toast=_("已保存"))


@access(SEE, EXPECT)
class DropExpectedChange(ActionScreen):
    """Delete one."""

    def run(self) -> Done:
        """Delete it, and show the others."""
        commands.drop_expected_change(self.actor, self.kwargs["pk"])
        return Done(url=reverse(LIST), toast=_("已删除"))


def counted_with(actor: Any, scope: queries.ForecastScope, run: Any) -> list[str]:
    """What a run of the forecast counts with, in words."""
    return [
        _("%(name)s(%(whose)s,%(first)s 至 %(last)s,新商机 %(percent)s)")
        % {
            "name": row.name,
            "whose": whose(row),
            "first": formats.day(row.first),
            "last": formats.day(row.last),
            "percent": percent_said(row.percent),
        }
        for row in queries.changes_within(actor, scope, run.as_of, run.last_on)
    ]
