"""Option lists are declared once, by the module that uses them, with the values every company starts with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from xiaocheng.foundation.kernel.errors import Sentence


@dataclass(frozen=True)
class OptionList:
    """A list of coded values: its key ("customers.source"), its name and its standard values, code to name.

    By the `fixed` values the product itself acts: they are not merged into others. Those set `apart` count otherwise
    than the rest: nothing is merged into them.
    """

    key: str
    name: Sentence
    standard: Mapping[str, Sentence]
    tones: Mapping[str, str] = field(default_factory=dict)  # of standard values that are not grey
    fixed: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()


_lists: dict[str, OptionList] = {}
OWN = re.compile(r"field\.\d{1,18}")  # list of the values of a custom field, by its id


def option_list(
    key: str,
    name: Sentence,
    standard: Mapping[str, Sentence],
    tones: Mapping[str, str] | None = None,
    *,
    fixed: Iterable[str] = (),
    apart: Iterable[str] = (),
) -> str:
    """Declare a list in a module's options.py; returns its key."""
    _lists[key] = OptionList(key, name, standard, tones or {}, frozenset(fixed), frozenset(apart))
    return key


def option_lists() -> list[OptionList]:
    """Every declared list, by key."""
    return [_lists[key] for key in sorted(_lists)]


def declared(key: str) -> OptionList | None:
    """The declaration behind a key, if there is one; each field of a company's own has a list of its own."""
    return _lists.get(key) or (OptionList(key, key, {}) if OWN.fullmatch(key) else None)
