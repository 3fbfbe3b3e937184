"""Win rate, revenue and cycle against numbers worked out by hand, and against the facts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.world import World
from xiaocheng.foundation.kernel import clock, measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.kernel.periods import Period, period
from xiaocheng.insight.figures import may_be_chance, plain, quotient, rate, wilson
from xiaocheng.insight.measures import DEALS_PER_ORDER, WIN_RATE
from xiaocheng.insight.queries import (
    By,
    Selection,
    closings,
    customers_per_deal,
    cycle,
    cycle_by,
    deals_per_order,
    new_customer_rows,
    new_customers,
    result,
    results_by,
    spans,
    won_deals,
)
from xiaocheng.selling.catalogue.commands import ProductDraft, add_product
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.commands import OpportunityDraft

from .conftest import FIRST_QUARTER, YEAR, Sales, day

# --- the figures themselves


def test_a_rate_of_very_few_cases_is_no_percentage() -> None:
    assert rate(WIN_RATE, 3, 4).value is None
    assert rate(WIN_RATE, 4, 5).value == Decimal("0.8")
    assert rate(WIN_RATE, 0, 0).value is None


def test_a_share_that_reversals_make_senseless_is_not_shown() -> None:
    assert [rate(WIN_RATE, part, whole).value for part, whole in ((-1, 8), (9, 8), (-1, -1))] == [None] * 3
    assert not rate(WIN_RATE, 9, 8).is_share
    assert rate(WIN_RATE, 8, 8).is_share


def test_the_interval_is_shown_from_five_to_ninety_nine_cases() -> None:
    assert [rate(WIN_RATE, 1, n).interval is not None for n in (4, 5, 99, 100)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"), [(13, 20, 0.433, 0.819), (0, 10, 0, 0.278), (10, 10, 0.722, 1)]
)
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    found = wilson(part, whole)
    assert (round(float(found[0]), 3), round(float(found[1]), 3)) == (low, high)


def test_rates_whose_intervals_overlap_may_differ_by_chance() -> None:
    assert may_be_chance(rate(WIN_RATE, 3, 6), rate(WIN_RATE, 1, 6))
    assert may_be_chance(rate(WIN_RATE, 45, 200), rate(WIN_RATE, 40, 200))
    assert not may_be_chance(rate(WIN_RATE, 90, 200), rate(WIN_RATE, 40, 200))
    assert not may_be_chance(rate(WIN_RATE, 40, 200), rate(WIN_RATE, 90, 200))


def test_a_quotient_by_nothing_is_nothing() -> None:
    assert quotient(DEALS_PER_ORDER, 7, 0, 0).value is None
    assert plain(WIN_RATE, None, 0).numerator == 0


def test_every_figure_carries_its_formula_and_what_is_divided_by_what() -> None:
    assert "赢单 ÷" in str(rate(WIN_RATE, 1, 2).formula)
    assert [str(words) for words in rate(WIN_RATE, 1, 2).divided] == ["赢单", "赢单+输单"]


# --- win rate


def test_a_hundred_opportunities_and_25_orders_are_29_percent_and_4_per_order(sales: Sales) -> None:
    drafts = [OpportunityDraft(name=f"机会 {n}") for n in range(100)]
    with clock.as_of(day(0)):
        deals = commands.open_many(sales.rep("east_rep"), drafts)
    for deal in deals[:25]:
        sales.win(deal, 1)
    for deal in deals[25:85]:
        sales.lose(deal, 2)
    found = result(SYSTEM, sales.selection())
    assert (found.orders.n, found.lost.n) == (25, 60)
    assert round(100 * (found.win_rate.value or 0), 1) == Decimal("29.4")
    assert (found.win_rate.numerator, found.win_rate.denominator) == (25, 85)
    assert deals_per_order(SYSTEM, sales.selection()).value == Decimal("4.0")
    assert spans(SYSTEM, sales.selection(), exit="opened").count() == 100
    assert closings(SYSTEM, sales.selection(), "decided").count() == 85


def test_customers_per_opportunity_is_a_workload_and_never_a_rate(sales: Sales) -> None:
    """Ten customers and four opportunities: 2.5 customers each, not 250 percent."""
    for n in range(10):
        register(sales.rep("east_rep"), CustomerDraft(name=f"客户{n}"))
    asked = Selection(period("month", clock.today()))
    assert customers_per_deal(SYSTEM, asked).value is None
    for _ in range(4):
        commands.open_opportunity(sales.rep("east_rep"), OpportunityDraft(name="机会"))
    found = customers_per_deal(SYSTEM, asked)
    assert (found.value, found.numerator, found.denominator) == (Decimal("2.5"), 10, 4)
    assert found.declaration.unit != "percent"


def test_an_invalid_loss_stands_beside_the_rates(sales: Sales) -> None:
    sales.win(sales.open(), 1)
    sales.lose(sales.open(), 1, "invalid")
    found = result(SYSTEM, sales.selection())
    assert (found.orders.n, found.lost.n, found.invalid.n) == (1, 0, 1)
    assert (found.win_rate.numerator, found.win_rate.denominator) == (1, 1)
    assert closings(SYSTEM, sales.selection(), "invalid").count() == 1


def test_the_rate_by_amount_weighs_the_deals(sales: Sales) -> None:
    sales.win(sales.open(amount=300), 1)
    sales.lose(sales.open(amount=700), 1)
    sales.lose(sales.open(amount=None), 1)
    found = result(SYSTEM, sales.selection())
    assert found.win_rate_amount.value == Decimal("0.3")
    assert (found.win_rate_amount.numerator, found.win_rate_amount.denominator) == (300, 1000)


def test_a_win_opened_again_is_taken_off_in_the_month_of_the_reopening(sales: Sales) -> None:
    deal = sales.open(amount="99.99")
    sales.win(deal, 10)
    sales.reopen(deal, 40)
    march, april = period("month", dt.date(2026, 3, 1)), period("month", dt.date(2026, 4, 1))
    for when, count, amount in ((march, 1, "99.99"), (april, -1, "-99.99"), (YEAR, 0, "0")):
        found = result(SYSTEM, sales.selection(when))
        assert (found.orders.numerator, found.revenue.value) == (count, Decimal(amount))
        rows = closings(SYSTEM, sales.selection(when), "won")
        assert sum(row.sign for row in rows) == count
        assert sum(row.sign * row.amount for row in rows) == Decimal(amount)


def test_a_wrong_click_leaves_no_trace(sales: Sales) -> None:
    deal = sales.open()
    sales.move(deal, "quote", 1)
    before = (result(SYSTEM, sales.selection()), spans(SYSTEM, sales.selection()).count())
    rep = sales.actor("east_rep")
    with clock.as_of(day(2)):
        commands.win(rep, deal.pk, "按错了")
    with clock.as_of(day(2.003)):
        commands.undo_move(rep, deal.pk)
    assert (result(SYSTEM, sales.selection()), spans(SYSTEM, sales.selection()).count()) == before


# --- by person, team, product, month


@pytest.fixture
def three_teams(sales: Sales) -> Sales:
    pump = add_product(SYSTEM, ProductDraft(code="P1", name="水泵")).pk
    sales.win(sales.open("east_rep", amount="1000.1", product_id=pump), 1)
    sales.win(sales.open("east_rep", amount=500), 40)
    sales.win(sales.open("shanghai_rep", amount=200, product_id=pump, source="referral"), 2)
    sales.lose(sales.open("south_rep", amount=900), 3)
    sales.win(sales.open("south_rep", amount=50), 3)
    return sales


def test_revenue_by_person_team_product_and_month_adds_up(three_teams: Sales) -> None:
    selection = three_teams.selection()
    whole = result(SYSTEM, selection).revenue.value
    assert whole == Decimal("1750.1")
    for by in ("person", "team", "product", "month"):
        lines = results_by(SYSTEM, selection, by)
        assert sum(line.result.revenue.numerator for line in lines) == whole
    assert [(line.name, line.result.revenue.value) for line in results_by(SYSTEM, selection, "team")] == [
        ("华东区", Decimal("1500.1")),
        ("上海组", Decimal(200)),
        ("华南区", Decimal(50)),
    ]
    assert {line.name: line.result.revenue.value for line in results_by(SYSTEM, selection, "product")} == {
        "水泵": Decimal("1200.1"),
        "": Decimal(550),
    }
    with clock.as_of(day(100)):
        months = results_by(SYSTEM, selection, "month")
    assert [line.name for line in months] == ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]
    assert [line.result.revenue.value for line in months[2:4]] == [Decimal("1250.1"), Decimal(500)]


def test_every_breakdown_equals_its_rows_for_everybody(three_teams: Sales) -> None:
    world = three_teams.world
    selection = three_teams.selection()
    for who in ("director", "east_manager", "shanghai_lead", "south_rep", "east_peer"):
        actor = world.actor(who)
        for line in results_by(actor, selection, "person"):
            rows = closings(actor, three_teams.selection(whose=Whose(people=frozenset({line.id}))), "won")
            assert sum(row.amount for row in rows) == line.result.revenue.value, (who, line)
        for line in results_by(actor, selection, "team"):
            rows = closings(actor, three_teams.selection(whose=Whose(departments=frozenset({line.id}))), "won")
            assert sum(row.amount for row in rows) == line.result.revenue.value, (who, line)
    assert [line.name for line in results_by(world.actor("east_manager"), selection, "person")] == ["张三", "吴小沪"]


def test_the_results_agree_with_the_measures_of_the_daily_reports(three_teams: Sales) -> None:
    director = three_teams.actor("director")
    keys = ("pipeline.won", "pipeline.won_amount", "pipeline.lost", "pipeline.lost_amount", "pipeline.opened")
    kept = measures.totals(director, keys, YEAR)
    found = result(director, Selection(YEAR))
    assert kept["pipeline.won"] == found.orders.value
    assert kept["pipeline.won_amount"] == found.revenue.value
    assert (kept["pipeline.lost"], kept["pipeline.lost_amount"]) == (found.lost.value, found.lost_amount)
    assert kept["pipeline.opened"] == deals_per_order(director, Selection(YEAR)).numerator


def test_single_days_of_a_free_period_count_for_results_too(three_teams: Sales) -> None:
    days = Period(dt.date(2026, 3, 4), dt.date(2026, 4, 11))
    assert result(SYSTEM, three_teams.selection(days)).orders.n == 3
    months = results_by(SYSTEM, three_teams.selection(days), "month")
    assert [line.result.orders.n for line in months] == [2, 1]


# --- cycle


def test_the_cycle_is_mean_and_median_of_the_deals_won_in_the_period(sales: Sales) -> None:
    for days in (2, 4, 12):
        sales.win(sales.open(), days)
    sales.win(sales.open(), 100)
    found = cycle(SYSTEM, sales.selection(FIRST_QUARTER))
    assert (found.mean.value, found.median.value, found.mean.n) == (6, 4, 3)
    assert (found.mean.numerator, found.mean.denominator) == (18, 3)
    assert won_deals(SYSTEM, sales.selection(FIRST_QUARTER), timed=True).count() == 3
    assert [bar.n for bar in found.bars] == [2, 1, 0, 0, 0, 0, 0, 0, 0]


def test_a_deal_opened_again_within_the_period_has_no_cycle(sales: Sales) -> None:
    deal = sales.open()
    sales.win(deal, 2)
    sales.reopen(deal, 3)
    assert cycle(SYSTEM, sales.selection(FIRST_QUARTER)).mean.n == 0
    assert cycle(SYSTEM, sales.selection(FIRST_QUARTER)).median.value is None
    sales.win(deal, 8)
    assert cycle(SYSTEM, sales.selection(FIRST_QUARTER)).median.value == 8


def test_the_cycle_is_broken_down_by_person_team_product_and_month(sales: Sales) -> None:
    pump = add_product(SYSTEM, ProductDraft(code="P1", name="水泵")).pk
    sales.win(sales.open("east_rep", product_id=pump), 2)
    sales.win(sales.open("east_rep"), 6)
    sales.win(sales.open("south_rep", product_id=pump), 40)
    whole = sales.selection()

    def medians(by: By) -> dict[str, tuple[int, Decimal | None]]:
        return {line.name: (line.cycle.mean.n, line.cycle.median.value) for line in cycle_by(SYSTEM, whole, by)}

    assert medians("person") == {"张三": (2, 4), "钱外人": (1, 40)}
    assert medians("team") == {"华东区": (2, 4), "华南区": (1, 40)}
    assert medians("product") == {"水泵": (2, 21), "": (1, 6)}
    with clock.as_of(day(65)):
        assert medians("month") == {
            "2026-01": (0, None), "2026-02": (0, None), "2026-03": (2, 4), "2026-04": (1, 40), "2026-05": (0, None),
        }  # fmt: skip


def test_a_month_of_the_cycle_is_that_month_as_it_stands_alone(sales: Sales) -> None:
    deal = sales.open()
    sales.win(deal, 2)
    sales.reopen(deal, 40)
    sales.win(deal, 50)
    march, april = (line for line in cycle_by(SYSTEM, sales.selection(), "month") if line.cycle.mean.n)
    for line, first in ((march, dt.date(2026, 3, 1)), (april, dt.date(2026, 4, 1))):
        alone = cycle(SYSTEM, sales.selection(period("month", first)))
        assert line.cycle == alone
        assert won_deals(SYSTEM, sales.selection(period("month", first))).count() == 1
    assert cycle(SYSTEM, sales.selection()).mean.n == 1


def test_the_lines_of_the_cycle_hold_only_what_the_person_sees(sales: Sales) -> None:
    sales.win(sales.open("east_rep"), 2)
    sales.win(sales.open("south_rep"), 4)
    for who, names in (("director", ["张三", "钱外人"]), ("south_manager", ["钱外人"]), ("east_peer", [])):
        assert [line.name for line in cycle_by(sales.actor(who), sales.selection(), "person")] == names


# --- new customers


def test_new_customers_equal_their_rows_even_when_they_went_to_others(world: World) -> None:
    today = Selection(period("day", dt.date(2026, 3, 2)))
    with clock.as_of(day(0)):
        for name in ("东海商贸", "西山机电"):
            register(world.actor("east_rep"), CustomerDraft(name=name, owner_id=world.id("east_rep")))
    for who, count in (("east_rep", 2), ("east_manager", 2), ("director", 2), ("east_peer", 0), ("south_manager", 0)):
        actor = world.actor(who)
        assert new_customers(actor, today)["customers.registered"].value == count
        assert new_customer_rows(actor, today, "customers.registered").count() == count
