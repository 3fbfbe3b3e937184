"""The list of customers, and what is done to several of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Any

from django.db.models import DateField, Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from xiaocheng.foundation.fields.queries import FieldItem, names, tone_of
from xiaocheng.foundation.fields.tables import PERSONAL
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.lunar import lunar_words
from xiaocheng.foundation.kernel.measures import gauge, gauge_of, gauge_words
from xiaocheng.insight.measures import GAUGES
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.custom import columns as own_columns
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.links import Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import Bulk, Column, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers import queries
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.queries import KINDS, LISTS, POTENTIALS, STAGES, VIEWS, Customer, masked

from .consents import consent_columns
from .filters import CustomerFilters

STAGE_TONES = {"prospect": "blue", "customer": "green", "lost": "grey"}
POTENTIAL_TONES = {"high": "green", "medium": "blue", "low": "grey"}
SHOWN = (
    "name", "sort_key", "stage", "level", "region", "phone", "last_contact_at", "next_contact_on", "owner__name",
    "pool__name",
)  # fmt: skip

KIND = "customers.customer"
MORE = {"industry": gettext_lazy("行业"), "source": gettext_lazy("来源"), "channel": gettext_lazy("联系渠道")}
DETAILS = (
    "email", "wechat", "birthday", "lunar_birthday", "website", "address", "characteristics", "needs", "habits",
    "purchasing_power", "background",
)  # fmt: skip


def coded_name(column: str, code: str) -> str:
    """A coded value in words."""
    return names(LISTS[column]).get(code, code)


def level_pill(code: str) -> object:
    """A level with its tone."""
    return pill(names(LISTS["level"]).get(code, code), tone_of(LISTS["level"], code)) if code else ""


def potential_pill(code: str) -> object:
    """A potential with its tone."""
    return pill(POTENTIALS[code], POTENTIAL_TONES[code]) if code else ""


def stage_pill(stage: str) -> object:
    """A stage of life with its tone."""
    return pill(STAGES[stage], STAGE_TONES[stage])


def holder(row: Customer) -> object:
    """Who is responsible: a person, a pool, or nobody yet."""
    if row.owner:
        return row.owner.name
    return pill(row.pool.name if row.pool else VIEWS["awaiting"], "grey")


def limit_pill(limit: queries.Limit | None) -> object:
    """The day at which a customer lapses, in the tone of how near it is; nothing while no time limit runs."""
    if limit is None:
        return ""
    words = ngettext("%(day)s 零点 · %(count)s 天", "%(day)s 零点 · %(count)s 天", limit.days)
    tone = "red" if limit.days <= 1 else "amber" if limit.days <= 3 else "grey"
    said = words % {"day": formats.day(limit.on), "count": limit.days}
    return pill(_("%(limit)s(已延期)") % {"limit": said} if limit.is_extended else said, tone)


def region_name(code: str) -> str:
    """A region in words."""
    return names(LISTS["region"]).get(code, code)


def views(actor: Actor) -> list[str]:
    """Whoever sees everybody begins with all, a supervisor with the team; who has no team sees no team."""
    if actor.sight.everyone:
        return ["all", "mine", "near", "pool", "awaiting"]
    alone = actor.sight.people <= {actor.person_id}
    rest = ["mine", "near", "pool", "awaiting", "all"]
    return rest if alone else ["team", *rest]


def columns_for(actor: Actor) -> list[Column]:
    """The columns of a list of customers; whose phones are read is known once for the page."""
    reads = queries.reads_freely(actor)
    return [
        Column(gettext_lazy("客户名称"), "name", order="sort_key"),
        Column(gettext_lazy("级别"), "level", show=level_pill, phone="aside"),
        Column(gettext_lazy("阶段"), "stage", show=stage_pill, phone="bare"),
        Column(gettext_lazy("负责人"), holder, look="own nowrap", key="owner"),
        Column(gettext_lazy("地区"), "region", show=lambda code: names(LISTS["region"]).get(code, code), phone="off"),
        Column(
            gettext_lazy("电话"),
            lambda row: row.phone if reads(row.owner_id) else masked(row.phone),
            key="phone",
            personal=True,
        ),
        Column(gettext_lazy("最近联系"), "last_contact_at", show=formats.relative_day, order="-last_contact_at"),
        Column(
            gettext_lazy("下次联系"), "next_contact_on", show=formats.relative_day, order="next_contact_on", phone="off"
        ),
    ]


@access(SEE)
class Customers(ListScreen):
    """Customers by view, found as one types."""

    title = pgettext_lazy("several", "客户")
    search_hint = gettext_lazy("名称、拼音、首字母、电话、联系人")
    row_to = "customers:page"
    export = "customers:export"
    saved_as = "customers:list"
    filters = CustomerFilters
    takes_all = True

    @property
    def order(self) -> str:  # type: ignore[override]
        """The newest first; of those about to lapse the one whose time has run longest."""
        return "clock_since" if self.tab == "near" else "-pk"

    @property
    def bulk(self) -> Sequence[Bulk]:  # type: ignore[override]
        """Hand out, give up; where there may be customers of pools, claim."""
        claim = Bulk(_("领取"), "customers:claim_many", icon="hand-grab", drawer=True)
        assign = Bulk(_("分配"), "customers:assign", icon="user-share", drawer=True)
        group = Bulk(_("加入分组"), "customers:add_to_group", icon="tags", drawer=True)
        rate = Bulk(_("潜力"), "customers:rate", icon="trending-up", drawer=True)
        decide = Bulk(_("取舍"), "insight:decide", icon="scale", drawer=True)
        release = Bulk(_("退回公海"), "customers:release_many", icon="ripple", drawer=True)
        move = Bulk(_("移到另一公海"), "customers:move_to_pool", icon="switch-horizontal", drawer=True)
        mine = [assign, group, rate, decide]
        if self.tab == "pool":
            return [claim, *mine, move]
        if self.tab == "awaiting":
            return mine
        return [claim, *mine, release] if self.tab == "all" else [*mine, release]

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """The columns; whose phones are read is known once for the page."""
        columns = columns_for(self.actor)
        if self.tab == "near":
            columns.insert(4, _limit())
        return columns

    def rows(self) -> QuerySet[Any, Any]:
        """The customers of the chosen view."""
        found = queries.customers(self.actor, self.tab, self.text)
        kept = {name: gauge_of(GAUGES[name]) for name in self.needed & GAUGES.keys()}
        columns = self.needed - kept.keys() - queries.CONSENTS.keys()
        if len(columns) + len(kept) < len(self.needed):
            found = queries.with_consents(self.actor, found)
        return found.select_related("owner", "pool").only(*SHOWN, *columns).annotate(**kept)

    def more_columns(self) -> Sequence[Column]:
        """Coded columns that not everybody wants, and the company's own fields, as far as they may be read."""
        reads, everyone = queries.reads_freely(self.actor), self.actor.sight.everyone

        def may_read(row: Customer, item: FieldItem) -> bool:
            if item.kind in PERSONAL:
                return reads(row.owner_id)
            return everyone or row.owner_id is not None

        coded = [
            Column(label, column, show=partial(coded_name, column), needs=column) for column, label in MORE.items()
        ]
        number = Column(gettext_lazy("系统编号"), "pk", key="number", look="num")
        rated = [
            Column(gettext_lazy("潜力"), "potential", show=potential_pill, needs="potential"),
            Column(
                gettext_lazy("年采购额估计"), "yearly_demand", show=formats.money, look="num", needs="yearly_demand"
            ),
        ]
        own = own_columns(self.actor, KIND, may_read)
        consents = consent_columns(lambda row: everyone or row.owner_id is not None)
        details = [detail_column(Customer, name, lambda row: reads(row.owner_id)) for name in DETAILS]
        return [number, *coded, *_dates(), *rated, *self._gauge_columns(), *consents, *details, *own]

    def _gauge_columns(self) -> list[Column]:
        """What is counted of a customer every night, where the person reads who it is."""
        everyone = self.actor.sight.everyone

        def words(name: str, key: str, row: Customer) -> object:
            return gauge_words(key, getattr(row, name)) if everyone or row.owner_id is not None else ""

        return [
            Column(gauge(key).name, partial(words, name, key), key=name, needs=name) for name, key in GAUGES.items()
        ]

    def tabs(self) -> Sequence[Tab]:
        """The views that make sense to the person."""
        return [Tab(key, VIEWS[key]) for key in views(self.actor)]

    def actions(self) -> Sequence[Link | None]:
        """Register one."""
        return [Link(_("登记客户"), "customers:new", icon="plus", drawer=True)]

    def empty(self) -> Empty:
        """What to do first."""
        if self.tab == "pool":
            return Empty(_("公海里没有客户"), _("退回的和未分配的客户会出现在这里。"), icon="ripple")
        if self.tab == "awaiting":
            return Empty(_("没有待接待的客户"), _("逾期失效的客户会出现在这里,由当天的当值人员接待。"), icon="clock")
        if self.tab == "near":
            return Empty(_("没有即将失效的客户"), _("首问时限快到的客户会出现在这里。"), icon="clock")
        return Empty(
            _("这里还没有客户"),
            _("登记第一位客户,或由管理员从表格导入。"),
            icon="users",
            action=Link(_("登记客户"), "customers:new", icon="plus", drawer=True),
        )


def _dates() -> list[Column]:
    """What it is, and the days of its life."""
    return [
        Column(gettext_lazy("类型"), "kind", show=KINDS.__getitem__, needs="kind"),
        Column(gettext_lazy("个人客户"), "is_person", show=lambda yes: _("是") if yes else "", needs="is_person"),
        Column(
            gettext_lazy("登记日期"),
            lambda row: clock.day_of(row.registered_at),
            show=formats.day,
            key="registered",
            needs="registered_at",
        ),
        Column(gettext_lazy("成交日期"), "became_customer_on", show=formats.day, needs="became_customer_on"),
        _limit(),
    ]


def _limit() -> Column:
    """Until when its owner must have been in touch."""
    return Column(
        gettext_lazy("首问时限"), queries.limit_for, show=limit_pill, key="limit", look="nowrap", phone="bare",
        needs="clock_since extended_to unpaid_since",
    )  # fmt: skip


def detail_column(model: type[Model], name: str, may_read: Callable[[Any], bool]) -> Column:
    """A column of what a pool hides, empty for whoever does not read it."""
    field: Any = model._meta.get_field(name)

    def read(row: Any) -> object:
        value = getattr(row, name) if may_read(row) else None
        return lunar_words(value) if value and name == "lunar_birthday" else value

    show = formats.day if isinstance(field, DateField) else None
    return Column(field.verbose_name, read, show=show, key=name, needs=name, personal=True)


@access(SEE, EXPORT)
class Export(ExportScreen):
    """The list as a file."""

    screen_class = Customers
