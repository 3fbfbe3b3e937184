"""The fields that the company added to customers, contacts and opportunities: what they are; rows carry their values.

A row tells and takes them as `custom`, by key: {"f12": "east"}. A list is narrowed by `custom=f12=east`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.fields import commands, queries
from xiaocheng.foundation.fields.commands import FieldDraft
from xiaocheng.foundation.fields.queries import CustomField, FieldItem

from .auth import ApiRequest
from .schemas import Body, Id

router = Router(tags=["fields"])
Kind = Literal[
    "text", "long_text", "whole", "decimal", "money", "date", "yes_no", "one", "several", "phone", "email", "url"
]


class TableOut(Answer):
    """A table to which fields may be added."""

    key: str
    name: str


class CustomFieldOut(Answer):
    """A field in the reader's language. One of options takes the codes of the list `list_key`, else of `values`."""

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
    is_active: bool
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
    """The fields of a table, the built-in ones first; with `archived` the added ones out of use, too."""
    found = queries.fields_of(request.actor, table_key)
    if archived:
        found = [item for item in found if not item.is_custom]
        found += queries.custom_fields(request.actor, table_key, archived=True)
    return [_field(item) for item in found]


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
    found: Any = queries.custom_fields(request.actor, row.table, archived=True)
    return next(_field(item) for item in found if item.key == row.key)


def _field(item: FieldItem) -> CustomFieldOut:
    shown = {name: getattr(item, name) for name in CustomFieldOut.model_fields if name != "values"}
    return CustomFieldOut(**shown, values=list(item.values))
