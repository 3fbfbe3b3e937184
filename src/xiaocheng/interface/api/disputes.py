"""Disputes about whose a customer is: the parties, the evidence, the verdict."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.fieldwork import queries as fieldwork

from .auth import ApiRequest
from .schemas import Body, Id, shaped

router = Router(tags=["customers"])

Case = Annotated[str, Field(min_length=1, max_length=2000)]
View = Literal["mine", "waiting", "open", "decided", "all"]


class DisputeOut(Answer):
    """Who claims a customer against whom (nobody: it was in a pool or awaited reception), and what was decided."""

    id: int
    customer_id: int
    episode_id: int
    claimant_id: int
    holder_id: int | None
    reasons: str
    opened_at: dt.datetime
    state: str
    share: Decimal | None
    verdict: str
    decided_by_id: int | None
    on_behalf_of_id: int | None
    ended_at: dt.datetime | None


class StretchOut(Answer):
    """A stretch of responsibility: a person's, a pool's, or nobody's yet."""

    id: int
    person_id: int | None
    pool_id: int | None
    started_at: dt.datetime
    started_by_id: int | None
    started_cause: str
    ended_at: dt.datetime | None
    ended_cause: str


class TouchOut(Answer):
    """A contact of the disputed time; `judgement` is "counts", or why it did not keep the time limit.

    `amended_at` and `amended_by_id` say when and by whom what was told of it was last changed after the fact.
    """

    visit_id: int
    person_id: int
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    typed_later: bool
    kind: str
    outcome: str
    judgement: str
    amended_at: dt.datetime | None
    amended_by_id: int | None


class EditedReceptionOut(Answer):
    """A reception of the disputed time whose notes were changed after the fact: the last time, and by whom."""

    reception_id: int
    edited_at: dt.datetime
    edited_by_id: int | None


class ClockOut(Answer):
    """How the time limit ran before the disputed moment: it passed at 00:00 of `lapses_on`."""

    person_id: int | None
    started_at: dt.datetime
    last_contact_at: dt.datetime | None
    days: int
    not_counted: list[dt.date]
    extended_to: dt.date | None
    lapses_on: dt.date
    ended_at: dt.datetime | None
    ended_cause: str


class DisputeNoteOut(Answer):
    """What somebody wrote about a dispute."""

    person_id: int
    at: dt.datetime
    text: str


class EvidenceOut(Answer):
    """What one may see of a dispute; rows out of sight are left out."""

    episodes: list[StretchOut]
    contacts: list[TouchOut]
    reception_ids: list[int]
    edited_receptions: list[EditedReceptionOut]
    opportunity_ids: list[int]
    clock: ClockOut | None
    notes: list[DisputeNoteOut]


class NewDispute(Body):
    """Why a customer is one's own; without a stretch of responsibility the present one is disputed."""

    reasons: Case
    episode_id: Id | None = None


class DisputeNoteIn(Body):
    """What is to be said."""

    text: Case


class DisputeVerdictIn(Body):
    """It stays, is given to the claimant, or shared with him; a share is the claimant's, in per cent."""

    verdict: Literal["stays", "given", "shared"]
    reasons: Case
    share: Annotated[Decimal, Field(gt=0, lt=100, decimal_places=2)] | None = None


@router.get("/disputes", response=list[DisputeOut])
def disputes(request: ApiRequest, view: View = "all") -> list[DisputeOut]:
    """The newest 200 disputes whose parties one sees: one's own, those to decide, open ones, those that have ended."""
    request.actor.require(SEE)
    return [shaped(DisputeOut, row) for row in queries.disputes(request.actor, view)[:200]]


@router.post("/customers/{customer_id}/disputes", response=DisputeOut)
def open_dispute(request: ApiRequest, customer_id: Id, body: NewDispute) -> DisputeOut:
    """Say that a customer is one's own."""
    return shaped(DisputeOut, commands.open_dispute(request.actor, customer_id, body.reasons, body.episode_id))


@router.get("/disputes/{dispute_id}", response=DisputeOut)
def dispute(request: ApiRequest, dispute_id: Id) -> DisputeOut:
    """One dispute."""
    request.actor.require(SEE)
    return shaped(DisputeOut, queries.dispute(request.actor, dispute_id))


@router.get("/disputes/{dispute_id}/evidence", response=EvidenceOut)
def dispute_evidence(request: ApiRequest, dispute_id: Id) -> EvidenceOut:
    """The evidence about a dispute, put together by the product."""
    request.actor.require(SEE)
    found = fieldwork.evidence(request.actor, queries.dispute(request.actor, dispute_id))
    return EvidenceOut(
        episodes=[shaped(StretchOut, row) for row in found.episodes],
        contacts=[_touch(it) for it in found.contacts],
        reception_ids=[it.reception.pk for it in found.receptions],
        edited_receptions=[
            EditedReceptionOut(reception_id=it.reception.pk, edited_at=it.amended.at, edited_by_id=it.amended.person_id)
            for it in found.receptions
            if it.amended
        ],
        opportunity_ids=[row.pk for row in found.opportunities],
        clock=_clock(found.clock) if found.clock else None,
        notes=[shaped(DisputeNoteOut, row) for row in found.notes],
    )


@router.post("/disputes/{dispute_id}/notes", response=DisputeNoteOut)
def answer_dispute(request: ApiRequest, dispute_id: Id, body: DisputeNoteIn) -> DisputeNoteOut:
    """Say something about an open dispute: as one of the parties, or as who decides."""
    return shaped(DisputeNoteOut, commands.answer_dispute(request.actor, dispute_id, body.text))


@router.post("/disputes/{dispute_id}/verdict", response=DisputeOut)
def decide_dispute(request: ApiRequest, dispute_id: Id, body: DisputeVerdictIn) -> DisputeOut:
    """Decide whose the customer is."""
    done = commands.decide_dispute(request.actor, dispute_id, body.verdict, body.reasons, body.share)
    return shaped(DisputeOut, done)


@router.post("/disputes/{dispute_id}/withdraw", response=DisputeOut)
def withdraw_dispute(request: ApiRequest, dispute_id: Id) -> DisputeOut:
    """Say no longer that the customer is one's own."""
    return shaped(DisputeOut, commands.withdraw_dispute(request.actor, dispute_id))


def _touch(it: fieldwork.JudgedContact) -> TouchOut:
    row = it.visit
    return TouchOut(
        visit_id=row.pk, person_id=row.credit_person_id, occurred_at=row.occurred_at, recorded_at=row.recorded_at,
        typed_later=row.is_typed_later, kind=row.kind, outcome=row.outcome, judgement=it.judgement,
        amended_at=it.amended.at if it.amended else None, amended_by_id=it.amended.person_id if it.amended else None,
    )  # fmt: skip


def _clock(then: queries.ClockThen) -> ClockOut:
    row = then.episode
    return ClockOut(
        person_id=row.person_id, started_at=row.started_at, last_contact_at=then.last_contact_at, days=then.days,
        not_counted=list(then.not_counted), extended_to=then.extended_to, lapses_on=then.lapses_on,
        ended_at=row.ended_at, ended_cause=row.ended_cause,
    )  # fmt: skip
