"""The lines of one's own plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.org.queries import next_workday
from xiaocheng.interface.web.customers.consents import ReachForm
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import DateField, Form, PickField, Section, TimeInput
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen
from xiaocheng.selling.fieldwork import commands, queries
from xiaocheng.selling.fieldwork.access import VISIT
from xiaocheng.selling.fieldwork.commands import LineDraft
from xiaocheng.selling.fieldwork.queries import LineOutcome, Purpose

from .days import asked_day, asked_number


class LineForm(ReachForm):
    """Whom to visit, when and what for."""

    customer_id = PickField("customers", label=gettext_lazy("客户"), required=False)
    purpose = forms.ChoiceField(
        label=gettext_lazy("目的"), choices=Purpose.choices, widget=forms.RadioSelect, initial=Purpose.SERVICE
    )
    starts_at = forms.TimeField(label=gettext_lazy("几点"), widget=TimeInput(format="%H:%M"), required=False)
    ends_at = forms.TimeField(label=gettext_lazy("到几点"), widget=TimeInput(format="%H:%M"), required=False)
    note = forms.CharField(label=gettext_lazy("备注"), max_length=300, required=False)
    area = forms.CharField(
        label=gettext_lazy("区域"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("不填就是客户的地区;没有具体客户、只是走访一个区域时必填。"),
    )
    opportunity_id = PickField("my-deals", label=gettext_lazy("商机"), required=False)
    field_order = ("customer_id", "purpose", "starts_at", "ends_at", "area", "note", "opportunity_id")
    sections = [Section(gettext_lazy("更多"), ("opportunity_id",), folded=True)]


@access(VISIT)
class NewLine(FormScreen):
    """Add a line to the plan of a day."""

    title = gettext_lazy("添加到计划")
    form_class = LineForm
    submit = gettext_lazy("加入计划")

    def initial(self) -> dict[str, Any]:
        """The customer or opportunity from whose page one comes."""
        return {
            "customer_id": asked_number(self.request, "customer"),
            "opportunity_id": asked_number(self.request, "opportunity"),
        }

    def run(self, data: dict[str, Any]) -> Done:
        """Add it."""
        day = asked_day(self.request)
        commands.plan_line(self.actor, day, LineDraft(**data))
        return Done(url=f"{reverse('daily:plan')}?day={day}", toast=_("已加入计划"))


@access(VISIT)
class AddSuggested(ActionScreen):
    """Take over a suggestion."""

    def run(self) -> Done:
        """Add the suggested customer, for the reason that was shown."""
        commands.add_suggested(self.actor, asked_day(self.request), asked_number(self.request, "customer") or 0)
        return Done(toast=_("已加入计划"))


@access(VISIT)
class EditLine(FormScreen):
    """Change a line."""

    title = gettext_lazy("修改计划")
    form_class = LineForm

    def load(self) -> None:
        """The line that the address names."""
        self.line = queries.line(self.actor, self.kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        """The line as it is."""
        return {name: getattr(self.line, name) for name in LineForm.base_fields}

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        commands.edit_line(self.actor, self.line.pk, LineDraft(**data))
        return Done(toast=_("已修改"))


@access(VISIT)
class DropLine(ActionScreen):
    """Strike a line out."""

    def run(self) -> Done:
        """Drop it."""
        commands.drop_line(self.actor, self.kwargs["pk"])
        return Done(toast=_("已删除"))


class SettleForm(Form):
    """Why a planned visit was not made."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("结果"),
        choices=[(item.value, item.label) for item in (LineOutcome.NOT_DONE, LineOutcome.MOVED)],
        widget=forms.RadioSelect,
        initial=LineOutcome.NOT_DONE,
    )
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=300)
    moved_to = DateField(
        label=gettext_lazy("改到哪一天"), required=False, help_text=gettext_lazy("选「改期」时填写,会加入那天的计划。")
    )


@access(VISIT)
class SettleLine(FormScreen):
    """Say that a planned visit was moved or not made."""

    title = gettext_lazy("没有去成")
    form_class = SettleForm

    def load(self) -> None:
        """The line that the address names."""
        self.line = queries.line(self.actor, self.kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        """The next workday is likely."""
        return {"moved_to": next_workday(self.line.plan.day)}

    def run(self, data: dict[str, Any]) -> Done:
        """Note it."""
        commands.settle_line(self.actor, self.line.pk, **data)
        return Done(toast=_("已记录"))
