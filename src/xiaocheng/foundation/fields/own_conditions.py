"""A company's own fields as fields of conditions."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import BigIntegerField, Q, TextField, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import (
    Exact,
    GreaterThanOrEqual,
    IContains,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
)

from xiaocheng.foundation.kernel.actor import Actor

from .conditions import CHOICE, DAY, NUMBER, SECRET, TEXT, YES, Field
from .queries import FieldItem, custom_fields
from .tables import DATE, DECIMAL, EMAIL, MONEY, ONE, PHONE, SEVERAL, WHOLE, YES_NO
from .values import SCALE

KINDS = {
    DATE: DAY,
    YES_NO: YES,
    ONE: CHOICE,
    SEVERAL: CHOICE,
    WHOLE: NUMBER,
    DECIMAL: NUMBER,
    MONEY: NUMBER,
    PHONE: SECRET,
    EMAIL: SECRET,
}
LOOKUPS: dict[str, Any] = {
    "exact": Exact,
    "gte": GreaterThanOrEqual,
    "lte": LessThanOrEqual,
    "lt": LessThan,
    "in": In,
    "icontains": IContains,
    "isnull": IsNull,
}


def own_fields(actor: Actor, table: str) -> list[Field]:
    """The fields that the company added to a table and that the actor may see.

    What is not filled in counts as empty, no, or not there.
    """
    return [_field(item) for item in custom_fields(actor, table)]


def _field(item: FieldItem) -> Field:
    kind = KINDS.get(item.kind, TEXT)
    ask = {SEVERAL: _several, YES_NO: _yes_no}.get(item.kind, {NUMBER: _number, DAY: _day}.get(kind, _text))
    return Field(item.key, item.name, kind, partial(ask, item), item.options)


def _asked(lookup: str, expression: Any, value: object) -> Q:
    return Q(LOOKUPS[lookup](expression, value))


def _text(item: FieldItem, lookup: str, value: object) -> Q:
    return _asked(lookup, Coalesce(item.expression(), Value(""), output_field=TextField()), value)


def _yes_no(item: FieldItem, lookup: str, value: Any) -> Q:
    return _asked(
        lookup, Coalesce(item.expression(), Value(0), output_field=BigIntegerField()), [int(each) for each in value]
    )


def _number(item: FieldItem, lookup: str, value: Any) -> Q:
    kept = Decimal(value) * (1 if item.kind == WHOLE else SCALE)
    return _asked(
        lookup, item.expression(), int(kept.to_integral_value(ROUND_CEILING if lookup == "gte" else ROUND_FLOOR))
    )


def _day(item: FieldItem, lookup: str, value: Any) -> Q:
    return _asked(lookup, item.expression(), value if lookup == "isnull" else value.isoformat())


def _several(item: FieldItem, lookup: str, value: Any) -> Q:
    """Any of the codes among those that are kept, as JSON writes them."""
    if lookup == "exact":
        return _asked("isnull", item.expression(), True)
    kept = Coalesce(item.expression(), Value(""), output_field=TextField())
    return reduce(or_, (_asked("icontains", kept, f'"{code}"') for code in value))
