"""A number that the company may change is typed, dated and checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from xiaocheng.foundation.kernel.clock import ClockRules
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.models import RuleValue
from xiaocheng.foundation.kernel.rules import (
    Rules,
    _Cache,
    forget_cached,
    parse_value,
    read_value,
    rule,
    rule_fields,
    rules,
)

MARCH = dt.date(2026, 3, 1)


@pytest.fixture
def tea() -> Iterator[type[Any]]:
    class TeaRules(Rules):
        """How tea is made."""

        minutes: int = rule(3, "时间")
        sugar: Decimal = rule(Decimal("0.5"), "糖", check=positive)
        at: dt.time = rule(dt.time(16, 0), "时刻")
        milk: bool = rule(False, "加奶")
        leaf: str = rule("green", "茶叶", choices={"green": "绿茶", "black": "红茶"})

    yield TeaRules
    del Rules.registry["TeaRules"]


def positive(value: Decimal) -> None:
    if value < 0:
        raise ValueError("negative")


def store(key: str, value: object, since: dt.date) -> None:
    RuleValue.objects.create(key=key, value=value, since=since, recorded_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    forget_cached()


def test_without_a_stored_value_the_default_holds(db: None, tea: type[Any]) -> None:
    found = rules(tea, MARCH)
    assert (found.minutes, found.sugar, found.at, found.milk, found.leaf) == (
        3, Decimal("0.5"), dt.time(16), False, "green",
    )  # fmt: skip


def test_each_day_is_judged_by_its_own_rules(db: None, tea: type[Any]) -> None:
    store("TeaRules.minutes", 5, dt.date(2026, 3, 1))
    store("TeaRules.minutes", 7, dt.date(2026, 6, 1))
    days = {dt.date(2026, 2, 28): 3, dt.date(2026, 3, 1): 5, dt.date(2026, 5, 31): 5, dt.date(2026, 6, 1): 7}
    assert {day: rules(tea, day).minutes for day in days} == days


def test_of_two_values_from_the_same_day_the_later_recorded_holds(db: None, tea: type[Any]) -> None:
    store("TeaRules.minutes", 5, MARCH)
    store("TeaRules.minutes", 6, MARCH)
    assert rules(tea, MARCH).minutes == 6


def test_what_is_typed_is_stored_and_read_in_the_type_of_the_rule(db: None, tea: type[Any]) -> None:
    typed = {"minutes": "4", "sugar": "0.25", "at": "09:30", "milk": "true", "leaf": "black"}
    for item in rule_fields(tea):
        store(item.key, parse_value(item, typed[item.key.partition(".")[2]]), MARCH)
    assert rules(tea, MARCH) == tea(minutes=4, sugar=Decimal("0.25"), at=dt.time(9, 30), milk=True, leaf="black")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("minutes", "three"),
        ("minutes", "3.5"),
        ("minutes", ""),
        ("sugar", "sweet"),
        ("sugar", "-1"),
        ("at", "25:00"),
        ("leaf", "white"),
    ],
)
def test_what_does_not_fit_is_refused_and_names_the_rule(tea: type[Any], name: str, text: str) -> None:
    item = next(item for item in rule_fields(tea) if item.key == f"TeaRules.{name}")
    with pytest.raises(RuleBroken) as refused:
        parse_value(item, text)
    assert refused.value.field == f"TeaRules.{name}"


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_a_time_zone_that_exists_is_taken(zone: str) -> None:
    assert parse_value(rule_fields(ClockRules)[0], zone) == zone


@pytest.mark.parametrize("zone", ["Shanghai", "../etc/passwd", ""])
def test_a_time_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(RuleBroken):
        parse_value(rule_fields(ClockRules)[0], zone)


def test_another_process_learns_of_a_change_within_seconds(
    db: None, tea: type[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rules(tea, MARCH).minutes == 3
    RuleValue.objects.create(
        key="TeaRules.minutes", value=9, since=MARCH, recorded_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    )
    assert rules(tea, MARCH).minutes == 3
    monkeypatch.setattr(_Cache, "read_at", _Cache.read_at - 5)
    assert rules(tea, MARCH).minutes == 9


def test_a_stored_decimal_never_passes_through_a_float() -> None:
    assert read_value(Decimal, 0.1) == Decimal("0.1")
