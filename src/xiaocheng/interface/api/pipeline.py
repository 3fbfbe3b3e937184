"""Opportunities: list, board, moves, wins and losses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import partial
from typing import Annotated, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.fields.queries import narrowed
from xiaocheng.foundation.kernel.scope import first_rows_of_each
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import SEE
from xiaocheng.selling.pipeline.commands import OpportunityDraft, TacticDraft
from xiaocheng.selling.pipeline.queries import Filters, Item, Opportunity

from .auth import ApiRequest
from .schemas import Body, Conditions, Custom, Id, Page, Paging, own_fields, page_of, shaped
from .tactics import TacticIn

router = Router(tags=["pipeline"])
OPPORTUNITY = "pipeline.opportunity"
Money = Annotated[Decimal, Field(max_digits=18, decimal_places=4)]
Seen = Annotated[int, Field(ge=1, le=2**31 - 1)]
StepKey = Annotated[str, Field(max_length=40)]
Steps = Annotated[list[StepKey], Field(max_length=50)]
View = Literal["mine", "team", "all", "no_customer"]


class OpportunityOut(Answer):
    """A chance to sell. `span` is the number of its present stay in a stage: send it back as `seen` when moving."""

    id: int
    number: str
    name: str
    customer_id: int | None
    product_id: int | None
    owner_id: int
    amount: Decimal | None
    expected_close_on: dt.date | None
    source: str
    competitor: str
    next_step: str
    next_step_on: dt.date | None
    process_version_id: int
    stage_id: int
    stage: str
    state: Literal["open", "won", "lost"]
    span: int
    entered_stage_at: dt.datetime
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    close_reason: str
    last_activity_at: dt.datetime
    custom: Custom
    version: int


class StepStateOut(Answer):
    """A step of a stage and what proves it: when, by whom; `is_late`: noted only after the stage was left."""

    key: str
    text: str
    evidence: str
    is_required: bool
    is_done: bool
    is_late: bool
    done_at: dt.datetime | None
    done_by_id: int | None
    note: str


class StopOut(Answer):
    """A stage of the way: past, now, won, lost, or empty where it was not reached; days are those recorded.

    `may_enter` is false where the caller's role may not move it there.
    """

    stage_id: int
    name: str
    state: str
    visits: int
    days: int | None
    steps: list[StepStateOut]
    may_enter: bool


class GateOut(Answer):
    """What the next stage asks for."""

    kind: Literal["field", "step", "role"]
    key: str
    name: str
    is_met: bool
    by_hand: bool


class MoveOut(Answer):
    """One move; an invented time was not recorded in the former system."""

    at: dt.datetime
    kind: str
    from_stage_id: int | None
    to_stage_id: int
    by_id: int | None
    skipped: list[int]
    unmet: list[str]
    is_bypass: bool
    is_invented: bool
    reason: str


class OpportunityPageOut(Answer):
    """One opportunity with its needs analysis, its way, what comes next, and its moves, the latest first.

    It is stagnant (`is_stale`) after more than `stale_days` without activity; null: closed, or nothing is named so.
    """

    opportunity: OpportunityOut
    background: str
    problems: str
    pains: str
    close_note: str
    days_in_stage: int
    idle_workdays: int
    days_without_activity: int
    stale_days: int | None
    is_overdue: bool
    is_idle: bool
    is_stale: bool
    required_steps: int
    done_steps: int
    is_quote_missed: bool
    next_stage_id: int | None
    may_undo: bool
    stops: list[StopOut]
    gates: list[GateOut]
    moves: list[MoveOut]


class ColumnOut(Answer):
    """A column of the board: exact totals and its first cards, the latest arrivals first."""

    stage_id: int
    code: str
    name: str
    count: int
    amount: Decimal
    cards: list[OpportunityOut]


class NewOpportunity(Body):
    """An opportunity to open; a customer or a name is enough, without an owner it is the caller's."""

    name: str = ""
    customer_id: Id | None = None
    product_id: Id | None = None
    amount: Money | None = None
    expected_close_on: dt.date | None = None
    source: str = ""
    owner_id: Id | None = None
    process_id: Id | None = None
    competitor: str = ""
    next_step: str = ""
    next_step_on: dt.date | None = None
    custom: Custom = {}


class OpportunityEdit(Body):
    """The details after the edit; `version` is the one that the editor saw."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    name: str
    customer_id: Id | None
    product_id: Id | None
    amount: Money | None
    expected_close_on: dt.date | None
    source: str
    competitor: str
    next_step: str
    next_step_on: dt.date | None
    background: str
    problems: str
    pains: str
    custom: Custom = {}


class Move(Body):
    """To which stage of its own process; to bypass a gate takes the capability and a reason.

    `done` are keys of steps of the present stage that are ticked on the way.
    """

    stage_id: Id
    done: Steps = []
    reason: str = ""
    bypass: bool = False
    seen: Seen | None = None


class WinBody(Body):
    """Why it was won, and for how much if not as thought; `done` as in a move.

    With a `tactic`, what won it goes into the library.
    """

    reason: str
    done: Steps = []
    amount: Money | None = None
    bypass: bool = False
    seen: Seen | None = None
    tactic: TacticIn | None = None


class Tick(Body):
    """What there is to say about a step that was done."""

    note: Annotated[str, Field(max_length=300)] = ""


class Loss(Body):
    """Why it was lost: a code of the list pipeline.lost_reason. To bypass who may do it takes a note."""

    reason: str
    note: str = ""
    competitor: str = ""
    bypass: bool = False
    seen: Seen | None = None


class Reopening(Body):
    """Why it is worked on again; without a stage it goes back to where it was."""

    reason: str
    stage_id: Id | None = None


class ProcessChange(Body):
    """To which edition in use, which stage of it, and why."""

    version_id: Id
    stage_id: Id
    reason: str


class Handover(Body):
    """Which opportunities go to whom."""

    opportunity_ids: Annotated[list[Id], Field(min_length=1, max_length=2000)]
    owner_id: Id


class OpportunitiesMoved(Answer):
    """Those that have another owner now."""

    moved: list[int]


@router.get("/opportunities", response=Page[OpportunityOut])
def opportunities(
    request: ApiRequest,
    paging: Query[Paging],
    custom: Query[Conditions],
    view: View = "all",
    search: str = "",
    state: Literal["", "open", "won", "lost"] = "",
    stage: str = "",
    process_id: Id | None = None,
    owner_id: Id | None = None,
    customer_id: Id | None = None,
    product_id: Id | None = None,
    source: str = "",
) -> Page[OpportunityOut]:
    """The opportunities that the caller sees."""
    request.actor.require(SEE)
    filters = Filters(state, stage, process_id, owner_id, customer_id, product_id, source)
    found = queries.opportunities(request.actor, view, search, filters)
    return page_of(narrowed(request.actor, OPPORTUNITY, found, custom.custom), paging, partial(_opportunity, request))


@router.get("/opportunities/board/{process_id}", response=list[ColumnOut])
def board(
    request: ApiRequest,
    process_id: Id,
    view: View = "mine",
    search: str = "",
    cards: Annotated[int, Field(ge=0, le=100)] = 20,
) -> list[ColumnOut]:
    """The open opportunities of a process by stage."""
    request.actor.require(SEE)
    found = queries.board(request.actor, process_id, view, search)
    shown = first_rows_of_each(
        found.cards, "stage", [column.stage_ids for column in found.columns], queries.ORDER, cards
    )
    return [
        ColumnOut(
            stage_id=column.stage.pk,
            code=column.stage.code,
            name=column.stage.name,
            count=column.count,
            amount=column.amount,
            cards=[_opportunity(request, row) for row in first],
        )
        for column, first in zip(found.columns, shown, strict=True)
    ]


@router.post("/opportunities", response=OpportunityOut)
def open_opportunity(request: ApiRequest, body: NewOpportunity) -> OpportunityOut:
    """Open one in the first stage of its process."""
    return _opportunity(request, commands.open_opportunity(request.actor, OpportunityDraft(**body.model_dump())))


@router.post("/opportunities/handover", response=OpportunitiesMoved)
def hand_over(request: ApiRequest, body: Handover) -> OpportunitiesMoved:
    """Give opportunities to another person, all or none."""
    moved = commands.hand_over(request.actor, body.opportunity_ids, body.owner_id)
    return OpportunitiesMoved(moved=[row.pk for row in moved])


@router.get("/opportunities/{opportunity_id}", response=OpportunityPageOut)
def opportunity(request: ApiRequest, opportunity_id: Id) -> OpportunityPageOut:
    """One opportunity with its way through the process."""
    request.actor.require(SEE)
    page = queries.opportunity_page(request.actor, opportunity_id)
    row = page.opportunity
    return OpportunityPageOut(
        opportunity=_opportunity(request, row),
        background=row.background,
        problems=row.problems,
        pains=row.pains,
        close_note=row.close_note,
        **vars(page.pace),
        next_stage_id=page.following.pk if page.following else None,
        may_undo=page.may_undo,
        stops=[
            StopOut(
                stage_id=s.stage.pk,
                name=s.stage.name,
                state=s.state,
                visits=s.visits,
                days=s.days,
                steps=[_step(item) for item in s.items],
                may_enter=s.stage not in page.barred,
            )
            for s in page.stops
        ],
        gates=[GateOut(**vars(gate)) for gate in page.gates],
        moves=[
            MoveOut(
                at=t.occurred_at,
                kind=t.kind,
                from_stage_id=t.from_stage_id,
                to_stage_id=t.to_stage_id,
                by_id=t.by_id,
                skipped=t.skipped,
                unmet=t.unmet,
                is_bypass=t.is_bypass,
                is_invented=t.is_invented,
                reason=t.reason,
            )
            for t in page.history
        ],
    )


@router.put("/opportunities/{opportunity_id}", response=OpportunityOut)
def edit_opportunity(request: ApiRequest, opportunity_id: Id, body: OpportunityEdit) -> OpportunityOut:
    """Change its details."""
    values = body.model_dump(exclude={"version"})
    return _again(request, commands.edit(request.actor, opportunity_id, body.version, **values))


@router.post("/opportunities/{opportunity_id}/move", response=OpportunityOut)
def move(request: ApiRequest, opportunity_id: Id, body: Move) -> OpportunityOut:
    """Move it to another stage; what a stage asks for is asked here too."""
    return _opportunity(request, commands.move(request.actor, opportunity_id, **body.model_dump()))


@router.post("/opportunities/{opportunity_id}/steps/{step_key}", response=OpportunityOut)
def tick(request: ApiRequest, opportunity_id: Id, step_key: StepKey, body: Tick) -> OpportunityOut:
    """Tick a step of the present stage, or afterwards of one that was left; twice is once."""
    return _opportunity(request, commands.tick(request.actor, opportunity_id, step_key, body.note))


@router.delete("/opportunities/{opportunity_id}/steps/{step_key}", response=OpportunityOut)
def untick(request: ApiRequest, opportunity_id: Id, step_key: StepKey) -> OpportunityOut:
    """Take a tick back as long as its stage was not left."""
    return _opportunity(request, commands.untick(request.actor, opportunity_id, step_key))


@router.post("/opportunities/{opportunity_id}/win", response=OpportunityOut)
def win(request: ApiRequest, opportunity_id: Id, body: WinBody) -> OpportunityOut:
    """Win it."""
    said = body.model_dump(exclude={"tactic"})
    tactic = TacticDraft(**body.tactic.model_dump()) if body.tactic else None
    return _opportunity(request, commands.win(request.actor, opportunity_id, **said, tactic=tactic))


@router.post("/opportunities/{opportunity_id}/lose", response=OpportunityOut)
def lose(request: ApiRequest, opportunity_id: Id, body: Loss) -> OpportunityOut:
    """Give it up as lost."""
    return _opportunity(request, commands.lose(request.actor, opportunity_id, **body.model_dump()))


@router.post("/opportunities/{opportunity_id}/reopen", response=OpportunityOut)
def reopen(request: ApiRequest, opportunity_id: Id, body: Reopening) -> OpportunityOut:
    """Work on a closed one again."""
    return _opportunity(request, commands.reopen(request.actor, opportunity_id, **body.model_dump()))


@router.post("/opportunities/{opportunity_id}/undo", response=OpportunityOut)
def undo(request: ApiRequest, opportunity_id: Id) -> OpportunityOut:
    """Take one's own last move back, within minutes."""
    return _opportunity(request, commands.undo_move(request.actor, opportunity_id))


@router.post("/opportunities/{opportunity_id}/process", response=OpportunityOut)
def change_process(request: ApiRequest, opportunity_id: Id, body: ProcessChange) -> OpportunityOut:
    """Move it to another process or edition."""
    return _opportunity(request, commands.change_process(request.actor, opportunity_id, **body.model_dump()))


def _step(item: Item) -> StepStateOut:
    proof = item.proof
    return StepStateOut(
        **vars(item.step),
        is_done=proof is not None,
        is_late=item.is_late,
        done_at=proof.occurred_at if proof else None,
        done_by_id=proof.by_id if proof else None,
        note=proof.note if proof else "",
    )


def _opportunity(request: ApiRequest, row: Opportunity) -> OpportunityOut:
    return shaped(
        OpportunityOut,
        row,
        number=row.label_number,
        process_version_id=row.version_id,
        stage=row.stage.code,
        span=row.span_seq,
        custom=own_fields(request.actor, OPPORTUNITY, row.custom),
        version=row.edit_version,
    )


def _again(request: ApiRequest, row: Opportunity) -> OpportunityOut:
    """The row as it stands now, with its stage."""
    return _opportunity(request, queries.opportunity(request.actor, row.pk))
