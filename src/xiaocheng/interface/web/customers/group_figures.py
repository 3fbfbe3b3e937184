"""Planned against actual time of groups: for one customer, and for all customers of a group."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import Period, period, year_before
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.figures import Figure
from xiaocheng.selling.customers import queries
from xiaocheng.selling.customers.queries import CustomerGroup
from xiaocheng.selling.fieldwork import queries as fieldwork
from xiaocheng.selling.pipeline import queries as pipeline
from xiaocheng.selling.trade import queries as trade
from xiaocheng.selling.trade.access import SEE as SEE_SALES

MONTHS_OF_A_QUARTER = 3


def hours(value: Decimal) -> str:
    """Hours with one digit, without it where it is none: 2, 1.5."""
    return f"{value:,.1f}".removesuffix(".0")


def planned_words(row: CustomerGroup) -> str:
    """What is planned for each customer and month, in words."""
    parts = []
    if row.planned_hours is not None:
        parts.append(_("%(hours)s 小时") % {"hours": hours(row.planned_hours)})
    if row.planned_visits is not None:
        parts.append(_("拜访 %(count)s 次") % {"count": row.planned_visits})
    return " · ".join(parts)


@dataclass(frozen=True)
class Treated:
    """How a customer is to be treated as a member of a group, and what it takes of our time."""

    group: CustomerGroup
    planned: str
    spent: Sequence[str]  # this month, this quarter
    is_behind: bool


def treatment(actor: Actor, customer_id: int, groups: Sequence[CustomerGroup]) -> list[Treated]:
    """Each group of a customer with its plan and what was spent; visits are read only where something is planned."""
    planned = [(row, planned_words(row)) for row in groups]
    if not any(words for _row, words in planned):
        return [Treated(row, "", (), is_behind=False) for row in groups]
    runs = _runs()
    spent = fieldwork.time_spent(actor, Q(customer=customer_id), *runs)
    said = [
        _("本月已用 %(hours)s 小时,拜访 %(visits)s 次") % {"hours": hours(spent[0].hours), "visits": spent[0].visits},
        _("本季度已用 %(hours)s 小时,拜访 %(visits)s 次") % {"hours": hours(spent[1].hours), "visits": spent[1].visits},
    ]
    return [Treated(row, words, said if words else (), _is_behind(row, spent[0])) for row, words in planned]


def _is_behind(row: CustomerGroup, spent: fieldwork.Spent) -> bool:
    return spent.hours < (row.planned_hours or 0) or spent.visits < (row.planned_visits or 0)


def _runs() -> tuple[Period, Period]:
    today = clock.today()
    return period("month", today), period("quarter", today)


def figures_of(actor: Actor, row: CustomerGroup) -> list[Figure]:
    """Customers, hours and visits planned and spent, and what was won, of a group as far as the actor sees it."""
    inside = queries.members(actor, row)
    stages, these = queries.stages_in_group(actor, row), Q(customer__in=inside.order_by().values("pk"))
    count = sum(stages.values())
    month, quarter = fieldwork.time_spent(actor, these, *_runs())
    today = clock.today()
    year = Period(year_before(today) + dt.timedelta(days=1), today)
    won = pipeline.won_amount(actor, these, year)
    return [
        Figure(pgettext("several", "客户"), formats.number(count), _("现在在这个分组中、您能看到的客户数")),
        *(_target(stages) if row.is_target else ()),
        _time(_("本月投入"), month, row, count, 1),
        _time(_("本季度投入"), quarter, row, count, MONTHS_OF_A_QUARTER),
        Figure(_("赢单金额"), formats.money(won), _("近 12 个月里这些客户赢单的商机金额合计,按您能看到的商机")),
        *(_sold(trade.sold_to(actor, these, year)) if actor.can(SEE_SALES) else ()),
    ]


def _target(stages: dict[str, int]) -> list[Figure]:
    """Of the customers who fit a target segment: those still to be won, and those who have bought."""
    prospects, bought = stages.get("prospect", 0), stages.get("customer", 0)
    share = bought / (prospects + bought) if prospects + bought else None
    told = _("这个目标客户群中、您能看到的成交客户数;占比为成交客户除以潜在客户与成交客户之和,流失客户不计")
    return [
        Figure(_("潜在客户"), formats.number(prospects), _("这个目标客户群中、您能看到的、还没有成交的客户数")),
        Figure(_("成交客户"), formats.number(bought), told, beside=formats.percent(share) if share is not None else ""),
    ]


def _sold(bought: trade.Bought) -> list[Figure]:
    """What the customers of a group bought, and what was earned by it, where sales were imported."""
    if not bought.lines:
        return []
    told = _("近 12 个月里这些客户的销售记录合计,按您能看到的记录")
    profit = [] if bought.profit is None else [Figure(_("毛利"), formats.money(bought.profit), told)]
    return [Figure(_("销售额"), formats.money(bought.amount), told), *profit]


def _time(label: str, spent: fieldwork.Spent, row: CustomerGroup, count: int, months: int) -> Figure:
    planned_hours = (row.planned_hours or Decimal(0)) * count * months
    planned_visits = (row.planned_visits or 0) * count * months
    parts = [(_("拜访"), str(spent.visits)), (_("电话与其他联系"), str(spent.contacts))]
    beside = _("拜访 %(visits)s 次") % {"visits": spent.visits}
    if planned_hours:
        parts.append((_("计划小时"), hours(planned_hours)))
        beside = _("计划 %(hours)s 小时") % {"hours": hours(planned_hours)}
    if planned_visits:
        parts.append((_("计划拜访"), str(planned_visits)))
        beside = " · ".join(
            [*([beside] if planned_hours else []),
             _("拜访 %(done)s / %(planned)s 次") % {"done": spent.visits, "planned": planned_visits}]
        )  # fmt: skip
    return Figure(
        label,
        _("%(hours)s 小时") % {"hours": hours(spent.hours)},
        _("拜访从签到到离开的时间合计,按您能看到的拜访;计划为每位客户每月计划乘以客户数和月数"),
        tuple(parts),
        beside=beside,
        share=min(1.0, float(spent.hours / planned_hours)) if planned_hours else None,
    )
