"""Ways to look at what one was told."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from xiaocheng.foundation.kernel.actor import Actor

from .choosing import TOPICS
from .models import Notification, NotificationChoice, Way
from .tidings import TIDINGS, sentence

__all__ = ["TOPICS", "Notification", "NotificationChoice", "Way", "icon_of", "notes", "own_choice", "said", "unread"]


def notes(actor: Actor) -> QuerySet[Notification]:
    """What the actor himself was told, newest first."""
    rows: QuerySet[Notification] = Notification.objects.visible_to(actor)
    return rows.filter(person_id=actor.person_id or 0, kind__in=list(TIDINGS)).order_by("-pk")


# Stands on every page, so written out; the person is the only one whose notes are counted.
_UNREAD = "SELECT COUNT(*) FROM notifications_notification WHERE person_id = %s AND read_at IS NULL AND kind IN ({})"


def unread(actor: Actor) -> int:
    """How many notes the actor has not read."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD.format(", ".join(["%s"] * len(TIDINGS))), [actor.person_id, *TIDINGS])
        return int(cursor.fetchone()[0])


def own_choice(actor: Actor) -> NotificationChoice:
    """How the actor wants to be told; as delivered where he chose nothing."""
    row = NotificationChoice.objects.visible_to(actor).filter(person_id=actor.person_id).first()
    return row or NotificationChoice(person_id=actor.person_id or 0)


def said(actor: Actor, note: Notification) -> str:
    """The sentence of a note."""
    return sentence(note.kind, note.data)


def icon_of(actor: Actor, note: Notification) -> str:
    """The picture of a note."""
    return TIDINGS[note.kind].icon
