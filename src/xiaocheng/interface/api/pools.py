"""Pools: customers that belong to nobody yet, who sees them and whether they may claim."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import ASSIGN, MANAGE_POOLS, SEE
from xiaocheng.selling.customers.commands import PoolLimits
from xiaocheng.selling.customers.queries import OwnershipEpisode, Pool

from .auth import ApiRequest
from .schemas import Body, Day, Id, Page, Paging, page_of, shaped

router = Router(tags=["customers"])

Way = Literal["in", "out", ""]
Code = Annotated[str, Field(max_length=40)]
Limit = Annotated[int, Field(ge=0, le=100_000)]
LIMITS = ("claims_a_day", "most_held", "back_to_owner_days")


class PoolOut(Answer):
    """A pool."""

    id: int
    code: str
    name: str
    is_claimable: bool
    is_open: bool
    claims_a_day: int | None
    most_held: int | None
    back_to_owner_days: int | None
    version: int


class PoolStateOut(PoolOut):
    """A pool in figures: customers in it, come and gone this week, and what one may still claim (null: any number)."""

    size: int
    came: int
    went: int
    left: int | None


class LedgerLineOut(Answer):
    """A customer came into a pool or left it: from whom or where, to whom or where, by whom and why."""

    id: int
    customer_id: int
    customer: str
    at: dt.datetime
    cause: str
    former_id: int | None
    from_pool_id: int | None
    person_id: int | None
    pool_id: int | None
    by_id: int | None
    reason: str
    note: str


class TurnoverOut(Answer):
    """What one person took out of a pool and put into it."""

    person_id: int
    name: str
    claimed: int
    given: int
    returned: int
    lapsed: int
    net: int


class FeedOut(Answer):
    """Which customers come to a pool by themselves: of each list that is not empty one must fit."""

    department: list[int] = []
    region: list[str] = []
    level: list[str] = []
    source: list[str] = []


class PoolPageOut(PoolOut):
    """A pool with who sees it where it is not open to all, people and departments, and who comes to it by himself."""

    members: list[int]
    departments: list[int]
    feed: FeedOut


class Feed(Body):
    """Departments of former owners, codes of regions, levels and sources."""

    department: list[Id] = []
    region: list[Code] = []
    level: list[Code] = []
    source: list[Code] = []


class NewPool(Body):
    """A pool; `members` and `departments` see it where it is not open to all."""

    name: str
    is_claimable: bool
    is_open: bool
    members: list[Id] = []
    departments: list[Id] = []
    feed: Feed = Feed()
    claims_a_day: Limit | None = None
    most_held: Limit | None = None
    back_to_owner_days: Limit | None = None


class PoolEdit(NewPool):
    """All that a pool is; `version` is the one that the edit started from."""

    version: Id
    members: list[Id]
    departments: list[Id]
    feed: Feed


@router.get("/pools", response=list[PoolStateOut])
def pools(request: ApiRequest) -> list[PoolStateOut]:
    """The pools whose customers one sees, in figures."""
    request.actor.require(SEE)
    rows = list(queries.pools(request.actor))
    states, mine = queries.pool_states(request.actor, rows), queries.allowances(request.actor, rows)
    return [
        shaped(
            PoolStateOut,
            state.pool,
            version=state.pool.edit_version,
            size=state.size,
            came=state.came,
            went=state.went,
            left=item.left,
        )
        for state, item in zip(states, mine, strict=True)
    ]


@router.get("/pools/{pool_id}/ledger", response=Page[LedgerLineOut])
def ledger(request: ApiRequest, pool_id: Id, paging: Query[Paging], way: Way = "") -> Page[LedgerLineOut]:
    """What came into a pool ("in") and left it ("out"), as far as one sees whose it was."""
    request.actor.require(ASSIGN)
    rows = queries.ledger(request.actor, pool_id, way).select_related("customer")
    return page_of(rows, paging, _line)


@router.get("/pools/{pool_id}/turnover", response=list[TurnoverOut])
def turnover(request: ApiRequest, pool_id: Id, first: Day, last: Day) -> list[TurnoverOut]:
    """Who took how much out of a pool and put how much into it, from a day to another."""
    request.actor.require(ASSIGN)
    lines = queries.turnover(request.actor, pool_id, Period(first, last))
    return [shaped(TurnoverOut, line) for line in lines]


@router.get("/pools/{pool_id}", response=PoolPageOut)
def pool(request: ApiRequest, pool_id: Id) -> PoolPageOut:
    """One pool with its members, for who keeps the pools."""
    request.actor.require(MANAGE_POOLS)
    return _pool(request, queries.pool(request.actor, pool_id))


@router.post("/pools", response=PoolPageOut)
def add_pool(request: ApiRequest, body: NewPool) -> PoolPageOut:
    """Add a pool."""
    return _pool(request, commands.add_pool(request.actor, **_with_limits(body)))


@router.put("/pools/{pool_id}", response=PoolPageOut)
def edit_pool(request: ApiRequest, pool_id: Id, body: PoolEdit) -> PoolPageOut:
    """Rename a pool, or change who sees it and whether they may claim."""
    return _pool(request, commands.edit_pool(request.actor, pool_id, **_with_limits(body)))


def _with_limits(body: NewPool) -> dict[str, Any]:
    values = body.model_dump()
    return values | {"limits": PoolLimits(**{name: values.pop(name) for name in LIMITS})}


def _line(row: OwnershipEpisode) -> LedgerLineOut:
    return shaped(
        LedgerLineOut,
        row,
        customer=row.customer.name,
        at=row.started_at,
        cause=row.started_cause,
        by_id=row.started_by_id,
    )


def _pool(request: ApiRequest, row: Pool) -> PoolPageOut:
    return shaped(
        PoolPageOut,
        row,
        version=row.edit_version,
        members=sorted(queries.pool_members(request.actor, row.pk)),
        departments=sorted(queries.pool_departments(request.actor, row.pk)),
        feed=FeedOut(**row.fed_by),
    )
