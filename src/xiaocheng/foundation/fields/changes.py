"""What somebody changed in a row: as the journal keeps it, and as people read it in their language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db.models import BooleanField, Field, Model
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.journal import Change
from xiaocheng.foundation.kernel.text import listed

from .queries import FieldItem, custom_fields, names
from .tables import DECIMAL, MONEY, ONE, SEVERAL, YES_NO
from .values import typed

UNTOLD: Mapping[str, Any] = {}


def kept(value: Any) -> str:
    """A value as the journal keeps it: codes as they are, nothing for no and for none."""
    if isinstance(value, list):
        return ",".join(map(str, value))
    return "" if value is None or value is False else str(value)


def kept_of(row: Model, columns: Iterable[str]) -> dict[str, str]:
    """What a row holds in some columns and in the company's own fields, as the journal keeps it."""
    own = {key: kept(value) for key, value in getattr(row, "custom", {}).items()}
    return {name: kept(getattr(row, name)) for name in columns} | own


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What stood there and what stands there now, of the fields that changed."""
    changed = [name for name in {**before, **after} if before.get(name, "") != after.get(name, "")]
    return {name: before.get(name, "") for name in changed}, {name: after.get(name, "") for name in changed}


def names_of_fields(model: str, fields: Iterable[str]) -> str:
    """Fields by their names, in one line."""
    teller = _Teller(model)
    return listed(teller.name(field) for field in fields)


def changes_of(
    model: str,
    entry: Mapping[str, Any],
    lists: Mapping[str, str] = UNTOLD,
    called: Mapping[str, Sentence] = UNTOLD,
) -> list[Change]:
    """The changes that an entry of the journal keeps of a row.

    `lists` names the option list of a column, `called` what has no name of its own.
    """
    before, after = entry.get("before"), entry.get("after")
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return []
    return list(_told(_Teller(model, lists, called), before, after))


def _told(teller: _Teller, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for field in sorted({**before, **after}, key=teller.place):  # not every database keeps the order
        if teller.is_for_some(field):
            continue
        yield Change(teller.name(field), teller.word(field, before.get(field)), teller.word(field, after.get(field)))


class _Teller:
    """The words for the fields of one table, built in or the company's own."""

    def __init__(self, model: str, lists: Mapping[str, str] = UNTOLD, called: Mapping[str, Sentence] = UNTOLD) -> None:
        found = apps.get_model(model)._meta.get_fields()
        self.columns = {name: field for field in found for name in (field.name, getattr(field, "attname", field.name))}
        self.called = called
        self.own = {item.key: item for item in custom_fields(SYSTEM, model.lower(), archived=True)}
        self.lists = lists

    def place(self, field: str) -> int:
        """Where a field stands: in the order of the table, then the company's own, then what is no column."""
        order = [name for name, column in self.columns.items() if isinstance(column, Field)] + list(self.own)
        return order.index(field) if field in order else len(order)

    def name(self, field: str) -> str:
        """What people call a field; also one that is out of use."""
        if field in self.own:
            return _("限定角色的字段") if self.is_for_some(field) else self.own[field].name
        if field in self.called:
            return str(self.called[field])
        column = self.columns.get(field)
        return str(getattr(column, "verbose_name", field)) if column else _("已删除的字段")

    def is_for_some(self, field: str) -> bool:
        """True for a field that not all roles see: everybody reads the same story."""
        return field in self.own and bool(self.own[field].readers)

    def word(self, field: str, value: str | None) -> str:
        """What a value is called."""
        if field in self.own:
            return _own_word(self.own[field], value or "")
        if field in self.lists:
            return str(names(self.lists[field]).get(value or "", value or ""))
        return _column_word(self.columns.get(field), value or "")


def _column_word(column: Any, value: str) -> str:
    if isinstance(column, BooleanField):
        return _("是") if value else _("否")
    if isinstance(column, Field) and column.is_relation:
        return f"#{value}" if value else ""
    choices: Sequence[tuple[Any, Any]] = getattr(column, "flatchoices", ())
    return str(dict(choices).get(value, value))


def _own_word(item: FieldItem, value: str) -> str:
    if not value:
        return ""
    if item.kind == YES_NO:
        return _("是") if value in {"1", "True"} else _("否")
    if item.kind in {ONE, SEVERAL}:
        codes = [code.strip(" '[]") for code in value.split(",")]
        return listed(str(item.option_names().get(code, code)) for code in codes)
    if item.kind in {DECIMAL, MONEY}:
        return f"{typed(item.kind, int(value)).normalize():,f}"
    return value
