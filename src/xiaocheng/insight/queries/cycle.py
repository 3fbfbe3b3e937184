"""How long a win takes: from the first contact to the win, of the deals won in a period, also by whom and of what."""

from __future__ import annotations

import statistics
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import month_key
from xiaocheng.insight.breakdown import By, Key, line_names, months_of
from xiaocheng.insight.figures import Figure, plain, quotient
from xiaocheng.insight.measures import CYCLE_MEAN, CYCLE_MEDIAN
from xiaocheng.insight.models import NONE
from xiaocheng.insight.selection import Selection
from xiaocheng.selling.pipeline.models.processes import WON

from .rows import SECONDS_A_DAY, won_deals

Found = list[int | None]  # the seconds that each win took; None where its start was not recorded
COLUMNS: dict[By, str] = {
    "person": "credit_person_id",
    "team": "credit_department_id",
    "product": "product_id",
    "source": "source",
    "month": "booked_on",
}
BOUNDS = (7, 14, 30, 60, 90, 120, 180, 365)  # days: the bars of the picture end here


@dataclass(frozen=True)
class Bar:
    """How many deals took from `first` to under `end` days; the last bar has no end."""

    first: int
    end: int | None
    n: int


@dataclass(frozen=True)
class Cycle:
    """Mean and median of the deals whose start was recorded; `untimed` are the others."""

    mean: Figure
    median: Figure
    quarter: Decimal | None  # a quarter of the deals was faster
    three_quarters: Decimal | None
    untimed: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class CycleLine:
    """The cycle of one person, team, product, source (of the opportunity) or month; id 0 or "" is "none"."""

    id: Key
    name: str
    cycle: Cycle


def cycle(actor: Actor, selection: Selection) -> Cycle:
    """The sales cycle of the deals won in the period and not opened again within it."""
    return _cycle(list(won_deals(actor, selection).order_by().values_list("cycle_seconds", flat=True)))


def cycle_by(actor: Actor, selection: Selection, by: By) -> list[CycleLine]:
    """The same by person, team (the department credited), product or source, by name; or by month, none left out."""
    found = _by_month(actor, selection) if by == "month" else _by_column(actor, selection, COLUMNS[by])
    keys = months_of(selection, found) if by == "month" else list(found)
    names = line_names(actor, by, keys)
    lines = [CycleLine(key, names.get(key, ""), _cycle(found.get(key, []))) for key in keys]
    return lines if by == "month" else sorted(lines, key=lambda line: (not line.id, line.name))


def _by_column(actor: Actor, selection: Selection, column: str) -> dict[Key, Found]:
    found: dict[Key, Found] = defaultdict(list)
    for key, seconds in won_deals(actor, selection).order_by().values_list(column, "cycle_seconds"):
        found[NONE if key is None else key].append(seconds)
    return found


def _by_month(actor: Actor, selection: Selection) -> dict[Key, Found]:
    """Each month as it would stand alone: a win that was opened again in a later month still belongs to its own."""
    rows = selection.closings(actor).filter(verdict=WON, sign=1).order_by()
    found: dict[Key, Found] = defaultdict(list)
    for booked, reversed_on, seconds in rows.values_list("booked_on", "reversed_on", "cycle_seconds"):
        month = month_key(booked)
        if reversed_on is None or reversed_on > selection.period.last or month_key(reversed_on) > month:
            found[month].append(seconds)
    return found


def _cycle(found: Found) -> Cycle:
    seconds = sorted(value for value in found if value is not None)
    days = Decimal(sum(seconds)) / SECONDS_A_DAY
    quarters = statistics.quantiles(seconds, n=4, method="inclusive") if len(seconds) > 1 else None
    return Cycle(
        quotient(CYCLE_MEAN, days, len(seconds), len(seconds)),
        plain(CYCLE_MEDIAN, _days(statistics.median(seconds)) if seconds else None, len(seconds)),
        _days(quarters[0]) if quarters else None,
        _days(quarters[2]) if quarters else None,
        len(found) - len(seconds),
        _bars(seconds),
    )


def _days(seconds: float) -> Decimal:
    return Decimal(str(seconds)) / SECONDS_A_DAY


def _bars(seconds: list[int]) -> tuple[Bar, ...]:
    """How the sorted cycles spread over the bars of the picture."""
    ends = [*BOUNDS, None]
    firsts = [0, *BOUNDS]
    below = [bisect_left(seconds, days * SECONDS_A_DAY) for days in BOUNDS]
    counts = (upper - lower for lower, upper in zip([0, *below], [*below, len(seconds)], strict=True))
    return tuple(Bar(first, end, n) for first, end, n in zip(firsts, ends, counts, strict=True))


NO_CYCLE = _cycle([])  # that of who won nothing
