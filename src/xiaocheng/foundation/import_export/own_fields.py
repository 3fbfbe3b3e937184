"""The fields that a company added to a table, as columns that a file may have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.once import as_compared
from xiaocheng.foundation.fields.queries import FieldItem, choices, custom_fields, former_names, hidden_keys
from xiaocheng.foundation.fields.tables import (
    DATE,
    DECIMAL,
    EMAIL,
    LONG_TEXT,
    MONEY,
    ONE,
    PHONE,
    SEVERAL,
    TEXT,
    URL,
    WHOLE,
    YES_NO,
)
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor

from . import cells
from .cells import key_of
from .kinds import CellRefused, Column, Date, Kind, Number, Text, YesNo, option_of
from .reading.workbook import Cell
from .targets import Field, Key, Target, never

KEYS = {TEXT, WHOLE}  # what a number of another system is kept in
BETWEEN = re.compile(r"[、,,;;/\n]+")


@dataclass(frozen=True)
class Several(Kind):
    """Some options of a list, one after the other in a cell."""

    list_key: str

    def column(self, options: dict[str, Any]) -> Column:
        """A reader that knows the options by name."""
        former = {key_of(word): code for code, word in former_names(self.list_key)}
        return _SeveralColumn(former | {key_of(name): code for code, name in choices(self.list_key)})


@dataclass
class _SeveralColumn(Column):
    codes: Mapping[str, str]

    def read(self, cell: Cell) -> list[str] | None:
        words = [word for word in BETWEEN.split(cells.long_text(cell)) if word.strip()]
        unknown = [word.strip() for word in words if key_of(word) not in self.codes]
        if unknown:
            raise CellRefused(
                _("没有选项「%(cell)s」。请在「选项列表」中先建立它,或改正单元格。") % {"cell": unknown[0]}
            )
        return [self.codes[key_of(word)] for word in words] or None


_KINDS: dict[str, Callable[[FieldItem], Kind]] = {
    TEXT: lambda item: Text(200),
    LONG_TEXT: lambda item: Text(4000, lines=True),
    WHOLE: lambda item: Number(whole=True, negative=True),
    DECIMAL: lambda item: Number(negative=True),
    MONEY: lambda item: Number(negative=True),
    DATE: lambda item: Date(),
    YES_NO: lambda item: YesNo(),
    ONE: lambda item: option_of(item.list_key),
    SEVERAL: lambda item: Several(item.list_key),
    PHONE: lambda item: Text(40),
    EMAIL: lambda item: Text(254),
    URL: lambda item: Text(300),
}


def with_own_fields(target: Target) -> Target:
    """The target with the fields that the company added to its table; their names are those of the reader."""
    own = custom_fields(SYSTEM, target.table) if target.is_customised else ()
    if not own:
        return target
    keys = tuple(Key(item.key, itemgetter(item.key)) for item in own if item.kind in KEYS)
    update = replace(target.update, keys=(*target.update.keys, *keys)) if target.update else None
    fields = tuple(_field(target.table, item) for item in own)
    return replace(target, fields=(*target.fields, *fields), update=update)


def for_actor(actor: Actor, target: Target) -> Target:
    """The target without the own fields that the actor may not see: no file tells of them, no row is found by them."""
    hidden = hidden_keys(actor)
    if not hidden:
        return target
    fields = tuple(item for item in target.fields if item.key not in hidden)
    keys = tuple(key for key in target.update.keys if key.field not in hidden) if target.update else ()
    return replace(target, fields=fields, update=replace(target.update, keys=keys) if target.update else None)


def _field(table_key: str, item: FieldItem) -> Field:
    name = lazy(lambda: _name(table_key, item), str)()
    return Field(
        item.key,
        name,
        _KINDS[item.kind](item),
        help=item.help,
        single=partial(as_compared, item) if item.is_unique else never,
    )


def _name(table_key: str, item: FieldItem) -> str:
    """What the reader calls a field."""
    known = custom_fields(SYSTEM, table_key, archived=True)
    return next((there.name for there in known if there.key == item.key), item.name)
