"""The class and loyalty of each customer, counted every night: kept, found by, carried on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.insight.test_worth import TODAY
from tests.insight.test_worth import sold as sold
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed
from xiaocheng.foundation.kernel.measures import differences, gauged_as, read_gauges, rebuild
from xiaocheng.foundation.kernel.rules import parse_value, rule_fields
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.insight.commands import count_values
from xiaocheng.insight.loyalty import Loyalty, is_long, is_price_led, keeps_rhythm
from xiaocheng.insight.measures import DECISION, GAUGES, LOYALTY, PRICE_LED, VALUE_CLASS
from xiaocheng.insight.models import CustomerValue
from xiaocheng.insight.queries import days_since_values, worth
from xiaocheng.insight.rules import ValueRules
from xiaocheng.insight.scoring import criteria, criteria_by_industry, ranks, score
from xiaocheng.insight.valuing import period_of
from xiaocheng.insight.worth import in_order
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.customers.queries import customers as listed
from xiaocheng.selling.customers.queries import ids_by_name
from xiaocheng.selling.fieldwork import commands as fieldwork
from xiaocheng.selling.fieldwork.commands import ContactDraft, VisitResult
from xiaocheng.selling.trade.commands import SaleDraft, record_sales


def named(name: str) -> int:
    return ids_by_name(SYSTEM, [f"{name}厂"])[f"{name}厂"]


def of_class(world: World, who: str, code: str) -> list[str]:
    return [row.name[0] for row in listed(world.actor(who)).filter(gauged_as(VALUE_CLASS, [code])).order_by("pk")]


@pytest.mark.django_db
def test_classes_are_kept_and_are_those_of_the_page(sold: World) -> None:
    assert days_since_values(SYSTEM) is None
    assert count_values(SYSTEM) == 10
    assert days_since_values(SYSTEM) == 0
    found = {row.customer_id: row.klass for row in worth(SYSTEM, period_of(TODAY)).customers}
    rows = CustomerValue.objects.visible_to(SYSTEM)
    assert found == dict(rows.values_list("customer_id", "klass"))
    assert [of_class(sold, "director", code) for code in ("top", "bottom", "")] == [["甲", "乙"], ["壬", "癸"], ["旧"]]
    assert [of_class(sold, who, "top") for who in ("east_rep", "south_rep")] == [["甲", "乙"], []]
    kept = read_gauges(named("甲"))
    assert (kept.values[VALUE_CLASS], kept.counted_on[VALUE_CLASS]) == (3, TODAY)
    assert differences() == []
    rebuild()
    assert (differences(), of_class(sold, "director", "top")) == ([], ["甲", "乙"])
    with pytest.raises(NotAllowed):
        count_values(sold.actor("director"))


@pytest.mark.django_db
def test_counting_again_changes_nothing_and_follows_what_was_sold(sold: World) -> None:
    count_values(SYSTEM)
    before = list(CustomerValue.objects.visible_to(SYSTEM).order_by("pk").values())
    count_values(SYSTEM)
    assert list(CustomerValue.objects.visible_to(SYSTEM).order_by("pk").values()) == before
    record_sales(SYSTEM, [SaleDraft(customer="癸厂", occurred_on=TODAY, number="R", amount=9000, profit=Decimal(9000))])
    assert of_class(sold, "director", "top") == ["甲", "乙"]
    count_values(SYSTEM)
    assert of_class(sold, "director", "top") == ["甲", "癸"]
    with clock.as_of(clock.instant(TODAY.replace(year=TODAY.year + 1) + dt.timedelta(days=1), dt.time(10))):
        assert count_values(SYSTEM) == 0
        assert of_class(sold, "director", "top") == []
        assert differences() == []


@pytest.mark.django_db
def test_a_company_divides_by_sales_or_by_a_score_of_its_own(sold: World) -> None:
    change_rule(SYSTEM, "ValueRules.by", "sales", since=TODAY)
    change_rule(SYSTEM, "ValueRules.top_percent", "10", since=TODAY)
    count_values(SYSTEM)
    assert of_class(sold, "director", "top") == ["甲"]
    change_rule(SYSTEM, "ValueRules.score", "订单数=100", since=TODAY)
    record_sales(SYSTEM, [SaleDraft(customer="庚厂", occurred_on=TODAY, number=f"R{n}", amount=1) for n in range(3)])
    count_values(SYSTEM)
    assert of_class(sold, "director", "top") == ["庚"]
    assert CustomerValue.objects.visible_to(SYSTEM).get(customer=named("庚")).score == 95


@pytest.mark.django_db
def test_hours_are_those_of_visits_and_calls_have_none(sold: World) -> None:
    rep, customer = sold.actor("east_rep"), named("甲")
    visit = fieldwork.check_in(rep, customer_id=customer)
    with clock.as_of(clock.instant(TODAY, dt.time(11, 30))):
        fieldwork.check_out(rep, visit.pk)
        result = VisitResult(outcome="met_decider", result="order")
        fieldwork.record_result(rep, visit.pk, visit.edit_version, result)
        draft = ContactDraft(customer_id=customer, kind="call", outcome="met_other", result="need")
        fieldwork.log_contact(rep, draft)
    count_values(SYSTEM)
    row = CustomerValue.objects.visible_to(SYSTEM).get(customer=customer)
    assert (row.minutes, row.visits, row.contacts) == (90, 1, 1)


@pytest.mark.django_db
def test_the_merged_ones_class_is_the_survivors_only_if_he_has_none(sold: World) -> None:
    count_values(SYSTEM)
    manager = sold.actor("administrator")
    old, first, second = named("旧"), named("甲"), named("乙")
    done = customers.merge(manager, old, first)
    assert of_class(sold, "director", "top") == ["乙", "旧"]
    assert differences() == []
    customers.undo_merge(manager, done.merge_id)
    assert (of_class(sold, "director", "top"), differences()) == (["甲", "乙"], [])
    customers.merge(manager, first, second)
    assert (of_class(sold, "director", "top"), differences()) == (["甲"], [])


@pytest.mark.django_db
def test_the_customers_page_says_the_class_and_its_day_and_the_list_finds_by_it(sold: World) -> None:
    count_values(SYSTEM)
    rep = sold.client("east_rep")
    page = rep.get(f"/customers/{named('甲')}/").content.decode()
    assert ["价值级别" in page, "顶层" in page, "截至 " in page] == [True, True, True]
    names = rep.get("/customers/?tab=mine&value_class=top").content.decode()
    assert ["甲厂" in names, "丙厂" in names] == [True, False]
    none = sold.client("director").get("/customers/?value_class=none&loyalty=none").content.decode()
    assert ["甲厂" in none, "旧厂" in none] == [False, True]
    found = rep.get("/api/v1/customers?value_class=top").json()
    assert {row["name"] for row in found["items"]} == {"甲厂", "乙厂"}


MONTH = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(120)]


def test_loyalty_tells_only_what_the_lines_tell() -> None:
    assert keeps_rhythm(2, MONTH[0], MONTH[10], MONTH[11], 150) is None
    assert [keeps_rhythm(3, MONTH[0], MONTH[20], MONTH[at], 150) for at in (35, 36)] == [True, False]
    assert [is_price_led(*lines, 50) for lines in ((2, 2), (1, 3), (2, 4))] == [None, False, True]
    leap = dt.date(2024, 2, 29)
    assert [is_long(leap, day, 2) for day in (dt.date(2026, 2, 28), dt.date(2026, 3, 1))] == [False, True]
    assert is_long(None, leap, 2) is None
    levels = {
        (True, True, None): "high", (None, None, True): "", (True, False, None): "medium", (False, False, True): "low",
        (True, True, False): "medium", (True, True, True): "high",
    }  # fmt: skip
    assert {parts: Loyalty(*parts).level for parts in levels} == levels


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=40))
def test_ranks_are_fair_to_equals_and_their_mean_is_fifty(values: list[int]) -> None:
    found = ranks(values)
    assert sum(found) / len(found) == pytest.approx(50)
    assert all((found[i] < found[j]) == (a < b) for i, a in enumerate(values) for j, b in enumerate(values))


@given(st.lists(st.tuples(st.integers(-2, 2), st.integers(0, 2)), max_size=30))
def test_the_order_is_the_same_however_the_rows_come(pairs: list[tuple[int, int]]) -> None:
    values = {pk: Decimal(value) for pk, (value, _sales) in enumerate(pairs)}
    sales = {pk: Decimal(sum_) for pk, (_value, sum_) in enumerate(pairs)}
    order = in_order(values, sales)
    assert order == in_order(dict(reversed(values.items())), sales)
    assert sorted(order) == sorted(values)
    assert all((values[a], sales[a]) >= (values[b], sales[b]) for a, b in pairwise(order))


def test_criteria_are_written_as_people_write_them() -> None:
    assert criteria("毛利=60,产品数 = 30、年数=10") == {"profit": 60, "products": 30, "years": 10}
    assert criteria_by_industry("金融:产品数=50, 毛利=50;制造: 毛利=100") == {
        "金融": {"products": 50, "profit": 50}, "制造": {"profit": 100},
    }  # fmt: skip
    for text in ("毛利", "毛利=0", "身高=5", "毛利=1, 毛利=2", "毛利=1x"):
        with pytest.raises(ValueError):
            criteria(text)
    for text in ("毛利=5", "金融:", ": 毛利=5"):
        with pytest.raises(ValueError):
            criteria_by_industry(text)
    assert score({"profit": 60, "orders": 40}, {"profit": Decimal(100), "orders": Decimal(0)}) == 60
    [item] = [item for item in rule_fields(ValueRules) if item.key == "ValueRules.score"]
    assert parse_value(item, "毛利=5") == "毛利=5"
    assert set(GAUGES.values()) == {VALUE_CLASS, LOYALTY, PRICE_LED, DECISION}
