"""Days, weeks, months, quarters and fiscal years as the company counts them, with integer keys for grouping."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from . import clock
from .rules import Rules, rule, rules

KINDS = ("day", "week", "month", "quarter", "year")
KIND_NAMES = {"day": _("日"), "week": _("周"), "month": _("月"), "quarter": _("季度"), "year": _("年度")}


class PeriodRules(Rules):
    """How the company counts its year and which books are closed."""

    fiscal_start_month: int = rule(
        1,
        _("财年起始月"),
        _("季度和年度从这个月开始计算。"),
        choices={month: f"{month}" for month in range(1, 13)},
    )
    closed_through: str = rule(
        "",
        _("已关账至"),
        _("这一天及以前的期间已关账:更正记在今天。格式如 2026-01-31,空为未关账。"),
        check=lambda day: day and dt.date.fromisoformat(day),
    )


@dataclass(frozen=True, order=True)
class Period:
    """A run of whole company days, both ends included."""

    first: dt.date
    last: dt.date
    kind: str = "custom"

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        """Number of calendar days."""
        return (self.last - self.first).days + 1

    @property
    def first_month(self) -> int:
        """Key (202601) of the month of the first day."""
        return month_key(self.first)

    @property
    def last_month(self) -> int:
        """Key (202601) of the month of the last day."""
        return month_key(self.last)

    def before(self) -> Period:
        """The period of the same kind just before this one."""
        eve = self.first - dt.timedelta(days=1)
        if self.kind in KINDS:
            return period(self.kind, eve)
        return Period(self.first - dt.timedelta(days=self.days), eve)

    def a_year_before(self) -> Period:
        """The same days a year earlier; of months, quarters and years those of that year."""
        first = year_before(self.first)
        if self.kind in {"month", "quarter", "year"}:
            return period(self.kind, first)
        return Period(first, year_before(self.last))

    def whole_months(self) -> tuple[Period | None, list[Period]]:
        """The longest run of whole months inside, and the days at either end that are left over."""
        first = self.first if self.first.day == 1 else _month_end(self.first) + dt.timedelta(days=1)
        last = self.last if self.last == _month_end(self.last) else self.last.replace(day=1) - dt.timedelta(days=1)
        if first > last:
            return None, [self]
        rest = []
        if self.first < first:
            rest.append(Period(self.first, first - dt.timedelta(days=1)))
        if last < self.last:
            rest.append(Period(last + dt.timedelta(days=1), self.last))
        return Period(first, last), rest


ALL_TIME = Period(dt.date(1970, 1, 1), dt.date(2199, 12, 31), "all")


def day_key(day: dt.date) -> int:
    """2026-01-31 -> 20260131."""
    return day.year * 10_000 + day.month * 100 + day.day


def month_key(day: dt.date) -> int:
    """2026-01-31 -> 202601."""
    return day.year * 100 + day.month


def week_key(day: dt.date) -> int:
    """ISO week: 2026-01-01 -> 202601; weeks run Monday to Sunday."""
    year, week, _weekday = day.isocalendar()
    return year * 100 + week


def day_of_key(key: int) -> dt.date:
    """20260131 -> 2026-01-31; a month key gives the month's first day."""
    if key < 1_000_000:
        key = key * 100 + 1
    return dt.date(key // 10_000, key // 100 % 100, key % 100)


def period(kind: str, day: dt.date) -> Period:
    """The period of a kind in which a company day lies; quarters and years follow the fiscal start month."""
    if kind == "day":
        return Period(day, day, kind)
    if kind == "week":
        monday = day - dt.timedelta(days=day.weekday())
        return Period(monday, monday + dt.timedelta(days=6), kind)
    if kind == "month":
        return Period(day.replace(day=1), _month_end(day), kind)
    length = {"quarter": 3, "year": 12}[kind]
    start = rules(PeriodRules, day).fiscal_start_month
    into = (day.month - start) % length
    first = months_after(day.replace(day=1), -into)
    return Period(first, _month_end(months_after(first, length - 1)), kind)


def year_before(day: dt.date) -> dt.date:
    """The same day a year earlier; of a leap day the day before."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def months_back(day: dt.date, months: int) -> dt.date:
    """The first day of so many months that end with a day."""
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, min(day.day, last)) + dt.timedelta(days=1)


def months_between(first: int, last: int) -> Iterator[int]:
    """Month keys from first to last, both included."""
    day = day_of_key(first)
    while month_key(day) <= last:
        yield month_key(day)
        day = months_after(day, 1)


def booking_day(occurred_on: dt.date) -> dt.date:
    """The day a fact is booked: the day it happened, or today if that period is closed."""
    closed = rules(PeriodRules, clock.today()).closed_through
    return clock.today() if closed and occurred_on <= dt.date.fromisoformat(closed) else occurred_on


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def months_after(first: dt.date, months: int) -> dt.date:
    """The first day of the month so many months after (or before) the month of a day."""
    index = first.year * 12 + first.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)
