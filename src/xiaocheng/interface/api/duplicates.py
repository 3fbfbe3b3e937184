"""Customers that are likely one and the same."""

from __future__ import annotations

import datetime as dt

from ninja import Query, Router
from ninja import Schema as Answer

from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.queries import DuplicatePair

from .auth import ApiRequest
from .schemas import Body, Id, Page, Paging, page_of, shaped

router = Router(tags=["customers"])


class DuplicateOut(Answer):
    """Two customers with the same name or phone; both are in one's sight."""

    id: int
    first_id: int
    first_name: str
    second_id: int
    second_name: str
    by_name: bool
    by_phone: bool
    found_at: dt.datetime
    told_apart_at: dt.datetime | None
    told_apart_by_id: int | None


class Verdict(Body):
    """True: they are two customers; false: look at them again."""

    apart: bool


class PairOut(Answer):
    """A pair after it was decided about."""

    id: int
    told_apart_at: dt.datetime | None


@router.get("/duplicates", response=Page[DuplicateOut])
def duplicates(request: ApiRequest, paging: Query[Paging], told_apart: bool = False) -> Page[DuplicateOut]:
    """The pairs to be looked at, or those that were told apart; to merge one, use POST /customers/{id}/merge."""
    return page_of(queries.duplicate_pairs(request.actor, told_apart=told_apart), paging, _pair)


@router.post("/duplicates/{pair_id}/verdict", response=PairOut)
def tell_apart(request: ApiRequest, pair_id: Id, body: Verdict) -> PairOut:
    """Say that two customers are not the same, or take that back."""
    return shaped(PairOut, commands.tell_apart(request.actor, pair_id, apart=body.apart))


def _pair(row: DuplicatePair) -> DuplicateOut:
    return shaped(DuplicateOut, row)
