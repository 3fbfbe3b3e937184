"""The company's clock: the only place that asks what time it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .rules import Rules, rule, rules


class ClockRules(Rules):
    """Where the company's day begins and ends."""

    time_zone: str = rule(
        "Asia/Shanghai", _("公司时区"), _("所有日期、截止时间和统计期间都按这个时区计算。"), check=ZoneInfo
    )


_shown: ContextVar[dt.datetime | None] = ContextVar("shown", default=None)


def now() -> dt.datetime:
    """The present instant, in UTC."""
    return _shown.get() or timezone.now().astimezone(dt.UTC)


@contextmanager
def as_of(moment: dt.datetime) -> Iterator[None]:
    """Let the clock stand at a moment: the demo company lives its past months through the real commands."""
    token = _shown.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _shown.reset(token)


def zone() -> ZoneInfo:
    """The company's time zone."""
    return ZoneInfo(rules(ClockRules, dt.date.max).time_zone)


def day_of(instant: dt.datetime) -> dt.date:
    """The company's calendar day on which an instant falls."""
    return instant.astimezone(zone()).date()


def today() -> dt.date:
    """The company's present day."""
    return day_of(now())


def instant(day: dt.date, at: dt.time = dt.time(0)) -> dt.datetime:
    """The UTC instant of a local time on a company day; a time skipped by the zone moves forward."""
    local = dt.datetime.combine(day, at, tzinfo=zone())
    return local.astimezone(dt.UTC)


def bounds(first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The half-open UTC interval that covers the company days first to last, both included."""
    return instant(first), instant(last + dt.timedelta(days=1))


def minutes_late(at: dt.datetime, due: dt.datetime) -> int:
    """Whole minutes by which an instant missed a deadline, rounded up; on time means before it, so 0."""
    if at < due:
        return 0
    return max(1, -((due - at) // dt.timedelta(minutes=1)))
