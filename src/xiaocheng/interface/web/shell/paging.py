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

    @property
    def of_all(self) -> Any:
        """The order_by term of the whole list: what has no value comes last."""
        return F(self.field).desc(nulls_last=True) if self.descending else F(self.field).asc(nulls_last=True)


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
    """The page at a cursor. Rows without a value of the first field come last, whichever way they are ordered; the
    other fields must never be empty; the primary key settles what is equal.

    A cursor is "last", "after <values>" or "before <values>"; one that does not fit the order means the first page.
    """
    keys = _keys(order)
    direction, _, packed = cursor.partition(" ")
    values = _unpacked(rows.model, keys, packed) if packed else None
    backwards = cursor == LAST or (direction == "before" and values is not None)
    found = _found(rows, keys, values, backwards, size + 1)
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


def _found(
    rows: QuerySet[Any, R], keys: Sequence[Key], values: Sequence[Any] | None, backwards: bool, count: int
) -> list[R]:
    """The first rows past the values in the direction of travel.

    Where the first field may be empty, the rows with and those without it are two lists, each read from an index.
    """
    field = keys[0].field
    if not _may_be_empty(rows.model, field):
        return _past(rows, keys, values, backwards, count)
    parts = [
        (rows.filter(**{f"{field}__isnull": is_empty}), keys[is_empty:]) for is_empty in (backwards, not backwards)
    ]
    if values is not None and (values[0] is None) != backwards:
        del parts[0]
    found: list[R] = []
    for part, its_keys in parts:
        if len(found) < count:
            place = values and values[-len(its_keys) :]
            found += _past(part, its_keys, place, backwards, count - len(found))
        values = None
    return found


def _past(
    rows: QuerySet[Any, R], keys: Sequence[Key], values: Sequence[Any] | None, backwards: bool, count: int
) -> list[R]:
    past = rows if values is None else rows.filter(_beyond(keys, values, backwards))
    return first_rows(past.order_by(*(key.ordering(backwards) for key in keys)), count)


def in_order(rows: QuerySet[Any, R], order: Sequence[str]) -> QuerySet[Any, R]:
    """All rows in the order of the pages."""
    return rows.order_by(*(key.of_all for key in _keys(order)))


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
        if None in values[1:] or (values[0] is None and not _may_be_empty(model, keys[0].field)):
            return None
        return [_typed(model, key.field, value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, ValidationError):
        return None


def _may_be_empty(model: type[models.Model], path: str) -> bool:
    """True for a column that rows may lack a value of; an annotation is taken to have one."""
    field = _field(model, path)
    return isinstance(field, models.Field) and field.null


def _typed(model: type[models.Model], path: str, value: Any) -> Any:
    """The value as the field's own type; an annotation's stays as it is, and so does none."""
    field = _field(model, path)
    return field.to_python(value) if isinstance(field, models.Field) and value is not None else value


def _field(model: type[models.Model], path: str) -> Any:
    *relations, name = path.split("__")
    try:
        for relation in relations:
            model = model._meta.get_field(relation).related_model  # type: ignore[assignment]
        return model._meta.pk if name == "pk" else model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
