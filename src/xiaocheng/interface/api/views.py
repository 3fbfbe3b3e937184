"""The saved views of lists: columns by key, and the search, filters and order as an address has them."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.fields import commands, queries
from xiaocheng.foundation.fields.commands import ViewDraft
from xiaocheng.foundation.fields.queries import SavedView

from .auth import ApiRequest
from .schemas import Body, Id, shaped

router = Router(tags=["views"])
List = Literal["customers:list", "customers:contacts", "pipeline:list"]
Audience = Literal["me", "department", "role", "everybody"]


class ViewOut(Answer):
    """A saved view that one may use; one's lists open with the one that is the default."""

    id: int
    list_key: str
    name: str
    person_id: int
    audience: str
    query: str
    columns: list[str]
    is_default: bool
    version: int


class ViewIn(Body):
    """A list as somebody wants it; without columns those of the list itself."""

    name: str
    query: Annotated[str, Field(max_length=2000)] = ""
    columns: list[str] = []
    audience: Audience = "me"


class NewView(ViewIn):
    """A view to save."""

    list_key: List


class ViewEdit(ViewIn):
    """A view after the edit; `version` is the one that the edit started from."""

    version: Id


class Opening(Body):
    """With which view a list opens; none: with none."""

    list_key: List
    view_id: Id | None = None


@router.get("/views", response=list[ViewOut])
def views(request: ApiRequest, list_key: List | None = None) -> list[ViewOut]:
    """The views that one may use, of one list or of all."""
    found = queries.views_of_list(request.actor, list_key) if list_key else queries.saved_views(request.actor)
    return [_shown(queries.as_seen(request.actor, row)) for row in found]


@router.post("/views", response=ViewOut)
def save_view(request: ApiRequest, body: NewView) -> ViewOut:
    """Save a view."""
    said = body.model_dump()
    return _view(request, commands.save_view(request.actor, said.pop("list_key"), ViewDraft(**said)).pk)


@router.post("/views/default", response=None)
def open_with(request: ApiRequest, body: Opening) -> None:
    """Let a list open with a view from now on."""
    commands.open_with(request.actor, body.list_key, body.view_id)


@router.put("/views/{view_id}", response=ViewOut)
def edit_view(request: ApiRequest, view_id: Id, body: ViewEdit) -> ViewOut:
    """Change a view of one's own, or as the administrator a shared one."""
    said = body.model_dump()
    return _view(request, commands.edit_view(request.actor, view_id, said.pop("version"), ViewDraft(**said)).pk)


@router.delete("/views/{view_id}", response=None)
def remove_view(request: ApiRequest, view_id: Id) -> None:
    """Delete a view of one's own, or as the administrator a shared one."""
    commands.remove_view(request.actor, view_id)


def _view(request: ApiRequest, view_id: int) -> ViewOut:
    return _shown(queries.saved_view(request.actor, view_id))


def _shown(row: SavedView) -> ViewOut:
    return shaped(ViewOut, row, version=row.edit_version)
