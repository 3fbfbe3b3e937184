"""Ways to look at the option lists."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import get_language

from xiaocheng.foundation.fields.lists import declared
from xiaocheng.foundation.fields.models import Option

FRESH_SECONDS = 5.0  # how long another process may still show a value that was just changed


@dataclass(frozen=True)
class OptionItem:
    """One value of a list in the reader's language; version 0 is a standard value that nobody changed.

    One that was merged into another is known by its name still: no record carries it, nobody chooses or edits it.
    """

    code: str
    name: str
    is_active: bool
    position: int
    version: int
    tone: str = "grey"
    is_default: bool = False
    merged_into: str = ""


class _Cache:
    """This process's copy of what the company changed."""

    read_at: ClassVar[float] = -FRESH_SECONDS
    rows: ClassVar[dict[str, dict[str, Option]]] = {}
    names: ClassVar[dict[tuple[str, str | None], dict[str, str]]] = {}
    tones: ClassVar[dict[str, dict[str, str]]] = {}


def forget_options() -> None:
    """Drop this process's copy of the options."""
    _Cache.read_at = -FRESH_SECONDS


def options(list_key: str) -> list[OptionItem]:
    """All values of a list, those out of use too: the standard ones overlaid by the company's own."""
    standard = declared(list_key)
    given = standard.tones if standard else {}
    items = {
        code: OptionItem(code, str(name), True, position, 0, given.get(code, "grey"))
        for position, (code, name) in enumerate(standard.standard.items() if standard else ())
    }
    for row in _stored().get(list_key, {}).values():
        name, tone = _name(row) or items[row.code].name, row.tone or given.get(row.code, "grey")
        version = row.edit_version
        items[row.code] = OptionItem(
            row.code, name, row.is_active, row.position, version, tone, row.is_default, row.merged_into
        )
    return sorted(items.values(), key=lambda item: (item.position, item.code))


def standing(list_key: str) -> list[OptionItem]:
    """The values that records may carry, those out of use too, without those that were merged into others."""
    return [item for item in options(list_key) if not item.merged_into]


def resolved(list_key: str, code: str) -> str:
    """The code that stands for a code by now: itself, unless it was merged into another one."""
    row = _stored().get(list_key, {}).get(code)
    return row.merged_into or code if row else code


def former_names(list_key: str) -> list[tuple[str, str]]:
    """What values were called, and their codes, that were merged into one in use: with the code of that one."""
    items = {item.code: item for item in options(list_key)}
    gone = [item for item in items.values() if item.merged_into in items and items[item.merged_into].is_active]
    return [(item.merged_into, word) for item in gone for word in (item.code, item.name)]


def wording(list_key: str, code: str) -> dict[str, object]:
    """A value's names in every language, and all else that its form changes; nothing for a code that is not there."""
    row = _stored().get(list_key, {}).get(code)
    item = next((item for item in standing(list_key) if item.code == code), None)
    if item is None:
        return {}
    texts = {"name": item.name, "name_hant": "", "name_en": ""}
    if row is not None and row.name:
        texts = {"name": row.name, "name_hant": row.name_hant, "name_en": row.name_en}
    return texts | {"is_active": item.is_active, "tone": item.tone, "is_default": item.is_default}


def choices(list_key: str) -> list[tuple[str, str]]:
    """The values in use, as (code, name) for a form."""
    return [(item.code, item.name) for item in options(list_key) if item.is_active]


def names(list_key: str) -> dict[str, str]:
    """Every value's name by code, for showing stored codes."""
    _stored()
    key, known = (list_key, get_language()), _Cache.names
    if key not in known:
        known[key] = {item.code: item.name for item in options(list_key)}
    return known[key]


def default_of(list_key: str) -> str:
    """The code that a new record begins with; empty where the company said nothing."""
    return next((item.code for item in options(list_key) if item.is_default and item.is_active), "")


def tone_of(list_key: str, code: str) -> str:
    """The colour in which a value is shown."""
    _stored()
    known = _Cache.tones
    if list_key not in known:
        known[list_key] = {item.code: item.tone for item in options(list_key)}
    return known[list_key].get(code, "grey")


def usable(list_key: str, codes: Iterable[str]) -> frozenset[str]:
    """Those of the codes that are values in use."""
    return frozenset(codes) & {code for code, _name in choices(list_key)}


def _name(row: Option) -> str:
    own = {"zh-hant": row.name_hant, "en": row.name_en}.get(get_language() or "", "")
    return own or row.name


def _stored() -> dict[str, dict[str, Option]]:
    if time.monotonic() - _Cache.read_at >= FRESH_SECONDS:
        rows: dict[str, dict[str, Option]] = {}
        for row in Option.objects.all():
            rows.setdefault(row.list_key, {})[row.code] = row
        _Cache.rows, _Cache.names, _Cache.tones, _Cache.read_at = rows, {}, {}, time.monotonic()
    return _Cache.rows
