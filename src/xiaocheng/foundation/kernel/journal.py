"""What happened, appended once: audit log, timeline and trigger of everything that follows. Never replayed.

`record` runs inside the command's transaction: it appends the entries, brings the projections (derived data) up to
date and lets upper modules react with their own rows. Projections and reactions get all events of one class at once.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import takewhile
from typing import Any, ClassVar, TypeVar, dataclass_transform

from django.db import transaction
from django.db.models import QuerySet

from . import clock
from .actor import Actor
from .bulk import RowMaker, insert_many
from .errors import Sentence
from .models import JournalEntry, JournalSubject
from .prepared import Prepared

E = TypeVar("E", bound="Event")


def about(kind: str) -> Any:
    """Declare an event's field as the id of a row that the event is about ("customers.customer"); it may be None."""
    return dataclasses.field(metadata={"about": kind})


def personal() -> Any:
    """Declare an event's field as personal data: kept in the one column that erasure may empty."""
    return dataclasses.field(metadata={"personal": True})


def carried() -> Any:
    """Declare an event's field as carried to projections and reactions only: the journal does not keep it."""
    return dataclasses.field(default=(), metadata={"carried": True}, compare=False, repr=False)


@dataclasses.dataclass(frozen=True)
class Change:
    """A field of a row with what stood there and what stands there now, as its reader says it."""

    name: str
    before: str
    after: str


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(about, personal, carried))
class Event:
    """Base of what happened, named in the past tense; subclasses become frozen, keyword-only dataclasses.

    `says` is the sentence of the timeline; its %(name)s placeholders are the event's own fields. `takes_back` names the
    event that this one makes as if it had never been.
    """

    says: ClassVar[Sentence]
    takes_back: ClassVar[type[Event] | None] = None
    registry: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls) -> None:
        dataclasses.dataclass(frozen=True, kw_only=True)(cls)
        Event.registry[cls.kind()] = cls

    @classmethod
    @cache
    def kind(cls) -> str:
        """The event's name in the journal: module and class, "customers.CustomerRegistered"."""
        return f"{cls.__module__.split('.')[-2]}.{cls.__name__}"

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The stored fields as `says` prints them; an event overrides this to put codes into words."""
        return values

    @classmethod
    def changes(cls, values: dict[str, Any]) -> Sequence[Change]:
        """What stood in a row and what stands there now, of an event that keeps both, for who may read it."""
        return ()

    def subjects(self) -> list[tuple[str, int]]:
        """The rows that the event is about."""
        found = [(kind, getattr(self, name)) for kind, name in _subject_fields(type(self))]  # type: ignore[arg-type]
        return [(kind, row_id) for kind, row_id in found if row_id is not None]


@dataclasses.dataclass(frozen=True)
class Moved:
    """What a reaction did to its own rows: shown in previews and result pages."""

    kind: str
    ids: tuple[int, ...]


Projection = Callable[[Sequence[Any]], None]
Reaction = Callable[[Actor, Sequence[Any]], Moved | None]
_projections: dict[type[Event], list[Projection]] = {}
_reactions: dict[type[Event], list[Reaction]] = {}
_moves: dict[type[Event], set[str]] = {}
_entry_row, _subject_row = RowMaker(JournalEntry), RowMaker(JournalSubject)


def projects(*events: type[Event]) -> Callable[[Projection], Projection]:
    """Register a function that brings derived data up to date from a list of events of one class."""

    def register(function: Projection) -> Projection:
        for event in events:
            _projections.setdefault(event, []).append(function)
        return function

    return register


def reacts(*events: type[Event], moves: tuple[str, ...] = ()) -> Callable[[Reaction], Reaction]:
    """Register what a module does to its own rows.

    `moves` names the foreign keys it hands on ("customers.Customer.owner").
    """

    def register(function: Reaction) -> Reaction:
        for event in events:
            _reactions.setdefault(event, []).append(function)
            _moves.setdefault(event, set()).update(moves)
        return function

    return register


def moved_foreign_keys(*events: type[Event]) -> frozenset[str]:
    """The foreign keys that some reaction hands on when one of these events happens; without events, when any does."""
    return frozenset().union(*(keys for event, keys in _moves.items() if not events or event in events))


def record(actor: Actor, *events: Event) -> list[Moved]:
    """Append events to the journal and let projections and reactions follow, in the caller's transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs inside the command's transaction")
    _append(actor, events)
    moved: list[Moved] = []
    for kind, same in _by_class(events).items():
        for project in _projections.get(kind, ()):
            project(same)
        for react in _reactions.get(kind, ()):
            done = react(actor, same)
            if done is not None and done.ids:
                moved.append(done)
    return moved


def _by_class(events: Iterable[Event]) -> dict[type[Event], list[Event]]:
    grouped: dict[type[Event], list[Event]] = {}
    for event in events:
        grouped.setdefault(type(event), []).append(event)
    return grouped


def _append(actor: Actor, events: Sequence[Event]) -> None:
    at = clock.now()
    entries = insert_many([_entry(actor, at, event) for event in events])
    insert_many(
        [
            _subject_row(entry_id=entry.pk, kind=kind, row_id=row_id)
            for entry, event in zip(entries, events, strict=True)
            for kind, row_id in event.subjects()
        ]
    )


def _entry(actor: Actor, at: dt.datetime, event: Event) -> JournalEntry:
    open_fields, personal_fields = _kept_fields(type(event))  # type: ignore[arg-type]
    said = vars(event)
    return _entry_row(
        at=at,
        person_id=actor.person_id,
        on_behalf_of_id=actor.on_behalf_of,
        kind=event.kind(),
        data={name: _plain(said[name]) for name in open_fields},
        personal={name: _plain(said[name]) for name in personal_fields} or None,
    )


@cache
def _kept_fields(kind: type[Event]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of an event's fields that the journal keeps: open ones and personal ones."""
    kept = [f for f in dataclasses.fields(kind) if "carried" not in f.metadata]  # type: ignore[arg-type]
    return (
        tuple(f.name for f in kept if "personal" not in f.metadata),
        tuple(f.name for f in kept if "personal" in f.metadata),
    )


@cache
def _subject_fields(kind: type[Event]) -> tuple[tuple[str, str], ...]:
    """(kind of row, name of the field) for an event's fields that say what it is about."""
    found = dataclasses.fields(kind)  # type: ignore[arg-type]
    return tuple((f.metadata["about"], f.name) for f in found if "about" in f.metadata)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, (dt.date, dt.time, Decimal)):
        return str(value)
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value


@dataclasses.dataclass(frozen=True)
class TimelineItem:
    """One journal entry as a person reads it; `person_id` None is the system, `about` its rows by kind."""

    entry_id: int
    at: dt.datetime
    person_id: int | None
    on_behalf_of_id: int | None
    kind: str
    sentence: str
    about: Mapping[str, int] = dataclasses.field(default_factory=dict)
    changes: tuple[Change, ...] = ()


NO_END = 2**63 - 1  # above every id


def timeline(
    kind: str,
    row_id: int,
    *,
    before: int | None = None,
    limit: int = 30,
    open_to: Collection[type[Event]] = (),
    of: Collection[type[Event]] = (),
) -> list[TimelineItem]:
    """The newest entries about one row that the caller has already been allowed to see, perhaps `of` some events only.

    Of the events in `open_to` the reader may also know the former and new values.
    """
    end = NO_END if before is None else before
    if of:
        rows = _newest().filter(entry__kind__in=[event.kind() for event in of])
        found: Iterable[JournalSubject] = rows.filter(kind=kind, row_id=row_id, entry_id__lt=end)[:limit]
    else:
        found = _about_row(limit)(kind, row_id, end)
    return read_entries((subject.entry for subject in found), open_to)


def latest(event: type[Event], kind: str, row_ids: Collection[int]) -> dict[int, TimelineItem]:
    """The last entry of one class of events about each of some rows, where there is one."""
    rows = JournalSubject.objects.filter(kind=kind, row_id__in=row_ids, entry__kind=event.kind())
    found = {row.row_id: row.entry for row in rows.select_related("entry").order_by("entry_id")}
    return dict(zip(found, read_entries(found.values()), strict=True))


@cache
def _about_row(limit: int) -> Prepared[JournalSubject]:
    return Prepared(lambda kind, row, before: _newest().filter(kind=kind, row_id=row, entry_id__lt=before)[:limit])


def _newest() -> QuerySet[JournalSubject]:
    return JournalSubject.objects.select_related("entry").order_by("-entry_id")


def tell_also_of(kind: str, row_id: int, also: int) -> None:
    """Let the story of one row be told of another one of its kind, too."""
    told = JournalSubject.objects.filter(kind=kind, row_id=also).values("entry_id")
    ids = JournalSubject.objects.filter(kind=kind, row_id=row_id).exclude(entry_id__in=told)
    entries = list(ids.order_by("entry_id").values_list("entry_id", flat=True))
    insert_many([_subject_row(entry_id=pk, kind=kind, row_id=also) for pk in entries])


def tell_no_more_of(kind: str, row_id: int, also: int, *, but: Sequence[type[Event]]) -> None:
    """Take the story of one row out of another's again; events that are about both stay in both."""
    told = JournalSubject.objects.filter(kind=kind, row_id=row_id).values("entry_id")
    shared = JournalSubject.objects.filter(kind=kind, row_id=also, entry_id__in=told)
    shared.exclude(entry__kind__in=[event.kind() for event in but]).delete()


def own_entries(actor: Actor, event: type[Event], *, since: dt.datetime) -> list[dict[str, Any]]:
    """What the journal keeps of the actor's own events of one class since an instant: what limits how often."""
    rows = JournalEntry.objects.filter(person_id=actor.person_id).order_by("-id").values_list("at", "kind", "data")
    newest = takewhile(lambda row: row[0] >= since, rows.iterator(chunk_size=200))
    return [data for _at, kind, data in newest if kind == event.kind()]


def has_noted(actor: Actor, event: type[Event], kind: str, row_id: int, *, since: dt.datetime) -> bool:
    """True when the actor himself caused such an event about a row since an instant."""
    return JournalSubject.objects.filter(
        kind=kind, row_id=row_id, entry__kind=event.kind(), entry__person_id=actor.person_id, entry__at__gte=since
    ).exists()


def entries_about(kind: str, row_ids: Collection[int]) -> QuerySet[JournalSubject, int]:
    """The ids of the entries about rows of a kind, to be asked for within another statement."""
    return JournalSubject.objects.filter(kind=kind, row_id__in=row_ids).values_list("entry_id", flat=True)


def entries_of(events: Collection[type[Event]]) -> QuerySet[JournalEntry]:
    """Every entry of some classes of events, the latest first."""
    return JournalEntry.objects.filter(kind__in=[event.kind() for event in events]).order_by("-pk")


def drop_entries(events: Collection[type[Event]], before: dt.datetime, most: int = 2_000) -> int:
    """Delete up to so many entries of some classes, the oldest first, whose term of keeping is over."""
    old = list(entries_of(events).filter(at__lt=before).order_by("pk").values_list("pk", flat=True)[:most])
    JournalEntry.objects.filter(pk__in=old).delete()
    return len(old)


def forget(kind: str, row_ids: Collection[int]) -> None:
    """Empty what the journal keeps of a personal kind about rows: who did what and when stays."""
    JournalEntry.objects.filter(pk__in=entries_about(kind, row_ids), personal__isnull=False).update(personal=None)


def read_entries(entries: Iterable[JournalEntry], open_to: Collection[type[Event]] = ()) -> list[TimelineItem]:
    """Journal entries with their sentence in the reader's language, of the events in `open_to` with what changed."""
    told = {event.kind(): event for event in open_to}
    return [
        TimelineItem(
            e.pk, e.at, e.person_id, e.on_behalf_of_id, e.kind, _sentence(e),
            _rows_of(e), tuple(told[e.kind].changes(e.personal or {})) if e.kind in told else (),
        )
        for e in entries
    ]  # fmt: skip


def _rows_of(entry: JournalEntry) -> dict[str, int]:
    event = Event.registry.get(entry.kind)
    told = _subject_fields(event) if event is not None else ()  # type: ignore[arg-type]
    named = {kind: entry.data.get(name) for kind, name in told}
    return {kind: row_id for kind, row_id in named.items() if isinstance(row_id, int)}


def _sentence(entry: JournalEntry) -> str:
    event = Event.registry.get(entry.kind)
    if event is None:
        return entry.kind
    kept = {name: value for name, value in (entry.data | (entry.personal or {})).items() if value is not None}
    values = {f.name: "—" for f in dataclasses.fields(event)} | kept  # type: ignore[arg-type]
    return str(str(event.says) % event.worded(values))
