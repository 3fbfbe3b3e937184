"""Customers by two of class, loyalty and potential: how many, what they brought, what they took, what is suggested."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.money import unscaled
from xiaocheng.foundation.kernel.periods import Period, months_back
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import department_and_below
from xiaocheng.insight.access import SEE
from xiaocheng.insight.models import CustomerValue, ValueCount
from xiaocheng.insight.rules import SuggestionRules, ValueRules
from xiaocheng.insight.suggesting import Traits, suggestion
from xiaocheng.insight.valuing import STAY, completed, spent
from xiaocheng.selling.trade.access import SEE as SEE_SALES
from xiaocheng.selling.trade.measures import exact
from xiaocheng.selling.trade.models import SaleLine

from .values import MINUTES, values

MatrixView = Literal["value", "potential", "both"]
AXES: dict[str, tuple[str, ...]] = {
    "klass": ("top", "middle", "bottom", ""),
    "loyalty": ("high", "medium", "low", ""),
    "potential": ("high", "medium", "low", ""),
}
MATRICES: dict[MatrixView, tuple[str, str]] = {  # what its rows are, what its columns
    "value": ("klass", "loyalty"),
    "potential": ("potential", "loyalty"),
    "both": ("potential", "klass"),
}
BECAUSE = "sums of customers whose owners the actor sees"


@dataclass
class Cell:
    """The customers of one class of each axis; nothing is planned for those without a class of value."""

    count: int = 0
    sales: Decimal = Decimal(0)
    profit: Decimal = Decimal(0)
    planned: Decimal = Decimal(0)
    hours: Decimal = Decimal(0)
    suggested: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Matrix:
    """The cells by (row, column) over a period; the classes are those of the last count."""

    view: MatrixView
    period: Period
    months: int
    counted_on: dt.date
    cells: Mapping[tuple[str, str], Cell]


class _Part(NamedTuple):
    """Some customers that are alike, with what they brought and took."""

    traits: Traits
    decision: str
    number: int
    sales: Decimal
    profit: Decimal
    minutes: int


def of_team(
    actor: Actor, rows: QuerySet[CustomerValue], team_id: int | None, person_id: int | None = None
) -> QuerySet[CustomerValue]:
    """Those of the rows whose owner is in a department or one below, or is a person."""
    actor.require(SEE)
    if team_id is not None:
        rows = rows.filter(customer__owner__department__in=department_and_below(team_id))
    return rows if person_id is None else rows.filter(customer__owner=person_id)


def matrix(
    actor: Actor,
    view: MatrixView,
    months: int | None = None,
    *,
    team_id: int | None = None,
    person_id: int | None = None,
) -> Matrix | None:
    """The customers whose owners the actor sees, over the counted period or so many months; None before any count."""
    rows = of_team(actor, values(actor), team_id, person_id)
    last, today = ValueCount.objects.first(), clock.today()
    if last is None:
        return None
    if months in {None, last.months}:
        months, period, parts = last.months, Period(last.first, last.last), _counted(rows)
    else:
        period = Period(months_back(today, months or 0), today)
        parts = _of(rows, period)
    (court, drop), plan = rules(SuggestionRules, today).cases(), rules(ValueRules, period.last)
    cells: dict[tuple[str, str], Cell] = {}
    for part in parts:
        at = tuple(getattr(part.traits, axis) for axis in MATRICES[view])
        cell = cells.setdefault((at[0], at[1]), Cell())
        cell.count += part.number
        cell.sales += part.sales
        cell.profit += part.profit
        cell.hours += Decimal(part.minutes) / MINUTES
        cell.planned += plan.hours_a_month(part.traits.klass, part.decision) * (months or 0) * part.number
        cell.suggested[suggestion(part.traits, court, drop)] += part.number
    return Matrix(view, period, months or 0, last.last, cells)


def _traits(rows: QuerySet[CustomerValue], *more: str) -> QuerySet[CustomerValue, Any]:
    return rows.order_by().values_list(*more, "klass", "loyalty", "customer__potential", "is_price_led", "decision")


def _counted(rows: QuerySet[CustomerValue]) -> Iterator[_Part]:
    """As it was counted at night: one statement, of at most as many rows as there are kinds of customers."""
    sums = _traits(rows).annotate(
        n=Count("pk"), sold=Sum("sales"), gained=Sum("profit", filter=Q(profit__isnull=False)), stayed=Sum("minutes")
    )
    for *traits, decision, n, sold, gained, stayed in sums:
        yield _Part(Traits(*traits), decision, n, Decimal(sold), Decimal(gained or 0), stayed)


def _of(rows: QuerySet[CustomerValue], period: Period) -> Iterator[_Part]:
    """Of another period: from the sales and visits themselves."""
    lines = SaleLine.objects.beyond_sight(because=BECAUSE).filter(occurred_on__range=(period.first, period.last))
    sums: QuerySet[SaleLine, Any] = (
        lines.filter(customer__in=rows.order_by().values("customer_id")).order_by().values_list("customer_id")
    )
    sums = sums.annotate(total=Sum(exact("amount")), profits=Sum(exact("profit")))
    sold = {pk: (amount, gained) for pk, amount, gained in sums}
    minutes = {pk: effort["minutes"] for pk, effort in spent(period)}
    for pk, *traits, decision in _traits(rows, "customer_id").iterator():
        amount, gained = sold.get(pk, (0, 0))
        yield _Part(Traits(*traits), decision, 1, unscaled(amount), unscaled(gained or 0), minutes.get(pk, 0))


def in_period(actor: Actor, rows: QuerySet[CustomerValue], period: Period) -> QuerySet[CustomerValue]:
    """Each row with what it bought and took in a period other than the counted one: `sold`, `gained`, `stayed`."""
    actor.require(SEE, SEE_SALES)
    lines = SaleLine.objects.beyond_sight(because=BECAUSE).filter(
        customer=OuterRef("customer_id"), occurred_on__range=(period.first, period.last)
    )
    sums, visits = lines.order_by().values("customer"), completed(period).filter(customer=OuterRef("customer_id"))
    return rows.annotate(
        sold=Subquery(sums.annotate(total=Sum(exact("amount"))).values("total")),
        gained=Subquery(sums.annotate(total=Sum(exact("profit"))).values("total")),
        stayed=Subquery(visits.order_by().values("customer").annotate(total=Sum(STAY)).values("total")),
    )
