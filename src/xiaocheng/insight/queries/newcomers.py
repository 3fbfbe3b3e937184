"""The report of new customers: registered, bought for the first time, came back after a year, and for how much.

A first purchase is what `became_customer_on` says; what else counts as a purchase is decided in `_purchases` alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.expressions import DaysBetween
from xiaocheng.foundation.kernel.measures import by_day, by_department, by_month, by_person
from xiaocheng.foundation.kernel.money import unscaled
from xiaocheng.foundation.kernel.periods import month_key
from xiaocheng.insight.breakdown import By, Key, line_names, months_of
from xiaocheng.insight.counting import grouped
from xiaocheng.insight.credited import with_shares
from xiaocheng.insight.figures import Figure, cases, plain
from xiaocheng.insight.measures import NEW_AMOUNT, RETURN_DAYS, RETURNED
from xiaocheng.insight.selection import Selection
from xiaocheng.selling.customers.measures import CONVERTED, REGISTERED
from xiaocheng.selling.pipeline.models import Closing, ClosingShare
from xiaocheng.selling.pipeline.models.processes import WON
from xiaocheng.selling.trade.models import SaleLine

from .results import new_customers
from .rows import CREDITED, SHOWN_OF_CLOSINGS, credited

BECAUSE = "only whether a customer bought before is asked, of a win in sight"
WAYS: tuple[By, ...] = ("month", "source", "person", "team")
COLUMNS = {"person": "person_id", "team": "department_id", "source": "customer__source", "month": "month"}


@dataclass(frozen=True)
class Newcomers:
    """The customers of a period: registered, new by their first deal, back after a year; what the new ones bought."""

    registered: Figure
    new: Figure
    returned: Figure
    amount: Figure

    @property
    def is_empty(self) -> bool:
        """True when there are none of any kind."""
        return not any(figure.numerator for figure in vars(self).values())


@dataclass(frozen=True)
class NewcomerLine:
    """The same of one month, source (of the customer), person or team; the code "" is "not recorded"."""

    id: Key
    name: str
    newcomers: Newcomers


def newcomers(actor: Actor, selection: Selection) -> Newcomers:
    """All of the selection; process and product do not narrow it, the source is that of the customer."""
    counts = {key: int(figure.numerator) for key, figure in new_customers(actor, selection).items()}
    wins = _won(actor, selection, ()).get("", Counter())
    counts["returned"] = returned_wins(actor, selection).count()
    return _figures(Counter(counts), wins)


def newcomers_by(actor: Actor, selection: Selection, by: By) -> list[NewcomerLine]:
    """The same by month (none left out), source, person or team."""
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    for key in (REGISTERED, CONVERTED):
        for at, n in _counted(actor, selection, key, by):
            found[at][key] += n
    for at in _returned_by(actor, selection, by):
        found[at]["returned"] += 1
    wins = _won(actor, selection, (COLUMNS[by],))
    keys = list(dict.fromkeys([*found, *wins]))
    keys = months_of(selection, keys) if by == "month" else keys
    names = line_names(actor, by, keys)
    lines = [
        NewcomerLine(key, names.get(key, ""), _figures(found.get(key, Counter()), wins.get(key, Counter())))
        for key in keys
    ]
    return lines if by == "month" else sorted(lines, key=lambda line: (not line.id, -line.newcomers.new.n, line.name))


def returned_wins(actor: Actor, selection: Selection) -> QuerySet[Closing]:
    """The wins with which old customers came back: none bought anything in the year before."""
    rows = _of_customers(selection).closings(actor).filter(verdict=WON, sign=1, reversed_on__isnull=True)
    rows = rows.filter(customer__isnull=False).select_related(*SHOWN_OF_CLOSINGS)
    rows = rows.annotate(known_for=DaysBetween("customer__became_customer_on", "booked_on"))
    rows = rows.filter(known_for__gte=RETURN_DAYS)
    for earlier in _purchases():
        rows = rows.filter(~Exists(earlier))
    return rows if selection.source is None else rows.filter(customer__source=selection.source)


def _purchases() -> list[QuerySet[Any]]:
    """The wins and past sales of the customer of a win in the year before it: an order will stand here, too."""
    wins = Closing.objects.beyond_sight(because=BECAUSE).filter(
        customer=OuterRef("customer"), verdict=WON, sign=1, reversed_on__isnull=True
    )
    before = wins.annotate(gap=DaysBetween("booked_on", OuterRef("booked_on"))).filter(gap__range=(0, RETURN_DAYS - 1))
    sales = SaleLine.objects.beyond_sight(because=BECAUSE).filter(customer=OuterRef("customer"))
    sold = sales.annotate(gap=DaysBetween("occurred_on", OuterRef("booked_on")))
    return [before.filter(pk__lt=OuterRef("pk")), sold.filter(gap__range=(1, RETURN_DAYS - 1))]


def wins_of_new(actor: Actor, selection: Selection) -> QuerySet[Closing]:
    """The wins and reversals of the period of customers who bought for the first time in it, as far as credited."""
    return with_shares(*_wins(actor, selection)).select_related(*SHOWN_OF_CLOSINGS)


def _wins(actor: Actor, selection: Selection) -> tuple[QuerySet[Closing], QuerySet[ClosingShare]]:
    """Those of one person each, and the shares of those of several."""
    period, asked = selection.period, _of_customers(selection)
    new: dict[str, Any] = {"verdict": WON, "customer__became_customer_on__range": (period.first, period.last)}
    if selection.source is not None:
        new["customer__source"] = selection.source
    parts = {f"closing__{name}": value for name, value in new.items()}
    return asked.closings(actor).filter(is_shared=False, **new), asked.shares(actor).filter(**parts)


def _won(actor: Actor, selection: Selection, by: tuple[str, ...]) -> dict[Key, Counter[str]]:
    """What those come to, by a column; without one in one sum."""
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    for rows in _wins(actor, selection):
        for at, values in grouped(rows, by):
            found[at[0] if by else ""].update(values)
    return {at: values for at, values in found.items() if any(values.values())}


def _of_customers(selection: Selection) -> Selection:
    """The selection without what is about deals: their process, product and source."""
    return Selection(selection.period, selection.whose)


def _counted(actor: Actor, selection: Selection, key: str, by: By) -> Iterator[tuple[Key, int]]:
    """How many were registered, or bought first: sums where they are kept, else the customers themselves."""
    period, whose = selection.period, selection.whose
    if by == "source" or selection.source is not None:
        yield from _counted_rows(actor, selection, key, by)
    elif by == "month" and period.whole_months()[1]:
        for (_key, day), n in by_day(actor, [key], period, whose).items():
            yield day // 100, int(n)
    else:
        kept = {"month": by_month, "person": by_person, "team": by_department}[by]
        for (_key, at), n in kept(actor, [key], period, whose).items():
            yield at, int(n)


def _counted_rows(actor: Actor, selection: Selection, key: str, by: By) -> Iterator[tuple[Key, int]]:
    person, department, day = CREDITED[key]
    column = {"source": "source", "person": f"{person}_id", "team": f"{department}_id", "month": day}[by]
    rows: Any = credited(actor, selection, key).order_by().values_list(column).annotate(n=Count("pk"))
    for at, n in rows:
        yield month_key(at) if by == "month" else at, n


def _returned_by(actor: Actor, selection: Selection, by: By) -> Iterator[Key]:
    columns = {"source": "customer__source", "person": "credit_person_id", "team": "credit_department_id"}
    rows = returned_wins(actor, selection).select_related(None).order_by()
    for at in rows.values_list(columns.get(by, "booked_on"), flat=True):
        yield month_key(at) if by == "month" else at


def _figures(counts: Counter[str], wins: Counter[str]) -> Newcomers:
    return Newcomers(
        plain(REGISTERED, counts[REGISTERED], counts[REGISTERED]),
        plain(CONVERTED, counts[CONVERTED], counts[CONVERTED]),
        plain(RETURNED, counts["returned"], counts["returned"]),
        plain(NEW_AMOUNT, unscaled(wins["deals_won_amount"]), cases(unscaled(wins["deals_won"]))),
    )
