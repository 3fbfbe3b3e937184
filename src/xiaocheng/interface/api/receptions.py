"""The register of the showroom and the hotline, and the turn of those on duty."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import RECEIVE
from xiaocheng.selling.customers.commands import ReceptionDraft
from xiaocheng.selling.customers.queries import Reception

from .auth import ApiRequest
from .schemas import Body, Day, Id, Page, Paging, page_of, shaped

router = Router(tags=["receptions"])

ChannelCode = Literal["walk_in", "hotline"]
Party = Annotated[int, Field(ge=1, le=999)]
Turn = Annotated[int, Field(ge=0, le=2**31 - 1)]


class ReceptionOut(Answer):
    """A reception: who came, who received, what it meant for the customer."""

    id: int
    channel: str
    site_id: int | None
    outcome: str
    receiver_id: int
    owner_id: int | None
    recorded_by_id: int | None
    customer_id: int | None
    contact_id: int | None
    name: str
    company: str
    phone: str
    party_size: int
    companions: str
    note: str
    next_on: dt.date | None
    is_team: bool
    out_of_turn: str
    occurred_at: dt.datetime
    booked_on: dt.date
    cancelled_at: dt.datetime | None
    cancel_reason: str
    version: int


class ReceptionPageOut(ReceptionOut):
    """One reception with who assisted."""

    helper_ids: list[int]


class NewReception(Body):
    """A party that came in, or a caller; see the guide for who receives and whose the customer becomes."""

    channel: ChannelCode = "walk_in"
    site_id: Id | None = None
    receiver_id: Id | None = None
    customer_id: Id | None = None
    name: str = ""
    company: str = ""
    phone: str = ""
    party_size: Party = 1
    companions: str = ""
    note: str = ""
    next_on: Day | None = None
    occurred_at: dt.datetime | None = None
    helper_ids: list[Id] = []
    is_team: bool = False
    owner_absent: bool = False
    despite_duplicates: bool = False
    out_of_turn: str = ""
    seen: Turn | None = None


class ReceptionEdit(Body):
    """What was noted about a reception; `version` is the one that the edit started from."""

    version: Id
    name: str
    party_size: Party
    companions: str
    note: str
    next_on: Day | None
    helper_ids: list[Id]
    is_team: bool


class Cancelled(Body):
    """Why."""

    reason: str


class TurnSeen(Body):
    """The number of the last turn that one saw: of two who take the next one, one is refused."""

    seen: Turn


class TurnPassed(TurnSeen):
    """The same, and why the turn is passed on."""

    reason: str


class LineOut(Answer):
    """A site, those on duty there today, the next one first; `number` is that of the last turn."""

    site_id: int
    name: str
    kind: str
    number: int
    person_ids: list[int]
    receiving_ids: list[int]


class TurnOut(Answer):
    """A turn that was taken or passed."""

    number: int
    site_id: int
    person_id: int
    way: str
    reason: str


class ReceivedOut(Answer):
    """Receptions of a person (id), channel or day: how many, with details left, new, and bought since."""

    key: str
    name: str
    received: int
    with_details: int
    new: int
    won: int


@router.get("/receptions", response=Page[ReceptionOut])
def receptions(request: ApiRequest, paging: Query[Paging], search: str = "") -> Page[ReceptionOut]:
    """Receptions that one sees, by part of a name or a whole phone."""
    request.actor.require(RECEIVE)
    return page_of(queries.receptions(request.actor, search), paging, lambda row: reception_out(request, row))


@router.post("/receptions", response=ReceptionOut)
def receive(request: ApiRequest, body: NewReception) -> ReceptionOut:
    """Register a reception; a new customer comes into being, one that awaits reception gets its owner."""
    return reception_out(request, commands.receive(request.actor, ReceptionDraft(**body.model_dump())))


@router.get("/receptions/turns", response=list[LineOut])
def turns(request: ApiRequest) -> list[LineOut]:
    """Whose turn it is today at every showroom and hotline."""
    request.actor.require(RECEIVE)
    return [
        shaped(
            LineOut, item, number=item.line.number, person_ids=list(item.line.people),
            receiving_ids=sorted(item.line.engaged),
        )
        for item in queries.site_lines(request.actor)
    ]  # fmt: skip


@router.get("/receptions/figures", response=list[ReceivedOut])
def figures(request: ApiRequest, by: Literal["person", "channel", "day"], first: Day, last: Day) -> list[ReceivedOut]:
    """Receptions from a day to another by person, channel or day, with what became of the new customers."""
    request.actor.require(RECEIVE)
    rows = queries.received(request.actor, by, Period(first, last))
    return [shaped(ReceivedOut, row, key=str(row.key)) for row in rows]


@router.post("/duty/{site_id}/turn", response=TurnOut)
def accept_turn(request: ApiRequest, site_id: Id, body: TurnSeen) -> TurnOut:
    """Take one's turn, as somebody walks in."""
    return shaped(TurnOut, commands.accept_turn(request.actor, site_id, body.seen))


@router.post("/duty/{site_id}/turn/pass", response=TurnOut)
def pass_turn(request: ApiRequest, site_id: Id, body: TurnPassed) -> TurnOut:
    """Let the next one receive, and say why."""
    return shaped(TurnOut, commands.pass_turn(request.actor, site_id, body.seen, body.reason))


@router.get("/receptions/{reception_id}", response=ReceptionPageOut)
def reception(request: ApiRequest, reception_id: Id) -> ReceptionPageOut:
    """One reception."""
    request.actor.require(RECEIVE)
    row = queries.reception(request.actor, reception_id)
    shown = reception_out(request, row).model_dump()
    return ReceptionPageOut(**shown, helper_ids=sorted(queries.helpers_of(request.actor, row.pk)))


@router.put("/receptions/{reception_id}", response=ReceptionOut)
def edit_reception(request: ApiRequest, reception_id: Id, body: ReceptionEdit) -> ReceptionOut:
    """Correct what was noted about a reception."""
    return reception_out(request, commands.edit_reception(request.actor, reception_id, **body.model_dump()))


@router.post("/receptions/{reception_id}/cancel", response=ReceptionOut)
def cancel_reception(request: ApiRequest, reception_id: Id, body: Cancelled) -> ReceptionOut:
    """Take back a reception that was registered by mistake."""
    return reception_out(request, commands.cancel_reception(request.actor, reception_id, body.reason))


def reception_out(request: ApiRequest, row: Reception) -> ReceptionOut:
    """A reception as far as the person may read it."""
    return shaped(
        ReceptionOut,
        row,
        receiver_id=row.credit_person_id,
        version=row.edit_version,
        phone=queries.phone_of_guest(request.actor, row),
    )
