"""Numbers that a company may adjust: typed defaults, overlaid by dated rows, so last month keeps its own rules."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar, TypeVar, cast, dataclass_transform

from django.utils.translation import gettext_lazy as _

from .errors import RuleBroken, Sentence
from .models import RuleValue

R = TypeVar("R", bound="Rules")
FRESH_SECONDS = 5.0  # how long another process may still judge by a value that was just changed


def rule(
    default: Any,
    name: Sentence,
    help: Sentence = "",
    *,
    choices: Mapping[Any, Sentence] | None = None,
    check: Callable[[Any], object] | None = None,
) -> Any:
    """Declare one adjustable value of a Rules class: default, name and what it does, for the settings page.

    `check` raises ValueError or LookupError for a value that must not be stored.
    """
    return dataclasses.field(default=default, metadata={"name": name, "help": help, "choices": choices, "check": check})


@dataclass_transform(frozen_default=True, field_specifiers=(rule,))
class Rules:
    """Base of a module's adjustable values; subclasses become frozen dataclasses, listed on the settings page."""

    registry: ClassVar[dict[str, type[Rules]]] = {}

    def __init_subclass__(cls) -> None:
        Rules.registry[cls.__name__] = dataclasses.dataclass(frozen=True)(cls)


@dataclasses.dataclass(frozen=True)
class RuleField:
    """One adjustable value as the settings page shows it."""

    key: str
    name: Sentence
    help: Sentence
    kind: type
    default: Any
    choices: Mapping[Any, Sentence] | None
    check: Callable[[Any], object] | None


def rule_fields(kind: type[Rules]) -> list[RuleField]:
    """The adjustable values of a Rules class, in the order of declaration."""
    return [
        RuleField(f"{kind.__name__}.{f.name}", f.metadata["name"], f.metadata["help"], type(f.default), f.default,
                  f.metadata["choices"], f.metadata["check"])
        for f in dataclasses.fields(kind)  # type: ignore[arg-type]
    ]  # fmt: skip


def rules(kind: type[R], on: dt.date) -> R:
    """The rules of one module as they stood on a company day: code defaults overlaid by the stored values."""
    stored, known = _stored_values(), _Cache.known
    if (kind, on) not in known:
        known[kind, on] = _overlaid(kind, on, stored)
    return cast(R, known[kind, on])


def _overlaid(kind: type[R], on: dt.date, stored: Mapping[str, list[tuple[dt.date, Any]]]) -> R:
    values: dict[str, Any] = {}
    for item in rule_fields(kind):
        for since, value in stored.get(item.key, ()):
            if since <= on:
                values[item.key.partition(".")[2]] = read_value(item.kind, value)
    return kind(**values)


def unchanged_since(key: str, on: dt.date) -> dt.date | None:
    """Since which day a value has stood as it does on a day ("PoolRules.most_held"); None: it never was another."""
    item = next(it for it in rule_fields(Rules.registry[key.partition(".")[0]]) if it.key == key)
    found, value = None, item.default
    for since, stored in _stored_values().get(key, ()):
        if since <= on and read_value(item.kind, stored) != value:
            found, value = since, read_value(item.kind, stored)
    return found


def read_value(kind: type, value: Any) -> Any:
    """A stored JSON value in the type that the rule declares."""
    if kind is Decimal:
        return Decimal(str(value))
    if kind is dt.time:
        return dt.time.fromisoformat(value)
    return kind(value)


def parse_value(item: RuleField, text: str) -> Any:
    """What a person typed for a rule, as the JSON value to store; RuleBroken when it does not fit the rule's type."""
    try:
        if item.kind is bool:
            return text.strip().lower() in {"1", "true", "on", "yes"}
        value = read_value(item.kind, text.strip())
        if item.check:
            item.check(value)
    except (ValueError, ArithmeticError, LookupError):
        raise RuleBroken(_("这个值不符合规则的格式。"), field=item.key) from None
    if item.choices and value not in item.choices:
        raise RuleBroken(_("请从列出的选项中选择。"), field=item.key)
    return value if isinstance(value, (int, str)) else json.loads(json.dumps(value, default=str))


class _Cache:
    """This process's copy of the stored values, oldest first, and what was made of them."""

    read_at: float = -FRESH_SECONDS
    values: ClassVar[dict[str, list[tuple[dt.date, Any]]]] = {}
    known: ClassVar[dict[tuple[type[Rules], dt.date], Rules]] = {}


def forget_cached() -> None:
    """Drop this process's copy of the stored values; called when one changes."""
    _Cache.read_at = -FRESH_SECONDS


def _stored_values() -> dict[str, list[tuple[dt.date, Any]]]:
    if time.monotonic() - _Cache.read_at >= FRESH_SECONDS:
        values: dict[str, list[tuple[dt.date, Any]]] = {}
        for key, since, value in RuleValue.objects.order_by("since", "id").values_list("key", "since", "value"):
            values.setdefault(key, []).append((since, value))
        _Cache.values, _Cache.known, _Cache.read_at = values, {}, time.monotonic()
    return _Cache.values
