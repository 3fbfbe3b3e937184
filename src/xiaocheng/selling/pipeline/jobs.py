"""What the clock asks of the pipeline."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.jobs import daily

from .commands import remind_of_remarks


@daily(dt.time(7, 30))
def bring_up_remarks_that_were_put_off(slot: dt.datetime) -> None:
    """Before the day's work remarks on processes whose day has come wait for a decision again."""
    remind_of_remarks(SYSTEM, clock.day_of(slot))
