"""Pools: customers that belong to nobody yet, who sees them and whether they may claim."""

from __future__ import annotations

from ninja import Router
from ninja import Schema as Answer

from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import MANAGE_POOLS, SEE
from xiaocheng.selling.customers.queries import Pool

from .auth import ApiRequest
from .schemas import Body, Id, shaped

router = Router(tags=["customers"])


class PoolOut(Answer):
    """A pool."""

    id: int
    code: str
    name: str
    is_claimable: bool
    is_open: bool
    version: int


class PoolPageOut(PoolOut):
    """A pool with who sees it where it is not open to all."""

    members: list[int]


class NewPool(Body):
    """A pool; `members` see it where it is not open to all."""

    name: str
    is_claimable: bool
    is_open: bool
    members: list[Id] = []


class PoolEdit(NewPool):
    """All that a pool is; `version` is the one that the edit started from."""

    version: Id
    members: list[Id]


@router.get("/pools", response=list[PoolOut])
def pools(request: ApiRequest) -> list[PoolOut]:
    """The pools whose customers one sees."""
    request.actor.require(SEE)
    return [shaped(PoolOut, row, version=row.edit_version) for row in queries.pools(request.actor)]


@router.get("/pools/{pool_id}", response=PoolPageOut)
def pool(request: ApiRequest, pool_id: Id) -> PoolPageOut:
    """One pool with its members, for who keeps the pools."""
    request.actor.require(MANAGE_POOLS)
    return _pool(request, queries.pool(request.actor, pool_id))


@router.post("/pools", response=PoolPageOut)
def add_pool(request: ApiRequest, body: NewPool) -> PoolPageOut:
    """Add a pool."""
    return _pool(request, commands.add_pool(request.actor, **body.model_dump()))


@router.put("/pools/{pool_id}", response=PoolPageOut)
def edit_pool(request: ApiRequest, pool_id: Id, body: PoolEdit) -> PoolPageOut:
    """Rename a pool, or change who sees it and whether they may claim."""
    return _pool(request, commands.edit_pool(request.actor, pool_id, **body.model_dump()))


def _pool(request: ApiRequest, row: Pool) -> PoolPageOut:
    return shaped(
        PoolPageOut,
        row,
        version=row.edit_version,
        members=sorted(row.members.values_list("person_id", flat=True)),
    )
