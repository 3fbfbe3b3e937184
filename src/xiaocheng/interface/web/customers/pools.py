"""Pools: what is in them, who took out and put in, and how the administrator keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.foundation.org.queries import department_names
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.figures import Figure
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import Column, DetailScreen, FormScreen, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import ASSIGN, CLAIM, MANAGE_POOLS, SEE
from xiaocheng.selling.customers.commands import PoolLimits
from xiaocheng.selling.customers.queries import (
    CAUSES,
    RELEASE_REASON,
    VIEWS,
    Customer,
    OwnershipEpisode,
    Pool,
    PoolState,
)

from .filters import LedgerFilters
from .forms import FEEDS, PoolForm
from .lists import coded_name

FEED = "feed_"
LIMITS = ("claims_a_day", "most_held", "back_to_owner_days")
PERIODS = {"month": gettext_lazy("本月"), "week": gettext_lazy("本周"), "year": gettext_lazy("本年")}


def kind(row: Pool) -> object:
    """Whether its members claim, or wait to be handed something."""
    return pill(_("可领取"), "green") if row.is_claimable else pill(_("只由主管分配"), "grey")


def customers_of(row: Pool) -> str:
    """Where the customers of a pool are listed."""
    return f"{reverse('customers:list')}?tab=pool&pool={row.pk}"


@access(SEE)
class Pools(ListScreen):
    """The pools, with how many customers are in each, and how many came and went this week."""

    title = pgettext_lazy("several", "公海")
    order = "pk"
    row_to = "customers:pool"

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """The figures of all pools are read once."""
        return [
            Column(_("名称"), "name"),
            Column(_("领取方式"), lambda row: row, show=kind, phone="aside"),
            Column(_("现有客户"), lambda row: self.states[row.pk].size, show=formats.number, look="num"),
            Column(_("本周进入"), lambda row: self.states[row.pk].came, show=formats.number, look="num"),
            Column(_("本周离开"), lambda row: self.states[row.pk].went, show=formats.number, look="num"),
            Column(_("我还可领取"), lambda row: self.left.get(row.pk, ""), look="num"),
        ]

    @cached_property
    def states(self) -> dict[int, PoolState]:
        """The figures, by pool."""
        return {state.pool.pk: state for state in queries.pool_states(self.actor, self.page.rows)}

    @cached_property
    def left(self) -> dict[int, str]:
        """How many the person may still claim, by pool."""
        rows = [row for row in self.page.rows if row.is_claimable] if self.actor.can(CLAIM) else []
        return {item.pool.pk: left_words(item.left) for item in queries.allowances(self.actor, rows)}

    def rows(self) -> QuerySet[Any, Any]:
        """The pools that the person sees."""
        return queries.pools(self.actor)

    def actions(self) -> Sequence[Link | None]:
        """Add one; read what came and went."""
        return [
            Link(_("新建公海"), "customers:new_pool", icon="plus", drawer=True),
            Link(_("公海台账"), "customers:ledger", icon="list-details"),
        ]

    def empty(self) -> Empty:
        """Pools come by themselves."""
        return Empty(_("还没有公海"), _("第一次退回或导入客户时会自动建立,管理员也可以现在新建。"), icon="ripple")


def left_words(left: int | None) -> str:
    """How many more may be claimed."""
    return _("不限") if left is None else formats.number(left)


@access(SEE)
class PoolPage(DetailScreen):
    """One pool: how full it is, what its rules are, who took out and put in."""

    template = "customers/pool.html"

    def load(self) -> None:
        """The pool that the address names."""
        self.pool = queries.pool(self.actor, self.kwargs["pk"])

    def page_title(self) -> str:
        """Its name."""
        return self.pool.name

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the list."""
        return [Crumb(pgettext_lazy("several", "公海"), reverse("customers:pools"))]

    def actions(self) -> Sequence[Link | None]:
        """See its customers, hand them out, read the ledger, change the pool."""
        pk = self.pool.pk
        return [
            Link(_("查看客户"), "customers:list", icon="users", query=f"?tab=pool&pool={pk}"),
            Link(_("分配"), "customers:assign", icon="user-share", query=f"?pool={pk}", drawer=True),
            Link(_("台账"), "customers:ledger", icon="list-details", query=f"?pool={pk}"),
            Link(_("修改"), "customers:edit_pool", (pk,), icon="pencil", drawer=True),
        ]

    def tabs(self) -> Sequence[Tab]:
        """The stretches of time for which supervisors see who took how many."""
        return [Tab(key, label) for key, label in PERIODS.items()] if self.actor.can(ASSIGN) else []

    def context(self) -> dict[str, Any]:
        """The figures, the rules, and the turnover of the chosen stretch of time."""
        during = period(self.tab, clock.today()) if self.tab else None
        return {
            "tiles": self.tiles(),
            "facts": self.facts(),
            "turnover": queries.turnover(self.actor, self.pool.pk, during) if during else [],
            "nothing": Empty(_("这段时间没有进出"), icon="ripple"),
        }

    def tiles(self) -> list[Figure]:
        """How full it is and how it moves; how many are left to the person."""
        [state] = queries.pool_states(self.actor, [self.pool])
        ledger = f"{reverse('customers:ledger')}?pool={self.pool.pk}&tab=" if self.actor.can(ASSIGN) else ""
        tiles = [
            Figure(_("现有客户"), formats.number(state.size), rows_url=customers_of(self.pool)),
            Figure(_("本周进入"), formats.number(state.came), rows_url=ledger and f"{ledger}in"),
            Figure(_("本周离开"), formats.number(state.went), rows_url=ledger and f"{ledger}out"),
        ]
        if self.pool.is_claimable and self.actor.can(CLAIM):
            told = _("今天已从这里领取 %(today)s 位,领取后持有未成交 %(held)s 位")
            mine = self.allowance
            beside = told % {"today": mine.claimed_today, "held": mine.held}
            tiles.append(Figure(_("我还可领取"), left_words(mine.left), beside=beside))
        return tiles

    @cached_property
    def allowance(self) -> queries.Allowance:
        """What the person may still claim here."""
        return queries.allowances(self.actor, [self.pool])[0]

    def facts(self) -> list[tuple[str, object]]:
        """The rules of this pool."""
        row = self.pool
        company = _("按公司的合计上限")
        return [
            (_("领取方式"), kind(row)),
            (_("谁能看到"), _("所有人") if row.is_open else _("指定成员")),
            (_("自动进入的客户"), fed_words(self.actor, row) or _("没有设定")),
            (_("每人每天领取上限"), formats.number(row.claims_a_day) if row.claims_a_day else company),
            (_("每人保有上限"), formats.number(row.most_held) if row.most_held else company),
            (_("原负责人冷却期(天)"), formats.number(self.allowance.back_to_owner_days)),
        ]


@access(MANAGE_POOLS)
class NewPool(FormScreen):
    """Add a pool."""

    title = gettext_lazy("新建公海")
    form_class = PoolForm

    def run(self, data: dict[str, Any]) -> Done:
        """Add it."""
        row = commands.add_pool(self.actor, **with_limits(data))
        return Done(url=reverse("customers:pool", args=[row.pk]), toast=_("已保存"))


@access(MANAGE_POOLS)
class EditPool(FormScreen):
    """Change a pool."""

    title = gettext_lazy("修改公海")
    form_class = PoolForm

    def load(self) -> None:
        """The pool that the address names."""
        self.pool = queries.pool(self.actor, self.kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        """What stands now."""
        row = self.pool
        members = queries.pool_members(self.actor, row.pk)
        told = {name: getattr(row, name) for name in ("name", "is_claimable", "is_open", *LIMITS)}
        fed = {name: row.fed_by.get(name.removeprefix(FEED), []) for name in FEEDS}
        return {**told, **fed, "members": members, "departments": queries.pool_departments(self.actor, row.pk)}

    def version(self) -> int:
        """The version that the form starts from."""
        return self.pool.edit_version

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        commands.edit_pool(self.actor, self.pool.pk, self.sent_version, **with_limits(data))
        return Done(url=reverse("customers:pool", args=[self.pool.pk]), toast=_("已保存"))


def with_limits(data: dict[str, Any]) -> dict[str, Any]:
    """The form's values as the commands take them."""
    rest = {name: value for name, value in data.items() if name not in {*LIMITS, *FEEDS}}
    feed = {name.removeprefix(FEED): data[name] for name in FEEDS}
    return {**rest, "limits": PoolLimits(**{name: data[name] for name in LIMITS}), "feed": feed}


def fed_words(actor: Actor, row: Pool) -> str:
    """Which customers come to a pool by themselves."""
    said = []
    if units := row.fed_by.get("department"):
        said.append(_("原负责人属于%(names)s") % {"names": listed(department_names(actor, units).values())})
    for column in ("region", "level", "source"):
        if codes := row.fed_by.get(column):
            label = Customer._meta.get_field(column).verbose_name  # type: ignore[union-attr]
            named = listed(coded_name(column, code) for code in codes)
            said.append(_("%(field)s为%(names)s") % {"field": label, "names": named})
    return ";".join(said)


def what_happened(row: OwnershipEpisode) -> object:
    """In or out, and by which act."""
    return pill(CAUSES[row.started_cause], "green" if row.person_id else "amber")


def came_from(row: OwnershipEpisode) -> str:
    """Who or which pool had it before."""
    return row.former.name if row.former else row.from_pool.name if row.from_pool else ""


def went_to(row: OwnershipEpisode) -> str:
    """Who or which pool has it now."""
    return row.person.name if row.person else row.pool.name if row.pool else str(VIEWS["awaiting"])


def why(row: OwnershipEpisode) -> str:
    """The reason given, and the words to it."""
    said = names(RELEASE_REASON).get(row.reason, row.reason)
    return " · ".join(part for part in (said, row.note) if part)


@access(ASSIGN)
class Ledger(ListScreen):
    """What came into the pools and left them: when, who, why."""

    title = gettext_lazy("公海台账")
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("时间"), "started_at", show=formats.moment, order="-started_at", look="nowrap"),
        Column(gettext_lazy("客户"), "customer.name", phone="bare"),
        Column(gettext_lazy("事由"), lambda row: row, show=what_happened, phone="aside"),
        Column(gettext_lazy("从"), lambda row: row, show=came_from),
        Column(gettext_lazy("到"), lambda row: row, show=went_to),
        Column(gettext_lazy("操作人"), "started_by.name"),
        Column(gettext_lazy("原因"), lambda row: row, show=why),
    ]
    order = "-started_at"
    export = "customers:export_ledger"
    filters = LedgerFilters

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the pools."""
        return [Crumb(pgettext_lazy("several", "公海"), reverse("customers:pools"))]

    def tabs(self) -> Sequence[Tab]:
        """Both ways, or one."""
        return [Tab("all", _("全部")), Tab("in", _("进入")), Tab("out", _("离开"))]

    def rows(self) -> QuerySet[Any, Any]:
        """The lines of the chosen way."""
        found = queries.ledger(self.actor, way=self.tab)
        return found.select_related("customer", "person", "former", "pool", "from_pool", "started_by")

    def empty(self) -> Empty:
        """Lines come by themselves."""
        return Empty(_("还没有进出记录"), _("客户进入或离开公海时自动记下。"), icon="ripple")


@access(ASSIGN, EXPORT)
class ExportLedger(ExportScreen):
    """The ledger as a file."""

    screen_class = Ledger
