"""Customers that are one and the same: try a merge, merge, look at merges, undo one."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from ninja import Query, Router
from ninja import Schema as Answer

from xiaocheng.foundation.fields.queries import seen_part
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import MERGE

from .auth import ApiRequest
from .schemas import Body, Id, Page, Paging, page_of, shaped

router = Router(tags=["customers"])


class PairIn(Body):
    """The customer that stays and the one that goes into it."""

    customer_id: Id
    merged_id: Id


class MergeIn(PairIn):
    """`take` names the fields whose value comes from the one that goes; the versions are those that were compared."""

    take: list[str] = []
    version: Id
    merged_version: Id


class MergedOut(Answer):
    """What a merge did, or would do: columns of the survivor that change, rows that move by table."""

    customer_id: int
    changed: list[str]
    moved: dict[str, int]
    merge_id: int | None
    version: int | None
    merged_version: int | None
    differing: list[str]


class MergeOut(Answer):
    """A merge that was done, and perhaps undone."""

    id: int
    survivor_id: int
    merged_id: int
    merged_name: str
    at: dt.datetime
    by_id: int | None
    undone_at: dt.datetime | None
    undone_by_id: int | None


class UnmergedOut(Answer):
    """The customer that is back; what could not come back: fields changed since, rows by table, and, in `left`, own
    fields that may not repeat and whose value another customer holds by now."""

    customer_id: int
    kept: list[str]
    missing: dict[str, int]
    without_owner: bool
    left: list[str]


@router.get("/merges", response=Page[MergeOut])
def merges(request: ApiRequest, paging: Annotated[Paging, Query()]) -> Page[MergeOut]:
    """The merges whose customer one sees, the latest first."""
    request.actor.require(MERGE)
    return page_of(queries.merges(request.actor), paging, lambda row: shaped(MergeOut, row))


@router.post("/merges/preview", response=MergedOut)
def preview_merge(request: ApiRequest, body: PairIn) -> MergedOut:
    """What a merge would do; nothing changes."""
    request.actor.require(MERGE)
    pair = queries.pair(request.actor, body.customer_id, body.merged_id)
    done = commands.rehearse_merge(request.actor, body.customer_id, body.merged_id)
    return MergedOut(
        customer_id=done.customer_id,
        changed=list(done.changed),
        moved=dict(done.moved),
        merge_id=None,
        version=pair.versions[0],
        merged_version=pair.versions[1],
        differing=list(pair.differing),
    )


@router.post("/merges", response=MergedOut)
def merge(request: ApiRequest, body: MergeIn) -> MergedOut:
    """Merge a customer into another one."""
    done = commands.merge(
        request.actor,
        body.customer_id,
        body.merged_id,
        take=body.take,
        versions=(body.version, body.merged_version),
    )
    return MergedOut(
        customer_id=done.customer_id,
        changed=list(done.changed),
        moved=dict(done.moved),
        merge_id=done.merge_id,
        version=None,
        merged_version=None,
        differing=[],
    )


@router.get("/merges/{merge_id}", response=MergeOut)
def merge_of(request: ApiRequest, merge_id: Id) -> MergeOut:
    """One merge."""
    request.actor.require(MERGE)
    return shaped(MergeOut, queries.merge_of(request.actor, merge_id))


@router.post("/merges/{merge_id}/undo", response=UnmergedOut)
def undo_of_merge(request: ApiRequest, merge_id: Id) -> UnmergedOut:
    """Make two customers of one again, with what has not changed since."""
    back = commands.undo_merge(request.actor, merge_id)
    return UnmergedOut(
        customer_id=back.customer_id,
        kept=list(back.kept),
        missing=dict(back.missing),
        without_owner=back.without_owner,
        left=seen_part(request.actor, list(back.left)),
    )
