"""What became of the customers of each source, against numbers worked out by hand and against a plain count."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from xiaocheng.foundation.fields.commands import OptionDraft, edit_option
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.kernel.periods import Period, period
from xiaocheng.insight.queries import (
    COHORT_ROWS,
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
from xiaocheng.selling.pipeline.models import Closing, Opportunity

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
            assert numbers == counted_plainly(actor, item.code)
        for of in COHORT_ROWS:
            assert numbers_of(all_of_them)[of] == source_customers(actor, whole, of).count()
    measured = new_customers(actor, whole)["customers.registered"].value
    assert all_of_them.registered.value == measured == source_customers(actor, whole).count()


def numbers_of(cohort: Cohort) -> dict[str, int]:
    return {
        "": cohort.registered.n,
        "known": cohort.known,
        "found": int(cohort.conversion.denominator or 0),
        "contacted": cohort.contacted.n,
        "opened": cohort.opened.n,
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
    with_deal = set(Opportunity.objects.visible_to(SYSTEM).values_list("customer_id", flat=True))
    ripe = [row for row in new if row.booked_on + ninety <= today]
    return {
        "": len(rows),
        "known": len(rows) - len(new),
        "found": len(new),
        "contacted": sum(row.last_contact_at is not None for row in new),
        "opened": sum(row.pk in with_deal for row in new),
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
