"""Forms of opportunities: shape only, the commands decide."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.queries import choices, default_of
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.shell.custom import CustomFilters, CustomForm
from xiaocheng.interface.web.shell.forms import (
    DateField,
    Form,
    MoneyField,
    PickField,
    PickFilter,
    Section,
    UsualDayField,
)
from xiaocheng.selling.pipeline.access import BYPASS_GATES
from xiaocheng.selling.pipeline.queries import (
    FIELD_NAMES,
    PACES,
    STATES,
    of_pace,
    published_versions,
    stages_for_tactics,
)

ANY_STATE = "any"
SOURCE, LOST_REASON = "customers.source", "pipeline.lost_reason"
OPPORTUNITY = "pipeline.opportunity"
STEP = "step-"  # before the key of a step that can be ticked in a form
IDS = {"customer": "customer_id", "product": "product_id", "owner": "owner_id"}  # form field -> the command's name


def text_area(rows: int = 3) -> forms.Textarea:
    """A box for some lines of text."""
    return forms.Textarea(attrs={"rows": rows})


def for_command(data: dict[str, Any]) -> dict[str, Any]:
    """The cleaned values under the names that the commands use."""
    return {IDS.get(name, name): value for name, value in data.items()}


def stage_choices(actor: Actor) -> list[tuple[str, str]]:
    """The stages of the processes in use, by code; one that several processes have stands there once."""
    found = {stage.code: stage.name for version in published_versions(actor) for stage in version.stages.all()}
    return list(found.items())


def stage_choices_of(actor: Actor, version_id: int) -> list[tuple[str, str]]:
    """The stages of one edition at which something may win a deal, by code."""
    return [(stage.code, stage.name) for stage in stages_for_tactics(actor, version_id)]


class DayFilter(django_filters.DateFilter):  # type: ignore[misc]
    """A day with the product's own date field; the library's range field turns days into instants of another zone."""

    field_class = DateField


class OpportunityFilters(CustomFilters):
    """What the list may be narrowed to."""

    table = OPPORTUNITY
    state = django_filters.ChoiceFilter(
        label=_("状态"), empty_label=None, choices=[*STATES.items(), (ANY_STATE, _("全部"))], method="of_state"
    )
    stage = django_filters.ChoiceFilter(field_name="stage__code", label=_("阶段"))
    pace = django_filters.ChoiceFilter(label=_("提醒"), choices=list(PACES.items()), method="of_pace")
    owner = PickFilter(field_name="owner", source="deal-owners", label=_("负责人"))
    product = PickFilter(field_name="product", source="deal-products", label=_("产品"))
    source = django_filters.ChoiceFilter(label=_("来源"))
    closes_from = DayFilter(field_name="expected_close_on", lookup_expr="gte", label=_("预计成交从"))
    closes_to = DayFilter(field_name="expected_close_on", lookup_expr="lte", label=_("预计成交到"))

    def of_state(self, rows: QuerySet[Any], _name: str, state: str) -> QuerySet[Any]:
        """Those of a state, or of any."""
        return rows if state == ANY_STATE else rows.filter(state=state)

    def of_pace(self, rows: QuerySet[Any], _name: str, pace: str) -> QuerySet[Any]:
        """Those that stick."""
        return rows.filter(of_pace(self.request.actor, pace))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["stage"].extra["choices"] = stage_choices(self.request.actor)
        self.filters["source"].extra["choices"] = choices(SOURCE)


class DetailsForm(CustomForm):
    """Everything about an opportunity that people type."""

    table = OPPORTUNITY
    name = forms.CharField(label=FIELD_NAMES["name"], max_length=120)
    customer = PickField("customers", label=FIELD_NAMES["customer"], required=False, placeholder=_("名称、拼音或电话"))
    product = PickField("deal-products", label=FIELD_NAMES["product"], required=False, placeholder=_("产品名称或编码"))
    amount = MoneyField(label=FIELD_NAMES["amount"], required=False)
    expected_close_on = DateField(label=FIELD_NAMES["expected_close_on"], required=False)
    source = forms.ChoiceField(label=FIELD_NAMES["source"], required=False)
    competitor = forms.CharField(label=FIELD_NAMES["competitor"], required=False, max_length=80)
    next_step = forms.CharField(label=FIELD_NAMES["next_step"], required=False, max_length=200)
    next_step_on = UsualDayField(label=FIELD_NAMES["next_step_on"], required=False)
    background = forms.CharField(label=FIELD_NAMES["background"], required=False, widget=text_area())
    problems = forms.CharField(label=FIELD_NAMES["problems"], required=False, widget=text_area())
    pains = forms.CharField(label=FIELD_NAMES["pains"], required=False, widget=text_area())
    sections = [
        Section(_("下一步"), ("next_step", "next_step_on")),
        Section(_("需求分析"), ("background", "problems", "pains"), folded=True),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "source" in self.fields:
            self.fields["source"].choices = [("", "—"), *choices(SOURCE)]  # type: ignore[attr-defined]


class NewForm(DetailsForm):
    """The few things that a new opportunity needs; the rest opens on tap."""

    field_order = ["customer", "product", "amount", "expected_close_on"]
    name = forms.CharField(
        label=FIELD_NAMES["name"], required=False, max_length=120, help_text=_("不填则用客户和产品的名称")
    )
    process = forms.TypedChoiceField(label=_("销售流程"), required=False, coerce=int, empty_value=None)
    owner = PickField("deal-owners", label=_("负责人"), required=False, placeholder=_("不填则是我自己"))
    background = problems = pains = None  # type: ignore[assignment]
    sections = [
        Section(_("下一步"), ("next_step", "next_step_on")),
        Section(_("更多"), ("name", "source", "competitor", "owner", "process"), folded=True),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["process"].choices = self._processes  # type: ignore[attr-defined]
        self.initial = {"source": default_of(SOURCE), **self.initial}

    def _processes(self) -> list[tuple[Any, object]]:
        """Asked only when the field is shown or filled in."""
        versions = published_versions(self.actor)
        return [("", _("按客户类型自动选择")), *((v.process_id, v.process.name) for v in versions)]


class NeedsForm(DetailsForm):
    """The three questions of the needs analysis."""

    table = ""
    name = customer = product = amount = expected_close_on = source = competitor = None  # type: ignore[assignment]
    next_step = next_step_on = None  # type: ignore[assignment]
    sections = []


class NextStepForm(Form):
    """What is done next, and when."""

    next_step = forms.CharField(label=FIELD_NAMES["next_step"], max_length=200)
    next_step_on = UsualDayField(label=FIELD_NAMES["next_step_on"])


class MoveForm(Form):
    """What the next stage asks for and is not there yet; whoever may, lets it pass with a reason instead."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def ask_for(self, fields: Iterable[str], steps: Iterable[tuple[str, str]], passable: bool) -> list[str]:
        """Add the missing details; required, unless the actor may let the opportunity pass without them.

        Steps that are ticked by hand, each with key and words, can be ticked on the way.
        """
        asked = [name for name in fields if name in DetailsForm.base_fields and name not in self.fields]
        for name in asked:
            self.fields[name] = copy.deepcopy(DetailsForm.base_fields[name])
            self.fields[name].required = not self.actor.can(BYPASS_GATES)
            if name == "source":
                self.fields[name].choices = [("", "—"), *choices(SOURCE)]  # type: ignore[attr-defined]
        for key, words in steps:
            self.fields[f"{STEP}{key}"] = forms.BooleanField(
                label=_("已完成:%(step)s") % {"step": words}, required=False
            )
        if passable and self.actor.can(BYPASS_GATES):
            self.fields["bypass"] = forms.BooleanField(label=_("越过关卡放行"), required=False)
            if "reason" not in self.fields:
                self.fields["reason"] = forms.CharField(label=_("放行理由"), required=False, widget=text_area(2))
        return asked


class AdvanceForm(MoveForm):
    """On to a stage, and what is done there next, and when."""

    next_step = forms.CharField(label=FIELD_NAMES["next_step"], required=False, max_length=200)
    next_step_on = UsualDayField(label=FIELD_NAMES["next_step_on"], required=False)
    sections = [Section(_("下一步"), ("next_step", "next_step_on"))]


TACTIC_HELP = _("不填就不收。填了,标题和上面的理由一起收进打法库,能看商机的同事都看得到:请不要写客户名称和个人信息。")


class WinForm(MoveForm):
    """Why it was won, and for how much."""

    amount = MoneyField(label=_("成交金额"), required=False)
    reason = forms.CharField(
        label=_("为什么赢"), widget=text_area(), help_text=_("写下最起作用的做法,以后同样的阶段会用得上")
    )
    tactic = forms.CharField(label=_("打法标题"), required=False, max_length=80, help_text=TACTIC_HELP)
    tactic_stage = forms.ChoiceField(label=_("在哪个阶段起作用"), required=False)
    sections = [Section(_("收进赢单打法库"), ("tactic", "tactic_stage"))]


class LoseForm(Form):
    """Why it was lost."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.ChoiceField(label=_("输单原因"), widget=forms.RadioSelect)
    competitor = forms.CharField(label=FIELD_NAMES["competitor"], required=False, max_length=80)
    note = forms.CharField(label=_("说明"), required=False, widget=text_area())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(code, name) for code, name in choices(LOST_REASON) if code != "import"]
        self.fields["reason"].choices = offered  # type: ignore[attr-defined]

    def offer_bypass(self, *, passable: bool) -> None:
        """Let whoever may bypass gates do so; the note then says why."""
        if passable and self.actor.can(BYPASS_GATES):
            self.fields["bypass"] = forms.BooleanField(
                label=_("越过关卡放行"), required=False, help_text=_("请在「说明」里写明理由")
            )


class ReopenForm(Form):
    """Where it goes on, and why it is worked on again."""

    stage = forms.ChoiceField(label=_("从哪个阶段接着做"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("为什么重新打开"), widget=text_area())


class HandOverForm(Form):
    """To whom."""

    owner = PickField("deal-owners", label=_("交给"), placeholder=_("姓名或拼音"))


class ChangeProcessForm(Form):
    """To which stage of which process, and why."""

    stage = forms.ChoiceField(label=_("转到"))
    reason = forms.CharField(label=_("理由"), widget=text_area(2))
