"""Cohorts of deals: of those opened in a period, how many are won, and how long after, followed until now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.insight.breakdown import COLUMN, By, Key, line_names, months_of
from xiaocheng.insight.figures import FEWEST, Figure, estimated, plain
from xiaocheng.insight.measures import (
    COHORT_DEALS,
    COHORT_FINAL,
    COHORT_LOST,
    COHORT_OPEN,
    COHORT_TIME,
    COHORT_WITHIN,
    COHORT_WON,
)
from xiaocheng.insight.selection import Selection
from xiaocheng.insight.sums import cohorts
from xiaocheng.selling.pipeline.models.processes import LOST, WON

if TYPE_CHECKING:
    from xiaocheng.insight.survival import Ages

HORIZON_DAYS = (30, 60, 90, 180)  # days
POINTS = (0, 7, 14, 30, 45, 60, 75, 90, 120, 150, 180, 240, 300, 365, 540, 730)  # days: of the curve
YOUNG, TOO_YOUNG = Decimal("0.05"), Decimal("0.5")  # undecided: shown grey; nothing is said of the end


@dataclass(frozen=True)
class Point:
    """The shares won and lost so many days after the opening."""

    days: int
    won: Decimal
    lost: Decimal


@dataclass(frozen=True)
class DealCohort:
    """What became of the deals opened in the period; of `undecided` nobody can tell the end."""

    deals: Figure
    won: Figure
    lost: Figure
    still: Figure
    within: dict[int, Figure]
    final: Figure
    time: Figure
    undecided: Decimal | None
    curve: tuple[Point, ...]

    @property
    def told(self) -> list[int]:
        """The horizons of which something can be said; the shortest where it is nothing."""
        return [days for days, share in self.within.items() if share.value is not None] or [HORIZON_DAYS[0]]

    @property
    def is_young(self) -> bool:
        """True while a good part of the cohort is undecided, or nearly nothing is in it."""
        return self.undecided is None or self.undecided > YOUNG


@dataclass(frozen=True)
class DealCohortLine:
    """The cohort of one month, team, person, product or source (of the opportunity); id 0 or "" is "none"."""

    id: Key
    name: str
    cohort: DealCohort


def deal_cohort(actor: Actor, selection: Selection) -> DealCohort:
    """All deals that were opened in the period."""
    whole: Counter[tuple[float, str]] = Counter()
    for found in cohorts(actor, selection, "stage_id").values():
        whole.update(found)
    return _cohort(whole)


def deal_cohorts_by(actor: Actor, selection: Selection, by: By) -> list[DealCohortLine]:
    """The same by month of the opening, team (the department credited), person, product or source, by name."""
    found = {0 if key is None else key: counts for key, counts in cohorts(actor, selection, COLUMN[by]).items()}
    keys = months_of(selection, found) if by == "month" else list(found)
    names = line_names(actor, by, keys)
    lines = [DealCohortLine(key, names.get(key, ""), _cohort(found.get(key, Counter()))) for key in keys]
    return lines if by == "month" else sorted(lines, key=lambda line: (not line.id, line.name))


def _cohort(counts: Counter[tuple[float, str]]) -> DealCohort:
    ends: Counter[str] = Counter()
    for (_age, end), number in counts.items():
        ends[end] += number
    n, won = sum(ends.values()), ends[WON]
    certain = (
        plain(COHORT_DEALS, n, n),
        plain(COHORT_WON, won, won),
        plain(COHORT_LOST, ends[LOST], ends[LOST]),
        plain(COHORT_OPEN, ends[""], ends[""]),
    )
    if n < FEWEST:
        unknown = (0.0, 0.0, 0.0)
        within = {days: estimated(COHORT_WITHIN, unknown, won, n) for days in HORIZON_DAYS}
        return DealCohort(
            *certain, within, estimated(COHORT_FINAL, unknown, won, n), plain(COHORT_TIME, None, n), None, ()
        )
    from xiaocheng.insight.survival import Ages  # numpy is loaded when the first estimate is asked for

    ages = Ages.of({at: number for at, number in counts.items() if number})
    undecided = Decimal(repr(round(ages.undecided, 9)))
    return DealCohort(
        *certain,
        {days: _within(ages, days, won, n) for days in HORIZON_DAYS},
        *_end(ages, won, n, is_told=undecided <= TOO_YOUNG),
        undecided,
        _curve(ages),
    )


def _end(ages: Ages, won: int, n: int, *, is_told: bool) -> tuple[Figure, Figure]:
    """How many will be won in the end, and by when half of them; nothing of a cohort that is mostly undecided."""
    if not is_told:
        return Figure(COHORT_FINAL, None, Decimal(0), Decimal(0), n), plain(COHORT_TIME, None, n)
    half = ages.half_of(WON)
    time = plain(COHORT_TIME, None if half is None else Decimal(repr(half)), n)
    return estimated(COHORT_FINAL, ages.incidence(WON), won, n), time


def _within(ages: Ages, days: int, won: int, n: int) -> Figure:
    """The share won within so many days; nothing is said where no deal is known so long."""
    if not ages.tells(days):
        return Figure(COHORT_WITHIN, None, Decimal(0), Decimal(0), n)
    return estimated(COHORT_WITHIN, ages.incidence(WON, by=days), won, n)


def _curve(ages: Ages) -> tuple[Point, ...]:
    return tuple(
        Point(days, *(Decimal(repr(round(ages.incidence(end, by=days).value, 6))) for end in (WON, LOST)))
        for days in takewhile(ages.tells, POINTS)
    )
