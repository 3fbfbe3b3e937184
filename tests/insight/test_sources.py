"""What became of the customers of each source, against numbers worked out by hand and against a plain count."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.kept import made_once
from xiaocheng.foundation.fields.commands import OptionDraft, edit_option
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.kernel.periods import Period, period
from xiaocheng.insight.estimating import within
from xiaocheng.insight.queries import (
    COHORT_ROWS,
    OPENING_DAYS,
    Cohort,
    Selection,
    SourceLine,
    cycle_by,
    new_customer_rows,
    new_customers,
    result,
    results_by,
    source_customers,
    source_wins,
    sources,
)
from xiaocheng.selling.customers.commands import (
    Contacted,
    CustomerDraft,
    Deal,
    assign,
    note_contacts,
    note_first_deals,
    register,
)
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.pipeline.models import Closing, Opportunity, StageSpan

from .conftest import FIRST_QUARTER, YEAR, Sales, day

Ids = dict[str, int]
PEOPLE = ("director", "east_manager", "shanghai_lead", "south_manager", "east_rep", "south_rep", "east_peer")


def add(sales: Sales, name: str, source: str, who: str = "east_rep", at: float = 0, **more: Any) -> Customer:
    with clock.as_of(day(at)):
        draft = CustomerDraft(name=name, source=source, despite_duplicates=True, **more)
        return register(sales.rep(who), draft)


def line(lines: list[SourceLine], code: str) -> Cohort:
    return next(item.cohort for item in lines if item.code == code)


@pytest.fixture
def found(sales: Sales) -> Ids:
    """Six customers of the first day and one of the hundredth; three of them have bought by then."""
    return dict(made_once("customers of sources", lambda: _find(sales)))


def _find(sales: Sales) -> Ids:
    ids = {
        "A": add(sales, "东海商贸", "referral").pk,
        "B": add(sales, "西山机电", "referral").pk,
        "C": add(sales, "南湖建材", "exhibition").pk,
        "D": add(sales, "北川食品", "").pk,
        "E": add(sales, "中原物流", "referral", "south_rep").pk,
        "F": add(sales, "老客户", "exhibition", stage="customer").pk,
    }
    sales.win(sales.open(customer_id=ids["A"], at=1, amount="100.10"), 11)
    sales.win(sales.open(customer_id=ids["A"], at=12, amount=300), 20)
    sales.open(customer_id=ids["B"], at=2)
    sales.lose(sales.open(customer_id=ids["C"], at=1), 3)
    sales.win(sales.open("south_rep", customer_id=ids["E"], at=1, amount=50), 95)
    contact = Contacted(customer_id=ids["D"], person_id=sales.world.id("east_rep"), at=day(4))
    note_contacts(SYSTEM, [contact])
    return ids | {"G": add(sales, "新近登记", "referral", at=100).pk}


def asked(actor: Actor, selection: Selection) -> tuple[Cohort, list[SourceLine]]:
    with clock.as_of(day(120)):
        return sources(actor, selection)


def test_each_source_says_what_became_of_its_customers(sales: Sales, found: Ids) -> None:
    _whole, lines = asked(SYSTEM, Selection(YEAR))
    referral = line(lines, "referral")
    assert (referral.registered.n, referral.known, referral.contacted.n) == (4, 0, 0)
    assert (referral.opened.n, referral.converted.n) == (3, 2)
    assert (referral.opening.numerator, referral.opening.denominator) == (3, 4)
    assert (referral.conversion.numerator, referral.conversion.denominator) == (2, 4)
    assert referral.conversion.value is None  # four are too few for a percentage
    assert (referral.revenue.value, referral.mean_order.n) == (Decimal("450.1"), 3)
    assert round(referral.mean_order.value or 0, 4) == Decimal("150.0333")
    assert referral.days.value == (11 + 95) / Decimal(2)


def test_only_who_was_there_for_ninety_days_is_compared_within_them(sales: Sales, found: Ids) -> None:
    _whole, lines = asked(SYSTEM, Selection(YEAR))
    in_time = line(lines, "referral").in_time
    assert [in_time.numerator, in_time.denominator] == [1, 3]  # E took 95 days, G came 20 days ago


def test_who_had_bought_before_was_not_found_then(sales: Sales, found: Ids) -> None:
    exhibition = line(asked(SYSTEM, Selection(YEAR))[1], "exhibition")
    assert (exhibition.registered.n, exhibition.known) == (2, 1)
    assert (exhibition.opened.n, exhibition.opening.denominator, exhibition.converted.n) == (1, 1, 0)
    imported = Deal(dt.date(2026, 1, 5), sales.world.id("east_rep"), sales.world.department_ids["east"])
    note_first_deals(SYSTEM, {found["C"]: imported})
    exhibition = line(asked(SYSTEM, Selection(YEAR))[1], "exhibition")
    assert (exhibition.registered.n, exhibition.known, exhibition.opened.n) == (2, 2, 0)
    assert exhibition.conversion.denominator == 0


def test_what_is_not_recorded_has_a_line_of_its_own_and_comes_last(sales: Sales, found: Ids) -> None:
    _whole, lines = asked(SYSTEM, Selection(YEAR))
    assert (lines[0].code, lines[-1].code, lines[-1].name) == ("referral", "", "")
    assert (lines[-1].cohort.registered.n, lines[-1].cohort.contacted.n, lines[-1].cohort.opened.n) == (1, 1, 0)


def test_sources_without_customers_are_shown_and_those_out_of_use_keep_their_name(sales: Sales, found: Ids) -> None:
    office = sales.actor("administrator")
    for code in ("exhibition", "hotline"):
        edit_option(office, "customers.source", code, 0, OptionDraft(name=f"旧{code}", is_active=False))
    _whole, lines = asked(SYSTEM, Selection(YEAR))
    names = {item.code: item.name for item in lines}
    assert names["exhibition"] == "旧exhibition"
    assert "hotline" not in names
    assert line(lines, "website").registered.n == 0


def test_a_win_that_is_opened_again_takes_its_amount_off_and_its_customer_stays_one(sales: Sales) -> None:
    customer = add(sales, "东海商贸", "referral").pk
    deal = sales.open(customer_id=customer, amount=70)
    sales.win(deal, 5)
    sales.reopen(deal, 9)
    referral = line(asked(SYSTEM, Selection(YEAR))[1], "referral")
    assert (referral.opened.n, referral.converted.n) == (1, 1)
    assert (referral.revenue.value, referral.mean_order.value) == (0, None)


def test_the_period_is_that_of_the_registration(sales: Sales, found: Ids) -> None:
    whole, _lines = asked(SYSTEM, Selection(FIRST_QUARTER))
    assert (whole.registered.n, whole.converted.n, whole.revenue.value) == (6, 2, Decimal("450.1"))
    june = Period(dt.date(2026, 6, 1), dt.date(2026, 6, 30), "month")
    assert asked(SYSTEM, Selection(june))[0].registered.n == 1
    days = Period(dt.date(2026, 3, 3), dt.date(2026, 6, 12))
    assert asked(SYSTEM, Selection(days))[0].registered.n == 1


def test_a_filter_by_source_leaves_its_line_alone(sales: Sales, found: Ids) -> None:
    whole, lines = asked(SYSTEM, Selection(YEAR, source="referral"))
    assert ([item.code for item in lines], whole.registered.n) == (["referral"], 4)
    whole, lines = asked(SYSTEM, Selection(YEAR, source=""))
    assert ([item.code for item in lines], whole.registered.n) == ([""], 1)


@pytest.mark.parametrize("who", PEOPLE)
def test_every_number_equals_its_rows_and_a_plain_count_for_everybody(sales: Sales, found: Ids, who: str) -> None:
    actor, whole = sales.actor(who), Selection(YEAR)
    with clock.as_of(day(120)):
        all_of_them, lines = sources(actor, whole)
        for item in lines:
            of_source = Selection(YEAR, source=item.code)
            numbers = numbers_of(item.cohort)
            assert numbers == {of: source_customers(actor, of_source, of).count() for of in numbers}, item.code
            wins = list(source_wins(actor, of_source))
            assert item.cohort.mean_order.n == sum(row.sign for row in wins)
            assert item.cohort.revenue.value == sum(row.sign * row.amount for row in wins)
            plainly = counted_plainly(actor, item.code)
            assert numbers == {of: plainly[of] for of in numbers}
        numbers = numbers_of(all_of_them)
        assert set(COHORT_ROWS) - set(numbers) <= {"opened_30", "opened_60", "opened_90"}
        assert numbers == {of: source_customers(actor, whole, of).count() for of in numbers}
    measured = new_customers(actor, whole)["customers.registered"].value
    assert all_of_them.registered.value == measured == source_customers(actor, whole).count()


def numbers_of(cohort: Cohort) -> dict[str, int]:
    return {
        "": cohort.registered.n,
        "known": cohort.known,
        "found": int(cohort.conversion.denominator or 0),
        "contacted": cohort.contacted.n,
        "opened": cohort.opened.n,
        **{
            f"opened_{days}": int(figure.numerator)
            for days, figure in zip(OPENING_DAYS, cohort.opening_within, strict=True)
            if figure.denominator
        },
        "converted": cohort.converted.n,
        "ripe": cohort.in_time.n,
        "in_time": int(cohort.in_time.numerator),
    }


def counted_plainly(actor: Actor, source: str) -> dict[str, int]:
    """The same by looking at one customer after the other."""
    ids = new_customer_rows(actor, Selection(YEAR), "customers.registered").values_list("pk", flat=True)
    rows = [row for row in Customer.objects.visible_to(SYSTEM).filter(pk__in=ids) if row.source == source]
    today, ninety = clock.today(), dt.timedelta(days=90)
    since = {row.pk: row.became_customer_on for row in rows}
    new = [
        row for row in rows if (row.stage == "prospect" if since[row.pk] is None else since[row.pk] >= row.booked_on)
    ]
    deals = Opportunity.objects.visible_to(SYSTEM).order_by("-opened_at").values_list("customer_id", "opened_at")
    with_deal = {customer: clock.day_of(opened) for customer, opened in deals}
    ripe = [row for row in new if row.booked_on + ninety <= today]
    return {
        "": len(rows),
        "known": len(rows) - len(new),
        "found": len(new),
        "contacted": sum(row.last_contact_at is not None for row in new),
        "opened": sum(row.pk in with_deal for row in new),
        **{
            f"opened_{days}": sum(
                row.pk in with_deal and with_deal[row.pk] - row.booked_on <= dt.timedelta(days) for row in new
            )
            for days in OPENING_DAYS
        },
        "converted": sum(since[row.pk] is not None for row in new),
        "ripe": len(ripe),
        "in_time": sum(since[row.pk] is not None and since[row.pk] - row.booked_on <= ninety for row in ripe),
    }


def test_the_teams_sum_to_the_company_and_sight_narrows(sales: Sales, found: Ids) -> None:
    counts = {who: asked(sales.actor(who), Selection(YEAR))[0].registered.n for who in PEOPLE}
    assert counts == {
        "director": 7,
        "east_manager": 6,
        "shanghai_lead": 0,
        "south_manager": 1,
        "east_rep": 6,
        "south_rep": 1,
        "east_peer": 0,
    }
    teams = [Whose(departments=frozenset({pk})) for pk in sales.world.department_ids.values()]
    parts = [asked(sales.actor("director"), Selection(YEAR, whose))[0] for whose in teams]
    whole = asked(sales.actor("director"), Selection(YEAR))[0]
    assert sum(part.converted.n for part in parts) == whole.converted.n == 2
    assert sum(part.revenue.numerator for part in parts) == whole.revenue.value


def test_a_colleagues_win_shows_that_the_source_was_good_but_not_for_how_much(sales: Sales, found: Ids) -> None:
    with clock.as_of(day(110)):
        assign(SYSTEM, [found["G"]], sales.world.id("south_rep"))
    sales.win(sales.open("south_rep", customer_id=found["G"], at=111, amount=999), 115)
    before = Decimal("400.1")
    for who, converted, amount in (("east_rep", 2, before), ("east_manager", 2, before), ("director", 3, 1449)):
        referral = line(asked(sales.actor(who), Selection(YEAR))[1], "referral")
        seen = referral.revenue.value or 0
        assert (referral.converted.n, int(seen)) == (converted, int(amount)), who
        assert not Closing.objects.visible_to(sales.actor("east_rep")).filter(amount=999).exists()


# --- how soon they had an opportunity


def soon(cohort: Cohort) -> list[Decimal | None]:
    return [None if figure.value is None else round(figure.value, 4) for figure in cohort.opening_within]


@pytest.fixture
def followed(sales: Sales) -> Ids:
    """Six customers of a source: on day 70 three had opportunities after 5, 10 and 40 days, three still wait."""
    ids = {}
    for name, at, waits in (("a", 0, 10), ("b", 0, 40), ("c", 0, None), ("d", 0, None), ("e", 50, None), ("f", 45, 5)):
        ids[name] = add(sales, name, "referral", at=at).pk
        if waits is not None:
            sales.open(customer_id=ids[name], at=at + waits)
    return ids


def referral(sales: Sales, at: float = 70, who: str = "director") -> Cohort:
    with clock.as_of(day(at)):
        return line(sources(sales.actor(who), Selection(YEAR))[1], "referral")


def test_who_waits_yet_counts_for_as_long_as_he_was_followed(sales: Sales, followed: Ids) -> None:
    """By hand: 5/6 wait longer than 5 days, 4/5 of them longer than 10; 3 come to the fortieth, 2 wait on."""
    cohort = referral(sales)
    assert soon(cohort) == [Decimal("0.3333"), Decimal("0.5556"), None]  # 1 - 5/6 x 4/5, and x 2/3
    within_30, within_60, within_90 = cohort.opening_within
    assert (within_30.numerator, within_60.numerator, within_60.n) == (2, 3, 6)
    low, high = within_60.interval or (Decimal(0), Decimal(0))
    assert 0 < low < Decimal("0.5556") < high < 1
    assert within_90.denominator == 0  # nobody was followed for 90 days
    assert cohort.opening.value == Decimal("0.5")  # up to now; it forgets that one waits since 20 days only
    assert soon(referral(sales, 90))[2] == Decimal("0.5")  # of four that came to the fortieth day three wait on


def test_of_fewer_than_five_only_how_many_of_how_many(sales: Sales, found: Ids) -> None:
    exhibition = line(asked(SYSTEM, Selection(YEAR))[1], "exhibition")
    assert [(item.value, item.numerator, item.denominator) for item in exhibition.opening_within] == [(None, 1, 1)] * 3


def test_an_opportunity_from_before_the_registration_counts_at_once(sales: Sales) -> None:
    for n in range(5):
        sales.open(customer_id=add(sales, f"客户{n}", "referral", at=20).pk, at=3)
    assert [figure.value for figure in referral(sales, 60).opening_within] == [1, 1, 1]
    assert [figure.interval for figure in referral(sales, 60).opening_within] == [None] * 3


def test_whose_opportunity_has_no_recorded_time_tells_nothing_of_how_soon(sales: Sales, followed: Ids) -> None:
    deal = Opportunity.objects.visible_to(SYSTEM).get(customer=followed["b"])
    StageSpan.objects.visible_to(SYSTEM).filter(opportunity=deal).update(is_opening=False, is_invented=True)
    cohort = referral(sales)
    assert (cohort.opened.n, cohort.opening_within[1].n, cohort.opening_within[1].numerator) == (3, 5, 2)


def test_the_first_opportunity_counts_and_later_ones_do_not(sales: Sales, followed: Ids) -> None:
    before = soon(referral(sales))
    sales.open(customer_id=followed["a"], at=60)
    assert soon(referral(sales)) == before
    sales.open(customer_id=followed["b"], at=15)
    assert soon(referral(sales))[0] == Decimal("0.5")


def test_of_a_colleagues_opportunity_is_told_that_it_is_there_and_no_more(sales: Sales, followed: Ids) -> None:
    with clock.as_of(day(12)):
        assign(SYSTEM, [followed["c"]], sales.world.id("south_rep"))
    sales.open("south_rep", customer_id=followed["c"], at=20)
    assert referral(sales, who="east_rep").opening_within == referral(sales).opening_within
    assert referral(sales, who="east_rep").opening_within[0].numerator == 3
    assert referral(sales, who="south_rep").opening_within[0].n == 0
    rep = sales.actor("east_rep")
    with clock.as_of(day(70)):
        assert source_customers(rep, Selection(YEAR), "opened_30").count() == 3
        assert source_customers(sales.actor("south_rep"), Selection(YEAR), "opened_30").count() == 0
    assert not Opportunity.objects.visible_to(rep).filter(customer=followed["c"]).exists()


def test_how_soon_is_one_statement_however_many_customers_there_are(sales: Sales, followed: Ids) -> None:
    def asked_for() -> int:
        with clock.as_of(day(70)), CaptureQueriesContext(connection) as told:
            sources(sales.actor("director"), Selection(YEAR))
        return sum("pipeline_stagespan" in query["sql"] for query in told)

    assert asked_for() == 1
    for n in range(8):
        sales.open(customer_id=add(sales, f"更多{n}", "website", at=n).pk, at=2 * n)
    assert asked_for() == 1


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 120), st.booleans()), min_size=5, max_size=40), st.sampled_from([30, 60, 90]))
def test_the_share_is_that_of_a_plain_product_over_the_days(people: list[tuple[int, bool]], days: int) -> None:
    found = within("insight.cohort_opening_30", Counter(people), days)
    staying = 1.0
    for at in sorted({age for age, happened in people if happened and age <= days}):
        staying *= 1 - people.count((at, True)) / sum(age >= at for age, _happened in people)
    if max(age for age, _happened in people) < days and not all(happened for _age, happened in people):
        assert found.value is None
    else:
        assert float(found.value or 0) == pytest.approx(1 - staying, abs=1e-8)


# --- what was won and lost, by the source of the opportunity


def test_results_and_cycle_are_broken_down_by_the_source_of_the_opportunity(sales: Sales) -> None:
    sales.win(sales.open(amount=300, source="referral"), 4)
    sales.win(sales.open("south_rep", amount=50), 10)
    sales.lose(sales.open(amount=900, source="referral"), 3)
    lines = results_by(SYSTEM, sales.selection(), "source")
    assert [(item.id, item.name, item.result.orders.n, item.result.lost.n) for item in lines] == [
        ("referral", "客户推荐", 1, 1),
        ("", "", 1, 0),
    ]
    assert sum(item.result.revenue.numerator for item in lines) == result(SYSTEM, sales.selection()).revenue.value
    assert [(item.id, item.cycle.median.value) for item in cycle_by(SYSTEM, sales.selection(), "source")] == [
        ("referral", 4),
        ("", 10),
    ]
    east = results_by(sales.actor("east_rep"), sales.selection(), "source")
    assert [(item.id, item.result.orders.n) for item in east] == [("referral", 1)]
    assert [item.id for item in results_by(SYSTEM, sales.selection(period("day", dt.date(2026, 3, 12))), "source")] == [
        ""
    ]
