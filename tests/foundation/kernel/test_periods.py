"""Days, weeks, months, quarters and years as the company counts them (golden case 9 of the metrics among them)."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.models import RuleValue
from xiaocheng.foundation.kernel.periods import (
    Period,
    booking_day,
    day_of_key,
    month_key,
    months_between,
    period,
    week_key,
)
from xiaocheng.foundation.kernel.rules import forget_cached

DAY = dt.timedelta(days=1)


def fiscal(month: int) -> None:
    _store("PeriodRules.fiscal_start_month", month)


def _store(key: str, value: object) -> None:
    RuleValue.objects.create(
        key=key, value=value, since=dt.date(2000, 1, 1), recorded_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    )
    forget_cached()


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type,misc]


def test_an_order_late_in_january_utc_belongs_to_february_in_shanghai(db: None) -> None:
    day = clock.day_of(utc(2026, 1, 31, 16, 30))
    assert day == dt.date(2026, 2, 1)
    assert period("month", day).first_month == 202602


def test_sunday_half_past_four_utc_belongs_to_the_next_mondays_week(db: None) -> None:
    sunday = utc(2026, 2, 1, 16, 30)
    assert period("week", clock.day_of(sunday)).first == dt.date(2026, 2, 2)
    assert period("week", clock.day_of(sunday - dt.timedelta(hours=1))).first == dt.date(2026, 1, 26)


def test_the_last_second_of_a_day_still_belongs_to_it(db: None) -> None:
    last, next_day = clock.bounds(dt.date(2026, 1, 31), dt.date(2026, 1, 31))
    assert clock.day_of(next_day - dt.timedelta(seconds=1)) == dt.date(2026, 1, 31)
    assert clock.day_of(next_day) == dt.date(2026, 2, 1)
    assert last == utc(2026, 1, 30, 16)


def test_a_fiscal_year_may_start_in_april(db: None) -> None:
    fiscal(4)
    assert period("year", dt.date(2026, 3, 31)) == Period(dt.date(2025, 4, 1), dt.date(2026, 3, 31), "year")
    assert period("year", dt.date(2026, 4, 1)) == Period(dt.date(2026, 4, 1), dt.date(2027, 3, 31), "year")
    assert period("quarter", dt.date(2026, 2, 15)) == Period(dt.date(2026, 1, 1), dt.date(2026, 3, 31), "quarter")


def test_a_fiscal_year_that_starts_in_february_has_quarters_that_cross_the_year(db: None) -> None:
    fiscal(2)
    assert period("quarter", dt.date(2026, 1, 5)) == Period(dt.date(2025, 11, 1), dt.date(2026, 1, 31), "quarter")


def test_a_leap_day_is_a_day_like_any_other(db: None) -> None:
    assert period("month", dt.date(2028, 2, 29)).last == dt.date(2028, 2, 29)
    assert period("month", dt.date(2026, 2, 28)).last == dt.date(2026, 2, 28)
    assert period("year", dt.date(2028, 2, 29)).days == 366
    fiscal(3)
    assert period("year", dt.date(2028, 2, 29)).last == dt.date(2028, 2, 29)


@pytest.mark.parametrize(
    ("day", "key"), [(dt.date(2026, 1, 1), 202601), (dt.date(2027, 1, 3), 202653), (dt.date(2024, 12, 30), 202501)]
)
def test_weeks_are_iso_weeks(day: dt.date, key: int) -> None:
    assert week_key(day) == key


@pytest.mark.parametrize("start", [1, 4, 12])
@pytest.mark.parametrize("kind", ["day", "week", "month", "quarter", "year"])
def test_periods_of_a_kind_tile_the_calendar_without_gap(db: None, kind: str, start: int) -> None:
    fiscal(start)
    day = dt.date(2023, 12, 25)
    while day < dt.date(2028, 3, 2):
        found = period(kind, day)
        assert found.first <= day <= found.last
        assert period(kind, found.last) == period(kind, found.first) == found
        assert found.before().last == found.first - DAY
        assert found.before().kind == kind
        day = found.last + DAY


@given(st.dates(dt.date(2020, 1, 1), dt.date(2029, 12, 31)), st.integers(0, 800))
def test_whole_months_and_the_rest_are_exactly_the_period(first: dt.date, days: int) -> None:
    whole = Period(first, first + dt.timedelta(days=days))
    months, rest = whole.whole_months()
    parts = sorted([*rest, *([months] if months else [])])
    assert parts[0].first == whole.first
    assert parts[-1].last == whole.last
    assert all(before.last + DAY == after.first for before, after in itertools.pairwise(parts))
    if months:
        assert months.first.day == 1
        assert (months.last + DAY).day == 1
        assert all(part.days < 31 for part in rest)


def test_a_custom_period_is_preceded_by_as_many_days() -> None:
    found = Period(dt.date(2026, 1, 10), dt.date(2026, 1, 19)).before()
    assert found == Period(dt.date(2025, 12, 31), dt.date(2026, 1, 9))


def test_keys_can_be_read_back() -> None:
    assert day_of_key(20280229) == dt.date(2028, 2, 29)
    assert day_of_key(202802) == dt.date(2028, 2, 1)
    assert list(months_between(202511, 202602)) == [202511, 202512, 202601, 202602]
    assert month_key(dt.date(2026, 2, 28)) == 202602


def test_a_fact_of_a_closed_period_is_booked_today(db: None) -> None:
    _store("PeriodRules.closed_through", "2026-01-31")
    with time_machine.travel(utc(2026, 3, 10, 4), tick=False):
        assert booking_day(dt.date(2026, 1, 31)) == dt.date(2026, 3, 10)
        assert booking_day(dt.date(2026, 2, 1)) == dt.date(2026, 2, 1)


def test_with_open_books_a_fact_is_booked_when_it_happened(db: None) -> None:
    assert booking_day(dt.date(2020, 1, 1)) == dt.date(2020, 1, 1)


def test_a_local_time_that_the_zone_skips_moves_forward(db: None) -> None:
    _store("ClockRules.time_zone", "America/New_York")
    skipped = clock.instant(dt.date(2026, 3, 8), dt.time(2, 30))
    assert skipped == clock.instant(dt.date(2026, 3, 8), dt.time(3, 30))
    assert clock.day_of(skipped) == dt.date(2026, 3, 8)


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(-1, 0), (0, 1), (1, 1), (60, 1), (61, 2), (3600, 60), (3600.001, 61)]
)
def test_lateness_is_counted_in_minutes_rounded_up(seconds: float, minutes: int) -> None:
    due = utc(2026, 3, 10, 12)
    assert clock.minutes_late(due + dt.timedelta(seconds=seconds), due) == minutes
