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
    cases = {line.id: (line.result.orders.n, line.result.win_rate.n) for line in lines if line.result.win_rate.is_share}
    enough = [case for case in cases.values() if case[1] >= FEWEST]
    won, closed = sum(won for won, _closed in cases.values()), sum(closed for _won, closed in cases.values())
    average = rate(WIN_RATE, won, closed)
    if len(enough) < FEWEST_PEOPLE or not 0 < won < closed:
        return PeopleCompared(average, (), ())
    usual, prior = won / closed, strength(enough)
    people = [
        _person(int(line.id), line.name, line.result.win_rate, cases[line.id], usual, prior)
        for line in lines
        if line.id in cases
    ]
    return PeopleCompared(average, tuple(sorted(people, key=lambda one: one.name)), _curves(usual, enough))


def _person(pk: int, name: str, found: Figure, case: tuple[int, int], usual: float, prior: float) -> PersonRate:
    won, closed = case
    drawn = shrunk(won, closed, usual, prior)
    figure = estimated(WIN_RATE_SHRUNK, (drawn, drawn, drawn), won, closed)
    told = closed >= FEWEST
    return PersonRate(pk, name, found, figure, beyond(won, closed, usual) if told else 0)


def _curves(usual: float, cases: list[tuple[int, int]]) -> tuple[Limits, ...]:
    """The limits at evenly spaced numbers of closed deals, up to a little more than anybody has."""
    most = max(closed for _won, closed in cases)
    numbers = sorted({max(FEWEST, round(Decimal(most) * step * 11 / 10 / STEPS)) for step in range(1, STEPS + 1)})
    return tuple(Limits(number, limits(usual, number, Z_95), limits(usual, number, Z_998)) for number in numbers)
