"""Forms of handovers: shape only, the commands decide."""

from __future__ import annotations

from collections.abc import Callable

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.queries import choices
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.interface.web.shell.forms import Filters, Form, PickField, PickFilter, PickManyField
from xiaocheng.selling.customers.queries import HANDOVER_KINDS, LISTS, WAYS, HandoverLine

BY_NAME = _("输入姓名或拼音")


def takers(help_text: Sentence) -> PickManyField:
    """A field for the people who take over."""
    return PickManyField(
        "customer-owners", label=_("客户转给"), required=False, placeholder=BY_NAME, help_text=help_text
    )


def way() -> forms.ChoiceField:
    """A field for how customers are shared out."""
    return forms.ChoiceField(
        label=_("怎样分"), choices=list(WAYS.items()), widget=forms.RadioSelect, required=False, initial="even"
    )


class HandoverForm(Form):
    """Who hands over, why, and to whom at first."""

    person_id = PickField("handover-people", label=_("谁的工作"), placeholder=BY_NAME)
    kind = forms.ChoiceField(label=_("原因"), choices=list(HANDOVER_KINDS.items()), widget=forms.RadioSelect)
    to_ids = takers(
        help_text=_("可以选择几个人,客户按下面的方式分给他们;也可以留空,下一步再按地区、级别、分组或逐位指定。")
    )
    way = way()
    successor_id = PickField(
        "customer-owners",
        label=_("其余工作接手人"),
        required=False,
        placeholder=BY_NAME,
        help_text=_("接手不随客户走的商机、待办、客户分组。离职必填;调岗、离岗留空则这些仍归本人。"),
    )
    note = forms.CharField(label=_("说明"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


def coded(column: str) -> Callable[[], list[tuple[str, str]]]:
    """The options of a coded column, after any."""
    return lambda: [("", str(_("不限"))), *choices(LISTS[column])]


class GiveForm(Form):
    """To whom the ticked customers go."""

    to_ids = takers(_("留空:暂不转给任何人。"))
    way = way()
    ids = forms.CharField(widget=forms.HiddenInput, required=False)
    handover = forms.IntegerField(widget=forms.HiddenInput)


class GivePartForm(Form):
    """To whom the customers of a region, level or group go."""

    region = forms.ChoiceField(label=_("地区"), required=False, choices=coded("region"))
    level = forms.ChoiceField(label=_("级别"), required=False, choices=coded("level"))
    group_id = PickField("any-customer-groups", label=_("分组"), required=False, placeholder=_("不限"))
    to_ids = takers(_("留空:暂不转给任何人。"))
    way = way()


class ClosingForm(Form):
    """Whether the account is closed with it."""

    closes = forms.BooleanField(label=_("同时停用他的账号"), required=False, initial=True)


class MovingForm(Form):
    """Where the person works from now on."""

    department_id = PickField("departments", label=_("调到部门"), all_shown=True, required=False)
    manager_id = PickField("people", label=_("直属上级"), required=False, placeholder=_("没有上级"))


class LineFilters(Filters):
    """What the customers of a handover may be narrowed to."""

    to = PickFilter(field_name="to", source="customer-owners", label=_("转给"))
    nobody = django_filters.BooleanFilter(label=_("还没有接手人"), method="of_nobody")
    region = django_filters.ChoiceFilter(
        field_name="customer__region", label=_("地区"), choices=lambda: choices(LISTS["region"])
    )
    level = django_filters.ChoiceFilter(
        field_name="customer__level", label=_("级别"), choices=lambda: choices(LISTS["level"])
    )

    def of_nobody(self, rows: QuerySet[HandoverLine], name: str, value: bool) -> QuerySet[HandoverLine]:
        """Those that stay, or those that go."""
        return rows.filter(to__isnull=value)
