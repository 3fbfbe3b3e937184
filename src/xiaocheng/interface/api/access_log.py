"""Who had personal details shown, took them out as a file, or erased them."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from ninja import Query, Router
from ninja import Schema as Answer

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.journal import read_entries
from xiaocheng.selling.customers import queries

from .auth import ApiRequest
from .schemas import Day, Id, Page, Paging, page_of

router = Router(tags=["customers"])


class AccessOut(Answer):
    """One act: by whom (null: the system), what, and about which customer."""

    id: int
    at: dt.datetime
    person_id: int | None
    act: str
    customer_id: int | None
    sentence: str


class AccessAsked(Answer):
    """What the log is narrowed to."""

    person_id: Id | None = None
    act: Literal["read", "export", "erase", "shorten"] | None = None
    customer_id: Id | None = None
    contact_id: Id | None = None
    since: Day | None = None
    until: Day | None = None


@router.get("/customers/access-log", response=Page[AccessOut])
def access_log(request: ApiRequest, paging: Query[Paging], asked: Query[AccessAsked]) -> Page[AccessOut]:
    """Every reading, export and erasure of personal details, as far as it was asked for."""
    rows = queries.access_log(request.actor)
    if asked.person_id is not None:
        rows = rows.filter(person_id=asked.person_id)
    if asked.act:
        rows = rows.filter(kind=queries.ACCESS_ACTS[asked.act][1].kind())
    if asked.customer_id is not None:
        rows = queries.log_of_customer(request.actor, rows, asked.customer_id)
    if asked.contact_id is not None:
        rows = queries.log_of_contact(request.actor, rows, asked.contact_id)
    if asked.since is not None:
        rows = rows.filter(at__gte=clock.bounds(asked.since, asked.since)[0])
    if asked.until is not None:
        rows = rows.filter(at__lt=clock.bounds(asked.until, asked.until)[1])
    return page_of(rows, paging, _act)


def _act(row: Any) -> AccessOut:
    act = next(key for key, (_name, event) in queries.ACCESS_ACTS.items() if event.kind() == row.kind)
    [item] = read_entries([row])
    return AccessOut(
        id=row.pk, at=row.at, person_id=row.person_id, act=act, customer_id=row.customer_id, sentence=item.sentence
    )
