"""Forms of the front desk: shape only, the commands decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.web.shell.forms import (
    DateField,
    DayRangeFilter,
    Filters,
    Form,
    MomentField,
    PickField,
    PickFilter,
    PickManyField,
    Section,
)
from xiaocheng.selling.customers.commands import Hint, hint
from xiaocheng.selling.customers.queries import Channel, Customer, ReceptionOutcome, SiteLine

TEL = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
BESIDE = ("customer_id", "owner_absent", "despite_duplicates")  # shown with the hint


def asked_of_hint(actor: Any, said: Any) -> Hint:
    """Who is known already by the company or phone that was typed: out of sight the same one alone, who is told."""
    return hint(actor, str(said.get("company", ""))[:200], str(said.get("phone", ""))[:40], alike=False)


class TalkForm(Form):
    """What was talked about, by and with whom."""

    name = forms.CharField(label=_("来客姓名"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    note = forms.CharField(label=_("洽谈记录"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    next_on = DateField(label=_("下次联系"), required=False)
    party_size = forms.IntegerField(label=_("一行几人"), min_value=1, max_value=999, initial=1)
    companions = forms.CharField(label=_("同行人"), required=False, help_text=_("一拨客户只登记一次,归一人接待。"))
    helper_ids = PickManyField("people", label=_("协助的同事"), required=False)
    is_team = forms.BooleanField(label=_("团队接待:约定一起洽谈,协助的同事也可以修改记录"), required=False)


class GuestForm(TalkForm):
    """A party that came in, or a caller: name and phone, the rest opens on tap."""

    where = forms.ChoiceField(label=_("在哪里"), widget=forms.RadioSelect)
    phone = forms.CharField(label=_("电话"), required=False, widget=TEL)
    company = forms.CharField(label=_("公司"), required=False, help_text=_("不填公司时,来客登记为个人客户。"))
    receiver_id = PickField("people", label=_("接待人"), required=False, placeholder=_("负责人,或按轮次"))
    out_of_turn = forms.CharField(label=_("未按轮次的原因"), required=False, help_text=_("如:客户指名、轮到的人不在"))
    occurred_at = MomentField(label=_("什么时候"), required=False, help_text=_("不填就是现在。"))
    customer_id = forms.IntegerField(required=False)
    owner_absent = forms.BooleanField(label=_("负责人不在,代为接待(归属不变)"), required=False)
    despite_duplicates = forms.BooleanField(label=_("不是同一位客户"), required=False)
    field_order = ["where", "phone", "name", "company"]
    sections = [
        Section("", ("note", "next_on", "receiver_id")),  # below the hint
        Section(_("同行与协助"), ("party_size", "companions", "helper_ids", "is_team"), folded=True),
        Section(_("补录与轮次"), ("occurred_at", "out_of_turn"), folded=True),
    ]
    template_name, hint = "customers/customer_form.html", "receptions/known.html"

    def __init__(self, *args: Any, lines: Sequence[SiteLine], chosen: Customer | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen = chosen
        sites = [(str(item.site_id), item.name) for item in lines]
        others = [(code, label) for code, label in Channel.choices]
        self.fields["where"].choices = [*sites, *others]  # type: ignore[attr-defined]
        look = {
            "hx-get": reverse("receptions:known"),
            "hx-trigger": "input changed delay:300ms",
            "hx-target": "#likely",
            "hx-include": "#id_company, #id_phone",
        }
        for name in ("company", "phone"):
            self.fields[name].widget.attrs |= look

    def layout(self) -> list[tuple[Section, list[BoundField]]]:
        """The sections, without what stands beside the hint."""
        laid = [(section, [it for it in fields if it.name not in BESIDE]) for section, fields in super().layout()]
        return [(section, fields) for section, fields in laid if fields]

    def likely(self) -> Hint | None:
        """Who is known already, when the form is shown again."""
        return asked_of_hint(self.actor, self.data) if self.is_bound else None


class CancelForm(Form):
    """Why."""

    reason = forms.CharField(label=_("原因"), max_length=200)


class PassForm(Form):
    """Why the next one receives."""

    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("如:正在接待、外出、请假"))
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ReceptionFilters(Filters):
    """What the register may be narrowed to."""

    booked_on = DayRangeFilter(label=_("日期"))
    channel = django_filters.ChoiceFilter(label=_("方式"), choices=Channel.choices)
    outcome = django_filters.ChoiceFilter(label=_("结果"), choices=ReceptionOutcome.choices)
    credit_person = PickFilter(field_name="credit_person", source="people", label=_("接待人"))
    site = PickFilter(field_name="site", source="duty-sites", all_shown=True, label=_("值班点"))
    cancelled = django_filters.BooleanFilter(label=_("已作废"), method="taken_back")

    def taken_back(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those taken back, or those that count."""
        return rows.filter(cancelled_at__isnull=not value)
