"""How long something lasts and how it ends, estimated so that what is not over yet counts for what it is worth.

Kaplan-Meier (1958) and Aalen-Johansen (1978) over counted ages. numpy comes with this file: import it where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .figures import Z_95

Array = NDArray[np.floating[Any]]
STILL = ""  # the cause of what is not over yet
NEARLY = 1e-12  # sums of shares are not exact


class Estimate(NamedTuple):
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


class Quantile(NamedTuple):
    """The age by which some share is over, with its 95 % interval; None where the curve does not come so far."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Ages:
    """How many ended at which age by which cause, and how many were seen until an age and were not over."""

    days: Array  # ascending
    ended: Mapping[str, Array]  # by cause, at each of the days
    still: Array

    @classmethod
    def of(cls, counts: Mapping[tuple[float, str], float]) -> Ages:
        """From (age, cause) -> how many; the cause is empty for what is not over."""
        days = sorted({age for age, _cause in counts})
        place = {age: at for at, age in enumerate(days)}
        found = {cause: np.zeros(len(days)) for cause in {STILL, *(cause for _age, cause in counts)}}
        for (age, cause), n in counts.items():
            found[cause][place[age]] += n
        still = found.pop(STILL)
        return cls(np.array(days, float), found, still)

    @cached_property
    def over(self) -> Array:
        """How many ended at each age, by whatever cause."""
        return sum(self.ended.values(), np.zeros(len(self.days)))

    @cached_property
    def at_risk(self) -> Array:
        """How many had reached each age: who left at the same age is still among them."""
        leaving: Array = self.over + self.still
        return np.cumsum(leaving[::-1])[::-1]

    @property
    def n(self) -> float:
        """How many there are in all."""
        return float(np.sum(self.over + self.still))

    @cached_property
    def lasting(self) -> Array:
        """The share that lasts beyond each age (Kaplan-Meier)."""
        return np.cumprod(1 - self.over / self.at_risk)

    @cached_property
    def before(self) -> Array:
        """The share that reaches each age."""
        return np.concatenate([[1.0], self.lasting[:-1]])

    @cached_property
    def spread(self) -> Array:
        """What each age adds to Greenwood's sum; nothing where nobody is left, since nothing more can be told."""
        rest = self.at_risk - self.over
        return np.divide(self.over, self.at_risk * rest, out=np.zeros(len(self.days)), where=rest > 0)

    @cached_property
    def band(self) -> tuple[Array, Array]:
        """The 95 % band of `lasting`, on the log-log scale: it stays within 0 and 1."""
        low, high = np.ones(len(self.days)), np.ones(len(self.days))
        low[self.lasting <= NEARLY] = 0  # and high stays 1: the end of a curve has no interval
        told = (self.lasting > NEARLY) & (self.lasting < 1)
        share = self.lasting[told]
        wide = Z_95 * np.sqrt(np.cumsum(self.spread)[told]) / -np.log(share)
        low[told], high[told] = share ** np.exp(wide), share ** np.exp(-wide)
        return low, high

    def quantile(self, part: float) -> Quantile:
        """The age by which this part of all is over; the interval is Brookmeyer and Crowley's."""
        low, high = self.band
        return Quantile(*(self._first(share, part) for share in (self.lasting, low, high)))

    def mean_until(self, end: float) -> float:
        """The mean age when what lasts longer counts as `end` days (restricted mean): the area under the curve."""
        inside = self.days < end
        steps = np.concatenate([[0.0], self.days[inside], [end]])
        shares = np.concatenate([[1.0], self.lasting[inside]])
        return float(np.sum(np.diff(steps) * shares))

    def incidence(self, *causes: str, by: float | None = None) -> Estimate:
        """The share that ends by these causes within `by` days, or as far as can be seen (Aalen-Johansen).

        Of what ends otherwise it is known that it will not end by these. The variance is Marubini and Valsecchi's
        (1995), the interval on the log-log scale.
        """
        last = len(self.days) if by is None else int(np.searchsorted(self.days, by, side="right"))
        ended = self._ended(causes)[:last]
        if not ended.any():
            return Estimate(0.0, 0.0, 0.0)
        at_risk, before = self.at_risk[:last], self.before[:last]
        path = self.course(*causes)[:last]
        value, ahead = float(path[-1]), path[-1] - path
        variance = np.sum(
            ahead**2 * self.spread[:last]
            + before**2 * ended * (at_risk - ended) / at_risk**3
            - 2 * ahead * before * ended / at_risk**2
        )
        if value >= 1 - NEARLY:
            return Estimate(1.0, 1.0, 1.0)
        wide = Z_95 * float(np.sqrt(max(variance, 0.0))) / (value * -np.log(value))
        return Estimate(value, float(value ** np.exp(wide)), float(value ** np.exp(-wide)))

    def course(self, *causes: str) -> Array:
        """The share that has ended by these causes at each of the days."""
        return np.cumsum(self.before * self._ended(causes) / self.at_risk)

    def half_of(self, *causes: str) -> float | None:
        """The age by which half of all that will end by these causes, as far as can be seen, has ended."""
        course = self.course(*causes)
        if not course.any():
            return None
        return float(self.days[np.argmax(course >= course[-1] / 2 - NEARLY)])

    @property
    def undecided(self) -> float:
        """The share of which nobody can tell yet how it ends: it lasts longer than anything that was seen to end."""
        return float(self.lasting[-1]) if len(self.days) else 1.0

    def tells(self, age: float) -> bool:
        """True when something was seen to reach an age, or nothing is left to be seen."""
        return bool(len(self.days)) and bool(self.days[-1] >= age or self.undecided <= NEARLY)

    def _ended(self, causes: Sequence[str]) -> Array:
        nothing = np.zeros(len(self.days))
        return sum((self.ended.get(cause, nothing) for cause in causes), nothing)

    def _first(self, shares: Array, part: float) -> float | None:
        reached = shares <= 1 - part + NEARLY
        return float(self.days[np.argmax(reached)]) if reached.any() else None
