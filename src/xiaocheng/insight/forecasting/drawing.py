"""What may come in within a window: many draws of the deals that are open, and of those that will be opened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .hazards import Floats, Hazards, Ints, Stays, ages, chances

DRAWS = 20  # of the hazards
REPEATS = 20  # of the deals for each of them
ARRIVAL_DAYS = 28  # over which the rate of new deals is taken
WEEKS = 26  # over which its ups and downs are
AMOUNT_PRIOR = 5.0  # how many wins of a product the mean of all has to outweigh
YEAR = 365


@dataclass(frozen=True)
class Deals:
    """What happened to the company's deals, by day: stays, openings, wins; people and products are small numbers.

    `amount` is what was known of a stay's deal when it was entered (nan: nothing); `known` the day it was written down.
    """

    stays: Stays
    person: Ints
    product: Ints
    amount: Floats
    known: Floats
    opened: Floats  # day of each opening, with its person
    opened_person: Ints
    begun: Floats  # day of the first stay of each deal, with its stage
    begun_stage: Ints
    won: Floats  # day of each win that still stands, with its amount, person, department (id) and product
    won_amount: Floats
    won_person: Ints
    won_department: Ints
    won_product: Ints
    lost: Floats  # day of each loss
    people: int
    products: int


@dataclass(frozen=True)
class Drawn:
    """Draws [draw, person] of what the open deals and those not yet opened bring; chances of the open ones."""

    existing: Floats
    new: Floats
    open_stays: Ints  # places in the stays
    chance: Floats  # of each of them


@dataclass(frozen=True)
class Expected:
    """How many times as many deals as usual each person opens [person, day].

    `before` over the days from which the rate is taken, `within` over the window.
    """

    before: Floats
    within: Floats


def as_usual(people: int, days: int) -> Expected:
    """Nothing out of the ordinary."""
    return Expected(np.ones((people, ARRIVAL_DAYS)), np.ones((people, days)))


def draw(
    deals: Deals, hazards: Hazards, phase: Ints, moment: float, expected: Expected, random: np.random.Generator
) -> Drawn:
    """Draw what comes in from a moment on, from what was known then; `hazards` are learnt from the same."""
    days = expected.within.shape[1]
    window = hazards.factors[phase[int(moment) : int(moment) + days]]
    is_open = np.flatnonzero((deals.stays.entered <= moment) & (deals.stays.left > moment))
    stage, age = deals.stays.stage[is_open], ages(deals.stays.entered[is_open], moment)
    person, amount = deals.person[is_open], amounts(deals, is_open, moment)
    arrivals = _Arrivals.of(deals, moment, expected.before)
    pool = deals.won_amount[(deals.won <= moment) & (deals.won > moment - YEAR)]
    existing, new = (np.zeros((DRAWS * REPEATS, deals.people)) for _part in range(2))
    chance = np.zeros(len(is_open))
    for number in range(DRAWS):
        table = chances(hazards.drawn(random), window, days)
        likely = table[days, stage, age]
        chance += likely / DRAWS
        wins_each = arrivals.wins(table, expected.within)
        for row in range(number * REPEATS, (number + 1) * REPEATS):
            won = random.random(len(likely)) < likely
            existing[row] = summed(person[won], amount[won], deals.people)
            new[row] = arrivals.amounts(wins_each, pool, random)
    return Drawn(existing, new, is_open, chance)


def summed(who: Ints, amount: Floats, people: int) -> Floats:
    """Amounts added up by person."""
    return np.bincount(who, weights=amount, minlength=people).astype(np.float64)


def amounts(deals: Deals, rows: Ints, moment: float) -> Floats:
    """What open deals are worth: their own amount where it was known then, else what wins of the product brought."""
    seen = deals.won <= moment
    everything = deals.won_amount[seen]
    mean = everything.mean() if len(everything) else 0.0
    sums = np.bincount(deals.won_product[seen], weights=everything, minlength=deals.products)
    counts = np.bincount(deals.won_product[seen], minlength=deals.products)
    usual = (sums + AMOUNT_PRIOR * mean) / (counts + AMOUNT_PRIOR)
    own = deals.amount[rows]
    found: Floats = np.where(np.isnan(own) | (deals.known[rows] > moment), usual[deals.product[rows]], own)
    return found


@dataclass(frozen=True)
class _Arrivals:
    """How many deals a day each person opens, how much that varies, and in which stages they begin."""

    rate: Floats  # a day, by person
    shape: float  # of the gamma by which the whole company's level varies
    begins: Floats  # share of each stage

    @classmethod
    def of(cls, deals: Deals, moment: float, factors: Floats) -> _Arrivals:
        before = deals.opened <= moment
        recent = before & (deals.opened > moment - ARRIVAL_DAYS)
        opened = deals.opened[before]
        span = min(ARRIVAL_DAYS, max(moment - opened.min(), 1.0)) if len(opened) else ARRIVAL_DAYS
        rate = np.bincount(deals.opened_person[recent], minlength=deals.people) / (span * factors.mean(axis=1))
        newest = (deals.begun <= moment) & (deals.begun > moment - ARRIVAL_DAYS)
        begins = np.bincount(deals.begun_stage[newest], minlength=deals.stays.stages)
        return cls(rate, _shape(opened, moment), begins / max(begins.sum(), 1))

    def wins(self, table: Floats, factors: Floats) -> Floats:
        """Wins within the window for each deal a day that a person usually opens; each day at the mean of its ends."""
        fresh = (table[:, :, 0] @ self.begins)[::-1]
        found: Floats = factors @ ((fresh[:-1] + fresh[1:]) / 2)
        return found

    def amounts(self, wins_each: Floats, pool: Floats, random: np.random.Generator) -> Floats:
        """One draw of what new deals bring, by person."""
        level = random.gamma(self.shape) / self.shape
        number = random.poisson(self.rate * level * wins_each)
        if not number.sum() or not len(pool):
            return np.zeros(len(self.rate))
        who = np.repeat(np.arange(len(number)), number)
        return summed(who, random.choice(pool, len(who)), len(number))


def _shape(opened: Floats, moment: float) -> float:
    """How steady the weeks were: the fewer ups and downs beyond chance, the larger."""
    first = opened.min() if len(opened) else moment
    weeks = min(WEEKS, int((moment - first) // 7))
    if weeks < 3:
        return 4.0
    counts = np.histogram(opened, bins=moment - 7.0 * np.arange(weeks, -1, -1))[0]
    mean, variance = counts.mean(), counts.var(ddof=1)
    return float(np.clip(mean * mean / max(variance - mean, 1e-9), 4.0, 400.0))
