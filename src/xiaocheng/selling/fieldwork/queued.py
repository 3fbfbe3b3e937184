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

    def believed(self, now: dt.datetime) -> dt.datetime | None:
        """When it was recorded; None when the clock of the device is wrong, or when it arrives too late."""
        if abs(now - self.device_now) > CLOCKS_DIFFER:
            return None
        days = rules(FieldworkRules, clock.day_of(now)).queued_days
        return self.at if now - dt.timedelta(days=days) <= self.at <= self.device_now else None


def believed(queued: Queued | None, now: dt.datetime) -> dt.datetime | None:
    """When something was recorded on a device without connection; None for what was sent at once or is not believed."""
    return queued.believed(now) if queued else None
