"""What a company's own field may hold: every kind is kept so that both databases compare and sort it alike."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tests.world import World
from xiaocheng.foundation.fields.expressions import CustomValue
from xiaocheng.foundation.fields.tables import KINDS
from xiaocheng.foundation.fields.values import stored, typed
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.customers.queries import customers

CODES = ["gold", "silver", "iron"]
GOOD: list[tuple[str, Any, Any, Any]] = [  # kind, as given, as kept, as Python has it
    ("text", "  三号  仓 ", "三号 仓", "三号 仓"),
    ("long_text", "一\n二", "一\n二", "一\n二"),
    ("whole", "1,200", 1200, 1200),
    ("decimal", "-0.0001", -1, Decimal("-0.0001")),
    ("money", Decimal("12.5"), 125_000, Decimal("12.5")),
    ("date", dt.date(2026, 3, 2), "2026-03-02", dt.date(2026, 3, 2)),
    ("date", "2026-03-02", "2026-03-02", dt.date(2026, 3, 2)),
    ("yes_no", False, 0, False),
    ("yes_no", "true", 1, True),
    ("one", "gold", "gold", "gold"),
    ("several", ["iron", "gold", "iron"], ["gold", "iron"], ["gold", "iron"]),
    ("phone", "021-5555 8888", "021-5555 8888", "021-5555 8888"),
    ("email", "a@b.cn", "a@b.cn", "a@b.cn"),
    ("url", "example.com/x", "https://example.com/x", "https://example.com/x"),
]
BAD: list[tuple[str, Any]] = [
    ("text", "x" * 201),
    ("text", 5),
    ("whole", "1.5"),
    ("whole", "NaN"),
    ("whole", True),
    ("decimal", "1.00001"),
    ("money", "1e14"),
    ("date", "2026-02-30"),
    ("date", 5),
    ("yes_no", "maybe"),
    ("one", "lead"),
    ("several", ["gold", "lead"]),
    ("several", {"gold": 1}),
    ("phone", "12"),
    ("email", "a@"),
    ("url", "javascript:alert(1)"),
]


@pytest.mark.parametrize(("kind", "given", "kept", "python"), GOOD)
def test_a_good_value_is_kept_and_comes_back(kind: str, given: Any, kept: Any, python: Any) -> None:
    assert stored(kind, given, CODES) == kept
    assert typed(kind, kept) == python


@pytest.mark.parametrize(("kind", "given"), BAD)
def test_a_value_that_a_kind_cannot_hold_is_refused_in_words(kind: str, given: Any) -> None:
    with pytest.raises(ValueError, match=r"[一-龥]"):
        stored(kind, given, CODES)


def test_nothing_is_kept_as_nothing_by_every_kind() -> None:
    assert {stored(kind, empty, CODES) for kind in KINDS for empty in (None, "", " ", [])} == {None}


def test_a_condition_finds_the_same_rows_on_both_databases(world: World) -> None:
    rep = world.actor("east_rep")
    kept: list[dict[str, Any]] = [{"f1": 9, "f2": "b"}, {"f1": 10, "f2": "ab"}, {"f1": -1, "f3": ["x", "y"]}, {}]
    ids = [register(rep, CustomerDraft(name=f"客户{n}", phone=f"1350000000{n}")).pk for n in range(4)]
    for pk, custom in zip(ids, kept, strict=True):
        customers(rep).filter(pk=pk).update(custom=custom)
    number, text, several = CustomValue("f1", "whole"), CustomValue("f2", "text"), CustomValue("f3", "several")
    rows = customers(rep).alias(number=number, text=text, several=several)

    def found(**conditions: Any) -> list[int]:
        return [ids.index(pk) for pk in rows.filter(**conditions).order_by("pk").values_list("pk", flat=True)]

    assert found(number__gte=9) == [0, 1]
    assert found(number__lt=10, number__gt=-5) == [0, 2]
    assert found(text="b") == [0]
    assert found(text__contains="b") == [0, 1]
    assert found(several__contains='"y"') == [2]
    assert found(text__isnull=True) == [2, 3]


def test_a_key_that_is_none_never_reaches_a_statement() -> None:
    with pytest.raises(ValueError, match="f1"):
        CustomValue("f1'", "text")
