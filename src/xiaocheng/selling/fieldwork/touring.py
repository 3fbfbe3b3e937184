"""A short way through the places of a day, by distances as the crow flies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from random import Random

from .placing import Degrees, metres_between

LONGEST_PART = 3  # stops that are moved together
BEGINNINGS = 6
MANY = 30  # stops beyond which shortening would keep somebody waiting


@dataclass(frozen=True)
class Stop:
    """Somewhere to go; with a time it comes after whatever has an earlier one."""

    key: int
    place: Degrees
    at: dt.time | None = None


def length_of(stops: Sequence[Stop], start: Degrees | None = None) -> int:
    """Metres from the start, where there is one, through the stops in their order; nobody is led back."""
    places = [start] if start else []
    return sum(metres_between(here, there) for here, there in pairwise([*places, *(stop.place for stop in stops)]))


def short_tour(stops: Sequence[Stop], start: Degrees | None = None) -> list[Stop]:
    """The stops in the shortest order that was found, those with a time in the order of time.

    From several beginnings, each by cheapest insertion, then made shorter by reversing a part (two-opt: Croes 1958) or
    moving one (Or 1976) until neither helps, for a way that is open at its end. Of very many stops, by insertion alone.
    """
    timed = sorted((stop for stop in stops if stop.at), key=lambda stop: stop.at or dt.time.min)
    free = [stop for stop in stops if not stop.at]
    measured = _Lengths(stops, start)
    if len(stops) > MANY:
        return measured.inserted(timed, free)
    tours = [measured.improved(measured.inserted(timed, order)) for order in _beginnings(free)]
    return min(tours, key=measured.of)


def _beginnings(free: list[Stop]) -> list[list[Stop]]:
    """The order in which stops are put in: as they are, and some others, the same ones every time."""
    chance = Random(len(free))  # noqa: S311 - nothing to be kept secret
    return [free, *(chance.sample(free, len(free)) for _ in range(BEGINNINGS - 1))]


class _Lengths:
    """Tours by their length; how far any two stops are apart is counted once."""

    def __init__(self, stops: Sequence[Stop], start: Degrees | None) -> None:
        self.far = {(here.key, there.key): metres_between(here.place, there.place) for here in stops for there in stops}
        self.first = {stop.key: metres_between(start, stop.place) if start else 0 for stop in stops}

    def of(self, tour: Sequence[Stop]) -> int:
        return self.first[tour[0].key] + sum(self.far[a.key, b.key] for a, b in pairwise(tour)) if tour else 0

    def inserted(self, timed: list[Stop], free: list[Stop]) -> list[Stop]:
        tour = timed
        for stop in free:
            tour = min((_with(tour, [stop], place) for place in range(len(tour) + 1)), key=self.of)
        return tour

    def improved(self, tour: list[Stop]) -> list[Stop]:
        while True:
            best = min(_neighbours(tour), key=self.of, default=tour)
            if self.of(best) >= self.of(tour):
                return tour
            tour = best


def _with(tour: list[Stop], part: list[Stop], place: int) -> list[Stop]:
    return [*tour[:place], *part, *tour[place:]]


def _neighbours(tour: list[Stop]) -> Iterator[list[Stop]]:
    """The tours that one reversed or moved part away are still in time."""
    for first, last in combinations(range(len(tour) + 1), 2):
        part, rest = tour[first:last], tour[:first] + tour[last:]
        places = range(len(rest) + 1) if len(part) <= LONGEST_PART else (first,)
        for place in places:
            yield from _in_time(_with(rest, part, place))
            yield from _in_time(_with(rest, part[::-1], place))


def _in_time(tour: list[Stop]) -> Iterator[list[Stop]]:
    times = [stop.at for stop in tour if stop.at]
    if times == sorted(times):
        yield tour
