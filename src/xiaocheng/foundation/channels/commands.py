"""Ways to send messages: post them in the command's transaction, let the worker send them later."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.mail import EmailMessage
from django.db.models import F

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor

from .models import OutboxMessage

log = logging.getLogger(__name__)

WAITS = (1, 5, 30, 120, 720)  # minutes after each failed attempt; after the last one it is given up
AT_ONCE = 20  # messages of one run: a slow mail server holds up no other job for long


@dataclass(frozen=True)
class Message:
    """An e-mail to a person; the same key is sent once."""

    person_id: int
    address: str
    subject: str
    body: str
    key: str
    not_before: dt.datetime | None = None


def post(actor: Actor, messages: Sequence[Message]) -> None:
    """Put messages into the outbox; one whose key is already there is left out."""
    now = clock.now()
    rows = [
        OutboxMessage(
            person_id=message.person_id,
            address=message.address,
            subject=" ".join(message.subject.split())[:200],
            body=message.body,
            key=message.key,
            posted_at=now,
            due_at=max(now, message.not_before or now),
        )
        for message in messages
        if message.address
    ]
    OutboxMessage.objects.bulk_create(rows, ignore_conflicts=True)


def send_due(actor: Actor) -> int:
    """Send what is due; a failure is tried again later, a few times. Returns how many went out."""
    sent = 0
    due = OutboxMessage.objects.filter(due_at__lte=clock.now()).order_by("due_at", "pk")
    for row in list(due[:AT_ONCE]):
        if _take(row):
            sent += _send(row)
    return sent


def _take(row: OutboxMessage) -> bool:
    """Count the attempt before making it: of two workers one wins, and one that dies has not sent it for ever."""
    wait = WAITS[row.attempts] if row.attempts < len(WAITS) else None
    next_due = clock.now() + dt.timedelta(minutes=wait) if wait else None
    mine = OutboxMessage.objects.filter(pk=row.pk, attempts=row.attempts, due_at=row.due_at)
    return bool(mine.update(attempts=F("attempts") + 1, due_at=next_due))


def _send(row: OutboxMessage) -> bool:
    kept = OutboxMessage.objects.filter(pk=row.pk)
    try:
        EmailMessage(row.subject, row.body, to=[row.address]).send()
    except OSError as fault:  # SMTP faults and time limits are among these
        log.warning("Message %s could not be sent: %s", row.pk, fault)
        kept.update(fault=f"{type(fault).__name__}: {fault}"[:300])
        return False
    kept.update(sent_at=clock.now(), due_at=None, fault="")
    return True
