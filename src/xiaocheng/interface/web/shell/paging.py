"""Keyset paging: a page starts after the last row of the one before, so the last page is as fast as the first."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q, QuerySet

from xiaocheng.foundation.kernel.scope import first_rows, first_rows_of_each

R = TypeVar("R")
COUNTED = 10_000


@dataclass(frozen=True)
class Key:
    """One field of the order and its direction."""

    field: str
    descending: bool

    def ordering(self, backwards: bool) -> Any:
        """The order_by term for the direction of travel."""
        descending = self.descending != backwards
        return F(self.field).desc() if descending else F(self.field).asc()


@dataclass(frozen=True)
class Page(Generic[R]):
    """The rows of one page and the cursors of its neighbours, empty at either end."""

    rows: list[R]
    before: str
    after: str

    @property
    def is_whole(self) -> bool:
        """True when all there is stands on this page."""
        return not self.before and not self.after


LAST = "last"


def page_of(rows: QuerySet[Any, R], order: Sequence[str], size: int, cursor: str = "") -> Page[R]:
    """The page at a cursor. The fields of the order must never be empty; the primary key settles what is equal.

    A cursor is "last", "after <values>" or "before <values>"; one that does not fit the order means the first page.
    """
    keys = _keys(order)
    direction, _, packed = cursor.partition(" ")
    values = _unpacked(rows.model, keys, packed) if packed else None
    backwards = cursor == LAST or (direction == "before" and values is not None)
    past = rows if values is None else rows.filter(_beyond(keys, values, backwards))
    found = first_rows(past.order_by(*(key.ordering(backwards) for key in keys)), size + 1)
    if values is not None and not found:
        return page_of(rows, order, size)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    came_from = values is not None
    has_before = more if backwards else came_from
    has_after = (came_from and cursor != LAST) if backwards else more
    return Page(
        found,
        f"before {_packed(keys, found[0])}" if has_before else "",
        f"after {_packed(keys, found[-1])}" if has_after else "",
    )


def first_pages(
    rows: QuerySet[Any, R], field: str, parts: Sequence[Sequence[int]], order: Sequence[str], size: int
) -> list[Page[R]]:
    """The first page of each part of a list: of the rows with those ids in a field."""
    keys, found = _keys(order), first_rows_of_each(rows, field, parts, order, size + 1)
    return [
        Page(part[:size], "", f"after {_packed(keys, part[size - 1])}" if len(part) > size else "") for part in found
    ]


def count_of(rows: QuerySet[Any, Any]) -> int:
    """How many rows there are, counted no further than 10,000 and one."""
    return rows.order_by()[: COUNTED + 1].count()


def _keys(order: Sequence[str]) -> list[Key]:
    keys = [Key(name.removeprefix("-"), name.startswith("-")) for name in order]
    return keys if keys[-1].field in {"pk", "id"} else [*keys, Key("pk", keys[-1].descending)]


def _beyond(keys: Sequence[Key], values: Sequence[Any], backwards: bool) -> Q:
    """Rows past the values in the direction of travel; the outer bound lets an index find the place."""
    key, value, rest = keys[0], values[0], keys[1:]
    side = "lt" if key.descending != backwards else "gt"
    strictly = Q(**{f"{key.field}__{side}": value})
    if not rest:
        return strictly
    return Q(**{f"{key.field}__{side}e": value}) & (strictly | _beyond(rest, values[1:], backwards))


def _packed(keys: Sequence[Key], row: Any) -> str:
    values = [_value(row, key.field) for key in keys]
    return base64.urlsafe_b64encode(json.dumps(values, cls=DjangoJSONEncoder).encode()).decode()


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _unpacked(model: type[models.Model], keys: Sequence[Key], packed: str) -> list[Any] | None:
    try:
        values = json.loads(base64.urlsafe_b64decode(packed))
        if not isinstance(values, list) or len(values) != len(keys):
            return None
        return [_typed(model, key.field, value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, ValidationError):
        return None


def _typed(model: type[models.Model], path: str, value: Any) -> Any:
    """The value as the field's own type; an annotation's stays as it is."""
    *relations, name = path.split("__")
    try:
        for relation in relations:
            model = model._meta.get_field(relation).related_model  # type: ignore[assignment]
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    except FieldDoesNotExist:
        return value
    return field.to_python(value) if isinstance(field, models.Field) else value
