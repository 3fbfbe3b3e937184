"""Forms of groups: what a group is, and its conditions as lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.conditions import ALL, ANY, PERIODS, TESTS, Condition, Rule, Test
from xiaocheng.foundation.fields.conditions import Field as Asked
from xiaocheng.interface.web.shell.forms import DateInput, Form, PickField, Section
from xiaocheng.selling.customers.access import SHARE_GROUPS
from xiaocheng.selling.customers.commands import GroupDraft
from xiaocheng.selling.customers.queries import SHARING, condition_fields

PLAN = ("ideal", "strategy", "planned_hours", "planned_visits")


class GroupForm(Form):
    """What a group is called, who knows of it, and how its customers are treated."""

    name = forms.CharField(label=_("名称"), max_length=60)
    sharing = forms.ChoiceField(label=_("谁能看到"), choices=list(SHARING.items()), widget=forms.RadioSelect)
    ideal = forms.CharField(
        label=_("理想客户"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 2000}),
        help_text=_("写明要找什么样的客户,这个分组就是目标客户群:显示其中有多少潜在客户、多少已成交。"),
    )
    strategy = forms.CharField(
        label=_("对待策略"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如:每月上门一次,报价前先与主管商量。显示在这些客户的页面上。"),
    )
    planned_hours = forms.DecimalField(
        label=_("每位客户每月计划小时"), required=False, min_value=0, max_digits=6, decimal_places=2
    )
    planned_visits = forms.IntegerField(label=_("每位客户每月计划拜访次数"), required=False, min_value=0, max_value=99)
    sections = [Section(_("策略与时间"), PLAN)]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = {"private", self.initial.get("sharing", "private")}
        if not self.actor.can(SHARE_GROUPS):
            self.fields["sharing"].choices = [(k, v) for k, v in SHARING.items() if k in shown]  # type: ignore[attr-defined]


class RuleForm(GroupForm):
    """The same for a group whose customers come by a rule."""

    match = forms.ChoiceField(
        label=_("客户要满足"),
        choices=[(ALL, _("全部条件")), (ANY, _("任意一个条件"))],
        widget=forms.RadioSelect,
        initial=ALL,
    )
    field_order = ["name", "sharing", "ideal", "strategy", "planned_hours", "planned_visits", "match"]
    sections = [Section(_("策略与时间"), PLAN, folded=True), Section("", ("match",))]


class Answers(forms.Field):
    """What a condition compares with: one value or several, as texts."""

    def to_python(self, value: Any) -> list[str]:
        """The texts."""
        return [str(item) for item in value or []]


class _Several(forms.CheckboxSelectMultiple):
    """Boxes to tick."""


class _Texts(forms.TextInput):
    """One text; several where a browser without script keeps them apart by commas."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """All values of that name."""
        sent = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return [part.strip() for item in sent for part in str(item).replace("、", ",").split(",") if part.strip()]

    def format_value(self, value: Any) -> str:
        """The texts with commas between them."""
        return ", ".join(value) if isinstance(value, (list, tuple)) else str(value or "")


class _OneOf(forms.Select):
    """A choice whose value is a list of one."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """The value as a list."""
        value = data.get(name, "")
        return [value] if value else []


class _Day(DateInput):
    """A day whose value is a list of one."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """The value as a list."""
        value = data.get(name, "")
        return [value] if value else []

    def format_value(self, value: Any) -> str | None:
        """The day as the browser writes it."""
        return str(value[0]) if value else None


def _widget(about: Asked | None, test: Test | None) -> forms.Widget:
    """What a test takes, as a field of a form."""
    takes = test.takes if test else "nothing"
    if about and takes == "choices":
        return _Several(choices=list(about.choices()))
    if takes == "period":
        return _OneOf(choices=list(PERIODS.items()))
    if takes == "date":
        return _Day()
    if takes == "nothing":
        return forms.MultipleHiddenInput()
    return _Texts(attrs={"inputmode": {"days": "numeric", "number": "decimal"}.get(takes, "text"), "maxlength": 100})


class ConditionForm(Form):
    """One condition; what its value looks like depends on the test that is chosen."""

    joined = forms.BooleanField(label=_("与上一条为一组"), required=False)
    what = forms.ChoiceField(label=_("条件"), required=False)
    answers = Answers(label=_("值"), required=False)
    template_name = "customers/condition.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = condition_fields(self.actor)
        what = self.fields["what"]
        what.choices = _offered(self.known)  # type: ignore[attr-defined]
        what.widget.attrs = {
            "hx-get": f"{reverse('customers:condition')}?prefix={self.prefix}",
            "hx-target": f"#answer-{self.prefix}",
            "hx-trigger": "change",
        }
        chosen = self.data.get(self.add_prefix("what"), "") if self.is_bound else self.initial.get("what", "")
        about, test = _chosen(self.known, str(chosen))
        self.fields["answers"].widget = _widget(about, test)
        self.takes = test.takes if test else "nothing"

    def answer(self) -> BoundField:
        """The field of the value."""
        return self["answers"]


def _offered(known: Mapping[str, Asked]) -> list[Any]:
    """Every test of every field, by field."""
    offered: list[Any] = [("", _("请选择"))]
    for about in known.values():
        tests = [(f"{about.key}:{test.key}", f"{about.name} {test.words}") for test in TESTS[about.kind]]
        offered.append((str(about.name), tests))
    return offered


def _chosen(known: Mapping[str, Asked], what: str) -> tuple[Asked | None, Test | None]:
    key, _colon, test = what.rpartition(":")
    about = known.get(key)
    return about, next((item for item in TESTS[about.kind] if item.key == test), None) if about else None


def rule_of(match: str, lines: Sequence[Mapping[str, Any]]) -> Rule:
    """The rule that the lines of a form make."""
    blocks: list[list[Condition]] = []
    for line in lines:
        if not line.get("what"):
            continue
        key, _colon, test = line["what"].rpartition(":")
        condition = Condition(key, test, tuple(line.get("answers") or ()))
        if line.get("joined") and blocks:
            blocks[-1].append(condition)
        else:
            blocks.append([condition])
    return Rule(match, tuple(tuple(block) for block in blocks))


def lines_of(rule: Rule) -> list[dict[str, Any]]:
    """The lines that a form shows for a rule."""
    return [
        {"what": f"{item.field}:{item.test}", "answers": list(item.values), "joined": place > 0}
        for block in rule.blocks
        for place, item in enumerate(block)
    ]


def draft_of(data: Mapping[str, Any], rule: Rule | None = None) -> GroupDraft:
    """What the command takes."""
    names = ("name", "sharing", *PLAN)
    return GroupDraft(rule=rule, **{name: data[name] for name in names})


class PickGroupForm(Form):
    """Into which group."""

    ids = forms.CharField(widget=forms.HiddenInput)
    group_id = PickField("customer-groups", all_shown=True, label=_("分组"))
