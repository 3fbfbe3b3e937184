"""Remarks on processes: who says what, who says the same, what was decided."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import SEE
from xiaocheng.selling.pipeline.commands import RemarkDraft, Verdict

from .auth import ApiRequest
from .schemas import Body, Day, Id, Page, Paging, page_of, shaped

router = Router(tags=["pipeline"])
RemarkView = Literal["open", "decided", "mine", "all"]
Said = Annotated[str, Field(min_length=1, max_length=1000)]


class RemarkOut(Answer):
    """A remark on a stage of a process, or on one of its steps, and what was decided about it.

    `edition_id` is where one that was taken up is realised. `opportunity_id` is named to whoever sees that deal.
    """

    id: int
    process_id: int
    stage_id: int
    stage: str
    step: str
    kind: str
    text: str
    author_id: int
    written_at: dt.datetime
    support: int
    state: Literal["open", "taken_up", "later", "declined", "withdrawn"]
    reason: str
    decided_by_id: int | None
    decided_at: dt.datetime | None
    until: dt.date | None
    edition_id: int | None
    realised_at: dt.datetime | None
    version: int


class RemarkPageOut(RemarkOut):
    """One remark with the deal in which it was seen, and who says the same."""

    opportunity_id: int | None
    supporters: list[str]


class WaitingRemarksOut(Answer):
    """How many remarks wait at a stage."""

    stage: str
    count: int


class RemarkIn(Body):
    """What is remarked on a stage: a kind of the list pipeline.remark_kind, perhaps a step, perhaps a deal."""

    kind: str
    text: Said
    step: Annotated[str, Field(max_length=200)] = ""
    opportunity_id: Id | None = None


class RemarkEdit(Body):
    """The same after the edit; `version` is the one that the editor saw."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    kind: str
    text: Said
    step: Annotated[str, Field(max_length=200)] = ""


class RemarkDecision(Body):
    """What is decided: `until` when it is put off; `edition_id` when it is taken up, without one in the draft."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    decision: Literal["taken_up", "later", "declined"]
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    until: Day | None = None
    edition_id: Id | None = None


@router.get("/remarks", response=Page[RemarkOut])
def remarks(
    request: ApiRequest,
    paging: Query[Paging],
    view: RemarkView = "all",
    search: str = "",
    process_id: Id | None = None,
    stage: str = "",
    kind: str = "",
) -> Page[RemarkOut]:
    """Remarks on the processes."""
    request.actor.require(SEE)
    asked = {"stage__version__process_id": process_id, "stage__code": stage, "kind": kind}
    found = queries.remarks(request.actor, view, search)
    return page_of(found.filter(**{name: value for name, value in asked.items() if value}), paging, _remark)


@router.get("/remarks/{remark_id}", response=RemarkPageOut)
def process_remark(request: ApiRequest, remark_id: Id) -> RemarkPageOut:
    """One remark."""
    request.actor.require(SEE)
    row = queries.process_remark(request.actor, remark_id)
    deal = queries.deal_of_remark(request.actor, row)
    said = queries.supporters(request.actor, row.pk)
    return RemarkPageOut(**vars(_remark(row)), opportunity_id=deal.pk if deal else None, supporters=said)


@router.get("/processes/{process_id}/remarks", response=list[WaitingRemarksOut])
def waiting_remarks(request: ApiRequest, process_id: Id) -> list[WaitingRemarksOut]:
    """How many remarks wait for a decision at each stage of a process."""
    request.actor.require(SEE)
    queries.process(request.actor, process_id)
    found = queries.waiting_by_stage(request.actor, process_id)
    return [WaitingRemarksOut(stage=stage, count=count) for stage, count in found.items()]


@router.get("/editions/{version_id}/remarks", response=list[RemarkOut])
def remarks_of_edition(request: ApiRequest, version_id: Id) -> list[RemarkOut]:
    """The remarks that an edition of a process realises."""
    request.actor.require(SEE)
    edition = queries.version(request.actor, version_id)
    return [_remark(row) for row in queries.remarks(request.actor).filter(version=edition).order_by("pk")]


@router.post("/stages/{stage_id}/remarks", response=RemarkOut)
def make_remark(request: ApiRequest, stage_id: Id, body: RemarkIn) -> RemarkOut:
    """Remark on a stage of a process that is or was in use."""
    return _again(request, commands.remark(request.actor, stage_id, RemarkDraft(**body.model_dump())).pk)


@router.put("/remarks/{remark_id}", response=RemarkOut)
def edit_remark(request: ApiRequest, remark_id: Id, body: RemarkEdit) -> RemarkOut:
    """Say one's own remark otherwise until anything was decided."""
    draft = RemarkDraft(body.kind, body.text, body.step)
    return _again(request, commands.edit_remark(request.actor, remark_id, body.version, draft).pk)


@router.delete("/remarks/{remark_id}", response=RemarkOut)
def withdraw_remark(request: ApiRequest, remark_id: Id) -> RemarkOut:
    """Withdraw one's own remark until anything was decided; it stays readable."""
    return _again(request, commands.withdraw_remark(request.actor, remark_id).pk)


@router.put("/remarks/{remark_id}/support", response=RemarkOut)
def support_remark(request: ApiRequest, remark_id: Id) -> RemarkOut:
    """Say the same; again changes nothing."""
    commands.support_remark(request.actor, remark_id)
    return _again(request, remark_id)


@router.delete("/remarks/{remark_id}/support", response=RemarkOut)
def take_back_support(request: ApiRequest, remark_id: Id) -> RemarkOut:
    """Say the same no more."""
    commands.take_back_support(request.actor, remark_id)
    return _again(request, remark_id)


@router.post("/remarks/{remark_id}/decision", response=RemarkOut)
def decide_remark(request: ApiRequest, remark_id: Id, body: RemarkDecision) -> RemarkOut:
    """Decide about a remark, for those who keep the processes."""
    verdict = Verdict(body.decision, body.reason, body.until, body.edition_id)
    return _again(request, commands.decide_remark(request.actor, remark_id, body.version, verdict).pk)


def _again(request: ApiRequest, remark_id: int) -> RemarkOut:
    return _remark(queries.process_remark(request.actor, remark_id))


def _remark(row: Any) -> RemarkOut:
    return shaped(
        RemarkOut, row, process_id=row.stage.version.process_id, stage=row.stage.code, edition_id=row.version_id,
        version=row.edit_version,
    )  # fmt: skip
