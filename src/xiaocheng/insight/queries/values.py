"""What each customer was worth and took of our time at the last count: row by row, and by class against the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.insight.access import SEE
from xiaocheng.insight.models import CustomerValue, ValueCount
from xiaocheng.insight.rules import SuggestionRules, ValueRules
from xiaocheng.insight.suggesting import Traits, cases, suggested, suggestion
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
    if view == "neglected":
        return rows.filter(klass=TOP, minutes__lt=_planned()[TOP] * MINUTES)
    if view == "costly":
        return rows.filter(klass=BOTTOM, minutes__gt=_planned()[BOTTOM] * MINUTES)
    return rows


def suggested_as(actor: Actor, code: str) -> Q:
    """Rows of which the company's rules suggest to court, to keep, to drop, or nothing."""
    actor.require(SEE)
    limits = rules(SuggestionRules, clock.today())
    return suggested(code, cases(limits.court), cases(limits.drop))


def suggestion_of(actor: Actor) -> Callable[[CustomerValue], str]:
    """A function that says what is suggested for a row that was read with its customer."""
    actor.require(SEE)
    limits = rules(SuggestionRules, clock.today())
    court, drop = cases(limits.court), cases(limits.drop)

    def found(row: CustomerValue) -> str:
        return suggestion(Traits(row.klass, row.loyalty, row.customer.potential, row.is_price_led), court, drop)

    return found


def efforts(actor: Actor) -> list[Effort]:
    """Planned and actual hours, sales and profit of each class; then of those who bought nothing."""
    sums = values(actor).order_by().values("klass").annotate(
        n=Count("pk"), spent=Sum("minutes"), seen=Sum("visits"), called=Sum("contacts"), sold=Sum("sales"),
        gained=Sum("profit", filter=Q(profit__isnull=False)),
    )  # fmt: skip
    found = {row["klass"]: row for row in sums}
    planned = _planned() if found else {}
    return [
        Effort(
            klass=klass,
            count=row["n"],
            planned=planned.get(klass, Decimal(0)) * row["n"],
            hours=Decimal(row["spent"]) / MINUTES,
            visits=row["seen"],
            contacts=row["called"],
            sales=Decimal(row["sold"]),
            profit=Decimal(row["gained"] or 0),
        )
        for klass in (TOP, MIDDLE, BOTTOM, "")
        if (row := found.get(klass))
    ]


def _planned() -> dict[str, Decimal]:
    """The hours planned for one customer of each class over the period of the last count, by the rules of its day."""
    last = ValueCount.objects.first()
    hours = rules(ValueRules, last.last).hours_a_month() if last else dict.fromkeys((TOP, MIDDLE, BOTTOM), Decimal(0))
    return {klass: value * (last.months if last else 0) for klass, value in hours.items()}
