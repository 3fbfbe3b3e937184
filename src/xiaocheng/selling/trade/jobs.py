"""What the clock asks of trade."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.jobs import daily

from .commands import remind_unpaid


@daily(dt.time(7, 20))
def remind_of_unpaid(slot: dt.datetime) -> None:
    """Before the day's work owners find on their lists which won deals are not paid in time."""
    remind_unpaid(SYSTEM)
