"""Deadlines: on time means before, lateness is whole minutes rounded up."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from xiaocheng.foundation.kernel.clock import minutes_late

DUE = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
SECOND, MICROSECOND = dt.timedelta(seconds=1), dt.timedelta(microseconds=1)


def test_just_before_the_deadline_is_on_time_and_the_deadline_itself_is_late() -> None:
    assert [minutes_late(DUE + shift, DUE) for shift in (-MICROSECOND, 0 * SECOND, MICROSECOND, 60 * SECOND)] == [
        0,
        1,
        1,
        1,
    ]
    assert minutes_late(DUE + 60 * SECOND + MICROSECOND, DUE) == 2


@given(st.timedeltas(min_value=dt.timedelta(days=-400), max_value=dt.timedelta(days=400)))
def test_minutes_are_rounded_up_and_never_negative(shift: dt.timedelta) -> None:
    minutes = minutes_late(DUE + shift, DUE)
    assert (minutes == 0) == (shift < dt.timedelta(0))
    if shift > dt.timedelta(0):
        assert dt.timedelta(minutes=minutes - 1) < shift <= dt.timedelta(minutes=minutes)
