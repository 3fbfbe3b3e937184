"""How deals leave their stages: hazards a day by stage, age and phase of the quarter, and what follows from them.

A semi-Markov model: how a deal goes on depends on its stage and on how long it has been there. The hazard of winning
is multiplied by a factor for the phase of the quarter, as many companies close at its end (Oyer 1998).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

EDGES = np.array([0, 1, 2, 3, 5, 7, 10, 14, 21, 28, 35, 45, 60, 90, 120, 180, 1e6])  # days of age in a stage
BINS = len(EDGES) - 1
OLDEST = 200  # days: who is older leaves as the last bin does
PHASES = 6  # month of the quarter, each with and without its last week
PSEUDO_WINS = 20.0  # how many wins the factor of a phase has to outweigh
PSEUDO_EXITS = 2.0  # how many exits of a bin its stage's mean is worth
FEW = 1e-9


@dataclass(frozen=True)
class Stays:
    """Stays of deals in stages: ends are `inf` and `to` -1 while open; stage `stages` is the win, the next the loss."""

    stages: int
    stage: Ints
    to: Ints
    entered: Floats
    left: Floats

    def only(self, rows: Bools) -> Stays:
        """Some of them."""
        return Stays(self.stages, self.stage[rows], self.to[rows], self.entered[rows], self.left[rows])

    def until(self, moment: float) -> Stays:
        """What was known at a moment: what came later had not happened."""
        seen = self.entered <= moment
        left = self.left[seen]
        return Stays(
            self.stages,
            self.stage[seen],
            np.where(left <= moment, self.to[seen], -1),
            self.entered[seen],
            np.minimum(left, moment),
        )


@dataclass(frozen=True)
class Hazards:
    """Counts and days at risk, from which hazards a day are drawn or their means taken."""

    events: Floats  # [stage, to, bin], with the prior
    risk: Floats  # [stage, bin] days, with the prior
    win_risk: Floats  # the same, days weighted by the factor of their phase
    factors: Floats  # [phase]

    def mean(self) -> Floats:
        """Hazards [stage, to, bin] at the mean of what is known."""
        return self._over(self.events)

    def drawn(self, random: np.random.Generator) -> Floats:
        """Hazards as they might be, given how few cases each rests on (gamma posterior)."""
        return self._over(random.gamma(np.maximum(self.events, FEW)))

    def _over(self, events: Floats) -> Floats:
        found: Floats = events / self.risk[:, None, :]
        won = found.shape[1] - 2
        found[:, won] = events[:, won] / self.win_risk
        return found


def phases(first: dt.date, days: int, fiscal_start: int = 1) -> Ints:
    """The phase of each of so many days: twice the month in the quarter, plus one in the last week of a month."""
    dates = np.datetime64(first) + np.arange(days)
    months = dates.astype("datetime64[M]")
    ends = (months + 1).astype("datetime64[D]")
    in_quarter = (months.astype(np.int64) % 12 - (fiscal_start - 1)) % 3
    last_week = (ends - dates).astype(np.int64) <= 7
    return (2 * in_quarter + last_week).astype(np.int64)


def learn(stays: Stays, phase: Ints) -> Hazards:
    """Hazards from stays whose times are days since the first day of `phase`."""
    won = stays.stages
    events = _events(stays)
    risk = _risk(stays, phase)
    factors = _factors(events[:, won], risk, stays, phase)
    plain, weighted = risk.sum(axis=2), (risk * factors).sum(axis=2)
    pooled = events.sum(axis=2) / np.maximum(plain.sum(axis=1), FEW)[:, None]
    prior = PSEUDO_EXITS / np.maximum(pooled.sum(axis=1), FEW)  # days at risk that PSEUDO_EXITS exits take
    return Hazards(
        events + pooled[:, :, None] * prior[:, None, None], plain + prior[:, None], weighted + prior[:, None], factors
    )


def _events(stays: Stays) -> Floats:
    found = np.zeros((stays.stages, stays.stages + 2, BINS))
    ended = stays.to >= 0
    age = stays.left[ended] - stays.entered[ended]
    bins = np.clip(np.searchsorted(EDGES, age, side="right") - 1, 0, BINS - 1)
    np.add.at(found, (stays.stage[ended], stays.to[ended], bins), 1.0)
    return found


def _risk(stays: Stays, phase: Ints) -> Floats:
    """Days spent [stage, bin, phase]."""
    found = np.zeros((stays.stages, BINS, PHASES))
    counted = np.zeros((len(phase) + 1, PHASES))
    counted[1:] = np.cumsum(phase[:, None] == np.arange(PHASES), axis=0)
    for place in range(BINS):
        begins = stays.entered + EDGES[place]
        ends = np.minimum(stays.entered + EDGES[place + 1], stays.left)
        inside = ends > begins
        stage, begins, ends = stays.stage[inside], begins[inside], ends[inside]
        found[:, place] = _passed(counted, ends, stage, stays.stages) - _passed(counted, begins, stage, stays.stages)
    return found


def _passed(counted: Floats, moments: Floats, stage: Ints, stages: int) -> Floats:
    """How many days of each phase lie before the moments of each stage [stage, phase], parts of a day in proportion.

    `counted` [day, phase] are those before each day. Moments are counted by day first: there are many more of them.
    """
    days = len(counted) - 1
    whole = np.clip(moments.astype(np.int64), 0, days - 1)
    place = stage * days + whole
    number = np.bincount(place, minlength=stages * days).reshape(stages, days)
    parts = np.bincount(place, weights=moments - whole, minlength=stages * days).reshape(stages, days)
    found: Floats = number @ counted[:-1] + parts @ np.diff(counted, axis=0)
    return found


def _factors(wins: Floats, risk: Floats, stays: Stays, phase: Ints) -> Floats:
    """How much more often deals are won in each phase than their stages and ages let expect."""
    days = np.clip(stays.left[stays.to == stays.stages].astype(np.int64), 0, len(phase) - 1)
    seen = np.bincount(phase[days], minlength=PHASES)
    factors = np.ones(PHASES)
    for _round in range(3):
        hazard = wins / np.maximum((risk * factors).sum(axis=2), FEW)
        expected = np.einsum("kb,kbp->p", hazard, risk)
        factors = (seen + PSEUDO_WINS) / (expected + PSEUDO_WINS)
    return factors


def chances(hazard: Floats, factors: Floats, days: int) -> Floats:
    """[days left, stage, age in days]: the chance of a win within the last so many days of a window.

    `factors` are those of each day of the window. Computed from its end backwards, a day at a time.
    """
    stages = hazard.shape[0]
    bins = np.searchsorted(EDGES, np.arange(OLDEST) + 0.5, side="right") - 1
    by_age = hazard[:, :, bins]
    found = np.zeros((days + 1, stages, OLDEST))
    for left in range(1, days + 1):
        today = by_age.copy()
        today[:, stages] *= factors[days - left]
        total = today.sum(axis=1)
        leaves = 1 - np.exp(-total)
        share = today * (leaves / np.maximum(total, FEW))[:, None]
        tomorrow = found[left - 1]
        older = np.concatenate([tomorrow[:, 1:], tomorrow[:, -1:]], axis=1)
        found[left] = (
            (1 - leaves) * older + share[:, stages] + np.einsum("kja,j->ka", share[:, :stages], tomorrow[:, 0])
        )
    return found


def ages(entered: Any, moment: float) -> Ints:
    """Whole days in the stage, at most the oldest that are told apart."""
    return np.clip((moment - np.asarray(entered)).astype(np.int64), 0, OLDEST - 1)
