"""Customers whose time limit sleeps, and from which day on it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from ninja import Query, Router
from ninja import Schema as Answer

from xiaocheng.selling.customers import commands, queries

from .auth import ApiRequest
from .schemas import Body, Day

router = Router(tags=["customers"])


class LapsesOut(Answer):
    """How many customers would lapse at 00:00 of a day."""

    on: dt.date
    count: int


class SleepersOut(Answer):
    """How many customers of a person, or (`person_id` null) of a team, sleep; by day how many of them would lapse."""

    name: str
    person_id: int | None
    department_id: int | None
    count: int
    lapses: list[LapsesOut]


class SleepingOut(Answer):
    """Who sleeps; those that still do on `begins_on` begin then. `lapses` is empty where no day was asked about."""

    count: int
    begins_on: dt.date | None
    is_beginning: bool
    lapses: list[LapsesOut]
    lines: list[SleepersOut]


class SleepingAsked(Body):
    """What would follow if their time limit counted from this day on."""

    on: Day | None = None


class StartIn(Body):
    """From which day on, today or later."""

    on: Day


class StartedOut(Answer):
    """How many time limits it concerns."""

    count: int


@router.get("/customers/asleep", response=SleepingOut)
def sleeping(request: ApiRequest, asked: Query[SleepingAsked]) -> SleepingOut:
    """The customers whose time limit sleeps until the first contact, by team and person."""
    found = queries.sleeping(request.actor, asked.on)
    return SleepingOut(
        count=found.count,
        begins_on=found.begins_on,
        is_beginning=found.is_beginning,
        lapses=_lapses(found.lapses),
        lines=[SleepersOut(**vars(line) | {"lapses": _lapses(line.lapses)}) for line in found.lines],
    )


def _lapses(counts: Mapping[dt.date, int]) -> list[LapsesOut]:
    return [LapsesOut(on=day, count=count) for day, count in sorted(counts.items())]


@router.post("/customers/asleep/start", response=StartedOut)
def start_clocks(request: ApiRequest, body: StartIn) -> StartedOut:
    """Let the time limit of all that sleep count from a day on; said again with another day it is moved."""
    return StartedOut(count=commands.start_clocks(request.actor, body.on))


@router.post("/customers/asleep/withdraw", response=StartedOut)
def withdraw_start(request: ApiRequest) -> StartedOut:
    """Let them sleep on, as long as the day has not come."""
    return StartedOut(count=commands.withdraw_start(request.actor))
