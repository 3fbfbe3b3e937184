"""Forms of customers: shape only, the commands decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.queries import choices, default_of
from xiaocheng.interface.web.shell.custom import CustomForm
from xiaocheng.interface.web.shell.forms import (
    DateField,
    Form,
    MoneyField,
    PickField,
    PickManyField,
    Section,
)
from xiaocheng.selling.customers.commands import MOST, Hint, hint, hint_contact
from xiaocheng.selling.customers.queries import (
    CHANNELS,
    KINDS,
    LISTS,
    POTENTIALS,
    RELEASE_REASON,
    STAGES,
    WAYS,
)

PHONE = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
REST = ("potential", "yearly_demand", "kind", "is_person", "industry", "channel", "email", "website", "address")
PERSON = ("wechat", "birthday", "lunar_birthday")
PROFILE = ("characteristics", "needs", "habits", "purchasing_power", "background")


def options(column: str, blank: str = "–") -> Callable[[], list[tuple[str, str]]]:
    """The choices of a coded column, read when the form is shown."""
    return lambda: [("", str(blank)), *choices(LISTS[column])]


def coded(column: str, label: Any, *, required: bool = False) -> forms.ChoiceField:
    """A field for a coded column."""
    return forms.ChoiceField(label=label, required=required, choices=options(column))


def long_text(label: Any) -> forms.CharField:
    """A field for some sentences."""
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": 3}))


def lunar_day() -> forms.CharField:
    """A field for a birthday by the lunar calendar."""
    return forms.CharField(label=_("农历生日"), required=False, max_length=40, help_text=_("例如:八月十五,或 8-15。"))


class CustomerForm(CustomForm):
    """A customer's profile; five fields are shown, the rest opens on tap."""

    name = forms.CharField(label=_("客户名称"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    phone = forms.CharField(label=_("电话"), required=False, widget=PHONE)
    source = coded("source", _("来源"), required=True)
    level = coded("level", _("级别"))
    next_contact_on = DateField(label=_("下次联系"), required=False)
    region = coded("region", _("地区"))
    industry = coded("industry", _("行业"))
    potential = forms.ChoiceField(label=_("潜力"), required=False, choices=[("", "–"), *POTENTIALS.items()])
    yearly_demand = MoneyField(
        label=_("年采购额估计"), required=False, help_text=_("这类产品他一年向所有供应商大约买多少,例如 50万。")
    )
    kind = forms.ChoiceField(label=_("类型"), choices=list(KINDS.items()))
    is_person = forms.BooleanField(label=_("个人客户"), required=False)
    channel = coded("channel", _("联系渠道"))
    email = forms.EmailField(label=_("邮箱"), required=False)
    wechat = forms.CharField(label=_("微信"), required=False)
    birthday = DateField(label=_("生日"), required=False)
    lunar_birthday = lunar_day()
    website = forms.CharField(label=_("网址"), required=False)
    address = forms.CharField(label=_("地址"), required=False)
    characteristics = long_text(_("特征"))
    needs = long_text(_("需求"))
    habits = long_text(_("习惯与注意事项"))
    purchasing_power = long_text(_("购买力"))
    background = long_text(_("背景"))
    despite_duplicates = forms.BooleanField(label=_("不是重复:我看过相似的客户,这是另一家"), required=False)
    table = "customers.customer"
    template_name, hint = "customers/customer_form.html", "customers/likely.html"

    def __init__(self, *args: Any, but: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.but = but
        look = {
            "hx-get": reverse("customers:likely") + (f"?but={but}" if but else ""),
            "hx-trigger": "input changed delay:300ms",
            "hx-target": "#likely",
            "hx-include": "#id_name, #id_phone",
        }
        for name in ("name", "phone"):
            self.fields[name].widget.attrs |= look

    def layout(self) -> list[tuple[Section, list[BoundField]]]:
        """The sections; the tick against duplicates stands below the hint, and only when there is one."""
        laid = [
            (section, [field for field in fields if field.name != "despite_duplicates"])
            for section, fields in super().layout()
        ]
        return [(section, fields) for section, fields in laid if fields]

    def likely(self) -> Hint | None:
        """Likely duplicates of what was typed, when the form is shown again."""
        if not self.is_bound:
            return None
        return hint(self.actor, self.data.get("name", ""), self.data.get("phone", ""), but=self.but)


class EraseForm(Form):
    """Why, and that it is meant."""

    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("如:本人要求、保存期满"))
    is_meant = forms.BooleanField(label=_("我确认清除,清除后不能恢复"))
    ids = forms.CharField(widget=forms.HiddenInput)


class ConsentForm(Form):
    """Which way of being reached, agreed to or refused, and how that is known."""

    channel = forms.ChoiceField(label=_("方式"), choices=list(CHANNELS.items()), widget=forms.RadioSelect)
    is_given = forms.ChoiceField(
        label=_("意愿"), choices=[("yes", _("同意")), ("no", _("不同意"))], widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("依据"), max_length=200, required=False, help_text=_("如:当面同意、短信退订、来电要求")
    )


class NewCustomerForm(CustomerForm):
    """Who it is and where it came from; the owner is whoever registers it, unless he gives it to his team."""

    owner_id = PickField("customer-owners", label=_("负责人"), required=False, placeholder=_("我自己"))
    sections = [
        Section(_("更多资料"), ("region", *REST, "owner_id"), folded=True),
        Section(_("个人客户的资料"), PERSON, folded=True),
        Section(_("客户画像"), PROFILE, folded=True),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**{column: default_of(key) for column, key in LISTS.items()}, **self.initial}


class EditCustomerForm(CustomerForm):
    """The whole profile."""

    folds_own = False
    stage = forms.ChoiceField(label=_("阶段"), choices=list(STAGES.items()))
    field_order = ["name", "phone", "stage", "level", "source", "next_contact_on"]
    sections = [
        Section(_("更多资料"), ("region", *REST)),
        Section(_("个人客户的资料"), PERSON, folded=True),
        Section(_("客户画像"), PROFILE),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].required = False
        self._offer_codes_out_of_use()

    def _offer_codes_out_of_use(self) -> None:
        """A code that is out of use may stay."""
        for column in LISTS:
            field, code = self.fields[column], self.initial.get(column, "")
            if code and isinstance(field, forms.ChoiceField) and code not in dict(options(column)()):
                field.choices = [*options(column)(), (code, code)]


class PlaceForm(Form):
    """Where a customer is."""

    latitude = forms.DecimalField(
        label=_("纬度"), required=False, help_text=_("WGS-84 坐标,例如 31.230416。两项都留空表示清除位置。")
    )
    longitude = forms.DecimalField(label=_("经度"), required=False, help_text=_("例如 121.473701。"))


class ContactForm(CustomForm):
    """Somebody to talk to."""

    name = forms.CharField(label=_("姓名"))
    phone = forms.CharField(label=_("电话"), required=False, widget=PHONE)
    position = forms.CharField(label=_("职务"), required=False)
    is_decision_maker = forms.BooleanField(label=_("决策人"), required=False)
    wechat = forms.CharField(label=_("微信"), required=False)
    email = forms.EmailField(label=_("邮箱"), required=False)
    birthday = DateField(label=_("生日"), required=False)
    lunar_birthday = lunar_day()
    home_address = forms.CharField(label=_("家庭地址"), required=False)
    note = forms.CharField(label=_("备注"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    sections = [
        Section(_("更多"), ("wechat", "email", "birthday", "lunar_birthday", "home_address", "note"), folded=True)
    ]

    table = "customers.contact"
    template_name, hint = "customers/customer_form.html", "customers/alike.html"

    def __init__(self, *args: Any, customer: int | None = None, but: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer, self.but = customer, but
        known = {"customer": customer, "but": but}
        self.fields["phone"].widget.attrs |= {
            "hx-get": f"{reverse('customers:alike')}?{urlencode({k: v for k, v in known.items() if v})}",
            "hx-trigger": "input changed delay:300ms",
            "hx-target": "#likely",
        }

    def likely(self) -> Hint | None:
        """Who has the phone already, when the form is shown again."""
        if not self.is_bound:
            return None
        return hint_contact(self.actor, self.data.get("phone", ""), customer=self.customer, but=self.but)


class ContactOfForm(ContactForm):
    """Somebody to talk to, and at which customer."""

    customer_id = PickField("customers", label=_("客户"))
    field_order = ["customer_id", "name"]


class ChosenForm(Form):
    """A form about chosen customers; what the choice means for each is shown below the fields."""

    ids = forms.CharField(widget=forms.HiddenInput, required=False)
    preview: ClassVar[str]

    def __init__(self, *args: Any, told: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told = told


class PotentialForm(Form):
    """How much the ticked customers could buy."""

    potential = forms.ChoiceField(label=_("潜力"), choices=list(POTENTIALS.items()), widget=forms.RadioSelect)
    ids = forms.CharField(widget=forms.HiddenInput)


class AssignForm(ChosenForm):
    """Who gets the customers; several people share them."""

    template_name, preview = "customers/chosen_form.html", "customers/shares.html"
    count = forms.IntegerField(label=_("客户数"), min_value=1, max_value=MOST, help_text=_("从登记最早的开始。"))
    owner_ids = PickManyField(
        "customer-owners", label=_("新负责人"), placeholder=_("输入姓名或拼音"), help_text=_("可以选择几个人。")
    )
    way = forms.ChoiceField(
        label=_("怎样分"), choices=list(WAYS.items()), widget=forms.RadioSelect, required=False, initial="even"
    )

    def __init__(self, *args: Any, of_pool: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not of_pool:
            del self.fields["count"]
        for name in self.fields:
            self.fields[name].widget.attrs |= {
                "hx-get": reverse("customers:shares"),
                "hx-trigger": "change",
                "hx-target": "#chosen",
                "hx-include": "closest form",
            }


class ClaimForm(ChosenForm):
    """Nothing to fill in: which of the chosen customers can be claimed, and why the others cannot."""

    template_name, preview = "customers/chosen_form.html", "customers/claimable.html"


class ReleaseForm(Form):
    """Into which pool, and why."""

    reason = forms.ChoiceField(label=_("原因"), choices=lambda: choices(RELEASE_REASON), widget=forms.RadioSelect)
    note = forms.CharField(label=_("说明"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    pool_id = forms.TypedChoiceField(label=_("退回到"), coerce=int, required=False, empty_value=None)


class ReleaseManyForm(ChosenForm, ReleaseForm):
    """The same for all of the chosen customers, with what becomes of each below."""

    template_name, preview = "customers/chosen_form.html", "customers/releasable.html"


FEEDS = ("feed_department", "feed_region", "feed_level", "feed_source")


class _Codes(forms.MultipleChoiceField):
    """Several values of an option list of customers."""

    def __init__(self, column: str, **words: Any) -> None:
        super().__init__(
            choices=partial(choices, LISTS[column]), required=False, widget=forms.CheckboxSelectMultiple, **words
        )


class PoolForm(Form):
    """A pool: who sees it, who may claim, and how much."""

    name = forms.CharField(label=_("名称"))
    is_claimable = forms.BooleanField(
        label=_("成员可自行领取"), required=False, initial=True, help_text=_("不勾选时,只能由主管分配。")
    )
    is_open = forms.BooleanField(label=_("对所有人开放"), required=False, initial=True)
    members = PickManyField(
        "pool-members", label=_("成员"), required=False, help_text=_("不对所有人开放时,只有这些人能看到。")
    )
    departments = PickManyField(
        "departments",
        label=_("成员部门"),
        all_shown=True,
        required=False,
        help_text=_("这些部门和下级部门的人也能看到。"),
    )
    claims_a_day = forms.IntegerField(
        label=_("每人每天领取上限"), required=False, min_value=1, help_text=_("留空:只受公司的合计上限约束。")
    )
    most_held = forms.IntegerField(
        label=_("每人保有上限"),
        required=False,
        min_value=1,
        help_text=_("从这里领取、仍由本人负责且尚未成交的客户数。留空:只受公司的合计上限约束。"),
    )
    back_to_owner_days = forms.IntegerField(
        label=_("原负责人冷却期(天)"), required=False, min_value=0, help_text=_("留空:按公司的规则。")
    )
    feed_department = PickManyField(
        "departments",
        label=_("原负责人的部门"),
        all_shown=True,
        required=False,
        help_text=_("包括下级部门。导入的客户没有原负责人,不符合。"),
    )
    feed_region = _Codes("region", label=_("地区"))
    feed_level = _Codes("level", label=_("级别"))
    feed_source = _Codes("source", label=_("来源"))
    sections = [
        Section(_("领取规则"), ("claims_a_day", "most_held", "back_to_owner_days")),
        Section(_("哪些客户自动进入"), FEEDS),
    ]


class MoveForm(Form):
    """Into which pool."""

    pool_id = PickField("pools", label=_("移到"), all_shown=True)
    ids = forms.CharField(widget=forms.HiddenInput)
