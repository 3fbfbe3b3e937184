"""What the clock asks of field work."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.jobs import daily, every

from .commands import escalate_market, forget_places


@every(seconds=300)
def tell_of_the_market_higher_up(slot: dt.datetime) -> None:
    """What cannot wait and nobody took up in time goes one step up the line."""
    escalate_market(SYSTEM)


@daily(dt.time(3, 50))
def forget_old_places(slot: dt.datetime) -> None:
    """Positions of check-ins go when their term is over."""
    forget_places(SYSTEM)
