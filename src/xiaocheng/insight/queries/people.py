"""Who wins more or less often than all others by more than luck; nobody is ranked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.insight.comparing import Z_998, beyond, limits, shrunk, strength
from xiaocheng.insight.figures import FEWEST, Z_95, Figure, estimated, rate
from xiaocheng.insight.measures import WIN_RATE, WIN_RATE_SHRUNK
from xiaocheng.insight.selection import Selection

from .results import results_by

FEWEST_PEOPLE = 3  # with enough closed deals each, below which nobody is compared
STEPS = 40  # of a curve


@dataclass(frozen=True)
class PersonRate:
    """The win rate of somebody, and the one drawn towards that of all.

    `beyond`: 0 where luck explains the difference, 1 outside the 95 % limits, 2 outside those of 99.8 %; below: minus.
    """

    id: int
    name: str
    win_rate: Figure
    shrunk: Figure
    beyond: int

    @property
    def is_compared(self) -> bool:
        """True when enough was closed to say a rate."""
        return self.win_rate.value is not None


@dataclass(frozen=True)
class Limits:
    """Between which the rates of people like all others lie, with so many closed deals."""

    closed: int
    of_95: tuple[float, float]
    of_998: tuple[float, float]


@dataclass(frozen=True)
class PeopleCompared:
    """People by name, with the rate of all together and the limits about it, along the number of closed deals."""

    average: Figure
    people: tuple[PersonRate, ...]
    limits: tuple[Limits, ...]

    @property
    def compared(self) -> tuple[PersonRate, ...]:
        """Those who closed enough."""
        return tuple(person for person in self.people if person.is_compared)

    @property
    def is_empty(self) -> bool:
        """True when too few people closed enough to be compared."""
        return len(self.compared) < FEWEST_PEOPLE


def people_compared(actor: Actor, selection: Selection) -> PeopleCompared:
    """The people credited in the selection, as far as the actor sees them."""
    lines = [line for line in results_by(actor, selection, "person") if line.result.win_rate.denominator]
    rates = [(line.id, line.result.win_rate) for line in lines if line.result.win_rate.is_share]
    cases = {pk: (float(found.numerator), float(found.denominator or 0)) for pk, found in rates}
    enough = [case for case in cases.values() if case[1] >= FEWEST]
    won = sum((found.numerator for _pk, found in rates), Decimal(0))
    closed = sum((found.denominator or Decimal(0) for _pk, found in rates), Decimal(0))
    average = rate(WIN_RATE, won, closed)
    if len(enough) < FEWEST_PEOPLE or not 0 < won < closed:
        return PeopleCompared(average, (), ())
    usual, prior = float(won / closed), strength(enough)
    people = [
        _person(int(line.id), line.name, line.result.win_rate, cases[line.id], usual, prior)
        for line in lines
        if line.id in cases
    ]
    return PeopleCompared(average, tuple(sorted(people, key=lambda one: one.name)), _curves(usual, enough))


def _person(pk: int, name: str, found: Figure, case: tuple[float, float], usual: float, prior: float) -> PersonRate:
    won, closed = case
    drawn = shrunk(won, closed, usual, prior)
    figure = estimated(WIN_RATE_SHRUNK, (drawn, drawn, drawn), found.numerator, found.denominator or 0)
    told = closed >= FEWEST
    return PersonRate(pk, name, found, figure, beyond(won, closed, usual) if told else 0)


def _curves(usual: float, cases: list[tuple[float, float]]) -> tuple[Limits, ...]:
    """The limits at evenly spaced numbers of closed deals, up to a little more than anybody has."""
    most = max(closed for _won, closed in cases)
    numbers = sorted({max(FEWEST, round(Decimal(str(most)) * step * 11 / 10 / STEPS)) for step in range(1, STEPS + 1)})
    return tuple(Limits(number, limits(usual, number, Z_95), limits(usual, number, Z_998)) for number in numbers)
