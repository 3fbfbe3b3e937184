"""Shapes that all modules' files share: ids, pages, text that every database can keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

from xiaocheng.foundation.fields.queries import typed_values
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.scope import first_rows

T = TypeVar("T")
M = TypeVar("M", bound=Model)

S = TypeVar("S", bound=Schema)

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Day = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), lt=dt.date(2200, 1, 1))]
MOST = 200


def _of_the_company(at: dt.time) -> dt.time:
    if at.tzinfo is not None:
        raise ValueError("a time of the company's day has no zone of its own")
    return at


TimeOfDay = Annotated[dt.time, AfterValidator(_of_the_company)]

# A company's own fields by key ("f12"): text, whole number, decimal number as text, day as text, truth value, codes.
Custom = dict[str, str | bool | int | Decimal | list[str] | None]


def own_fields(actor: Actor, table_key: str, kept: Mapping[str, Any], *, reads: bool = True) -> Custom:
    """What a row holds in the company's own fields; phones and e-mail addresses for whoever reads the details."""
    found = typed_values(actor, table_key, kept, reads=reads)
    return {key: value.isoformat() if isinstance(value, dt.date) else value for key, value in found.items()}


def shaped(shape: type[S], row: object, **said: Any) -> S:
    """A row in a shape of the API: what is said, and for all else the row's attributes of the same names."""
    return shape(**{name: getattr(row, name) for name in shape.model_fields.keys() - said.keys()}, **said)


class Body(Schema):
    """Base of what a client sends: an unknown name is an error, not ignored."""

    model_config = ConfigDict(extra="forbid")


class Conditions(Schema):
    """Conditions over the company's own fields, all of which must hold: "f12=east", "f7>=2026-01-31"."""

    custom: Annotated[list[str], Field(max_length=10)] = []


class Paging(Schema):
    """Which part of a list: at most `limit` rows, those after the id `after`; `newest` turns the order round."""

    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    newest: bool = False


class Page(Schema, Generic[T]):
    """One part of a list, by id; `next` is the `after` of the following part, and null at the end."""

    items: list[T]
    next: int | None = None


def page_of(rows: QuerySet[M], paging: Paging, show: Callable[[M], T], *, by: str = "") -> Page[T]:
    """The part of the rows that was asked for: one query, as fast at the end of the list as at its start.

    `by` names a column, never empty and never changing, by which the ids are ordered first, where an index gives them
    so.
    """
    sign, beyond = ("-", "lt") if paging.newest else ("", "gt")
    if paging.after is not None:
        past = Q(**{f"pk__{beyond}": paging.after})
        place = rows.model._base_manager.filter(pk=paging.after).values_list(by, flat=True).first() if by else None
        if place is not None:
            past = Q(**{f"{by}__{beyond}e": place}) & (Q(**{f"{by}__{beyond}": place}) | past)
        rows = rows.filter(past)
    order = [f"{sign}{name}" for name in (by, "pk") if name]
    found = first_rows(rows.order_by(*order), paging.limit + 1)
    more = len(found) > paging.limit
    found = found[: paging.limit]
    return Page(items=[show(row) for row in found], next=found[-1].pk if more else None)


def plain(result: Any) -> Any:
    """An answer as plain JSON values, to be kept with an idempotency key."""
    if isinstance(result, Schema):
        return result.model_dump(mode="json")
    return [plain(item) for item in result] if isinstance(result, list) else result
