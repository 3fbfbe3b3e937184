"""The worker reads the journal and tells people."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.jobs import daily, every

from .commands import forget, something_new, tell


@every(seconds=5, when=lambda: something_new(SYSTEM))
def tell_people(slot: dt.datetime) -> None:
    """Tell people what has happened since."""
    tell(SYSTEM)


@daily(dt.time(3, 30))
def forget_notes(slot: dt.datetime) -> None:
    """Delete old notes."""
    forget(SYSTEM)
