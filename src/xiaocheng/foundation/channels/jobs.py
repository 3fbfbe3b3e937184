"""The worker empties the outbox."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.jobs import daily, every

from .commands import send_due
from .models import OutboxMessage

KEEP_DAYS = 90


def something_is_due() -> bool:
    """True when a message waits to be sent."""
    return OutboxMessage.objects.filter(due_at__lte=clock.now()).exists()


@every(seconds=10, when=something_is_due)
def send_messages(slot: dt.datetime) -> None:
    """Send what is due."""
    send_due(SYSTEM)


@daily(dt.time(3, 20))
def forget_messages(slot: dt.datetime) -> None:
    """Delete messages of old; their contents are personal."""
    OutboxMessage.objects.filter(posted_at__lt=slot - dt.timedelta(days=KEEP_DAYS), due_at=None).delete()
