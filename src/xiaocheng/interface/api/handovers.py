"""Handovers: prepared, looked at, carried out at once."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.queries import Handover, HandoverLine

from .auth import ApiRequest
from .schemas import Body, Id, Page, Paging, page_of, shaped

router = Router(tags=["customers"])

Kind = Literal["leaving", "moving", "away"]
Way = Literal["even", "turn"]
Some = Annotated[list[Id], Field(max_length=20_000)]


class HandoverOut(Answer):
    """Whose work goes to others; `moved` says how many rows of each kind went, once it is done."""

    id: int
    person_id: int
    kind: str
    state: str
    successor_id: int | None
    note: str
    planned_at: dt.datetime
    planned_by_id: int | None
    done_at: dt.datetime | None
    done_by_id: int | None
    moved: dict[str, int]


class HandoverShareOut(Answer):
    """What one person gets, and holds already; `person_id` null: these stay."""

    person_id: int | None
    held: int
    gets: int


class HoldingOut(Answer):
    """So many things of a kind that the person holds, and what becomes of them, in words."""

    kind: str
    label: str
    count: int
    fate: str


class HandoverPageOut(HandoverOut):
    """A handover with its preview; `gone` and `come` are customers that changed owner after the plan was made."""

    shares: list[HandoverShareOut]
    holdings: list[HoldingOut]
    gone: list[int]
    come: list[int]


class HandoverLineOut(Answer):
    """One customer of a handover, and who gets it; null: it stays."""

    id: int
    customer_id: int
    customer: str
    to_id: int | None


class DriftOut(Answer):
    """What a plan left out because it went away, and took in because it came."""

    gone: list[int]
    come: list[int]


class NewHandover(Body):
    """Whose customers are shared out among `to_ids`; `successor_id` takes over what follows no customer."""

    person_id: Id
    kind: Kind
    to_ids: Annotated[list[Id], Field(max_length=200)] = []
    way: Way = "even"
    successor_id: Id | None = None
    note: str = ""


class HandoverGift(Body):
    """Who gets some of the customers, named by id or by region, level and group; without people they stay."""

    to_ids: Annotated[list[Id], Field(max_length=200)]
    way: Way = "even"
    customer_ids: Some | None = None
    region: str = ""
    level: str = ""
    group_id: Id | None = None


class HandoverDoing(Body):
    """Whether the account is closed with it, or in which department and under whom the person works afterwards."""

    closes: bool = False
    department_id: Id | None = None
    manager_id: Id | None = None


class CountOut(Answer):
    """How many customers it was."""

    count: int


@router.get("/handovers", response=Page[HandoverOut])
def handovers(request: ApiRequest, paging: Query[Paging], done: bool | None = None) -> Page[HandoverOut]:
    """The handovers of people in sight: those planned, those done, or all."""
    return page_of(queries.handovers(request.actor, done=done), paging, _handover)


@router.get("/handovers/{handover_id}", response=HandoverPageOut)
def handover(request: ApiRequest, handover_id: Id) -> HandoverPageOut:
    """One handover: who gets how much, what else moves, what changed since it was planned."""
    row = queries.handover(request.actor, handover_id)
    shares = queries.handover_shares(request.actor, handover_id)
    held = queries.handover_holdings(request.actor, handover_id) if row.is_planned else []
    drift = queries.handover_drift(request.actor, handover_id) if row.is_planned else None
    return shaped(
        HandoverPageOut,
        row,
        shares=[HandoverShareOut(person_id=s.person_id or None, held=s.held, gets=s.gets) for s in shares],
        holdings=[HoldingOut(kind=h.kind, label=str(h.label), count=h.count, fate=str(h.fate)) for h in held],
        gone=list(drift.gone) if drift else [],
        come=list(drift.come) if drift else [],
    )


@router.get("/handovers/{handover_id}/customers", response=Page[HandoverLineOut])
def handover_customers(request: ApiRequest, handover_id: Id, paging: Query[Paging]) -> Page[HandoverLineOut]:
    """The customers of a handover, with who gets each."""
    return page_of(queries.handover_lines(request.actor, handover_id), paging, _line)


@router.post("/handovers", response=HandoverOut)
def plan_handover(request: ApiRequest, body: NewHandover) -> HandoverOut:
    """Prepare a handover of all customers of a person; nothing moves yet."""
    draft = commands.HandoverDraft(**body.model_dump())
    return _handover(commands.plan_handover(request.actor, draft))


@router.post("/handovers/{handover_id}/give", response=CountOut)
def give(request: ApiRequest, handover_id: Id, body: HandoverGift) -> CountOut:
    """Say who gets some of its customers, in fair shares; nothing moves yet."""
    part = {"region": body.region, "level": body.level, "group_id": body.group_id}
    ids = body.customer_ids
    if ids is None:
        ids = queries.handover_part(request.actor, handover_id, **part)  # type: ignore[arg-type]
    return CountOut(count=commands.share_handover(request.actor, handover_id, ids, body.to_ids, body.way))


@router.post("/handovers/{handover_id}/refresh", response=DriftOut)
def refresh_handover(request: ApiRequest, handover_id: Id) -> DriftOut:
    """Bring a plan up to date with what the person is responsible for now."""
    drift = commands.refresh_handover(request.actor, handover_id)
    return DriftOut(gone=list(drift.gone), come=list(drift.come))


@router.post("/handovers/{handover_id}/carry-out", response=HandoverOut)
def carry_out_handover(request: ApiRequest, handover_id: Id, body: HandoverDoing) -> HandoverOut:
    """Move everything at once; what changed since the plan was made is refused as `drifted`, and nothing moves."""
    place = None
    if body.department_id is not None:
        place = commands.Place(department_id=body.department_id, manager_id=body.manager_id)
    return _handover(commands.carry_out_handover(request.actor, handover_id, closes=body.closes, place=place))


@router.delete("/handovers/{handover_id}", response=None)
def drop_handover(request: ApiRequest, handover_id: Id) -> None:
    """Give a plan up; nothing had moved."""
    commands.drop_handover(request.actor, handover_id)


def _handover(row: Handover) -> HandoverOut:
    return shaped(HandoverOut, row)


def _line(row: HandoverLine) -> HandoverLineOut:
    return shaped(HandoverLineOut, row, customer=row.customer.name)
