"""Conditions: what a form sends becomes a checked rule, a filter and a sentence."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import Q

from xiaocheng.foundation.fields.conditions import (
    ALL,
    ANY,
    CHOICE,
    DAY,
    MOMENT,
    NUMBER,
    TEXT,
    Condition,
    Field,
    Rule,
    checked,
    column,
    condition_of,
    words_of,
)
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import RuleBroken

FIELDS = {
    item.key: item
    for item in (
        Field("level", "级别", CHOICE, column("level"), lambda: [("A", "A 级"), ("B", "B 级")]),
        Field("seen", "最近联系", MOMENT, column("seen"), phrases={"older": "%(value)s 天没有联系"}),
        Field("due", "到期", DAY, column("due")),
        Field("name", "名称", TEXT, column("name")),
        Field("deals", "商机", NUMBER, column("deals")),
    )
}
TODAY = dt.date(2026, 3, 31)
A = Condition("level", "is", ("A",))
SILENT = Condition("seen", "older", ("30",))


def words(match: str, *blocks: tuple[Condition, ...]) -> str:
    return words_of(checked(Rule(match, blocks), FIELDS), FIELDS)


def test_a_rule_is_said_in_words_with_its_inner_blocks_in_brackets() -> None:
    assert words(ALL, (A,), (SILENT,)) == "级别是 A 级 且 30 天没有联系"
    assert words(ANY, (A, SILENT), (Condition("deals", "at_least", ("2.0",)),)) == (
        "(级别是 A 级 且 30 天没有联系) 或 商机不少于 2"
    )
    assert words(ALL, (A, SILENT)) == "级别是 A 级 或 30 天没有联系"
    assert words(ALL, (Condition("due", "during", ("month",)),)) == "到期在本月"


def test_a_name_counts_as_its_code_and_a_stored_rule_comes_back_the_same() -> None:
    rule = checked(Rule(ALL, ((Condition("level", "is", (" B 级 ", "A", "A")),), ())), FIELDS)
    assert rule.blocks == ((Condition("level", "is", ("B", "A")),),)
    assert Rule.stored(rule.kept()) == rule


@pytest.mark.parametrize(
    "wrong",
    [
        Condition("level", "is", ("Z",)),
        Condition("level", "is"),
        Condition("level", "older", ("3",)),
        Condition("wages", "at_least", ("3",)),
        Condition("seen", "older", ("0",)),
        Condition("seen", "within", ("viele",)),
        Condition("due", "during", ("century",)),
        Condition("due", "since", ("2026-02-30",)),
        Condition("deals", "at_least", ("NaN",)),
        Condition("deals", "at_least", ("1e30",)),
        Condition("name", "has", ("甲" * 101,)),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(wrong: Condition) -> None:
    with pytest.raises(RuleBroken):
        checked(Rule(ALL, ((wrong,),)), FIELDS)


def test_a_rule_needs_a_condition_and_takes_no_more_than_twenty() -> None:
    for blocks in ((), ((),), ((A,),) * 21):
        with pytest.raises(RuleBroken):
            checked(Rule(ALL, blocks), FIELDS)
    with pytest.raises(RuleBroken):
        checked(Rule("some", ((A,),)), FIELDS)


@pytest.mark.django_db
def test_days_without_contact_and_days_with_one_leave_no_day_between_them() -> None:
    def asked(test: str, value: str, field: str = "seen") -> Q:
        return condition_of(Rule(ALL, ((Condition(field, test, (value,)),),)), FIELDS, TODAY)

    edge = clock.instant(dt.date(2026, 3, 2))
    assert asked("older", "30") == Q(seen__lt=edge) | Q(seen__isnull=True)
    assert asked("within", "30") == Q(seen__gte=edge) & Q(seen__lt=clock.instant(dt.date(2026, 4, 1)))
    assert asked("next", "1", "due") == Q(due__gte=TODAY) & Q(due__lt=dt.date(2026, 4, 1))
    assert asked("during", "last_month", "due") == Q(due__gte=dt.date(2026, 2, 1)) & Q(due__lt=dt.date(2026, 3, 1))


def test_a_field_that_is_gone_lets_nothing_through_and_says_so() -> None:
    rule = Rule(ALL, ((Condition("gone", "is", ("1",)),),))
    assert condition_of(rule, FIELDS, TODAY) == Q(pk__in=[])
    assert words_of(rule, FIELDS) == "一个已不存在或您看不到的字段"
