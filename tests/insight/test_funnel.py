"""The funnel against numbers worked out by hand, and against the facts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.kernel.periods import Period, period
from xiaocheng.foundation.org.commands import change_rule, move_person
from xiaocheng.insight.queries import FIVE_EXITS, Funnel, Selection, StageLine, funnel, spans
from xiaocheng.selling.catalogue.commands import ProductDraft, add_product
from xiaocheng.selling.pipeline import commands

from .conftest import FIRST_QUARTER, Sales, day

# entry day and exit day of twenty quotes, as of day 30
CONTRACT = [(0, 2), (1, 3), (2, 5), (3, 6), (4, 7), (5, 9), (6, 8), (8, 11), (9, 13), (10, 12), (12, 15), (14, 18),
            (15, 19)]  # fmt: skip
LOST = [(1, 8), (4, 18), (7, 13), (11, 26)]
BACK = [(13, 17)]
OPEN = [20, 27]


def line(found: Funnel, code: str) -> StageLine:
    return next(item for item in found.lines if item.code == code)


def exits(item: StageLine) -> dict[str, int]:
    return {key: item.exit(key).figure.n for key in FIVE_EXITS}


@pytest.fixture
def twenty_quotes(sales: Sales) -> Sales:
    def quote(at: int) -> object:
        deal = sales.open(at=at)
        sales.move(deal, "quote", at)
        return deal

    for entered, left in CONTRACT:
        sales.move(quote(entered), "talk", left)
    for entered, left in LOST:
        sales.lose(quote(entered), left)
    for entered, left in BACK:
        sales.move(quote(entered), "meet", left)
    for entered in OPEN:
        quote(entered)
    return sales


def test_twenty_quotes_give_the_golden_numbers(twenty_quotes: Sales) -> None:
    with clock.as_of(day(30)):
        quotes = line(funnel(SYSTEM, twenty_quotes.selection()), "quote")
    assert quotes.entries.n == 20
    assert exits(quotes) == {"advanced": 13, "skipped": 0, "back": 1, "lost": 4, "staying": 2}
    assert quotes.conversion.value == Decimal("0.65")
    assert (quotes.conversion.numerator, quotes.conversion.denominator, quotes.conversion.n) == (13, 20, 20)
    low, high = quotes.conversion.interval or (Decimal(0), Decimal(0))
    assert (round(low, 3), round(high, 3)) == (Decimal("0.433"), Decimal("0.819"))
    assert quotes.advance_days.value == Decimal("3.0")
    assert quotes.advance_days.n == 13
    assert quotes.amount == 2000
    assert quotes.exit("advanced").amount == 1300


def test_every_number_equals_the_rows_behind_it(twenty_quotes: Sales) -> None:
    selection = twenty_quotes.selection()
    for who in ("director", "east_manager", "east_rep", "east_peer", "south_manager"):
        actor = twenty_quotes.actor(who)
        for item in funnel(actor, selection).lines:
            assert item.entries.n == spans(actor, selection, stage=item.code).count()
            for key, count in exits(item).items():
                assert count == spans(actor, selection, stage=item.code, exit=key).count(), (who, item.code, key)
            assert item.advance_days.n == spans(actor, selection, stage=item.code, exit="timed").count()
            assert item.conversion.numerator == spans(actor, selection, stage=item.code, exit="forward").count()
            assert item.opportunities.n == spans(actor, selection, stage=item.code, exit="first").count()


def test_an_outsider_counts_nothing(twenty_quotes: Sales) -> None:
    assert funnel(twenty_quotes.actor("south_manager"), twenty_quotes.selection()).is_empty


def test_a_win_counts_as_advanced_from_wherever_it_came(sales: Sales) -> None:
    sales.win(sales.open(), 4)
    found = funnel(SYSTEM, sales.selection())
    assert exits(line(found, "meet"))["advanced"] == 1
    assert found.won is not None
    assert found.won.entries.n == 1


def test_a_jump_over_a_stage_is_a_skip_and_counts_as_forward(sales: Sales) -> None:
    sales.move(sales.open(), "talk", 2)
    meet = line(funnel(SYSTEM, sales.selection()), "meet")
    assert exits(meet)["skipped"] == 1
    assert meet.conversion.numerator == 1
    assert meet.advance_days.value is None


def test_entering_again_counts_the_entry_twice_and_the_opportunity_once(sales: Sales) -> None:
    deal = sales.open()
    sales.move(deal, "quote", 1)
    sales.move(deal, "meet", 2)
    sales.move(deal, "quote", 3)
    found = funnel(SYSTEM, sales.selection())
    assert [(item.entries.n, item.opportunities.n) for item in found.lines[:2]] == [(2, 1), (2, 1)]


def test_a_deal_in_another_process_is_counted_as_still_there_and_named(sales: Sales) -> None:
    deal = sales.open()
    other = commands.install_template(SYSTEM, "standard")
    version = other.versions.get()
    with clock.as_of(day(1)):
        commands.change_process(SYSTEM, deal.pk, version.pk, version.stages.first().pk, "大客户")
    meet = line(funnel(SYSTEM, sales.selection()), "meet")
    assert exits(meet)["staying"] == 1
    assert meet.moved == 1
    assert funnel(SYSTEM, Selection(FIRST_QUARTER, process_id=other.pk)).lines[0].entries.n == 1


def test_the_stages_of_all_editions_of_a_process_are_one_funnel(sales: Sales) -> None:
    sales.move(sales.open(), "quote", 1)
    commands.publish(SYSTEM, commands.draft_version(SYSTEM, sales.process.pk).pk)
    sales.open(at=2)
    assert line(funnel(SYSTEM, sales.selection()), "meet").entries.n == 2


def test_without_a_process_asked_for_the_busiest_is_shown(sales: Sales) -> None:
    commands.install_template(SYSTEM, "standard")
    sales.open(process_id=sales.process.pk)
    assert funnel(SYSTEM, Selection(FIRST_QUARTER)).process_id == sales.process.pk


def test_without_any_process_the_funnel_is_empty(world: World) -> None:
    found = funnel(SYSTEM, Selection(FIRST_QUARTER))
    assert found.is_empty
    assert found.process_id is None


def test_filters_by_product_source_team_and_person_agree_with_their_rows(sales: Sales) -> None:
    pump = add_product(SYSTEM, ProductDraft(code="P1", name="水泵")).pk
    sales.open(product_id=pump, source="referral")
    sales.open(product_id=pump)
    sales.open("shanghai_rep", source="referral")
    sales.open("south_rep", product_id=pump, source="referral")
    east = frozenset({sales.world.department_ids["east"], sales.world.department_ids["shanghai"]})
    rep = frozenset({sales.world.id("east_rep")})
    asked = [
        ({"product_id": pump}, 3),
        ({"source": "referral"}, 3),
        ({"source": ""}, 1),
        ({"product_id": pump, "source": "referral"}, 2),
        ({"whose": Whose(departments=east)}, 3),
        ({"whose": Whose(departments=east), "product_id": pump}, 2),
        ({"whose": Whose(people=rep)}, 2),
        ({"whose": Whose(people=rep), "source": "referral"}, 1),
    ]
    director, manager = sales.actor("director"), sales.actor("east_manager")
    for more, count in asked:
        selection = sales.selection(**more)
        assert line(funnel(director, selection), "meet").entries.n == count, more
        for actor in (director, manager):
            rows = spans(actor, selection, stage="meet").count()
            assert line(funnel(actor, selection), "meet").entries.n == rows, more


def test_my_team_is_what_was_credited_to_my_departments_and_my_people_are_those_i_have(sales: Sales) -> None:
    deal = sales.open("east_rep")
    world = sales.world
    person = world.person("east_rep")
    move_person(
        world.actor("administrator"), person.pk,
        department_id=world.department_ids["south"], manager_id=world.id("south_manager"),
    )  # fmt: skip
    east, south = world.actor("east_manager"), world.actor("south_manager")
    team = sales.selection(whose=Whose(departments=frozenset(east.sight.departments)))
    assert line(funnel(east, team), "meet").entries.n == 1
    mine = sales.selection(whose=Whose(people=frozenset(south.sight.people)))
    assert line(funnel(south, mine), "meet").entries.n == 1
    assert deal.owner_id == person.pk


# --- time


def days_from_first(instant: str) -> float:
    return (dt.datetime.fromisoformat(instant) - day(0)) / dt.timedelta(days=1)


def opened_in(sales: Sales, month: dt.date) -> int:
    return line(funnel(SYSTEM, sales.selection(period("month", month))), "meet").entries.n


@pytest.mark.parametrize(
    ("instant", "month"),
    [
        ("2026-01-31T16:30:00+00:00", dt.date(2026, 2, 1)),
        ("2026-01-31T15:59:59+00:00", dt.date(2026, 1, 1)),
        ("2028-02-29T10:00:00+00:00", dt.date(2028, 2, 1)),
        ("2028-02-29T16:00:00+00:00", dt.date(2028, 3, 1)),
    ],
)
def test_an_instant_belongs_to_the_month_of_the_companys_zone(sales: Sales, instant: str, month: dt.date) -> None:
    sales.open(at=days_from_first(instant))
    assert opened_in(sales, month) == 1
    assert opened_in(sales, month - dt.timedelta(days=1)) == 0


def test_a_late_sunday_in_utc_belongs_to_next_mondays_week(sales: Sales) -> None:
    sales.open(at=days_from_first("2026-03-08T16:30:00+00:00"))
    week = period("week", dt.date(2026, 3, 9))
    assert line(funnel(SYSTEM, sales.selection(week)), "meet").entries.n == 1
    assert funnel(SYSTEM, sales.selection(week.before())).is_empty


def test_single_days_at_either_end_count_too(sales: Sales) -> None:
    for at in (0, 10, 40, 75, 80):
        sales.open(at=at)
    custom = Period(dt.date(2026, 3, 12), dt.date(2026, 5, 16))
    assert line(funnel(SYSTEM, sales.selection(custom)), "meet").entries.n == 3
    assert spans(SYSTEM, sales.selection(custom), stage="meet").count() == 3


def test_the_quarter_follows_the_fiscal_year(sales: Sales) -> None:
    change_rule(sales.actor("administrator"), "PeriodRules.fiscal_start_month", "2", dt.date(2026, 1, 1))
    sales.open(at=0)  # 2 March
    sales.open(at=45)  # 16 April
    sales.open(at=61)  # 2 May
    quarter = period("quarter", dt.date(2026, 3, 2))
    assert quarter.first == dt.date(2026, 2, 1)
    assert line(funnel(SYSTEM, sales.selection(quarter)), "meet").entries.n == 2
