"""What a device recorded without connection, and when that is to be believed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.rules import rules

from .rules import FieldworkRules

CLOCKS_DIFFER = dt.timedelta(minutes=2)  # of a device that is believed


@dataclass(frozen=True)
class Queued:
    """When a device recorded something, and what its clock says as it sends it."""

    at: dt.datetime
    device_now: dt.datetime


def believed(queued: Queued | None, now: dt.datetime) -> dt.datetime | None:
    """When a device recorded it; None for what was sent at once, arrives too late, or comes with a wrong clock."""
    if queued is None or abs(now - queued.device_now) > CLOCKS_DIFFER:
        return None
    days = rules(FieldworkRules, clock.day_of(now)).queued_days
    return queued.at if now - dt.timedelta(days=days) <= queued.at <= queued.device_now else None
