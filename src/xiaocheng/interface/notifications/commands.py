"""Ways to tell people, and to note that they have read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from xiaocheng.foundation.channels.commands import Message, post
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org import queries as org
from xiaocheng.selling.customers import queries as customers

from .models import Cursor, Notification
from .rules import NotificationRules
from .tidings import TIDINGS, sentence

CURSOR = "tell"
AT_ONCE = 2000  # as many as one command does at most
NO_NEWS = dt.timedelta(days=3)  # what is older is history that was taken over
SETTLED = dt.timedelta(minutes=2)  # longer than any transaction: no entry with a lower number can still appear


def tell(actor: Actor) -> int:
    """Read the journal on and write the notes; returns how many were written. Reading the same again adds nothing.

    Transactions end in another order than their entries are numbered, so the cursor follows at a distance.
    """
    with transaction.atomic():
        Cursor.objects.get_or_create(name=CURSOR)
        cursor = Cursor.objects.select_for_update().get(name=CURSOR)
        entries = list(_entries(cursor.entry_id))
        known = set(_all().filter(entry_id__in=[e.pk for e in entries]).values_list("entry_id", "person_id"))
        fresh = [note for note in _notes(entries) if (note.entry_id, note.person_id) not in known]
        Notification.objects.add_many(fresh)
        post(actor, list(_by_email(actor, fresh)))
        cursor.entry_id = max(cursor.entry_id, _done_with(cursor.entry_id, entries))
        cursor.save()
    return len(fresh)


def something_new(actor: Actor) -> bool:
    """True when the journal has gone on; what tells nobody counts too, or every look would read past it again."""
    cursor = Cursor.objects.filter(name=CURSOR).first()
    return JournalEntry.objects.filter(pk__gt=cursor.entry_id if cursor else 0).exists()


def mark_read(actor: Actor, notification_id: int) -> Notification:
    """Note that the actor has read one note."""
    with transaction.atomic():
        note: Notification = Notification.objects.locked(actor, notification_id)
        if note.person_id == actor.person_id and note.read_at is None:
            note.read_at = clock.now()
            note.save(update_fields=["read_at"])
    return note


def mark_all_read(actor: Actor) -> int:
    """Note that the actor has read everything."""
    mine = Notification.objects.visible_to(actor).filter(person_id=actor.person_id or 0, read_at=None)
    return mine.update(read_at=clock.now())


def forget(actor: Actor) -> int:
    """Delete the notes that are older than the company keeps them; returns how many."""
    days = rules(NotificationRules, clock.today()).keep_days
    return _all().filter(at__lt=clock.now() - dt.timedelta(days=days)).delete()[0]


def _all() -> QuerySet[Notification]:
    rows: QuerySet[Notification] = Notification.objects.beyond_sight(because="the worker writes and deletes for all")
    return rows


def _entries(after: int) -> QuerySet[JournalEntry]:
    rows = JournalEntry.objects.filter(pk__gt=after, kind__in=list(TIDINGS), at__gte=clock.now() - NO_NEWS)
    return rows.order_by("pk")[:AT_ONCE]


def _done_with(after: int, entries: Sequence[JournalEntry]) -> int:
    """The last entry that nobody needs to read again: older than any open transaction, and told if it is to be told."""
    settled = JournalEntry.objects.filter(pk__gt=after, at__lt=clock.now() - SETTLED)
    if len(entries) == AT_ONCE:
        settled = settled.filter(pk__lte=entries[-1].pk)
    return settled.aggregate(last=Max("pk"))["last"] or after


def _notes(entries: Sequence[JournalEntry]) -> list[Notification]:
    """A note per entry and person; what one command did to many rows is one note about the first of them.

    Whoever has left is told of nothing.
    """
    people = org.names_of(entry.person_id for entry in entries)
    named = customers.names_of(SYSTEM, (entry.data.get("customer_id") for entry in entries))
    readers = {entry.pk: _readers(entry) for entry in entries}
    asked = {person for those in readers.values() for person in those}
    here = set(org.people(SYSTEM).filter(pk__in=asked).order_by().values_list("pk", flat=True)) if asked else set()
    found: dict[tuple[object, ...], Notification] = {}
    for entry in entries:
        words = {"who": people.get(entry.person_id or 0, ""), "customer": named.get(entry.data.get("customer_id"), "")}
        for person in here.intersection(readers[entry.pk]):
            way = TIDINGS[entry.kind].way(entry.data, person)
            told = (person, entry.kind, way, entry.person_id, entry.at)
            note = found.setdefault(told, _note(entry, person, words | ({"way": way} if way else {})))
            note.data["count"] += 1
    return list(found.values())


def _readers(entry: JournalEntry) -> list[int]:
    tiding = TIDINGS[entry.kind]
    if not tiding.tells(entry.data):
        return []
    return [pk for pk in dict.fromkeys(tiding.to(entry.data)) if pk is not None and pk != entry.person_id]


def _note(entry: JournalEntry, person: int, words: dict[str, str]) -> Notification:
    tiding = TIDINGS[entry.kind]
    return Notification(
        person_id=person,
        entry_id=entry.pk,
        kind=entry.kind,
        data=entry.data | words | tiding.mine(entry.data, person) | {"count": 0},
        about_kind=tiding.about_kind,
        about_id=entry.data[tiding.about] if tiding.about else 0,
        at=entry.at,
    )


def _by_email(actor: Actor, notes: Sequence[Notification]) -> Iterator[Message]:
    """The same by e-mail, each in the reader's language, if the company wants it so."""
    if not notes or not rules(NotificationRules, clock.today()).by_email:
        return
    readers = {row.pk: row for row in org.people(actor).filter(pk__in={note.person_id for note in notes})}
    for note in notes:
        reader = readers.get(note.person_id)
        if reader is not None and reader.email:
            with translation.override(reader.language):
                said = sentence(note.kind, note.data)
                subject = _("销程:%(sentence)s") % {"sentence": said}
            body = f"{said}\n\n{settings.PUBLIC_URL}".rstrip() + "\n"
            yield Message(reader.pk, reader.email, subject, body, f"note:{note.entry_id}:{reader.pk}")
