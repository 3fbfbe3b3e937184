"""Cohorts of deals: of those opened in a period, how many are won, and how long after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.insight.queries import (
    DealCohort,
    Selection,
    Velocity,
    cycle,
    deal_cohort,
    deal_cohorts_by,
    spans,
    velocity,
)
from xiaocheng.insight.rollups import differences
from xiaocheng.selling.pipeline import commands as pipeline

from .conftest import YEAR, Sales, day

MARCH = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31), "month")
HALF_OF_MARCH = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 15))
BY = ("month", "team", "person", "product", "source")


@contextmanager
def seen(at: float) -> Iterator[None]:
    with clock.as_of(day(at)):
        yield


@pytest.fixture
def sold(sales: Sales) -> Sales:
    """Ten deals of one morning: won after 10, 20, 30 and 100 days, lost after 5 and 25, four still open."""
    deals = [sales.open() for _n in range(10)]
    for deal, days in zip(deals, (10, 20, 30, 100), strict=False):
        sales.win(deal, days)
    for deal, days in zip(deals[4:], (5, 25), strict=False):
        sales.lose(deal, days)
    return sales


def counts(found: DealCohort) -> tuple[int, int, int, int]:
    return found.deals.n, found.won.n, found.lost.n, found.still.n


def test_those_that_are_open_count_as_long_as_they_are(sold: Sales) -> None:
    with seen(40):
        found = deal_cohort(SYSTEM, sold.selection())
    assert counts(found) == (10, 4, 2, 4), "what was won after that day is in the world already"
    with seen(200):
        found = deal_cohort(SYSTEM, sold.selection())
    within = {days: figure.value for days, figure in found.within.items()}
    assert within == {30: Decimal("0.3"), 60: Decimal("0.3"), 90: Decimal("0.3"), 180: Decimal("0.4")}
    assert found.final.value == Decimal("0.4") and found.undecided == Decimal("0.4")
    assert found.time.value == 20
    assert [(point.days, point.won, point.lost) for point in found.curve][:4] == [
        (0, 0, 0), (7, 0, Decimal("0.1")), (14, Decimal("0.1"), Decimal("0.1")), (30, Decimal("0.3"), Decimal("0.2")),
    ]  # fmt: skip
    assert found.curve[-1].days == 180


def test_deals_that_came_later_do_not_make_the_rate_lower(sales: Sales) -> None:
    """Naively 4 of 20 are won; but the later ten had no time yet, and of those that had it four in ten are."""
    for deal in [sales.open() for _n in range(10)][:4]:
        sales.win(deal, 50)
    for _n in range(10):
        sales.open(at=85)
    with seen(100):
        found = deal_cohort(SYSTEM, sales.selection())
    assert counts(found) == (20, 4, 0, 16)
    assert found.within[60].value == Decimal("0.4")
    assert found.within[180].value is None, "nobody is followed so long"
    assert found.final.value is None and found.time.value is None, "most of it is undecided"
    assert found.is_young


def test_of_fewer_than_five_no_share_is_told(sales: Sales) -> None:
    sales.win(sales.open(), 3)
    with seen(100):
        found = deal_cohort(SYSTEM, sales.selection())
    assert counts(found) == (1, 1, 0, 0)
    assert found.final.value is None and found.time.value is None and found.curve == ()
    assert all(share.value is None for share in found.within.values())


def test_nothing_opened_is_an_empty_cohort(sales: Sales) -> None:
    assert counts(deal_cohort(SYSTEM, sales.selection())) == (0, 0, 0, 0)
    assert deal_cohorts_by(SYSTEM, sales.selection(), "team") == []


def test_what_is_opened_again_is_open_and_what_is_invalid_is_left_out(sales: Sales) -> None:
    again, invalid, undone = (sales.open() for _n in range(3))
    sales.win(again, 3)
    sales.reopen(again, 8)
    sales.lose(invalid, 4, "invalid")
    with clock.as_of(day(5)):
        pipeline.win(sales.rep("east_rep"), undone.pk, "好")
        pipeline.undo_move(sales.rep("east_rep"), undone.pk)
    assert counts(deal_cohort(SYSTEM, sales.selection())) == (2, 0, 0, 2)
    sales.lose(again, 12)
    assert counts(deal_cohort(SYSTEM, sales.selection())) == (2, 0, 1, 1)
    sales.reopen(invalid, 13)
    assert counts(deal_cohort(SYSTEM, sales.selection())) == (3, 0, 1, 2)
    assert differences() == []


def test_a_deal_stays_with_whom_it_was_opened_by(sold: Sales) -> None:
    """Handed over afterwards and won by somebody else: the cohort is that of the opener."""
    deal = sold.open("east_rep", at=1)
    pipeline.hand_over(SYSTEM, [deal.pk], sold.world.id("south_rep"))
    sold.win(deal, 9)
    assert counts(deal_cohort(sold.actor("south_rep"), sold.selection())) == (0, 0, 0, 0)
    assert counts(deal_cohort(sold.actor("east_rep"), sold.selection())) == (11, 5, 2, 4)


@pytest.mark.parametrize("who", ["director", "east_manager", "south_manager", "east_rep", "east_peer"])
@pytest.mark.parametrize("period", [YEAR, MARCH, HALF_OF_MARCH], ids=["year", "month", "days"])
def test_every_number_is_that_of_its_rows_and_the_lines_are_the_whole(sold: Sales, who: str, period: Period) -> None:
    for other in ("south_rep", "east_peer"):
        sold.win(sold.open(other, at=2, source="referral"), 9)
        sold.open(other, at=20)
    actor, selection = sold.actor(who), sold.selection(period)
    whole = deal_cohort(actor, selection)
    for number, rows in zip(counts(whole), ("cohort", "cohort_won", "cohort_lost", "cohort_open"), strict=True):
        assert number == spans(actor, selection, exit=rows).count()
    for by in BY:
        lines = deal_cohorts_by(actor, selection, by)
        assert tuple(map(sum, zip(*(counts(line.cohort) for line in lines), strict=True))) == counts(whole) or (
            not lines and not whole.deals.n
        )


def test_a_department_and_a_person_are_counted_alike_from_the_table_and_from_the_facts(sold: Sales) -> None:
    with seen(200):
        kept = deal_cohort(SYSTEM, sold.selection())
        facts = deal_cohort(SYSTEM, sold.selection(whose=Whose(people=frozenset({sold.world.id("east_rep")}))))
    assert kept == facts


# --- velocity


def test_velocity_is_open_deals_by_rate_by_order_by_cycle(sales: Sales) -> None:
    for n in range(6):
        deal = sales.open(amount=100)
        sales.win(deal, 10) if n < 3 else sales.lose(deal, 4)
    for stage in ("meet", "quote", "talk"):
        deal = sales.open(at=12)
        if stage != "meet":
            sales.move(deal, stage, 13)
    found = of(SYSTEM, sales.selection())
    assert found.qualified == 2, "the one in the first stage is not qualified yet"
    assert found.velocity.value == 2 * Decimal("0.5") * 100 / 10


def test_without_a_win_there_is_no_velocity(sales: Sales) -> None:
    sales.move(sales.open(), "quote", 3)
    assert of(SYSTEM, sales.selection()).velocity.value is None


def test_velocity_counts_only_what_one_may_see(sales: Sales) -> None:
    for who in ("east_rep", "south_rep"):
        sales.move(sales.open(who), "quote", 3)
    assert of(sales.actor("south_rep"), sales.selection()).qualified == 1
    assert of(sales.actor("director"), sales.selection()).qualified == 2


def of(actor: Actor, selection: Selection) -> Velocity:
    return velocity(actor, selection, cycle(actor, selection))
