"""What each customer was worth and took of our time at the last count: row by row, and by class against the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.insight.access import SEE
from xiaocheng.insight.models import CustomerValue, ValueCount
from xiaocheng.insight.rules import SuggestionRules, ValueRules
from xiaocheng.insight.suggesting import COURT, DROP, KEEP, Traits, suggested, suggestion
from xiaocheng.insight.worth import BOTTOM, MIDDLE, TOP
from xiaocheng.selling.trade.access import SEE as SEE_SALES

VIEWS = ("all", TOP, MIDDLE, BOTTOM, "none", "neglected", "costly")
MINUTES = 60


@dataclass(frozen=True)
class Effort:
    """The customers of one class: what was planned for them, what they took, and what they brought."""

    klass: str
    count: int
    planned: Decimal  # hours over the whole period; of customers without a class nothing is planned
    hours: Decimal
    visits: int
    contacts: int
    sales: Decimal
    profit: Decimal


def last_count(actor: Actor) -> ValueCount | None:
    """Over which days and by what the values were last counted."""
    actor.require(SEE, SEE_SALES)
    return ValueCount.objects.first()


def values(actor: Actor, view: str = "all") -> QuerySet[CustomerValue]:
    """What was counted of the customers whose owners the actor sees.

    `neglected` are those of the top that took less of our time than is planned, `costly` those of the bottom that took
    more.
    """
    actor.require(SEE, SEE_SALES)
    rows: QuerySet[CustomerValue] = CustomerValue.objects.visible_to(actor)
    if view in {TOP, MIDDLE, BOTTOM}:
        return rows.filter(klass=view)
    if view == "none":
        return rows.filter(klass="")
    if view in {"neglected", "costly"}:
        planned = _planned()
        klass, than = (TOP, "lt") if view == "neglected" else (BOTTOM, "gt")
        fits = [
            Q(decision=decision) & Q(**{f"minutes__{than}": planned(klass, decision) * MINUTES})
            for decision in ("", COURT, KEEP, DROP)
        ]
        return rows.filter(reduce(or_, fits), klass=klass)
    return rows


def suggested_as(actor: Actor, code: str) -> Q:
    """Rows of which the company's rules suggest to court, to keep, to drop, or nothing."""
    actor.require(SEE)
    return suggested(code, *rules(SuggestionRules, clock.today()).cases())


def suggestion_of(actor: Actor) -> Callable[[CustomerValue], str]:
    """A function that says what is suggested for a row that was read with its customer."""
    actor.require(SEE)
    court, drop = rules(SuggestionRules, clock.today()).cases()

    def found(row: CustomerValue) -> str:
        return suggestion(Traits(row.klass, row.loyalty, row.customer.potential, row.is_price_led), court, drop)

    return found


def efforts(actor: Actor) -> list[Effort]:
    """Planned and actual hours, sales and profit of each class; then of those who bought nothing."""
    sums = values(actor).order_by().values("klass", "decision").annotate(
        n=Count("pk"), spent=Sum("minutes"), seen=Sum("visits"), called=Sum("contacts"), sold=Sum("sales"),
        gained=Sum("profit", filter=Q(profit__isnull=False)),
    )  # fmt: skip
    found: dict[str, list[dict[str, Any]]] = {}
    for row in sums:
        found.setdefault(row["klass"], []).append(dict(row))
    planned = _planned() if found else None
    return [
        Effort(
            klass=klass,
            count=sum(row["n"] for row in rows),
            planned=sum((planned(klass, row["decision"]) * row["n"] for row in rows), Decimal(0)),
            hours=Decimal(sum(row["spent"] for row in rows)) / MINUTES,
            visits=sum(row["seen"] for row in rows),
            contacts=sum(row["called"] for row in rows),
            sales=sum((Decimal(row["sold"]) for row in rows), Decimal(0)),
            profit=sum((Decimal(row["gained"] or 0) for row in rows), Decimal(0)),
        )
        for klass in (TOP, MIDDLE, BOTTOM, "")
        if planned and (rows := found.get(klass))
    ]


def _planned() -> Callable[[str, str], Decimal]:
    """The hours planned for one customer by class and decision, over the counted period, by the rules of its day."""
    last = ValueCount.objects.first()
    limits, months = rules(ValueRules, last.last if last else clock.today()), last.months if last else 0
    return lambda klass, decision: limits.hours_a_month(klass, decision) * months
