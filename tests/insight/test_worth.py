"""The value of customers: classes of the whole company, the real curve, and who sees which customers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.shared import shared_data
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.periods import Period, months_back
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.insight.queries import worth
from xiaocheng.insight.worth import classes, count_for, part_of, share_of_first
from xiaocheng.selling.customers.commands import CustomerDraft, register_many
from xiaocheng.selling.trade.commands import SaleDraft, record_sales

TODAY = dt.date(2026, 4, 20)
YEAR = Period(months_back(TODAY, 12), TODAY)
BEFORE = YEAR.first - dt.timedelta(days=1)
PROFITS = {"甲": 500, "乙": 300, "丙": 100, "丁": 60, "戊": 30, "己": 20, "庚": 10, "辛": 5, "壬": -5, "癸": -20}


@pytest.fixture
def sold(world: World):
    """Ten customers, the first six 张三's in the east, the others of the south; and one who bought two years ago."""
    with clock.as_of(clock.instant(TODAY, dt.time(10))):
        owners = [world.id("east_rep")] * 6 + [world.id("south_rep")] * 5
        drafts = [
            CustomerDraft(name=f"{name}厂", owner_id=owner, region="east" if at < 3 else "south")
            for at, (name, owner) in enumerate(zip([*PROFITS, "旧"], owners, strict=True))
        ]
        register_many(SYSTEM, drafts)
        record_sales(
            SYSTEM,
            [
                SaleDraft(
                    customer=f"{name}厂", occurred_on=TODAY, number=name, amount=Decimal(1000 - at), profit=profit
                )
                for at, (name, profit) in enumerate((name, Decimal(it)) for name, it in PROFITS.items())
            ]
            + [
                SaleDraft(customer="旧厂", occurred_on=YEAR.first - dt.timedelta(days=1), amount=Decimal(9), number="O")
            ],
        )
        yield world


@pytest.mark.django_db
def test_classes_are_the_companys_and_sums_are_of_the_customers_in_sight(sold: World) -> None:
    found = worth(sold.actor("director"), YEAR)
    assert [row.name[0] for row in found.customers] == list(PROFITS)
    assert [(part.klass, part.count, part.value) for part in found.classes] == [
        ("top", 2, 800), ("middle", 6, 225), ("bottom", 2, -25),
    ]  # fmt: skip
    assert (found.top_share, found.for_most, found.losses) == (Decimal("0.8"), 2, 2)
    assert (found.curve[0], found.curve[-1], found.largest_share) == (Decimal("0.5"), 1, Decimal("0.5"))
    south = worth(sold.actor("south_rep"), YEAR)
    assert [(row.name[0], row.klass) for row in south.customers] == [
        ("庚", "middle"), ("辛", "middle"), ("壬", "bottom"), ("癸", "bottom"),
    ]  # fmt: skip
    assert (south.top_share, south.for_most, south.traits) == (None, None, [])
    assert [len(worth(sold.actor(name), YEAR).customers) for name in ("east_manager", "east_peer")] == [6, 0]
    [east, *_others] = found.traits
    assert (east.kind, east.code, east.top, east.top_of, east.rest, east.rest_of) == ("region", "east", 2, 2, 1, 8)
    assert found.is_small


@pytest.mark.django_db
def test_by_sales_and_by_the_companys_own_division(sold: World) -> None:
    director = sold.actor("director")
    assert [row.value for row in worth(director, YEAR, "sales").customers][:2] == [1000, 999]
    change_rule(SYSTEM, "ValueRules.top_percent", "10", since=TODAY)
    assert [row.klass for row in worth(director, YEAR).customers].count("top") == 1
    only = worth(director, Period(BEFORE, BEFORE))
    assert (only.by, only.customers[0].klass, only.customers[0].value) == ("sales", "", 9)
    assert worth(director, Period(dt.date(2000, 1, 1), dt.date(2000, 1, 2))).customers == []


@given(st.lists(st.decimals(-100, 1000, places=2), max_size=60), st.integers(1, 49), st.integers(1, 49))
def test_everybody_has_one_class_and_the_curve_ends_at_the_whole(values: list[Decimal], top: int, bottom: int) -> None:
    values.sort(reverse=True)
    found = Counter(classes(len(values), top, bottom))
    assert sum(found.values()) == len(values)
    if sum(values) > 0:
        most = count_for(values, Decimal("0.8"))
        assert most is not None
        assert share_of_first(values, most) >= Decimal("0.8") > (share_of_first(values, most - 1) or 0)
        assert share_of_first(values, len(values)) == 1


def test_months_back_end_with_the_day() -> None:
    assert months_back(dt.date(2026, 4, 20), 12) == dt.date(2025, 4, 21)
    assert months_back(dt.date(2026, 3, 31), 1) == dt.date(2026, 3, 1)


def test_the_curve_of_a_real_shop_is_not_eighty_twenty() -> None:
    """A tenth of the CDNOW customers, whose top fifth brings 67.4 % (of all customers: 67.8 %)."""
    spent: Counter[str] = Counter()
    for line in shared_data("cdnow", "CDNOW_sample.txt").read_text().splitlines():
        number, _sample, _day, _pieces, amount = line.split()
        spent[number] += Decimal(amount)  # type: ignore[assignment]
    values = sorted((Decimal(value) for value in spent.values()), reverse=True)
    assert len(values) == 2357
    assert round(share_of_first(values, part_of(len(values), 20)) or 0, 3) == Decimal("0.674")
    assert round((count_for(values, Decimal("0.8")) or 0) / len(values), 3) == 0.330
