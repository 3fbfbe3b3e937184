"""Notes to oneself about what happened."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ninja import Query, Router
from ninja import Schema as Answer

from xiaocheng.interface.notifications import commands, queries
from xiaocheng.interface.notifications.commands import Wish
from xiaocheng.interface.notifications.queries import Notification

from .auth import ApiRequest
from .schemas import Body, Id, Page, Paging, TimeOfDay, page_of, shaped

router = Router(tags=["notifications"])


class NoteOut(Answer):
    """One note: the sentence in one's language, and the row that it is about."""

    id: int
    at: dt.datetime
    sentence: str
    kind: str
    about_kind: str
    about_id: int
    read_at: dt.datetime | None


class ReadOut(Answer):
    """How many notes were read just now."""

    count: int


class ChoiceOut(Answer):
    """How one wants to be told; topics that are not named come by e-mail too."""

    ways: dict[str, str]
    quiet_from: dt.time | None
    quiet_until: dt.time | None
    wants_digest: bool


class ChoiceIn(Body):
    """How one wants to be told from now on."""

    ways: dict[Literal["daily", "customers", "process", "company"], Literal["email", "app", "off"]]
    quiet_from: TimeOfDay | None = None
    quiet_until: TimeOfDay | None = None
    wants_digest: bool = True


@router.get("/me/notifications", response=ChoiceOut)
def notification_choice(request: ApiRequest) -> ChoiceOut:
    """How one wants to be told."""
    return shaped(ChoiceOut, queries.own_choice(request.actor))


@router.put("/me/notifications", response=ChoiceOut)
def choose_notifications(request: ApiRequest, body: ChoiceIn) -> ChoiceOut:
    """Choose how to be told."""
    return shaped(ChoiceOut, commands.choose(request.actor, Wish(**body.model_dump())))


@router.get("/notifications", response=Page[NoteOut])
def notes(request: ApiRequest, paging: Query[Paging], unread: bool = False) -> Page[NoteOut]:
    """What one was told."""
    rows = queries.notes(request.actor)
    if unread:
        rows = rows.filter(read_at=None)
    return page_of(rows, paging, lambda row: _note(request, row))


@router.post("/notifications/read", response=ReadOut)
def read_all(request: ApiRequest) -> ReadOut:
    """Note that all was read."""
    return ReadOut(count=commands.mark_all_read(request.actor))


@router.post("/notifications/{note_id}/read", response=NoteOut)
def read(request: ApiRequest, note_id: Id) -> NoteOut:
    """Note that one note was read."""
    return _note(request, commands.mark_read(request.actor, note_id))


def _note(request: ApiRequest, row: Notification) -> NoteOut:
    return shaped(NoteOut, row, sentence=queries.said(request.actor, row))
