"""The fields of a table: those that every company has, and those that this company added."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from django.db.models import Expression, F, Lookup, Model, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.access import MANAGE
from xiaocheng.foundation.fields.expressions import CustomValue
from xiaocheng.foundation.fields.indexes import missing_once
from xiaocheng.foundation.fields.lists import OptionList, option_lists
from xiaocheng.foundation.fields.models import CustomField
from xiaocheng.foundation.fields.tables import (
    DATE,
    DECIMAL,
    EMAIL,
    LONG_TEXT,
    MONEY,
    ONE,
    PERSONAL,
    PHONE,
    SEVERAL,
    TEXT,
    URL,
    WHOLE,
    Table,
    table,
    tables,
)
from xiaocheng.foundation.fields.values import refused, stored, typed
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken

from . import coded
from .coded import choices, forget_options, names, resolved

M = TypeVar("M", bound=Model)
CONDITION = re.compile(r"(f\d{1,18})(>=|<=|=)(.{1,200})", re.DOTALL)
SIGNS = {"=": "exact", ">=": "gte", "<=": "lte"}
RANGED = {WHOLE, DECIMAL, MONEY, DATE}


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
    is_unique: bool = False
    is_searched: bool = False
    is_active: bool = True
    readers: frozenset[int] = frozenset()  # roles; none: whoever sees the row
    writers: frozenset[int] = frozenset()  # roles; none: whoever sees the field
    version: int = 0

    def options(self) -> list[tuple[str, str]]:
        """The values that may be chosen, as (code, name)."""
        return choices(self.list_key) if self.list_key else [(code, str(name)) for code, name in self.values.items()]

    def option_names(self) -> Mapping[str, object]:
        """The names of all values by code, also of those out of use."""
        return names(self.list_key) if self.list_key else self.values

    def is_seen_by(self, actor: Actor) -> bool:
        """True for whoever may know what rows hold in it, and that there is such a field."""
        return actor.has_one_of(self.readers)

    def is_changed_by(self, actor: Actor) -> bool:
        """True for whoever may also write in it."""
        return actor.has_one_of(self.readers) and actor.has_one_of(self.writers)

    def expression(self) -> Expression | F:
        """The field in a condition. A custom one compares as it is kept: see `values.stored`."""
        return CustomValue(self.key, self.kind) if self.is_custom else F(self.key)


class _Cache:
    """This process's copy of the fields that the company added."""

    read_at: ClassVar[float] = -coded.FRESH_SECONDS
    rows: ClassVar[dict[str, list[CustomField]]] = {}
    items: ClassVar[dict[tuple[str, str | None], list[FieldItem]]] = {}


def forget_cached() -> None:
    """Drop this process's copy of the options and the fields; called when one changes."""
    forget_options()
    _Cache.read_at = -coded.FRESH_SECONDS


def lists(actor: Actor) -> list[OptionList]:
    """The lists that a company may adjust, behind the declared ones those of its own fields that the actor knows of."""
    _read()
    items = [_item(row) for rows in _Cache.rows.values() for row in rows if row.is_active]
    known = [item for item in items if item.list_key and (actor.can(MANAGE) or item.is_seen_by(actor))]
    return [*option_lists(), *(OptionList(item.list_key, item.name, {}) for item in known)]


def one_list(actor: Actor, list_key: str) -> OptionList:
    """One of the lists."""
    found = next((item for item in lists(actor) if item.key == list_key), None)
    if found is None:
        raise NotFound
    return found


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
    """All fields of a table that are in use and that the actor may see, the built-in ones first."""
    built_in = [
        FieldItem(item.key, str(item.name), item.kind, list_key=item.list_key, values=item.values)
        for item in custom_table(actor, table_key).fields
    ]
    return built_in + custom_fields(actor, table_key)


def custom_fields(actor: Actor, table_key: str, *, archived: bool = False) -> list[FieldItem]:
    """The fields that the company added to a table and that the actor may see, in their order.

    With `archived` also those out of use. Whatever shows, asks for or filters by such fields begins here.
    """
    _read()
    key, items = (table_key, get_language()), _Cache.items
    if key not in items:
        items[key] = [_item(row) for row in _Cache.rows.get(table_key, ())]
    return [item for item in items[key] if (archived or item.is_active) and item.is_seen_by(actor)]


def kept_fields(actor: Actor, table_key: str) -> list[FieldItem]:
    """Every field that the company ever added to a table, for who keeps them, whatever his role may see."""
    actor.require(MANAGE)
    return custom_fields(SYSTEM, table_key, archived=True)


def hidden_keys(actor: Actor) -> frozenset[str]:
    """The keys of the fields, of whatever table, that the actor may not see."""
    _read()
    rows = [row for rows in _Cache.rows.values() for row in rows if row.readers]
    return frozenset(row.key for row in rows if not actor.has_one_of(frozenset(row.readers)))


def less_hidden(actor: Actor, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Values by key, without those of fields that the actor may not see."""
    hidden = hidden_keys(actor)
    return {key: value for key, value in kept.items() if key not in hidden}


def searched_keys(actor: Actor, table_key: str) -> frozenset[str]:
    """The keys of the fields by whose words rows are found."""
    return frozenset(item.key for item in custom_fields(actor, table_key) if item.is_searched)


def searched_text(actor: Actor, table_key: str, kept: Mapping[str, Any] | None) -> str:
    """The words by which a row is found beside its name."""
    keys = searched_keys(actor, table_key) if kept else ()
    return " ".join(str(kept[key]) for key in sorted(keys) if key in kept) if kept else ""


def seen_part(actor: Actor, kept: Any) -> Any:
    """What an entry of the journal has kept, values or names, without the fields that the actor may not see."""
    if isinstance(kept, dict):
        return less_hidden(actor, kept)
    if not isinstance(kept, list):
        return kept
    hidden = hidden_keys(actor)
    return [each for each in kept if not isinstance(each, str) or each not in hidden]


def field_names(table_key: str) -> dict[str, str]:
    """The names of all fields that the company ever added to a table, by key; the words of the journal.

    Everybody reads the same journal: a field that is not for all is not named there.
    """
    items = custom_fields(SYSTEM, table_key, archived=True)
    return {item.key: _("限定角色的字段") if item.readers else item.name for item in items}


def custom_values(
    actor: Actor,
    table_key: str,
    given: Mapping[str, Any] | None,
    before: Mapping[str, Any] | None = None,
    *,
    is_import: bool = False,
) -> dict[str, Any]:
    """What a row is to keep: what it keeps already, and what is given, checked; RuleBroken names the field.

    A new row (no `before`) begins with the defaults. Nothing at all `given` comes from a place that does not ask for
    such fields (a quick entry); there, and from imports, a required field may stay empty. A field that the actor may
    not see is as unknown as one that is not there; one that he may not change can only be given as it stands.
    """
    after = dict(before) if before is not None else _defaults(table_key)
    if not given and (given is None or is_import):  # nothing to check, row after row of most imports
        return after
    items = {item.key: item for item in custom_fields(actor, table_key)}
    for key, value in (given or {}).items():
        if key not in items:
            raise RuleBroken(_("没有编号为「%(key)s」的自定义字段。") % {"key": key}, field=key)
        kept = _kept(items[key], value, after.get(key))
        if kept != after.get(key) and not items[key].is_changed_by(actor):
            raise RuleBroken(_("您的角色不能修改「%(name)s」。") % {"name": items[key].name}, field=key)
        after = {other: there for other, there in after.items() if other != key} | ({} if kept is None else {key: kept})
    asked = items if before is None else given or {}
    for key in asked if given is not None and not is_import else ():
        if items[key].is_required and key not in after and items[key].is_changed_by(actor):
            raise RuleBroken(_("请填写「%(name)s」。") % {"name": items[key].name}, field=key)
    return after


def _defaults(table_key: str) -> dict[str, Any]:
    _read()
    rows = _Cache.rows.get(table_key, ())
    return {row.key: row.default for row in rows if row.is_active and row.default is not None}


def _kept(item: FieldItem, value: Any, before: Any) -> Any:
    """A value as it is kept; a code that is out of use may stay where it is."""
    codes = [code for code, _name in item.options()] if item.list_key else []
    value = _as_it_stands(item, value)
    had = before if isinstance(before, list) else [before] if before else []
    try:
        return stored(item.kind, value, [*codes, *(code for code in had if code not in codes)])
    except ValueError as why:
        raise refused(item.key, item.name, why) from None


def _as_it_stands(item: FieldItem, value: Any) -> Any:
    """Given codes, of which those that were merged into others mean these."""
    if not item.list_key or not value:
        return value
    if isinstance(value, (list, tuple, set)):
        return [resolved(item.list_key, each) if isinstance(each, str) else each for each in value]
    return resolved(item.list_key, value) if isinstance(value, str) else value


def shown_fields(actor: Actor, table_key: str, kept: Mapping[str, Any], *, reads: bool = True) -> list[FieldItem]:
    """The fields in use that a row has filled in; phones and e-mail addresses for whoever `reads` the details."""
    items = custom_fields(actor, table_key) if kept else ()
    return [item for item in items if item.key in kept and (reads or item.kind not in PERSONAL)]


def typed_values(actor: Actor, table_key: str, kept: Mapping[str, Any], *, reads: bool = True) -> dict[str, Any]:
    """What a row holds in those fields, as Python has it: Decimal, day, truth value, codes."""
    return {item.key: typed(item.kind, kept[item.key]) for item in shown_fields(actor, table_key, kept, reads=reads)}


def plain_values(actor: Actor, table_key: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """What a row holds in its own fields as JSON tells it and a command takes it: "1.5", "2026-01-31", true, codes."""
    kinds = {item.key: item.kind for item in custom_fields(actor, table_key, archived=True)} if kept else {}
    return {key: _plain(typed(kinds[key], value)) for key, value in kept.items() if key in kinds}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, dt.date) else value


def narrowed(actor: Actor, table_key: str, rows: QuerySet[M], asked: Iterable[str]) -> QuerySet[M]:
    """Those of the rows that fit conditions as programs write them: "f12=east", "f7>=2026-01-31"."""
    for text in asked:
        found = CONDITION.fullmatch(text)
        if found is None:
            raise RuleBroken(_("「%(text)s」不是筛选条件,应写成如 f12=值。") % {"text": text[:80]}, field="custom")
        rows = rows.filter(condition(actor, table_key, *found.groups()))
    return rows


def changed_keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The keys of the custom fields that hold something else now."""
    return [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]


def condition(actor: Actor, table_key: str, key: str, sign: str, value: Any) -> Lookup[Any]:
    """A filter by a custom field: `sign` is "=", ">=" or "<="; a part of a text, and one of several options, fit."""
    item = next((item for item in custom_fields(actor, table_key) if item.key == key and item.is_filter), None)
    if item is None:
        raise RuleBroken(_("不能按「%(key)s」筛选。") % {"key": key}, field=key)
    if sign not in SIGNS or (sign != "=" and item.kind not in RANGED):
        raise RuleBroken(_("「%(name)s」只能按相等筛选。") % {"name": item.name}, field=key)
    name, expression = SIGNS[sign], CustomValue(item.key, item.kind)
    if item.kind in {SEVERAL, TEXT, LONG_TEXT, PHONE, EMAIL, URL}:
        name, kept = "icontains", f'"{value}"' if item.kind == SEVERAL else str(value)
    else:
        kept = _kept(item, value, value if item.kind == ONE else None)
    lookup: Lookup[Any] = expression.get_lookup(name)(expression, kept)  # type: ignore[misc]
    return lookup


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
        is_unique=row.is_unique,
        is_searched=row.is_searched,
        is_active=row.is_active,
        readers=frozenset(row.readers),
        writers=frozenset(row.writers),
        version=row.edit_version,
    )


def _read() -> None:
    if time.monotonic() - _Cache.read_at >= coded.FRESH_SECONDS:
        rows: dict[str, list[CustomField]] = {}
        for row in CustomField.objects.order_by("position", "pk"):
            rows.setdefault(row.table, []).append(row)
        _Cache.rows, _Cache.items, _Cache.read_at = rows, {}, time.monotonic()


def repeating_fields(actor: Actor) -> list[str]:
    """The names of the fields that should be free of repetition, but that the database does not keep so."""
    return [row.name for row in missing_once()]


def custom_field(actor: Actor, field_id: int) -> CustomField:
    """One field, to change it."""
    found = CustomField.objects.filter(pk=field_id).first()
    if found is None:
        raise NotFound
    return found
