"""Notes that colleagues write to each other about a customer."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.queries import LONGEST_WORDS, CustomerNote

from .auth import ApiRequest
from .schemas import Body, Id, Page, Paging, page_of, shaped

router = Router(tags=["customers"])

Words = Annotated[str, Field(min_length=1, max_length=LONGEST_WORDS)]


class CustomerNoteOut(Answer):
    """Who wrote what, and when it was changed last."""

    id: int
    customer_id: int
    author_id: int
    text: str
    written_at: dt.datetime
    changed_at: dt.datetime | None
    version: int


class NoteIn(Body):
    """What one has to say, and which colleagues who see the customer are told of it."""

    text: Words
    tell: list[Id] = []


class NoteChange(Body):
    """One's own words written otherwise; `version` is the one that the edit started from."""

    text: Words
    version: Id


@router.get("/customers/{customer_id}/notes", response=Page[CustomerNoteOut])
def customer_notes(request: ApiRequest, customer_id: Id, paging: Query[Paging]) -> Page[CustomerNoteOut]:
    """What was written about a customer."""
    request.actor.require(SEE)
    queries.customer(request.actor, customer_id)
    return page_of(queries.notes_of(request.actor, customer_id), paging, _shown)


@router.post("/customers/{customer_id}/notes", response=CustomerNoteOut)
def write_note(request: ApiRequest, customer_id: Id, body: NoteIn) -> CustomerNoteOut:
    """Write about a customer; that is no contact with it."""
    return _shown(commands.write_note(request.actor, customer_id, body.text, body.tell))


@router.put("/customer-notes/{customer_note_id}", response=CustomerNoteOut)
def edit_note(request: ApiRequest, customer_note_id: Id, body: NoteChange) -> CustomerNoteOut:
    """Write one's own note otherwise."""
    return _shown(commands.edit_note(request.actor, customer_note_id, body.version, body.text))


@router.delete("/customer-notes/{customer_note_id}", response=None)
def remove_note(request: ApiRequest, customer_note_id: Id) -> None:
    """Take a note away: one's own, or that of somebody in one's sight."""
    commands.remove_note(request.actor, customer_note_id)


def _shown(row: CustomerNote) -> CustomerNoteOut:
    return shaped(CustomerNoteOut, row, version=row.edit_version)
