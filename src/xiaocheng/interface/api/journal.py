"""What was done: the journal of the house, and the story of one row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.fields.queries import seen_part
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.journal import Event, TimelineItem, read_entries, timeline
from xiaocheng.foundation.org import queries as org
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.foundation.org.queries import JournalEntry
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.customers.access import SEE as SEE_CUSTOMERS
from xiaocheng.selling.customers.events import PROFILE_EVENTS
from xiaocheng.selling.customers.queries import Reading
from xiaocheng.selling.pipeline import queries as pipeline
from xiaocheng.selling.pipeline.access import SEE as SEE_DEALS

from .auth import ApiRequest
from .schemas import Day, Id, Page, Paging, page_of

router = Router(tags=["journal"])
Kind = Literal["customers.customer", "pipeline.opportunity", "org.person"]


class ChangeOut(Answer):
    """A field with what stood there and what stands there now."""

    name: str
    before: str
    after: str


class EntryOut(Answer):
    """Something that happened: who did it (null: the system), on whose behalf, and a sentence.

    The story of a customer tells what changed to whoever reads its details.
    """

    id: int
    at: dt.datetime
    person_id: int | None
    on_behalf_of_id: int | None
    kind: str
    sentence: str
    changes: list[ChangeOut]


class SubjectOut(Answer):
    """A row that an entry is about."""

    kind: str
    row_id: int


class EntryPageOut(EntryOut):
    """One entry with all that it kept."""

    data: dict[str, Any]
    personal: dict[str, Any]
    subjects: list[SubjectOut]


@router.get("/journal", response=Page[EntryOut])
def journal(
    request: ApiRequest,
    paging: Query[Paging],
    person_id: Id | None = None,
    module: Annotated[str, Field(max_length=40)] = "",
    since: Day | None = None,
    until: Day | None = None,
) -> Page[EntryOut]:
    """All that was done, perhaps by one person, of one module ("customers") or in some days."""
    rows = org.journal(request.actor)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    if module:
        rows = rows.filter(kind__startswith=f"{module}.")
    if since is not None:
        rows = rows.filter(at__gte=clock.bounds(since, since)[0])
    if until is not None:
        rows = rows.filter(at__lt=clock.bounds(until, until)[1])
    return page_of(rows, paging, lambda row: EntryOut(**_entry(row)))


@router.get("/journal/{entry_id}", response=EntryPageOut)
def journal_entry(request: ApiRequest, entry_id: Id) -> EntryPageOut:
    """One entry of the journal with all that it kept."""
    row = org.journal_entry(request.actor, entry_id)
    return EntryPageOut(
        **_entry(row),
        data={name: seen_part(request.actor, value) for name, value in row.data.items()},
        personal={name: seen_part(request.actor, value) for name, value in (row.personal or {}).items()},
        subjects=[SubjectOut(kind=item.kind, row_id=item.row_id) for item in row.subjects.order_by("pk")],
    )


@router.get("/timeline/{kind}/{row_id}", response=list[EntryOut])
def story(
    request: ApiRequest,
    kind: Kind,
    row_id: Id,
    before: Id | None = None,
    limit: Annotated[int, Field(ge=1, le=100)] = 30,
) -> list[EntryOut]:
    """What happened to a customer, an opportunity or a person, the newest first; `before` is the last id of before."""
    open_to = _open_to(request.actor, kind, row_id)
    return [_told(item) for item in timeline(kind, row_id, before=before, limit=limit, open_to=open_to)]


def _open_to(actor: Actor, kind: Kind, row_id: int) -> Sequence[type[Event]]:
    """Of which events the actor may know what changed; as on the row's own page he may be refused the whole story.

    That of a customer in a pool names people, that of an opened one others' deals.
    """
    if kind == "org.person":
        actor.require(MANAGE_PEOPLE)
        org.person(actor, row_id)
    elif kind == "pipeline.opportunity":
        actor.require(SEE_DEALS)
        pipeline.opportunity(actor, row_id)
    else:
        actor.require(SEE_CUSTOMERS)
        row = customers.customer(actor, row_id)
        if row.hides_files_from(actor):
            raise NotFound
        return PROFILE_EVENTS if customers.details_of(actor, row) is Reading.FREE else ()
    return ()


def _entry(row: JournalEntry) -> dict[str, Any]:
    [item] = read_entries([row])
    return vars(_told(item))


def _told(item: TimelineItem) -> EntryOut:
    told = {name: value for name, value in vars(item).items() if name not in {"entry_id", "changes"}}
    return EntryOut(id=item.entry_id, changes=[ChangeOut(**vars(change)) for change in item.changes], **told)
