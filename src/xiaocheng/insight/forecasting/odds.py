"""Whether an open deal will be won rather than lost, if it is decided within a while; and whether that can be told.

The hazards say what is usual at its stage and age; a logistic layer over them (its offset) what else is known changes.
It learns from deals as they stood on past days, and is tested on later ones: what is only known at closing is not used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xiaocheng.insight.fitting import Floats, chance, logistic

from .hazards import OLDEST, Ints, Stays, ages, chances, learn
from .scoring import FEWEST_CLOSED

EVERY = 14  # days between the past days that teach
TAUGHT = 730  # days back of them
TESTS, APART = 6, 30  # past days on which it is tested, and the days between them
LEAST_AUC = 0.55  # below it deals are hardly told apart
RIDGE = 8.0
SURE = 1e-4
STAGE, AGE = "stage", "age"


@dataclass(frozen=True)
class Deals:
    """Stays of deals in open stages, with what was known when they began, and how the deal ended, by day.

    `known` has a row for each stay and a column for each thing; `groups` says which columns are one thing.
    """

    stays: Stays
    deal: Ints
    ended: Floats  # `inf` while it is open
    won: Floats  # 1 or 0; without meaning while it is open
    known: Floats
    groups: Mapping[str, slice]

    def open_at(self, moment: float) -> Ints:
        """The stays that lasted at a moment."""
        return np.flatnonzero((self.stays.entered <= moment) & (self.stays.left > moment) & (self.ended > moment))

    def decided(self, moment: float, days: int) -> Ints:
        """Those whose deals were decided within so many days from then."""
        there = self.open_at(moment)
        return there[self.ended[there] <= moment + days]


@dataclass(frozen=True)
class Model:
    """What was learnt up to a moment."""

    usual: Floats  # [stage, age]: share won of what is decided within the window, by the hazards; its log-odds
    by_stage: Floats  # [stage]: their mean
    base: float  # the share won of all
    means: Floats  # of the columns
    weights: Floats  # of the columns, the first for all

    def score(self, deals: Deals, rows: Ints, moment: float) -> Floats:
        """The log-odds of stays at a moment."""
        stage, age = deals.stays.stage[rows], ages(deals.stays.entered[rows], moment)
        found: Floats = self.usual[stage, age] + self.weights[0] + (deals.known[rows] - self.means) @ self.weights[1:]
        return found

    def parts(self, deals: Deals, rows: Ints, moment: float) -> dict[str, Floats]:
        """What each thing adds to the log-odds of a deal like all others."""
        stage, age = deals.stays.stage[rows], ages(deals.stays.entered[rows], moment)
        every = float(np.log(self.base / (1 - self.base)))
        found = {
            STAGE: self.by_stage[stage] - every,
            AGE: self.usual[stage, age] - self.by_stage[stage],
        }
        for name, columns in deals.groups.items():
            differs = deals.known[rows, columns] - self.means[columns]
            found[name] = differs @ self.weights[1:][columns]
        return found


@dataclass(frozen=True)
class Trial:
    """How well it told deals apart whose end it did not know."""

    won: int
    lost: int
    auc: float
    brier: float
    base_brier: float  # of saying the share won until then of everyone

    @property
    def tells(self) -> bool:
        """True when it may be shown: it is better than the same for all."""
        return min(self.won, self.lost) >= FEWEST_CLOSED and self.auc >= LEAST_AUC and self.brier < self.base_brier


def learnt(deals: Deals, moment: float, days: int, phase: Ints) -> Model | None:
    """What the deals that were decided by a moment teach; None where they are too few."""
    past = np.arange(moment - days, max(moment - TAUGHT, 0), -EVERY)
    taught = [(day, rows) for day in past if len(rows := deals.decided(day, days))]
    if not taught:
        return None
    rows = np.concatenate([rows for _day, rows in taught])
    won = deals.won[rows]
    if min(len(set(deals.deal[rows[won == verdict]].tolist())) for verdict in (0, 1)) < FEWEST_CLOSED:
        return None
    usual = _usual(deals.stays.until(moment), days, phase)
    at = np.concatenate([np.full(len(some), day) for day, some in taught])
    stage = deals.stays.stage[rows]
    offset = usual[stage, np.clip((at - deals.stays.entered[rows]).astype(np.int64), 0, OLDEST - 1)]
    means = deals.known[rows].mean(axis=0)
    columns = np.column_stack([np.ones(len(rows)), deals.known[rows] - means])
    many = np.maximum(np.bincount(stage, minlength=len(usual)), 1)
    by_stage = np.bincount(stage, weights=offset, minlength=len(usual)) / many
    return Model(usual, by_stage, float(won.mean()), means, logistic(columns, won, RIDGE, offset))


def _usual(stays: Stays, days: int, phase: Ints) -> Floats:
    """By stage and age, the log-odds that what is decided within the window is won, from the hazards alone."""
    hazard = learn(stays, phase).mean()
    none = np.ones(days)
    swapped = hazard.copy()
    swapped[:, [stays.stages, stays.stages + 1]] = hazard[:, [stays.stages + 1, stays.stages]]
    won, lost = (np.maximum(chances(one, none, days)[days], SURE) for one in (hazard, swapped))
    found: Floats = np.log(won / lost)
    return found


def tried(deals: Deals, today: float, days: int, phase: Ints) -> Trial | None:
    """How it did on past days, each time with what was known then; None where it could never be tried."""
    said, usual, came, who = [], [], [], []
    for number in range(TESTS):
        moment = today - days - number * APART
        model = learnt(deals, moment, days, phase) if moment > 0 else None
        if model is None:
            break
        rows = deals.decided(moment, days)
        said.append(chance(model.score(deals, rows, moment)))
        usual.append(np.full(len(rows), model.base))
        came.append(deals.won[rows])
        who.append(deals.deal[rows])
    if not said:
        return None
    p, base, won, deal = (np.concatenate(parts) for parts in (said, usual, came, who))
    counts = [len(set(deal[won == verdict].tolist())) for verdict in (1, 0)]
    if not all(counts):
        return None
    return Trial(counts[0], counts[1], auc(p, won), float(((p - won) ** 2).mean()), float(((base - won) ** 2).mean()))


def auc(said: Floats, came: Floats) -> float:
    """How often of a won and a lost deal the won one was given the higher chance; equal ones count half."""
    _values, place, many = np.unique(said, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(many) - (many - 1) / 2)[place]
    won = float(came.sum())
    lost = len(came) - won
    return float((ranks[came == 1].sum() - won * (won + 1) / 2) / (won * lost))
