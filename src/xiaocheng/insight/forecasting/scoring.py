"""How good forecasts were: error against what came in, and how wide an interval has to be to hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

FEWEST_CLOSED = 40  # of each, won and lost: below it no model is fitted
FEWEST_DAYS = 92  # since the first win or loss: every phase of a quarter was seen
COVER = 0.8
PRIOR_SCORES = (0.25, 0.5, 0.8, 1.1, 1.5)  # errors in half-widths that stand for runs not yet scored
NARROWEST, WIDEST = 0.7, 3.0
APART = 7  # days between runs that are compared
ENOUGH_RUNS = 6  # scored ones, before a baseline may take the lead


@dataclass(frozen=True)
class Scored:
    """A forecast whose window has passed."""

    said: float
    came: float
    half: float  # of the interval as it was drawn
    baseline: float | None = None


def widening(past: Collection[Scored]) -> float:
    """By how much to widen an interval as drawn so that it holds in 80 % of cases (normalised conformal)."""
    scores = sorted([*(abs(one.came - one.said) / max(one.half, 1.0) for one in past), *PRIOR_SCORES])
    place = COVER * (len(scores) - 1)
    low = scores[int(place)]
    high = scores[min(int(place) + 1, len(scores) - 1)]
    return min(max(low + (place - int(place)) * (high - low), NARROWEST), WIDEST)


def spaced(days: Iterable[dt.date], most: int) -> list[dt.date]:
    """The newest days that lie at least a week apart: runs of every day tell nearly the same."""
    found: list[dt.date] = []
    for day in sorted(days, reverse=True):
        if len(found) < most and (not found or (found[-1] - day).days >= APART):
            found.append(day)
    return found


def wape(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Sum of absolute errors ÷ sum of what came in, of (said, came); None when nothing came in."""
    came = sum(abs(one) for _said, one in pairs)
    return sum(abs(said - one) for said, one in pairs) / came if came else None


def bias(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Sum of what was said too much ÷ sum of what came in, of (said, came)."""
    came = sum(one for _said, one in pairs)
    return sum(said - one for said, one in pairs) / came if came else None


def covered(past: Collection[tuple[float, float, float]]) -> float | None:
    """The share of (low, high, came) in which it came in between."""
    return sum(low <= came <= high for low, high, came in past) / len(past) if past else None


def leads_baseline(past: Collection[Scored]) -> bool:
    """True when, over enough scored runs, the baseline was nearer: then it is shown first."""
    both = [one for one in past if one.baseline is not None]
    if len(both) < ENOUGH_RUNS:
        return False
    ours = wape([(one.said, one.came) for one in both])
    theirs = wape([(one.baseline or 0.0, one.came) for one in both])
    return ours is not None and theirs is not None and theirs < ours
