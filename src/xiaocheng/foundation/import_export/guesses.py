"""Guesses that a person confirms: which rows a table holds, which column is which field, which value is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation

from .cells import key_of
from .reading.reader import Sheet
from .targets import Field, Target, targets

SURE, LIKELY = 1.0, 0.84
LEAD = 0.04  # by so much the best must be better than the second


def similarity(one: str, other: str, least: float = 0.0) -> float:
    """How alike two keys are, 0 to 1, or 0 where it is less than `least`.

    A beginning of at least five letters is likely the same word cut short.
    """
    if one == other:
        return SURE
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 5 and longer.startswith(shorter) and shorter.isascii():
        return 0.86
    if 2 * len(shorter) < least * (len(one) + len(other)):
        return 0.0  # lengths so different that it cannot be more
    return SequenceMatcher(None, one, other, autojunk=False).ratio() * 0.99


@dataclass(frozen=True)
class Guess:
    """The candidate that a name probably means; sure if only width, case, blanks or punctuation differ."""

    value: Any
    label: str
    is_sure: bool


class Candidates:
    """The names that a column may hold, made ready for looking up what somebody typed."""

    def __init__(self, names: Sequence[tuple[Any, str]]) -> None:
        self.by_key: dict[str, tuple[Any, str] | None] = {}
        for value, label in names:
            key = key_of(label)
            known = self.by_key.get(key, (value, label))
            self.by_key[key] = (value, label) if known is not None and known[0] == value else None

    def guess(self, typed: str) -> Guess | None:
        """The candidate that is probably meant, if one stands out."""
        key = key_of(typed)
        if not key:
            return None
        if key in self.by_key:
            exact = self.by_key[key]
            return Guess(*exact, is_sure=True) if exact else None
        scored = sorted(((similarity(key, other, LIKELY - LEAD), other) for other in self.by_key), reverse=True)[:2]
        if not scored or scored[0][0] < LIKELY:
            return None
        best = self.by_key[scored[0][1]]
        if best is None or (len(scored) > 1 and scored[0][0] - scored[1][0] < LEAD):
            return None
        return Guess(*best, is_sure=False)


def guess_columns(target: Target, header: Sequence[str]) -> dict[str, int]:
    """For each field the column that is probably it; a column serves one field."""
    found = {key: column for key, (column, _score) in _matches(target, header).items()}
    return {item.key: found[item.key] for item in target.fields if item.key in found}


def _matches(target: Target, header: Sequence[str]) -> dict[str, tuple[int, float]]:
    """Field key -> (column, how well its heading fits), the best fits first."""
    scores = [
        (score, -position, -column, item.key, column)
        for position, item in enumerate(target.fields)
        for names in [_names(item)]
        for column, heading in enumerate(header)
        if heading and (score := _heading_score(names, heading)) >= LIKELY
    ]
    found: dict[str, tuple[int, float]] = {}
    taken: set[int] = set()
    for score, _position, _column, key, column in sorted(scores, reverse=True):
        if key not in found and column not in taken:
            found[key] = column, score
            taken.add(column)
    return found


def _names(item: Field) -> frozenset[str]:
    """What a heading of the field may be called: a file need not speak the language of who imports it."""
    names = {item.key, *item.synonyms}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names.add(str(item.name))
    return frozenset(map(key_of, names))


@lru_cache(maxsize=8192)  # which rows they are and which column is what are asked one after the other
def _heading_score(names: frozenset[str], heading: str) -> float:
    typed = key_of(heading)
    return max(similarity(typed, name, LIKELY) for name in names)


def guess_target(header: Sequence[str], name: str = "") -> Target | None:
    """The kind of rows that a table probably holds: all required fields found, and the headings fit best."""
    best: tuple[float, Target] | None = None
    for target in targets():
        found = _matches(target, header)
        required = [item.key for item in target.fields if item.required]
        if any(key not in found for key in required):
            continue
        named = key_of(name).startswith((key_of(target.key), key_of(str(target.name))))
        score = sum(fit for _column, fit in found.values()) + sum(found[key][1] for key in required) + 0.5 * named
        if best is None or score > best[0]:
            best = (score, target)
    return best[1] if best else None


def guess_values(names: Sequence[str], candidates: Sequence[tuple[Any, str]]) -> Mapping[str, Guess]:
    """For each name the candidate that is probably meant; names without one are missing."""
    ready = Candidates(candidates)
    guesses = ((name, ready.guess(name)) for name in names)
    return {name: guess for name, guess in guesses if guess is not None}


def nearest(typed: str, candidates: Sequence[tuple[Any, str]], most: int) -> list[tuple[Any, str]]:
    """The candidates for a choice: all where they are few, else those most like what was typed."""
    if len(candidates) <= most:
        return list(candidates)
    key = key_of(typed)
    return sorted(candidates, key=lambda item: -similarity(key, key_of(item[1])))[:most]


def known_tables(sheets: Sequence[Sheet], name: str) -> list[tuple[int, Target]]:
    """The tables of a file whose kind is recognised, by number, those that others refer to first."""
    found = [(at, guess_target(sheet.header, sheet.name or name)) for at, sheet in enumerate(sheets)]
    order = [target.key for target in targets()]
    return sorted([(at, kind) for at, kind in found if kind], key=lambda known: order.index(known[1].key))
