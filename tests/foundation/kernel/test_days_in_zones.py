"""A company's days and deadlines hold in every zone: through summer time, leap days, month ends, and a day left out."""

from __future__ import annotations

import datetime as dt
from random import Random
from zoneinfo import ZoneInfo

import pytest

from xiaocheng.foundation.kernel import clock

ZONES = (
    "Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong", "Asia/Kolkata", "Asia/Kathmandu", "Europe/Berlin",
    "Europe/London", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "UTC",
)  # fmt: skip
FIRST, LAST = dt.datetime(1985, 1, 1, tzinfo=dt.UTC), dt.datetime(2060, 1, 1, tzinfo=dt.UTC)
DUE = (dt.time(0), dt.time(2, 30), dt.time(18), dt.time(23, 59))
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize("count", [500, pytest.param(100_000, marks=pytest.mark.full)])
@pytest.mark.parametrize("name", ZONES)
def test_every_instant_lies_in_its_day_and_is_late_by_whole_minutes(
    monkeypatch: pytest.MonkeyPatch, name: str, count: int
) -> None:
    zone, random = ZoneInfo(name), Random(name)
    monkeypatch.setattr(clock, "zone", lambda: zone)
    for _ in range(count):
        at = FIRST + dt.timedelta(seconds=random.randrange(int((LAST - FIRST).total_seconds())))
        day, (begin, end) = clock.day_of(at), clock.bounds(clock.day_of(at), clock.day_of(at))
        assert begin <= at < end, (name, at)
        assert clock.day_of(begin) == day != clock.day_of(end), (name, at)
        due = clock.instant(day, random.choice(DUE))
        late = clock.minutes_late(at, due)
        assert (late == 0) == (at < due), (name, at, due)
        assert late in {0, 1} or (late - 1) * MINUTE < at - due <= late * MINUTE, (name, at, due)


@pytest.mark.parametrize(("name", "day", "at", "instant"), [
    ("Europe/Berlin", dt.date(2026, 3, 29), dt.time(2, 30), "2026-03-29T01:30"),  # skipped: moves forward
    ("Europe/Berlin", dt.date(2026, 10, 25), dt.time(2, 30), "2026-10-25T00:30"),  # twice: the first time
    ("Asia/Shanghai", dt.date(1940, 6, 1), dt.time(0), "1940-05-31T16:00"),  # a midnight that was not
    ("Asia/Shanghai", dt.date(2028, 2, 29), dt.time(18), "2028-02-29T10:00"),
    ("Pacific/Apia", dt.date(2011, 12, 30), dt.time(12), "2011-12-30T22:00"),  # a day that was left out
])  # fmt: skip
def test_a_time_that_does_not_exist_or_is_there_twice_has_one_instant(
    monkeypatch: pytest.MonkeyPatch, name: str, day: dt.date, at: dt.time, instant: str
) -> None:
    monkeypatch.setattr(clock, "zone", lambda: ZoneInfo(name))
    assert clock.instant(day, at) == dt.datetime.fromisoformat(f"{instant}+00:00")
