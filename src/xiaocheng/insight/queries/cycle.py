"""How long a win takes: from the first contact to the win, of the deals won in a period."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from decimal import Decimal

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.insight.figures import Figure, plain, quotient
from xiaocheng.insight.measures import CYCLE_MEAN, CYCLE_MEDIAN
from xiaocheng.insight.selection import Selection

from .rows import SECONDS_A_DAY, won_deals

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


def cycle(actor: Actor, selection: Selection) -> Cycle:
    """The sales cycle of the deals won in the period and not opened again within it."""
    found = list(won_deals(actor, selection).order_by().values_list("cycle_seconds", flat=True))
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
    ends = [*BOUNDS, None]
    firsts = [0, *BOUNDS]
    days = [value / SECONDS_A_DAY for value in seconds]
    return tuple(
        Bar(first, end, sum(first <= value and (end is None or value < end) for value in days))
        for first, end in zip(firsts, ends, strict=True)
    )
