"""Attendance: the taps of the clock, and how a day was attended."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ninja import Router
from ninja import Schema as Answer

from xiaocheng.foundation.kernel import clock
from xiaocheng.selling.fieldwork import commands, queries
from xiaocheng.selling.fieldwork.queries import AttendanceLine, Attended

from .auth import ApiRequest
from .fieldwork import LeaveIn
from .schemas import Day, shaped

router = Router(tags=["attendance"])


class FoundOut(Answer):
    """What is wrong: not_yet, late, early, no_arrival, no_leaving, absent; minutes where it is about time."""

    finding: str
    minutes: int


class AttendedOut(Answer):
    """A day of attendance by the rules of that day; `way` is where it begins: company, customer, post.

    `excuse`: leave or trip, for the day or a part of it; empty without.
    """

    way: str
    is_due: bool
    was_there: bool
    arrived_at: dt.datetime | None
    left_at: dt.datetime | None
    excuse: str
    returns_late: bool
    found: list[FoundOut]


class ClockingOut(Answer):
    """A tap (`in`, `out`); its place only where the person agreed to it, after the term the verdict alone."""

    day: dt.date
    tap: str
    at: dt.datetime
    latitude: Decimal | None
    longitude: Decimal | None
    accuracy: int | None
    distance: int | None
    verdict: str


class AttendanceLineOut(AttendedOut):
    """How one colleague attended on a day, with his taps."""

    person_id: int
    name: str
    day: dt.date
    taps: list[ClockingOut]


@router.get("/attendance/days", response=list[AttendanceLineOut])
def attendance(request: ApiRequest, day: Day | None = None) -> list[AttendanceLineOut]:
    """The attendance of a day, by default today, of everybody whom one sees and who attends."""
    return [_line(line) for line in queries.team_attendance(request.actor, day or clock.today()).values()]


@router.post("/attendance/clock-in", response=ClockingOut)
def clock_in(request: ApiRequest, body: LeaveIn | None = None) -> ClockingOut:
    """Begin one's day; the first tap counts."""
    where = body.position.position if body and body.position else None
    return shaped(ClockingOut, commands.clock_in(request.actor, where))


@router.post("/attendance/clock-out", response=ClockingOut)
def clock_out(request: ApiRequest, body: LeaveIn | None = None) -> ClockingOut:
    """End one's day; the last tap counts."""
    where = body.position.position if body and body.position else None
    return shaped(ClockingOut, commands.clock_out(request.actor, where))


def attended_of(row: Attended) -> AttendedOut:
    """A day in the shape of the API."""
    return shaped(AttendedOut, row, found=[shaped(FoundOut, it) for it in row.found])


def _line(line: AttendanceLine) -> AttendanceLineOut:
    taps = [shaped(ClockingOut, tap) for tap in line.taps.values()]
    attended = attended_of(line.attended).model_dump()
    return AttendanceLineOut(**attended, person_id=line.person_id, name=line.name, day=line.day, taps=taps)
