"""Fields in which no two rows may hold the same: what is taken, who holds it, and who was faster.

The index of the field decides. These questions come before it, so that people read a sentence about the one row at
fault; of two who save at the same moment the second asks again and finds what the first has saved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.db import IntegrityError
from django.db.models import BigIntegerField, Count, Model, Sum
from django.db.models.lookups import In
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.bulk import one_of
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.text import listed

from .expressions import ComparedValue, compared
from .indexes import field_that_repeats
from .models import CustomField
from .queries import FieldItem, custom_fields, forget_cached
from .values import stored, typed

P = ParamSpec("P")
T = TypeVar("T")
MOST_TOLD = 3  # values in one sentence, and rows of each


@dataclass
class Taken:
    """Which values that may not repeat some row holds, asked once for a set of rows that are to be written."""

    actor: Actor
    table: str
    items: list[FieldItem]
    held: dict[tuple[str, Any], int | None]  # field and value -> the row that holds it, None for one of the same set

    @classmethod
    def among(cls, actor: Actor, table_key: str, given: Iterable[Mapping[str, Any] | None]) -> Taken:
        """What is taken of that which is to be written, as people and files give it."""
        items = [item for item in custom_fields(SYSTEM, table_key) if item.is_unique]
        rows = [values for values in given if values] if items else []
        held: dict[tuple[str, Any], int | None] = {}
        for item in items:
            wanted = {value for values in rows if (value := as_compared(item, values.get(item.key))) is not None}
            held |= {(item.key, value): pk for value, pk in _holders(table_key, item, wanted).items()}
        return cls(actor, table_key, items, held)

    def refuse(self, kept: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> None:
        """Refuse a new value that another row has; else the row holds its own against those that follow in the set."""
        new = [
            (item, value)
            for item in self.items
            if (value := compared(kept.get(item.key))) is not None and value != compared((before or {}).get(item.key))
        ]
        for item, value in new:
            if (item.key, value) in self.held:
                raise RuleBroken(self._sentence(item, kept[item.key], self.held[item.key, value]), field=item.key)
        self.held |= {(item.key, value): None for item, value in new}

    def _sentence(self, item: FieldItem, kept: Any, row_id: int | None) -> str:
        words = {"field": item.name, "value": _shown(item.kind, kept)}
        if row_id is None:
            return _("「%(field)s」不能重复:同一批中的另一条记录也是「%(value)s」。") % words
        name = name_in_sight(self.actor, self.table, row_id)
        if name is None:
            return _("「%(field)s」不能重复:已有另一条记录是「%(value)s」。") % words
        return _("「%(field)s」不能重复:「%(name)s」已经是「%(value)s」。") % {**words, "name": name}


def name_in_sight(actor: Actor, table_key: str, row_id: int) -> str | None:
    """The name of a row whose own fields the actor may read."""
    model: Any = apps.get_model(table_key)
    row = model.objects.visible_to(actor).filter(pk=row_id).first()
    return None if row is None or row.is_masked_for(actor) else str(row.name)


def less_what_is_taken(table_key: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """What a row that comes back may keep: without the values that may not repeat and that another one has by now."""
    taken: set[str] = set()
    for item in custom_fields(SYSTEM, table_key) if kept else ():
        if item.is_unique and item.key in kept and _holders(table_key, item, {compared(kept[item.key])}):
            taken.add(item.key)
    return {key: value for key, value in kept.items() if key not in taken}


def settled(command: Callable[P, T]) -> Callable[P, T]:
    """A command that writes own fields: of two people who save one value at once, the second is refused in words.

    It has run in a transaction of its own, and runs once more: now it sees what the other one has saved.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except IntegrityError as error:
            if field_that_repeats(error) is None:
                raise
            forget_cached()  # that it may not repeat, this process perhaps did not know yet
        try:
            return command(*args, **kwargs)
        except IntegrityError as error:
            raise _refusal(error) from error

    return run


def _refusal(error: IntegrityError) -> Exception:
    row = CustomField.objects.filter(pk=field_that_repeats(error) or 0).first()
    if row is None:
        return error
    return RuleBroken(_("「%(field)s」不能重复,请改正后再保存。") % {"field": row.name}, field=row.key)


def refuse_repeated(actor: Actor, row: CustomField) -> None:
    """Refuse to keep a field free of repetition while rows repeat a value: how many, and which the actor may see."""
    model = apps.get_model(row.table)
    rows = model._base_manager.annotate(kept=ComparedValue(row.key, row.kind)).filter(kept__isnull=False)
    repeated = rows.values("kept").annotate(count=Count("pk")).filter(count__gt=1).order_by("-count", "kept")
    values = repeated.count()
    if not values:
        return
    told = ngettext(
        "有 %(values)s 个值重复,涉及 %(rows)s 条记录,请先改正。",
        "有 %(values)s 个值重复,涉及 %(rows)s 条记录,请先改正。",
        values,
    ) % {"values": values, "rows": _total(repeated)}
    named = [_named(actor, row, model, rows.filter(kept=found["kept"])) for found in repeated[:MOST_TOLD]]
    raise RuleBroken(" ".join([told, *(words for words in named if words)]), field="is_unique")


def _total(repeated: Any) -> int:
    found: int = repeated.aggregate(rows=Sum("count", output_field=BigIntegerField()))["rows"]
    return found


def _named(actor: Actor, field: CustomField, model: type[Model], rows: Any) -> str:
    """The rows of one value that the actor sees, with the value; empty when he sees none."""
    seen: Any = model
    ids = seen.objects.visible_to(actor).filter(pk__in=rows.order_by("pk").values("pk")).order_by("pk")[: MOST_TOLD + 1]
    shown = [row for row in ids if not row.is_masked_for(actor)]
    if not shown:
        return ""
    value = _shown(field.kind, shown[0].custom[field.key])
    names = listed(row.name for row in shown[:MOST_TOLD]) + ("…" if len(shown) > MOST_TOLD else "")
    return _("%(names)s都是「%(value)s」。") % {"value": value, "names": names}


def as_compared(item: FieldItem, value: Any) -> Any:
    """A given value as it is compared; one that cannot be kept is nobody's."""
    with suppress(ValueError, TypeError):
        return compared(stored(item.kind, value))
    return None


def _holders(table_key: str, item: FieldItem, wanted: set[Any]) -> dict[Any, int]:
    """Which row, whoever may see it, holds which of the values."""
    if not wanted:
        return {}
    expression: Any = ComparedValue(item.key, item.kind)
    some = list(wanted) if isinstance(next(iter(wanted)), int) else one_of(wanted)
    found = apps.get_model(table_key)._base_manager.annotate(kept=expression).filter(In(expression, some))
    return dict(found.values_list("kept", "pk"))


def _shown(kind: str, kept: Any) -> str:
    value = typed(kind, kept)
    return str(value) if isinstance(value, (str, int)) else f"{value.normalize():f}"
