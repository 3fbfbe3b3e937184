"""Ways to tell people, and to note that they have read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from xiaocheng.foundation.channels.commands import Message, post
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org import queries as org
from xiaocheng.selling.customers import queries as customers

from .choosing import TOPICS, choices_of, not_before, topic_of
from .digest import digest_for
from .events import NotificationsChosen
from .models import Cursor, Notification, NotificationChoice, Way
from .rules import NotificationRules
from .tidings import TIDINGS, sentence

CURSOR = "tell"
AT_ONCE = 2000  # as many as one command does at most
NO_NEWS = dt.timedelta(days=3)  # what is older is history that was taken over
SETTLED = dt.timedelta(minutes=2)  # longer than any transaction: no entry with a lower number can still appear


@dataclass(frozen=True)
class Wish:
    """How somebody wants to be told; topics that are not named come by e-mail too."""

    ways: Mapping[str, str] = field(default_factory=dict)
    quiet_from: dt.time | None = None
    quiet_until: dt.time | None = None
    wants_digest: bool = True


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


@transaction.atomic
def choose(actor: Actor, wish: Wish) -> NotificationChoice:
    """Say how one wants to be told: by topic, outside which hours, and whether with a summary in the morning."""
    if (wish.quiet_from is None) != (wish.quiet_until is None):
        raise RuleBroken(_("免打扰时段请填写开始和结束两个时刻。"), field="quiet_from")
    if wish.quiet_from is not None and wish.quiet_from == wish.quiet_until:
        raise RuleBroken(_("免打扰时段的开始和结束不能相同。"), field="quiet_until")
    if not set(wish.ways) <= set(TOPICS) or not set(wish.ways.values()) <= set(Way.values):
        raise RuleBroken(_("请从列出的通知方式中选择。"))
    values = vars(wish) | {"ways": dict(wish.ways)}
    row: NotificationChoice
    row, _new = NotificationChoice.objects.visible_to(actor).update_or_create(
        person_id=actor.person_id, defaults=values
    )
    record(actor, NotificationsChosen(person_id=row.person_id))
    return row


def forget(actor: Actor) -> int:
    """Delete the notes that are older than the company keeps them; returns how many."""
    days = rules(NotificationRules, clock.today()).keep_days
    return _all().filter(at__lt=clock.now() - dt.timedelta(days=days)).delete()[0]


def send_digests(actor: Actor, day: dt.date) -> int:
    """Post the morning's summary to everybody who has an address and wants it; the same day again posts nothing new."""
    if not rules(NotificationRules, day).by_email or not org.is_workday(day):
        return 0
    readers = list(org.people(actor).exclude(email="").select_related("role", "department"))
    chosen = choices_of(row.pk for row in readers)
    wanting = [row for row in readers if chosen[row.pk].wants_digest]
    messages = [message for row in wanting if (message := digest_for(row, day)) is not None]
    post(actor, messages)
    return len(messages)


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
    chosen = choices_of(here)
    found: dict[tuple[object, ...], Notification] = {}
    for entry in entries:
        words = {"who": people.get(entry.person_id or 0, ""), "customer": named.get(entry.data.get("customer_id"), "")}
        topic = topic_of(entry.kind)
        for person in here.intersection(readers[entry.pk]):
            if chosen[person].way(topic) == Way.OFF:
                continue
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
    chosen, now = choices_of(note.person_id for note in notes), clock.now()
    readers = {row.pk: row for row in org.people(actor).filter(pk__in={note.person_id for note in notes})}
    for note in notes:
        reader = readers.get(note.person_id)
        choice = chosen[note.person_id]
        wants = choice.way(topic_of(note.kind)) == Way.EMAIL
        if reader is not None and reader.email and wants:
            with translation.override(reader.language):
                said = sentence(note.kind, note.data)
                subject = _("销程:%(sentence)s") % {"sentence": said}
            body = f"{said}\n\n{settings.PUBLIC_URL}".rstrip() + "\n"
            key = f"note:{note.entry_id}:{reader.pk}"
            yield Message(reader.pk, reader.email, subject, body, key, not_before(choice, now))
