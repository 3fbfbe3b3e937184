"""The worker reads the journal and tells people."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.jobs import daily, every

from .commands import forget, send_digests, something_new, tell


@every(seconds=5, when=lambda: something_new(SYSTEM))
def tell_people(slot: dt.datetime) -> None:
    """Tell people what has happened since."""
    tell(SYSTEM)


@daily(dt.time(7, 30))
def send_morning_digests(slot: dt.datetime) -> None:
    """Tell everybody by e-mail what falls to him today, an hour before the plans are due."""
    send_digests(SYSTEM, clock.day_of(slot))


@daily(dt.time(3, 30))
def forget_notes(slot: dt.datetime) -> None:
    """Delete old notes."""
    forget(SYSTEM)
