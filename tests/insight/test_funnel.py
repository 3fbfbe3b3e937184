"""The funnel against numbers worked out by hand, and against the facts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.kept import made_once
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.kernel.periods import Period, day_key, period
from xiaocheng.foundation.org.commands import change_rule, move_person
from xiaocheng.insight.aging import TENTH, Entry, age_of, aged
from xiaocheng.insight.commands import rebuild
from xiaocheng.insight.queries import FIVE_EXITS, Funnel, Selection, StageLine, funnel, spans
from xiaocheng.insight.rollups import differences
from xiaocheng.selling.catalogue.commands import ProductDraft, add_product
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.models import StageSpan

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


def _quote_twenty(sales: Sales) -> None:
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


@pytest.fixture
def twenty_quotes(sales: Sales) -> Sales:
    made_once("twenty quotes", lambda: _quote_twenty(sales))
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


def test_twenty_quotes_end_and_last_as_was_estimated(twenty_quotes: Sales) -> None:
    with clock.as_of(day(30)):
        quotes = line(funnel(SYSTEM, twenty_quotes.selection()), "quote")
    found = quotes.outlook
    assert (found.expected.value, found.loss.value) == (Decimal("0.67"), Decimal("0.275"))
    assert (found.expected.numerator, found.expected.n, found.loss.numerator) == (13, 20, 4)
    assert found.undecided == 0
    assert found.stay.median.value == 4
    assert found.stay.interval == (3, 4)
    assert (found.stay.quarter, found.stay.three_quarters) == (3, 6)
    assert (quotes.loss_share.numerator, quotes.loss_share.denominator) == (4, 4)
    assert quotes.back_rate.value == Decimal(1) / 18
    assert quotes.skip_rate.value == 0


def test_what_is_still_there_grows_older_by_itself(sales: Sales) -> None:
    for _ in range(5):
        sales.open(at=0)
    sales.move(sales.open(at=0), "quote", 3)
    with clock.as_of(day(1)):
        early = line(funnel(SYSTEM, sales.selection()), "meet").outlook
    with clock.as_of(day(9)):
        late = line(funnel(SYSTEM, sales.selection()), "meet").outlook
    assert early.expected.value == 1  # of the others nothing is known beyond the first day
    assert round(late.expected.value or 0, 4) == round(Decimal(1) / 6, 4)
    assert late.undecided == pytest.approx(Decimal(5) / 6)
    assert late.stay.median.value is None


def test_what_went_on_in_another_process_counts_until_then(sales: Sales) -> None:
    other = commands.install_template(SYSTEM, "standard").versions.get()
    for at in range(4):
        sales.move(sales.open(at=at), "quote", at + 6)
    for at in range(2):
        deal = sales.open(at=at)
        with clock.as_of(day(at + 2)):
            commands.change_process(SYSTEM, deal.pk, other.pk, other.stages.first().pk, "大客户")
    with clock.as_of(day(20)):
        found = line(funnel(SYSTEM, sales.selection()), "meet").outlook
    assert (found.expected.value, found.expected.n) == (1, 6)


def test_of_fewer_than_five_only_what_is_certain_is_said(sales: Sales) -> None:
    sales.move(sales.open(), "quote", 2)
    found = line(funnel(SYSTEM, sales.selection()), "meet").outlook
    assert (found.expected.value, found.expected.numerator, found.expected.n) == (None, 1, 1)
    assert found.stay.median.value is None


def test_a_stay_whose_time_was_not_recorded_enters_no_estimate(twenty_quotes: Sales) -> None:
    with clock.as_of(day(30)):
        before = line(funnel(SYSTEM, twenty_quotes.selection()), "quote")
        lost = StageSpan.objects.visible_to(SYSTEM).filter(stage__code="quote", exit_kind="lost").first()
        assert lost is not None
        StageSpan.objects.visible_to(SYSTEM).filter(pk=lost.pk).update(is_invented=True, dwell_seconds=None)
        rebuild(SYSTEM)
        after = line(funnel(SYSTEM, twenty_quotes.selection()), "quote")
    assert (after.entries.n, after.outlook.expected.n) == (20, 19)
    assert (after.outlook.expected.value or 0) > (before.outlook.expected.value or 0)


@pytest.mark.parametrize(
    ("seconds", "tenths"),
    [(0, 0), (4_319, 0), (4_320, 1), (172_799, 20), (172_800, 20), (3 * 86_400, 30), (863_999, 100), (864_000, 100),
     (21 * 86_400, 220), (8_639_999, 1000), (8_640_000, 1000), (100_000_000, 11_500)],
)  # fmt: skip
def test_an_age_is_right_to_a_twentieth_and_the_database_rounds_alike(sales: Sales, seconds: int, tenths: int) -> None:
    sales.move(sales.open(), "quote", 1)
    stays = StageSpan.objects.visible_to(SYSTEM).filter(stage__code="meet")
    stays.update(dwell_seconds=seconds)
    assert age_of(seconds) == tenths
    assert abs(tenths * TENTH - seconds) <= max(TENTH / 2, seconds / 20)
    assert aged(stays, ()) == {("advanced", tenths, 0): 1}


def test_the_estimates_are_the_same_from_the_rollup_and_from_the_facts(twenty_quotes: Sales) -> None:
    """A free period of the same days reads the first and last month from the facts."""
    other_days = Period(dt.date(2026, 1, 2), dt.date(2026, 12, 30))
    in_march = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 30))
    with clock.as_of(day(30)):
        for who in ("director", "east_manager", "east_rep"):
            actor = twenty_quotes.actor(who)
            kept = line(funnel(actor, twenty_quotes.selection()), "quote").outlook
            for days in (other_days, in_march):
                assert line(funnel(actor, twenty_quotes.selection(days)), "quote").outlook == kept
            assert kept.expected.n == spans(actor, twenty_quotes.selection(), stage="quote", exit="recorded").count()


@pytest.mark.parametrize(
    "entered", ["2026-11-23", "2026-08-15", "2026-08-14", "2026-02-28", "2026-01-27", "2025-12-01"]
)
def test_what_has_been_there_long_is_as_old_as_its_ten_days_or_its_month(entered: str) -> None:
    today, since = dt.date(2026, 11, 23), dt.date.fromisoformat(entered)
    entry = Entry(today)
    age = entry.age(entry.key(day_key(since)))
    assert abs(age - (today - since).days) <= (today - since).days / 18


def test_estimates_of_what_waits_long_are_the_same_from_the_rollup_and_from_the_facts(sales: Sales) -> None:
    for at in (0, 150, 210, 290):
        sales.open(at=at)
        sales.move(sales.open(at=at), "quote", at + 5)
    free, whole = Period(dt.date(2026, 1, 2), dt.date(2027, 1, 30)), Period(dt.date(2026, 1, 1), dt.date(2027, 1, 31))
    with clock.as_of(day(330)):
        kept = line(funnel(SYSTEM, sales.selection(whole)), "meet").outlook
        facts = line(funnel(sales.actor("east_rep"), sales.selection(free)), "meet").outlook
    assert kept == facts
    assert kept.expected.n == 8


def test_estimates_are_asked_for_once_until_something_moves(sales: Sales) -> None:
    deals = [sales.open(at=0) for _ in range(6)]
    with clock.as_of(day(9)):
        first = line(funnel(SYSTEM, sales.selection()), "meet").outlook
        with CaptureQueriesContext(connection) as again:
            assert line(funnel(SYSTEM, sales.selection()), "meet").outlook == first
        sales.move(deals[0], "quote", 3)
        after = line(funnel(SYSTEM, sales.selection()), "meet").outlook
    assert not any("stageage" in query["sql"] for query in again)
    assert after.expected.numerator == 1


def test_the_bottleneck_loses_more_than_the_median_stage_beyond_chance(sales: Sales) -> None:
    """Of 40 a quarter is lost at first, half of the rest at the quote, none in the talk."""
    for at in range(40):
        deal = sales.open(at=at / 10)
        if at < 10:
            sales.lose(deal, 6)
            continue
        sales.move(deal, "quote", 7)
        if at < 25:
            sales.lose(deal, 9)
            continue
        sales.move(deal, "talk", 9)
        sales.win(deal, 12)
    with clock.as_of(day(20)):
        few = funnel(SYSTEM, sales.selection())
        assert few.bottleneck is None  # only 15 came as far as the talk
        for _ in range(5):
            deal = sales.open(at=10)
            sales.move(deal, "talk", 11)
            sales.win(deal, 12)
        found = funnel(SYSTEM, sales.selection()).bottleneck
    assert found is not None
    assert found.code == "quote"
    assert (found.loss.value, found.typical) == (Decimal("0.5"), Decimal(round(10 / 45, 9)).quantize(Decimal("1e-9")))
    assert found.excess.value == (Decimal("0.5") - found.typical) * 30 * 100
    assert found.one_point.value == 30 * 100 * Decimal("0.01")  # whoever talks wins


def test_without_money_or_without_a_difference_there_is_no_bottleneck(sales: Sales) -> None:
    for at in range(20):
        deal = sales.open(at=0, amount=None)
        sales.move(deal, "quote", 1)
        sales.move(deal, "talk", 2)
        if at % 2:
            sales.lose(deal, 4)
        else:
            sales.win(deal, 4)
    assert funnel(SYSTEM, sales.selection()).bottleneck is None


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


def test_what_was_invalid_or_twice_there_enters_no_rate_and_is_counted_apart(sales: Sales) -> None:
    for n in range(5):
        sales.move(sales.open(at=n), "quote", n + 1)
    before = line(funnel(SYSTEM, sales.selection()), "meet")
    doubled = sales.open(at=6)
    sales.lose(doubled, 7, "invalid")
    found = funnel(SYSTEM, sales.selection())
    after = line(found, "meet")
    assert (after.entries.n, after.opportunities.n, exits(after)) == (before.entries.n, 5, exits(before))
    assert (after.conversion.value, after.outlook.expected.n, after.amount) == (1, 5, before.amount)
    assert (after.invalid.figure.n, after.invalid.amount) == (1, 100)
    assert spans(SYSTEM, sales.selection(), stage="meet").count() == 5
    assert spans(SYSTEM, sales.selection(), stage="meet", exit="invalid").count() == 1
    assert differences() == []
    sales.reopen(doubled, 9)
    again = line(funnel(SYSTEM, sales.selection()), "meet")
    assert (again.invalid.figure.n, again.entries.n, again.opportunities.n, exits(again)["staying"]) == (1, 6, 6, 1)
    assert differences() == []
