"""What is agreed about who is responsible for a customer: more time, team work, a lapse that is taken back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.commands import Member
from xiaocheng.selling.customers.queries import Extension, RestoreOffer

from .auth import ApiRequest
from .schemas import Body, Id, shaped

router = Router(tags=["customers"])

Note = Annotated[str, Field(max_length=500)]


class ExtensionOut(Answer):
    """A request for more time; `until` where it was granted. One that waited too long is void."""

    id: int
    customer_id: int
    person_id: int
    days: int
    reason: str
    asked_at: dt.datetime
    state: str
    is_void: bool
    until: dt.date | None
    decided_by_id: int | None
    decided_at: dt.datetime | None
    answer: str


class NewExtension(Body):
    """How many days more, and why."""

    days: Annotated[int, Field(ge=1, le=366)]
    reason: Note


class Refused(Body):
    """Why not."""

    comment: Note


class MemberOut(Answer):
    """Somebody who works on a customer beside its owner: a co-owner with a share in per cent, or an assistant."""

    person_id: int
    role: str
    share: Decimal | None
    since: dt.datetime


class TeamOut(Answer):
    """Who works on a customer; shares are per cent, the owner's is what is left of 100."""

    owner_id: int | None
    owner_share: Decimal
    members: list[MemberOut]


class MemberIn(Body):
    """Somebody who joins in; a co-owner needs a share, an assistant has none."""

    person_id: Id
    role: Literal["co_owner", "assistant"]
    share: Annotated[Decimal, Field(gt=0, lt=100, decimal_places=2)] | None = None


class TeamIn(Body):
    """The whole team; whoever is not in it leaves it."""

    members: Annotated[list[MemberIn], Field(max_length=100)]


@router.get("/customers/{customer_id}/team", response=TeamOut)
def team(request: ApiRequest, customer_id: Id) -> TeamOut:
    """Who works on a customer beside its owner."""
    request.actor.require(SEE)
    return _team(request, customer_id)


@router.put("/customers/{customer_id}/team", response=TeamOut)
def agree_team(request: ApiRequest, customer_id: Id, body: TeamIn) -> TeamOut:
    """Say who works on a customer beside its owner."""
    commands.agree_team(request.actor, customer_id, [Member(**it.model_dump()) for it in body.members])
    return _team(request, customer_id)


@router.get("/customers/{customer_id}/extensions", response=list[ExtensionOut])
def extensions_of(request: ApiRequest, customer_id: Id) -> list[ExtensionOut]:
    """What was asked for a customer, the latest first, as far as one sees those who asked."""
    request.actor.require(SEE)
    queries.customer(request.actor, customer_id)
    return [_extension(row) for row in queries.extensions_of(request.actor, customer_id)]


@router.post("/customers/{customer_id}/extensions", response=ExtensionOut)
def ask_extension(request: ApiRequest, customer_id: Id, body: NewExtension) -> ExtensionOut:
    """Ask for more time for one's own customer."""
    return _extension(commands.ask_extension(request.actor, customer_id, body.days, body.reason))


@router.get("/extensions", response=list[ExtensionOut])
def waiting_extensions(request: ApiRequest) -> list[ExtensionOut]:
    """The requests that wait for one's own signature, the oldest first."""
    request.actor.require(SEE)
    return [_extension(row) for row in queries.waiting_extensions(request.actor)]


@router.post("/extensions/{extension_id}/grant", response=ExtensionOut)
def grant_extension(request: ApiRequest, extension_id: Id) -> ExtensionOut:
    """Agree to a request."""
    return _extension(commands.grant_extension(request.actor, extension_id))


@router.post("/extensions/{extension_id}/refuse", response=ExtensionOut)
def refuse_extension(request: ApiRequest, extension_id: Id, body: Refused) -> ExtensionOut:
    """Leave the time limit as it is."""
    return _extension(commands.refuse_extension(request.actor, extension_id, body.comment))


class RestoreOut(Answer):
    """A lapse that may be taken back: whose customer it was, and the contact that arrived too late."""

    id: int
    customer_id: int
    person_id: int
    kind: str
    contacted_at: dt.datetime
    queued_at: dt.datetime
    arrived_at: dt.datetime
    state: str
    decided_by_id: int | None
    decided_at: dt.datetime | None
    answer: str


class Declined(Body):
    """Why the lapse stands."""

    answer: Note


@router.get("/restores", response=list[RestoreOut])
def waiting_restores(request: ApiRequest) -> list[RestoreOut]:
    """The lapses that wait for one's own decision whether they are taken back, the oldest first."""
    request.actor.require(SEE)
    return [_restore(row) for row in queries.waiting_restores(request.actor)]


@router.get("/restores/{restore_id}", response=RestoreOut)
def restore_offer(request: ApiRequest, restore_id: Id) -> RestoreOut:
    """One of them."""
    request.actor.require(SEE)
    return _restore(queries.restore_offer(request.actor, restore_id))


@router.post("/restores/{restore_id}/restore", response=RestoreOut)
def restore(request: ApiRequest, restore_id: Id) -> RestoreOut:
    """Give the customer back to its former owner."""
    return _restore(commands.restore(request.actor, restore_id))


@router.post("/restores/{restore_id}/decline", response=RestoreOut)
def decline_restore(request: ApiRequest, restore_id: Id, body: Declined) -> RestoreOut:
    """Let the lapse stand."""
    return _restore(commands.decline_restore(request.actor, restore_id, body.answer))


def _restore(row: RestoreOffer) -> RestoreOut:
    return shaped(RestoreOut, row)


def _team(request: ApiRequest, customer_id: int) -> TeamOut:
    row = queries.customer(request.actor, customer_id)
    found = queries.team(request.actor, row)
    members = [shaped(MemberOut, it) for it in found.members]
    return TeamOut(owner_id=row.owner_id, owner_share=found.owner_share, members=members)


def _extension(row: Extension) -> ExtensionOut:
    return shaped(ExtensionOut, row, customer_id=row.episode.customer_id)
