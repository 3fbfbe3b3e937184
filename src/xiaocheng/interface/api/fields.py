"""The fields that the company added to customers, contacts and opportunities: what they are; rows carry their values.

A row tells and takes them as `custom`, by key: {"f12": "east"}. A list is narrowed by `custom=f12=east`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.fields import commands, queries
from xiaocheng.foundation.fields.access import MANAGE
from xiaocheng.foundation.fields.commands import FieldDraft
from xiaocheng.foundation.fields.queries import CustomField, FieldItem

from .auth import ApiRequest
from .schemas import Body, Id, shaped

router = Router(tags=["fields"])
Kind = Literal[
    "text", "long_text", "whole", "decimal", "money", "date", "yes_no", "one", "several", "phone", "email", "url"
]


class TableOut(Answer):
    """A table to which fields may be added."""

    key: str
    name: str


class CustomFieldOut(Answer):
    """A field in the reader's language. One of options takes the codes of the list `list_key`, else of `values`.

    `may_change`: whether the caller's role may. `readers` and `writers` are the roles that see and change it; empty for
    all who see the row, and all who see the field.
    """

    key: str
    name: str
    kind: str
    is_custom: bool
    list_key: str
    values: list[str]
    help: str
    section: str
    is_required: bool
    is_filter: bool
    is_unique: bool
    is_searched: bool
    is_active: bool
    may_change: bool
    readers: list[int]
    writers: list[int]
    version: int


class FieldWords(Body):
    """What is said about a field, of a new one and of one that is there."""

    name: str
    name_hant: str = ""
    name_en: str = ""
    help: str = ""
    section: str = ""
    default: str | bool | int | None = None
    is_required: bool = False
    is_filter: bool = False
    is_unique: bool = False
    is_searched: bool = False
    readers: Annotated[list[Id], Field(max_length=200)] = []
    writers: Annotated[list[Id], Field(max_length=200)] = []


class FieldEdit(FieldWords):
    """A field as it is to be; `version` is the one that the edit started from."""

    version: Id
    is_active: bool = True


class NewField(FieldWords):
    """A field to add; one of options begins with those that are named."""

    kind: Kind
    options: Annotated[list[str], Field(max_length=200)] = []


@router.get("/fields", response=list[TableOut])
def tables(request: ApiRequest) -> list[TableOut]:
    """The tables to which fields may be added."""
    return [TableOut(key=item.key, name=str(item.name)) for item in queries.custom_tables(request.actor)]


@router.get("/fields/{table_key}", response=list[CustomFieldOut])
def fields(request: ApiRequest, table_key: str, archived: bool = False) -> list[CustomFieldOut]:
    """The fields of a table that one's role sees, the built-in ones first; with `archived` those out of use, too.

    Who keeps the fields gets all of them with `archived`.
    """
    actor = request.actor
    found = queries.fields_of(actor, table_key)
    if archived:
        keeps = actor.can(MANAGE)
        found = [item for item in found if not item.is_custom]
        found += (
            queries.kept_fields(actor, table_key) if keeps else queries.custom_fields(actor, table_key, archived=True)
        )
    return [_field(request, item) for item in found]


@router.post("/fields/{table_key}", response=CustomFieldOut)
def add_field(request: ApiRequest, table_key: str, body: NewField) -> CustomFieldOut:
    """Add a field to a table."""
    said = body.model_dump()
    kind, options = said.pop("kind"), said.pop("options")
    return _shown(request, commands.add_field(request.actor, table_key, kind, FieldDraft(**said), options=options))


@router.put("/custom-fields/{field_id}", response=CustomFieldOut)
def edit_field(request: ApiRequest, field_id: Id, body: FieldEdit) -> CustomFieldOut:
    """Change what is said about a field, or take it out of use: rows keep what they have in it."""
    said = body.model_dump()
    return _shown(request, commands.edit_field(request.actor, field_id, said.pop("version"), FieldDraft(**said)))


@router.post("/custom-fields/{field_id}/raise", response=None)
def raise_field(request: ApiRequest, field_id: Id) -> None:
    """Move a field one place up among those of its table."""
    commands.raise_field(request.actor, field_id)


@router.delete("/custom-fields/{field_id}", response=None)
def remove_field(request: ApiRequest, field_id: Id) -> None:
    """Delete a field in which no row has a value."""
    commands.remove_field(request.actor, field_id)


def _shown(request: ApiRequest, row: CustomField) -> CustomFieldOut:
    found = queries.kept_fields(request.actor, row.table)
    return next(_field(request, item) for item in found if item.key == row.key)


def _field(request: ApiRequest, item: FieldItem) -> CustomFieldOut:
    roles = {"readers": sorted(item.readers), "writers": sorted(item.writers)}
    return shaped(CustomFieldOut, item, **roles, may_change=item.is_changed_by(request.actor), values=list(item.values))
