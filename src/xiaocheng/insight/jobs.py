"""What the clock asks of insight."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.jobs import daily

from .commands import count_values


@daily(dt.time(2))
def count_what_customers_are_worth(slot: dt.datetime) -> None:
    """While nobody works, every customer's class and loyalty are counted up to the new day."""
    count_values(SYSTEM)
