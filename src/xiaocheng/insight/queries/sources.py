"""Where customers come from: those registered in a period, by their source, and what became of them until now.

A cohort, not what happened in the period: of those who came then, how many had an opportunity, within how many days,
how many bought, and for how much. Who had bought before the day of registration was not found then, and is left out
of all but the count.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from xiaocheng.foundation.fields.queries import options
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.expressions import DaysBetween
from xiaocheng.foundation.kernel.money import unscaled
from xiaocheng.insight.breakdown import line_names
from xiaocheng.insight.counting import grouped
from xiaocheng.insight.credited import with_shares
from xiaocheng.insight.estimating import within
from xiaocheng.insight.figures import Figure, cases, plain, quotient, rate
from xiaocheng.insight.measures import (
    COHORT_CONTACTED,
    COHORT_CONVERSION,
    COHORT_CONVERTED,
    COHORT_DAYS,
    COHORT_IN_TIME,
    COHORT_MEAN_ORDER,
    COHORT_OPENED,
    COHORT_OPENING,
    COHORT_OPENING_WITHIN,
    COHORT_REVENUE,
    IN_TIME_DAYS,
)
from xiaocheng.insight.selection import Selection
from xiaocheng.selling.customers.measures import REGISTERED
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.customers.models.customers import PROSPECT
from xiaocheng.selling.customers.options import SOURCE
from xiaocheng.selling.pipeline.models import Closing, ClosingShare, Opportunity, StageSpan
from xiaocheng.selling.pipeline.models.processes import WON

from .rows import SHOWN_OF_CLOSINGS, credited

BECAUSE = "only whether there is one is told, of a customer that is credited to people in sight"
HOW_SOON = "only within how many days there was one is told, of a customer that is credited to people in sight"
CONVERTED = Q(became_customer_on__gte=F("booked_on"))
WAITING = Q(became_customer_on__isnull=True, stage=PROSPECT)
FOUND = WAITING | CONVERTED
KNOWN = (Q(became_customer_on__isnull=True) & ~Q(stage=PROSPECT)) | Q(became_customer_on__lt=F("booked_on"))


@dataclass(frozen=True)
class Cohort:
    """The customers registered in the period; `known` of them had bought before and count nowhere else.

    `opening_within`: the shares with an opportunity within so many days (OPENING_DAYS), estimated.
    """

    registered: Figure
    known: int
    contacted: Figure
    opened: Figure
    opening: Figure
    opening_within: tuple[Figure, ...]
    converted: Figure
    conversion: Figure
    in_time: Figure
    revenue: Figure
    mean_order: Figure
    days: Figure


@dataclass(frozen=True)
class SourceLine:
    """What became of the customers of one source; the code "" is "not recorded"."""

    code: str
    name: str
    cohort: Cohort


def sources(actor: Actor, selection: Selection) -> tuple[Cohort, list[SourceLine]]:
    """The whole, and line by line: every source in use, those out of use that still have customers; "none" comes last.

    Process and product do not narrow customers.
    """
    found = _counted(actor, selection)
    keys = [item.code for item in options(SOURCE) if item.is_active or item.code in found]
    keys += [code for code in found if code and code not in keys]
    if selection.source is not None:
        keys = [code for code in keys if code == selection.source]
    if "" in found:
        keys.append("")
    names, waits = line_names(actor, "source", keys), _waits(actor, selection)
    lines = [SourceLine(code, names.get(code, ""), _cohort(found.get(code, Counter()), waits[code])) for code in keys]
    whole = _cohort(_together(found), _together(waits))
    return whole, sorted(lines, key=lambda line: (not line.code, -line.cohort.registered.n))


def source_customers(actor: Actor, selection: Selection, of: str = "") -> QuerySet[Customer]:
    """The customers behind a number, by name: all that were registered, or those that one of COHORT_ROWS counts."""
    rows: QuerySet[Any] = _cohort_rows(actor, selection).select_related("credit_person")
    if of in WITHIN_ROWS:
        rows = _with_wait(rows).filter(FOUND, first__isnull=False, wait__lte=WITHIN_ROWS[of])
    elif of:
        rows = rows.filter(_conditions()[of])
    return rows.only("name", "source", "booked_on", "became_customer_on", "credit_person__name")


def source_wins(actor: Actor, selection: Selection) -> QuerySet[Closing]:
    """The wins of those customers until now, less what was opened again, as far as the actor sees their credit."""
    return with_shares(*_wins(actor, selection)).select_related(*SHOWN_OF_CLOSINGS)


def _wins(actor: Actor, selection: Selection) -> tuple[QuerySet[Closing], QuerySet[ClosingShare]]:
    """The wins of one person each, and the shares of those of several."""
    theirs = _cohort_rows(actor, selection).filter(CONVERTED).values("pk")
    own = Closing.objects.visible_to(actor).filter(verdict=WON, customer__in=theirs, is_shared=False)
    parts = ClosingShare.objects.visible_to(actor).filter(closing__verdict=WON, closing__customer__in=theirs)
    return own, parts


def _cohort_rows(actor: Actor, selection: Selection) -> QuerySet[Customer]:
    rows = credited(actor, selection, REGISTERED)
    return rows.annotate(days_to_deal=DaysBetween("booked_on", "became_customer_on"))


def _has_deal() -> Exists:
    return Exists(Opportunity.objects.beyond_sight(because=BECAUSE).filter(customer=OuterRef("pk")))


def _conditions() -> dict[str, Q]:
    """What each number counts among the customers registered."""
    ripe = Q(booked_on__lte=clock.today() - dt.timedelta(days=IN_TIME_DAYS))
    return {
        "known": KNOWN,
        "found": FOUND,
        "contacted": FOUND & Q(last_contact_at__isnull=False),
        "opened": FOUND & Q(_has_deal()),
        "converted": CONVERTED,
        "ripe": ripe & FOUND,
        "in_time": ripe & CONVERTED & Q(days_to_deal__lte=IN_TIME_DAYS),
    }


OPENING_DAYS = tuple(COHORT_OPENING_WITHIN)
WITHIN_ROWS = {f"opened_{days}": days for days in OPENING_DAYS}
COHORT_ROWS = ("known", "found", "contacted", "opened", *WITHIN_ROWS, "converted", "ripe", "in_time")


def _with_wait(rows: QuerySet[Customer]) -> QuerySet[Any]:
    """With the day of the `first` opportunity whose day is known, and the days until then or, without one, today."""
    openings = StageSpan.objects.beyond_sight(because=HOW_SOON).filter(
        opportunity__customer=OuterRef("pk"), seq=1, is_opening=True
    )
    first = Subquery(openings.order_by("booked_on").values("booked_on")[:1])
    until = Coalesce("first", Value(clock.today(), DateField()))
    return rows.annotate(first=first).annotate(wait=DaysBetween("booked_on", until))


def _waits(actor: Actor, selection: Selection) -> dict[str, Counter[tuple[int, bool]]]:
    """How long customers waited for their first opportunity: by source (days, whether there was one) -> how many.

    Opened before the registration is opened at once; of whom no opportunity has a day that is known, nothing is known.
    """
    found: dict[str, Counter[tuple[int, bool]]] = defaultdict(Counter)
    rows = _with_wait(_cohort_rows(actor, selection)).filter(FOUND)
    rows = rows.filter(Q(first__isnull=False) | ~Q(_has_deal())).annotate(is_opened=Q(first__isnull=False))
    counted = rows.order_by().values_list("source", "wait", "is_opened").annotate(n=Count("pk"))
    for source, wait, is_opened, n in counted:
        found[source][max(0, wait), bool(is_opened)] += n
    return found


def _counted(actor: Actor, selection: Selection) -> dict[str, Counter[str]]:
    """What is counted of each source: the customers in one statement, their wins in another."""
    rows: Any = _cohort_rows(actor, selection).order_by().values("source")
    counts = {name: Count("pk", filter=condition) for name, condition in _conditions().items()}
    sums = rows.annotate(registered=Count("pk"), **counts, days=Sum("days_to_deal", filter=CONVERTED))
    found = {row.pop("source"): Counter({name: n or 0 for name, n in row.items()}) for row in sums}
    for rows in _wins(actor, selection):
        for (code,), values in grouped(rows, ("customer__source",)):
            found[code].update(values)
    return found


def _together(found: dict[str, Counter[Any]]) -> Counter[Any]:
    whole: Counter[Any] = Counter()
    for values in found.values():
        whole.update(values)
    return whole


def _cohort(values: Counter[str], waits: Counter[tuple[int, bool]]) -> Cohort:
    new, converted, wins = values["found"], values["converted"], unscaled(values["deals_won"])
    amount = unscaled(values["deals_won_amount"])
    return Cohort(
        plain(REGISTERED, values["registered"], values["registered"]),
        values["known"],
        plain(COHORT_CONTACTED, values["contacted"], values["contacted"]),
        plain(COHORT_OPENED, values["opened"], values["opened"]),
        rate(COHORT_OPENING, values["opened"], new),
        tuple(within(key, waits, days) for days, key in COHORT_OPENING_WITHIN.items()),
        plain(COHORT_CONVERTED, converted, converted),
        rate(COHORT_CONVERSION, converted, new),
        rate(COHORT_IN_TIME, values["in_time"], values["ripe"]),
        plain(COHORT_REVENUE, amount, cases(wins)),
        quotient(COHORT_MEAN_ORDER, amount, wins, cases(wins)),
        quotient(COHORT_DAYS, Decimal(values["days"]), converted, converted),
    )
