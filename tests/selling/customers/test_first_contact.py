"""The time limit of first-contact responsibility: which day a customer lapses."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import mark_calendar_day
from xiaocheng.selling.customers.first_contact import FirstContactRules, days_by_level

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 1))
RULES = st.builds(
    FirstContactRules,
    days=st.integers(1, 40),
    by_level=st.sampled_from(["", "A=3", "A=3, B=20"]),
    counted=st.sampled_from(["calendar", "working"]),
    skips_holidays=st.booleans(),
)


@pytest.mark.parametrize(
    ("since", "lapses", "why"),
    [
        (dt.date(2026, 3, 1), dt.date(2026, 3, 9), "seven whole days, weekends counted"),
        (dt.date(2026, 2, 27), dt.date(2026, 3, 7), "over the end of February"),
        (dt.date(2024, 2, 27), dt.date(2024, 3, 6), "over a leap day"),
        (dt.date(2025, 12, 30), dt.date(2026, 1, 10), "New Year's three days off do not count"),
        (dt.date(2026, 9, 28), dt.date(2026, 10, 13), "nor does the week of the National Day"),
    ],
)
def test_a_customer_lapses_after_seven_whole_days(since: dt.date, lapses: dt.date, why: str) -> None:
    assert FirstContactRules().lapses_on(since) == lapses, why


def test_a_company_may_count_working_days_or_holidays_too() -> None:
    assert FirstContactRules(counted="working", days=5).lapses_on(dt.date(2026, 3, 6)) == dt.date(2026, 3, 14)
    assert FirstContactRules(skips_holidays=False).lapses_on(dt.date(2026, 9, 28)) == dt.date(2026, 10, 6)


def test_a_day_off_of_the_company_itself_does_not_count(world: World) -> None:
    mark_calendar_day(SYSTEM, dt.date(2026, 3, 4), is_workday=False, name="司庆")
    assert FirstContactRules().lapses_on(dt.date(2026, 3, 1)) == dt.date(2026, 3, 10)


def test_a_level_may_have_a_limit_of_its_own() -> None:
    rules = FirstContactRules(by_level="A=3,B=20")
    since = dt.date(2026, 3, 1)
    assert [rules.lapses_on(since, level).day for level in ("A", "B", "C", "")] == [5, 22, 9, 9]


@pytest.mark.parametrize("text", ["A", "A=", "A=0", "A=400", "A=x", "=5", "A=5;B=6"])
def test_limits_of_levels_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        days_by_level(text)


@given(rules=RULES, today=DAYS, level=st.sampled_from(["", "A", "B"]))
def test_looking_back_finds_exactly_those_who_have_lapsed(rules: FirstContactRules, today: dt.date, level: str) -> None:
    last = rules.lapsed_since(today, level)
    assert rules.lapses_on(last, level) <= today < rules.lapses_on(last + DAY, level)


@given(rules=RULES, since=DAYS, level=st.sampled_from(["", "A", "B"]))
def test_a_later_contact_never_lapses_earlier(rules: FirstContactRules, since: dt.date, level: str) -> None:
    assert rules.lapses_on(since, level) <= rules.lapses_on(since + DAY, level)
    days = (since + DAY * n for n in range(1, (rules.lapses_on(since, level) - since).days))
    assert sum(map(rules.counts, days)) == rules.days_of(level)
