"""What the clock asks of the service."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.jobs import every

from .commands import escalate_complaints


@every(seconds=300)
def tell_higher_up(slot: dt.datetime) -> None:
    """What cannot wait and nobody took up in time goes one step up the line."""
    escalate_complaints(SYSTEM)
