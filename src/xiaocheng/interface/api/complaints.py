"""Customers' complaints: taken down, taken up, closed with measures, judged by the customer."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.selling.service import commands, queries
from xiaocheng.selling.service.access import HANDLE
from xiaocheng.selling.service.commands import ComplaintDraft, ComplaintText, Settlement
from xiaocheng.selling.service.queries import Complaint

from .auth import ApiRequest
from .schemas import Body, Day, Id, Page, Paging, page_of, shaped

router = Router(tags=["service"])
Code = Annotated[str, Field(max_length=40)]
Text = Annotated[str, Field(max_length=4000)]
Severity = Literal["minor", "normal", "affects_sales", "serious"]
Satisfaction = Literal["very_good", "good", "fair", "bad", "very_bad"]


class ComplaintOut(Answer):
    """A complaint: open, in_work or closed; `kind` is a code of the list service.complaint_kind."""

    id: int
    customer_id: int
    contact_id: int | None
    visit_id: int | None
    product_id: int | None
    kind: str
    severity: str
    description: str
    responsible_id: int
    due_on: dt.date
    state: str
    occurred_at: dt.datetime
    taken_up_at: dt.datetime | None
    closed_at: dt.datetime | None
    cause: str
    measures: str
    outcome: str
    satisfaction: str
    credit_person_id: int
    credit_department_id: int
    booked_on: dt.date
    version: int


class ComplaintsAsked(Body):
    """Which complaints: open ones, the caller's own, late ones or all; perhaps of one customer."""

    view: Literal["all", "open", "mine", "late"] = "all"
    customer_id: Id | None = None


class ComplaintIn(Body):
    """What is known; without `due_on` the day follows the severity."""

    kind: Code
    severity: Severity = "normal"
    description: Text
    contact_id: Id | None = None
    product_id: Id | None = None
    due_on: Day | None = None
    cause: Text = ""
    measures: Text = ""


class NewComplaint(ComplaintIn):
    """A complaint; without `responsible_id` the customer's owner is responsible."""

    customer_id: Id
    responsible_id: Id | None = None
    visit_id: Id | None = None


class ComplaintEdit(ComplaintIn):
    """The whole of what is known; `version` is the one that the edit started from."""

    version: Id


class HandOn(Body):
    """Who is responsible from now on."""

    responsible_id: Id
    version: Id


class SettlementIn(Body):
    """How a complaint was settled."""

    measures: Text
    outcome: Text = ""
    cause: Text = ""
    satisfaction: Satisfaction | Literal[""] = ""
    version: Id


class Again(Body):
    """Why a closed complaint is taken up again."""

    reason: Annotated[str, Field(max_length=500)]
    version: Id


class Judgement(Body):
    """What the customer thinks of how his complaint was handled."""

    satisfaction: Satisfaction
    version: Id


@router.get("/complaints", response=Page[ComplaintOut])
def complaints(request: ApiRequest, paging: Query[Paging], asked: Query[ComplaintsAsked]) -> Page[ComplaintOut]:
    """The complaints that one sees."""
    request.actor.require(HANDLE)
    rows = queries.complaints(request.actor, asked.view, customer_id=asked.customer_id)
    return page_of(rows.select_related(None), paging, _complaint)


@router.get("/complaints/{complaint_id}", response=ComplaintOut)
def complaint(request: ApiRequest, complaint_id: Id) -> ComplaintOut:
    """One complaint."""
    request.actor.require(HANDLE)
    return _complaint(queries.complaint(request.actor, complaint_id))


@router.post("/complaints", response=ComplaintOut)
def raise_complaint(request: ApiRequest, body: NewComplaint) -> ComplaintOut:
    """Take a complaint down; one that affects sales or is serious is told to the supervisor at once."""
    return _complaint(commands.raise_complaint(request.actor, ComplaintDraft(**body.model_dump())))


@router.put("/complaints/{complaint_id}", response=ComplaintOut)
def edit_complaint(request: ApiRequest, complaint_id: Id, body: ComplaintEdit) -> ComplaintOut:
    """Change what is known."""
    text = ComplaintText(**body.model_dump(exclude={"version"}))
    return _complaint(commands.edit_complaint(request.actor, complaint_id, body.version, text))


@router.post("/complaints/{complaint_id}/take-up", response=ComplaintOut)
def take_up_complaint(request: ApiRequest, complaint_id: Id) -> ComplaintOut:
    """Begin to handle it: it is told no higher from now on."""
    return _complaint(commands.take_up(request.actor, complaint_id))


@router.post("/complaints/{complaint_id}/hand-on", response=ComplaintOut)
def hand_on_complaint(request: ApiRequest, complaint_id: Id, body: HandOn) -> ComplaintOut:
    """Make somebody else responsible."""
    return _complaint(commands.hand_on(request.actor, complaint_id, body.version, body.responsible_id))


@router.post("/complaints/{complaint_id}/close", response=ComplaintOut)
def close_complaint(request: ApiRequest, complaint_id: Id, body: SettlementIn) -> ComplaintOut:
    """Close it with the measures that were taken."""
    done = Settlement(**body.model_dump(exclude={"version"}))
    return _complaint(commands.close_complaint(request.actor, complaint_id, body.version, done))


@router.post("/complaints/{complaint_id}/reopen", response=ComplaintOut)
def reopen_complaint(request: ApiRequest, complaint_id: Id, body: Again) -> ComplaintOut:
    """Take a closed one up again."""
    return _complaint(commands.reopen_complaint(request.actor, complaint_id, body.version, body.reason))


@router.post("/complaints/{complaint_id}/judge", response=ComplaintOut)
def judge_complaint(request: ApiRequest, complaint_id: Id, body: Judgement) -> ComplaintOut:
    """Note what the customer thinks of how a closed one was handled."""
    return _complaint(commands.judge_complaint(request.actor, complaint_id, body.version, body.satisfaction))


def _complaint(row: Complaint) -> ComplaintOut:
    return shaped(ComplaintOut, row, version=row.edit_version)
