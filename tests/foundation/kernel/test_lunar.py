"""Lunar birthdays are read as people write them and come back every year."""

from __future__ import annotations

import datetime as dt

import pytest
from borax.calendars import LunarDate
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from xiaocheng.foundation.kernel.lunar import lunar_day, lunar_words, next_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("八月十五", "08-15"), ("农历八月十五", "08-15"), ("農曆 臘月廿三", "12-23"), ("闰四月初一", "04-01"),
        ("正月初一", "01-01"), ("冬月二十九日", "11-29"), ("十一月三十", "11-30"), ("十月十", "10-10"),
        ("8-15", "08-15"), ("８月１５日", "08-15"), ("1975-08-15", "08-15"), ("一九七五年八月十五", "08-15"),
        ("Lunar 8/15", "08-15"), ("", ""), ("农历", ""),
    ],
)  # fmt: skip
def test_a_lunar_day_is_read_as_people_write_it(typed: str, kept: str) -> None:
    assert lunar_day(typed) == kept


@pytest.mark.parametrize("typed", ["13-01", "八月三十一", "8-31", "0-5", "明天", "8", "十三月初一", "1975"])
def test_what_is_no_lunar_day_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=typed):
        lunar_day(typed)


def test_mid_autumn_of_known_years_is_where_the_calendar_has_it() -> None:
    known = {2024: dt.date(2024, 9, 17), 2025: dt.date(2025, 10, 6), 2026: dt.date(2026, 9, 25)}
    assert {year: next_of("08-15", dt.date(year, 3, 1)) for year in known} == known
    assert next_of("01-01", dt.date(2026, 2, 17)) == dt.date(2026, 2, 17)  # today counts
    assert next_of("01-01", dt.date(2026, 2, 18)) == dt.date(2027, 2, 6)


def test_the_thirtieth_is_kept_on_the_29th_of_a_short_month_and_a_leap_month_has_no_birthday_of_its_own() -> None:
    assert next_of("12-30", dt.date(2026, 3, 1)) == dt.date(2027, 2, 5)  # the last day of that year
    assert next_of("06-10", dt.date(2025, 6, 1)) == dt.date(2025, 7, 4)  # and not again in the leap sixth month
    assert next_of("06-10", dt.date(2025, 7, 5)) == dt.date(2026, 7, 23)
    assert next_of("08-15", dt.date(2101, 6, 1)) is None


@given(st.dates(dt.date(1950, 1, 1), dt.date(2090, 1, 1)), st.integers(1, 12), st.integers(1, 30))
def test_a_lunar_birthday_comes_within_thirteen_months_on_its_day(since: dt.date, month: int, day: int) -> None:
    found = next_of(f"{month:02}-{day:02}", since)
    assert found is not None
    assert since <= found <= since + dt.timedelta(days=385)
    lunar = LunarDate.from_solar(found)
    assert (lunar.month, lunar.leap) == (month, 0)
    assert lunar.day == day or (lunar.day, day) == (29, 30)


def test_its_words_are_those_of_the_reader() -> None:
    with translation.override("zh-hans"):
        assert lunar_words("12-23") == "农历腊月廿三"
        assert lunar_day(lunar_words("12-23")) == "12-23"
    with translation.override("en"):
        assert "12" in lunar_words("12-23")
