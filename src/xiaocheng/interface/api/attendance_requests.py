"""Requests about attendance: leave, trips, late returns, corrected taps."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.selling.fieldwork import commands, queries
from xiaocheng.selling.fieldwork.commands import RequestDraft
from xiaocheng.selling.fieldwork.queries import AttendanceRequest

from .auth import ApiRequest
from .fieldwork import DecidedOut
from .schemas import Body, Day, Id, Page, Paging, TimeOfDay, page_of, shaped

router = Router(tags=["attendance"])


class AttendanceRequestOut(Answer):
    """Somebody asks to be away from one instant to another, to return late, or to have a tap put right."""

    id: int
    person_id: int
    kind: str
    leave_kind: str
    tap: str
    first_at: dt.datetime
    until_at: dt.datetime
    reason: str
    state: str
    sent_at: dt.datetime
    decided_by_id: int | None
    decided_at: dt.datetime | None
    instruction: str


class AttendanceRequestIn(Body):
    """Without times it is whole days; a correction names the tap and in `begins_at` its right time."""

    kind: Literal["leave", "trip", "late_return", "correction"]
    reason: Annotated[str, Field(max_length=500)]
    first_on: Day
    last_on: Day | None = None
    begins_at: TimeOfDay | None = None
    ends_at: TimeOfDay | None = None
    leave_kind: str = ""
    tap: Literal["", "in", "out"] = ""


class AttendanceVerdictIn(Body):
    """A word on a request; who refuses says why."""

    comment: str = ""


class AttendanceRequestsIn(Body):
    """Requests to grant at once."""

    request_ids: Annotated[list[Id], Field(min_length=1, max_length=200)]
    comment: str = ""


@router.get("/attendance-requests", response=Page[AttendanceRequestOut])
def attendance_requests(
    request: ApiRequest, paging: Query[Paging], view: Literal["all", "mine", "team"] = "all"
) -> Page[AttendanceRequestOut]:
    """One's own requests, and those of people whom one sees."""
    return page_of(queries.attendance_requests(request.actor, view).select_related(None), paging, _request)


@router.get("/attendance-requests/waiting", response=list[AttendanceRequestOut])
def waiting_requests(request: ApiRequest) -> list[AttendanceRequestOut]:
    """The requests that wait for one's signature."""
    return [_request(row) for row in queries.waiting_requests(request.actor)]


@router.post("/attendance-requests/grant", response=list[DecidedOut])
def grant_attendances(request: ApiRequest, body: AttendanceRequestsIn) -> list[DecidedOut]:
    """Agree to many requests at once, with an outcome for each."""
    outcomes = commands.grant_attendances(request.actor, body.request_ids, body.comment)
    return [DecidedOut(id=it.request_id, refusal=str(it.refusal) if it.refusal else None) for it in outcomes]


@router.post("/attendance-requests", response=AttendanceRequestOut)
def ask_attendance(request: ApiRequest, body: AttendanceRequestIn) -> AttendanceRequestOut:
    """Ask for leave, a trip, a late return or a corrected tap."""
    return _request(commands.ask_attendance(request.actor, RequestDraft(**body.model_dump())))


@router.get("/attendance-requests/{attendance_request_id}", response=AttendanceRequestOut)
def attendance_request(request: ApiRequest, attendance_request_id: Id) -> AttendanceRequestOut:
    """One request."""
    return _request(queries.attendance_request(request.actor, attendance_request_id))


@router.post("/attendance-requests/{attendance_request_id}/grant", response=AttendanceRequestOut)
def grant_attendance(request: ApiRequest, attendance_request_id: Id, body: AttendanceVerdictIn) -> AttendanceRequestOut:
    """Agree to a request."""
    return _request(commands.grant_attendance(request.actor, attendance_request_id, body.comment))


@router.post("/attendance-requests/{attendance_request_id}/refuse", response=AttendanceRequestOut)
def refuse_attendance(
    request: ApiRequest, attendance_request_id: Id, body: AttendanceVerdictIn
) -> AttendanceRequestOut:
    """Send a request back, saying why."""
    return _request(commands.refuse_attendance(request.actor, attendance_request_id, body.comment))


@router.post("/attendance-requests/{attendance_request_id}/withdraw", response=AttendanceRequestOut)
def withdraw_attendance(request: ApiRequest, attendance_request_id: Id) -> AttendanceRequestOut:
    """Take one's own request back."""
    return _request(commands.withdraw_attendance(request.actor, attendance_request_id))


def _request(row: AttendanceRequest) -> AttendanceRequestOut:
    return shaped(AttendanceRequestOut, row)
