"""The fields of a table: those that every company has, and those that this company added."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.models import Expression, F
from django.utils.translation import get_language

from xiaocheng.foundation.fields.expressions import CustomValue
from xiaocheng.foundation.fields.models import CustomField
from xiaocheng.foundation.fields.tables import ONE, SEVERAL, Table, table, tables
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound

from .options import FRESH_SECONDS, choices, forget_options, names


@dataclass(frozen=True)
class FieldItem:
    """One field in the reader's language. `key` is what forms, files and programs call it.

    `values` are the coded values of a built-in field that has no option list.
    """

    key: str
    name: str
    kind: str
    is_custom: bool = False
    list_key: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    help: str = ""
    section: str = ""
    default: Any = None  # as it is kept
    is_required: bool = False
    is_filter: bool = False
    is_active: bool = True
    version: int = 0

    def options(self) -> list[tuple[str, str]]:
        """The values that may be chosen, as (code, name)."""
        return choices(self.list_key) if self.list_key else [(code, str(name)) for code, name in self.values.items()]

    def option_names(self) -> Mapping[str, object]:
        """The names of all values by code, also of those out of use."""
        return names(self.list_key) if self.list_key else self.values

    def expression(self) -> Expression | F:
        """The field in a condition. A custom one compares as it is kept: see `values.stored`."""
        return CustomValue(self.key, self.kind) if self.is_custom else F(self.key)


class _Cache:
    """This process's copy of the fields that the company added."""

    read_at: ClassVar[float] = -FRESH_SECONDS
    rows: ClassVar[dict[str, list[CustomField]]] = {}
    items: ClassVar[dict[tuple[str, str | None], list[FieldItem]]] = {}


def forget_cached() -> None:
    """Drop this process's copy of the options and the fields; called when one changes."""
    forget_options()
    _Cache.read_at = -FRESH_SECONDS


def custom_tables(actor: Actor) -> list[Table]:
    """The tables to which fields may be added."""
    return tables()


def custom_table(actor: Actor, key: str) -> Table:
    """One of the tables."""
    found = table(key)
    if found is None:
        raise NotFound
    return found


def fields_of(actor: Actor, table_key: str) -> list[FieldItem]:
    """All fields of a table that are in use, the built-in ones first."""
    built_in = [
        FieldItem(item.key, str(item.name), item.kind, list_key=item.list_key, values=item.values)
        for item in custom_table(actor, table_key).fields
    ]
    return built_in + custom_fields(actor, table_key)


def custom_fields(actor: Actor, table_key: str, *, archived: bool = False) -> list[FieldItem]:
    """The fields that the company added to a table, in their order; with `archived` also those out of use."""
    _read()
    key, items = (table_key, get_language()), _Cache.items
    if key not in items:
        items[key] = [_item(row) for row in _Cache.rows.get(table_key, ())]
    return [item for item in items[key] if archived or item.is_active]


def field_names(actor: Actor, table_key: str) -> dict[str, str]:
    """The names of all fields that the company ever added to a table, by key."""
    return {item.key: item.name for item in custom_fields(actor, table_key, archived=True)}


def _item(row: CustomField) -> FieldItem:
    own = {"zh-hant": row.name_hant, "en": row.name_en}.get(get_language() or "", "")
    return FieldItem(
        key=row.key,
        name=own or row.name,
        kind=row.kind,
        is_custom=True,
        list_key=f"field.{row.pk}" if row.kind in {ONE, SEVERAL} else "",
        help=row.help,
        section=row.section,
        default=row.default,
        is_required=row.is_required,
        is_filter=row.is_filter,
        is_active=row.is_active,
        version=row.edit_version,
    )


def _read() -> None:
    if time.monotonic() - _Cache.read_at >= FRESH_SECONDS:
        rows: dict[str, list[CustomField]] = {}
        for row in CustomField.objects.order_by("position", "pk"):
            rows.setdefault(row.table, []).append(row)
        _Cache.rows, _Cache.items, _Cache.read_at = rows, {}, time.monotonic()
