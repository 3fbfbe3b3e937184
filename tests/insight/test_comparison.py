"""Two funnels side by side: what differs, by how much, and whether it is more than chance."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.kernel.periods import Period, period
from xiaocheng.insight.figures import difference, rate
from xiaocheng.insight.queries import Comparison, StagePair, comparison, spans
from xiaocheng.selling.pipeline import commands

from .conftest import Sales, day

MARCH, APRIL = period("month", dt.date(2026, 3, 1)), period("month", dt.date(2026, 4, 1))


def pair(found: Comparison, code: str) -> StagePair:
    return next(item for item in found.pairs if item.one and item.one.code == code)


@pytest.fixture
def two_months(sales: Sales) -> Sales:
    """Of 20 in March 16 go on, after ten days; of 20 in April 6, after two."""
    for n in range(20):
        march, april = sales.open(at=n / 10), sales.open(at=35 + n / 10)
        if n < 16:
            sales.move(march, "quote", 10 + n / 10)
        if n < 6:
            sales.move(april, "quote", 37 + n / 10)
    return sales


def test_a_difference_has_the_interval_of_newcombe() -> None:
    """The example of Newcombe (1998): 56 of 70 and 48 of 80 differ by 0.2, from 0.0524 to 0.3339."""
    found = difference(rate("insight.win_rate", 56, 70), rate("insight.win_rate", 48, 80))
    assert found.value is not None
    assert (round(found.value, 4), round(found.low, 4), round(found.high, 4)) == (
        Decimal("0.2"), Decimal("0.0524"), Decimal("0.3339"),
    )  # fmt: skip
    assert found.is_beyond_chance


def test_of_too_few_no_difference_is_said() -> None:
    found = difference(rate("insight.win_rate", 4, 4), rate("insight.win_rate", 0, 80))
    assert (found.value, found.is_beyond_chance) == (None, False)


def test_two_months_differ_in_their_rate_to_date_and_the_other_way_round_within_seven_days(two_months: Sales) -> None:
    with clock.as_of(day(60)):
        found = comparison(SYSTEM, two_months.selection(APRIL), two_months.selection(MARCH), 7)
    meet = pair(found, "meet")
    assert meet.conversion.value == Decimal("-0.5")
    assert meet.conversion.is_beyond_chance
    assert [item.value for item in meet.within if item] == [Decimal("0.3"), 0]
    assert meet.within_difference.value == Decimal("0.3")
    assert meet.within_difference.is_beyond_chance


def test_a_few_cases_more_or_less_may_be_chance(sales: Sales) -> None:
    for n in range(8):
        march, april = sales.open(at=n / 10), sales.open(at=35 + n / 10)
        if n < 5:
            sales.move(march, "quote", 2 + n / 10)
        if n < 3:
            sales.move(april, "quote", 37 + n / 10)
    with clock.as_of(day(60)):
        found = comparison(SYSTEM, sales.selection(APRIL), sales.selection(MARCH))
    assert pair(found, "meet").conversion.value == Decimal("-0.25")
    assert not pair(found, "meet").conversion.is_beyond_chance


def test_a_cohort_that_is_too_young_is_not_compared_within_those_days(two_months: Sales) -> None:
    with clock.as_of(day(45)):
        found = comparison(SYSTEM, two_months.selection(APRIL), two_months.selection(MARCH), 30)
    assert [item.value is None for item in pair(found, "meet").within if item] == [True, False]
    assert pair(found, "meet").within_difference.value is None


def test_each_side_equals_its_rows_for_everybody(two_months: Sales) -> None:
    two_months.open("south_rep", at=1)
    ask = two_months.selection(Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31), "year"))
    east = frozenset({two_months.world.department_ids["shanghai"], two_months.world.department_ids["east"]})
    one, other = (
        replace(ask, whose=Whose(departments=east)),
        replace(ask, whose=Whose(departments=frozenset({two_months.world.department_ids["south"]}))),
    )
    for who in ("director", "east_manager", "south_manager", "east_rep"):
        actor = two_months.actor(who)
        found = comparison(actor, one, other)
        for item in found.pairs:
            for line, selection in ((item.one, one), (item.other, other)):
                if line:
                    assert line.entries.n == spans(actor, selection, stage=line.code).count()


def test_two_processes_are_paired_by_the_places_of_their_stages(sales: Sales) -> None:
    other = commands.install_template(SYSTEM, "standard")
    sales.open()
    sales.open(process_id=other.pk)
    found = comparison(SYSTEM, sales.selection(), replace(sales.selection(), process_id=other.pk))
    assert len(found.pairs) == max(len(found.one.lines), len(found.other.lines))
    first = found.pairs[0]
    assert first.one is not None
    assert first.other is not None
    assert first.name == f"{first.one.name} / {first.other.name}"
