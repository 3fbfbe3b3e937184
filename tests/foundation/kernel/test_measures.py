"""A figure is bumped where the work happens and equals what counting the facts gives."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaocheng.foundation.kernel import measures
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor, Sight
from xiaocheng.foundation.kernel.measures import Bump, Gauge, Measure, Whose, bump
from xiaocheng.foundation.kernel.models import MeasureDay, MeasureDepartment, MeasureMonth
from xiaocheng.foundation.kernel.periods import Period, day_key

ANN, BEN, EAST, SOUTH = 1, 2, 10, 20
FACTS: list[Bump] = []


@pytest.fixture(autouse=True)
def _painting_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    FACTS.clear()
    item = Measure("painted", "刷墙", "money", "刷墙金额之和", lambda: iter(FACTS), frozenset({"product"}))
    monkeypatch.setattr(measures, "_measures", {"painted": item})


def fact(person: int, department: int, day: dt.date, value: Decimal | int = 1, product: int | None = None) -> Bump:
    return Bump("painted", person, department, day, value, (("product", product),) if product else ())


def happen(*facts: Bump) -> None:
    FACTS.extend(facts)
    bump(facts)


facts = st.lists(
    st.builds(
        fact,
        st.sampled_from([ANN, BEN]),
        st.sampled_from([EAST, SOUTH]),
        st.dates(dt.date(2025, 11, 20), dt.date(2026, 3, 5)),
        st.decimals(-10_000, 10_000, places=4),
        st.sampled_from([None, 7, 8]),
    ),
    max_size=30,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=facts, second=facts)
def test_bumped_equals_counted_and_rebuilding_changes_nothing(db: None, first: list[Bump], second: list[Bump]) -> None:
    for table in (MeasureDay, MeasureMonth, MeasureDepartment, measures.MeasureSubject):
        table._default_manager.all().delete()
    FACTS.clear()
    happen(*first)
    happen(*second)
    assert measures.differences() == []
    before = tables()
    measures.rebuild()
    assert tables() == before


def tables() -> list[Counter[tuple[object, ...]]]:
    def sums(model: type, *columns: str) -> Counter[tuple[object, ...]]:
        return Counter({row[:-1]: row[-1] for row in model.objects.values_list(*columns, "value") if row[-1]})

    return [
        sums(MeasureDay, "key", "person_id", "department_id", "day"),
        sums(MeasureMonth, "key", "person_id", "department_id", "month"),
        sums(MeasureDepartment, "key", "department_id", "month"),
        sums(measures.MeasureSubject, "key", "kind", "subject_id", "person_id", "department_id", "month"),
    ]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=facts, first=st.dates(dt.date(2025, 11, 1), dt.date(2026, 1, 31)), days=st.integers(0, 120))
def test_any_period_gives_the_same_sum_as_its_days(db: None, facts: list[Bump], first: dt.date, days: int) -> None:
    for table in (MeasureDay, MeasureMonth, MeasureDepartment, measures.MeasureSubject):
        table._default_manager.all().delete()
    bump(facts)
    period = Period(first, first + dt.timedelta(days=days))
    inside = [item for item in facts if item.day in period]
    for whose in (Whose(), Whose(people=frozenset({ANN})), Whose(departments=frozenset({EAST}))):
        chosen = [
            Decimal(item.value)
            for item in inside
            if (whose.people is None or item.person_id in whose.people)
            and (whose.departments is None or item.department_id in whose.departments)
        ]
        assert measures.totals(SYSTEM, ["painted"], period, whose) == {"painted": sum(chosen, Decimal(0))}


def test_a_difference_is_found(db: None) -> None:
    happen(fact(ANN, EAST, dt.date(2026, 1, 5)))
    MeasureDay.objects.update(value=20_000)
    assert measures.differences() == [("painted", 20260105, 20_000, 10_000)]


JANUARY = Period(dt.date(2026, 1, 1), dt.date(2026, 1, 31), "month")
NEW_YEAR = Period(dt.date(2025, 12, 30), dt.date(2026, 1, 2))


@pytest.fixture
def year(db: None) -> None:
    happen(
        fact(ANN, EAST, dt.date(2026, 1, 1), Decimal("0.1"), 7),
        fact(ANN, EAST, dt.date(2026, 1, 1), Decimal("0.2"), 7),
        fact(ANN, SOUTH, dt.date(2026, 1, 31), 5),
        fact(BEN, EAST, dt.date(2026, 1, 2), 100, 8),
        fact(BEN, EAST, dt.date(2025, 12, 31), 1000),
    )


def test_a_person_counts_only_his_own_and_a_head_the_departments_too(year: None) -> None:
    ann = Actor(person_id=ANN, sight=Sight(people=frozenset({ANN})))
    head = Actor(person_id=ANN, sight=Sight(people=frozenset({ANN}), departments=frozenset({EAST})))
    assert measures.totals(ann, ["painted"], JANUARY) == {"painted": Decimal("5.3")}
    assert measures.totals(head, ["painted"], JANUARY) == {"painted": Decimal("105.3")}
    assert measures.totals(ann, ["painted"], JANUARY, Whose(people=frozenset({BEN}))) == {"painted": 0}
    assert measures.totals(ann, ["painted"], JANUARY, Whose(departments=frozenset({EAST}))) == {
        "painted": Decimal("0.3")
    }
    assert measures.totals(Actor(person_id=None), ["painted"], JANUARY) == {"painted": 0}


def test_the_same_figure_by_person_department_month_day_and_product(year: None) -> None:
    both = (Period(dt.date(2025, 12, 1), dt.date(2026, 1, 31)),)
    assert measures.by_person(SYSTEM, ["painted"], JANUARY) == {("painted", ANN): Decimal("5.3"), ("painted", BEN): 100}
    assert measures.by_department(SYSTEM, ["painted"], JANUARY) == {
        ("painted", EAST): Decimal("100.3"),
        ("painted", SOUTH): 5,
    }
    assert measures.by_month(SYSTEM, ["painted"], *both) == {
        ("painted", 202512): 1000,
        ("painted", 202601): Decimal("105.3"),
    }
    assert measures.by_day(SYSTEM, ["painted"], NEW_YEAR) == {
        ("painted", 20251231): 1000,
        ("painted", 20260101): Decimal("0.3"),
        ("painted", 20260102): 100,
    }
    assert measures.by_subject(SYSTEM, ["painted"], "product", (202601, 202601)) == {
        ("painted", 7): Decimal("0.3"),
        ("painted", 8): 100,
    }


def test_a_measure_nobody_has_bumped_is_zero(db: None) -> None:
    assert measures.totals(SYSTEM, ["painted"], JANUARY) == {"painted": 0}


def test_a_gauge_holds_the_present_value_and_is_rebuilt_from_its_facts(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    owed: dict[int, Decimal | int] = {1: Decimal("12.5"), 2: 7}
    item = Gauge("owed", "欠款", "money", "未收金额", lambda: owed.items())
    monkeypatch.setattr(measures, "_gauges", {"owed": item})
    measures.bump_gauge("owed", [(1, Decimal("10.25")), (2, 9), (1, Decimal("2.25")), (2, -2)])
    assert measures.read_gauges(1).values == {"owed": Decimal("12.5")}
    assert measures.read_gauges(3).values == {}
    assert measures.differences() == []
    measures.bump_gauge("owed", [(2, -7), (3, 1)])
    assert measures.differences() == [("owed", 2, 0, 70_000), ("owed", 3, 10_000, 0)]
    measures.rebuild()
    assert measures.differences() == []
    assert measures.read_gauges(2).values == {"owed": 7}
    assert measures.read_gauges(3).values == {}


def test_the_day_key_reads_as_a_date() -> None:
    assert day_key(dt.date(2026, 1, 31)) == 20260131
