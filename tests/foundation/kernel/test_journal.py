"""What happened is written down once, and everything that follows happens in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.db import transaction

from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.journal import (
    Event,
    Moved,
    about,
    moved_foreign_keys,
    personal,
    projects,
    reacts,
    record,
    timeline,
)
from xiaocheng.foundation.kernel.models import JournalEntry


class Painted(Event):
    """A wall was painted."""

    wall_id: int = about("sketch.wall")
    house_id: int | None = about("sketch.house")
    colour: str
    price: Decimal
    on: dt.date
    by: str = personal()
    says = "%(by)s 把墙刷成了%(colour)s"


class Dried(Event):
    """The paint dried."""

    wall_id: int = about("sketch.wall")
    says = "漆干了"


class Parked(Event):
    """Work on a wall stopped until a day, or for good."""

    wall_id: int = about("sketch.wall")
    until: dt.date | None
    says = "停工至 %(until)s"


def painted(wall: int, house: int | None = None) -> Painted:
    return Painted(
        wall_id=wall, house_id=house, colour="白色", price=Decimal("12.50"), on=dt.date(2026, 3, 1), by="张三"
    )


@pytest.fixture(autouse=True)
def _no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take back what the tests register."""
    monkeypatch.setattr("xiaocheng.foundation.kernel.journal._projections", {})
    monkeypatch.setattr("xiaocheng.foundation.kernel.journal._reactions", {})
    monkeypatch.setattr("xiaocheng.foundation.kernel.journal._moves", {})


def test_an_entry_keeps_who_what_about_which_rows_and_personal_values_apart(db: None) -> None:
    with transaction.atomic():
        record(Actor(person_id=5, on_behalf_of=6), painted(1, house=2))
    entry = JournalEntry.objects.get()
    assert (entry.person_id, entry.on_behalf_of_id, entry.kind) == (5, 6, "kernel.Painted")
    assert entry.data == {"wall_id": 1, "house_id": 2, "colour": "白色", "price": "12.50", "on": "2026-03-01"}
    assert entry.personal == {"by": "张三"}
    assert set(entry.subjects.values_list("kind", "row_id")) == {("sketch.wall", 1), ("sketch.house", 2)}


def test_a_row_reads_its_own_timeline_newest_first_page_by_page(db: None) -> None:
    with transaction.atomic():
        record(SYSTEM, painted(1), painted(2), Dried(wall_id=1))
    items = timeline("sketch.wall", 1)
    assert [item.sentence for item in items] == ["漆干了", "张三 把墙刷成了白色"]
    assert [i.entry_id for i in timeline("sketch.wall", 1, before=items[0].entry_id)] == [items[1].entry_id]
    assert timeline("sketch.wall", 1, before=0) == []
    assert timeline("sketch.house", 1) == []


def test_the_sentence_survives_the_erasure_of_personal_values(db: None) -> None:
    with transaction.atomic():
        record(SYSTEM, painted(1))
    JournalEntry.objects.update(personal=None)
    assert timeline("sketch.wall", 1)[0].sentence == "— 把墙刷成了白色"


def test_a_value_that_is_missing_reads_as_a_dash(db: None) -> None:
    with transaction.atomic():
        record(SYSTEM, Parked(wall_id=1, until=None))
    assert timeline("sketch.wall", 1)[0].sentence == "停工至 —"


def test_projections_come_before_reactions_each_with_all_events_of_a_class(db: None) -> None:
    seen: list[object] = []

    @reacts(Painted, moves=("sketch.Wall.owner",))
    def follow(actor: Actor, events: Sequence[Painted]) -> Moved:
        seen.append(("reaction", [event.wall_id for event in events]))
        return Moved("sketch.wall", tuple(event.wall_id for event in events))

    @projects(Painted, Dried)
    def count(events: Sequence[Event]) -> None:
        seen.append(("projection", len(events), JournalEntry.objects.count()))

    with transaction.atomic():
        moved = record(SYSTEM, painted(1), Dried(wall_id=1), painted(2))
    assert seen == [("projection", 2, 3), ("reaction", [1, 2]), ("projection", 1, 3)]
    assert moved == [Moved("sketch.wall", (1, 2))]
    assert moved_foreign_keys() == {"sketch.Wall.owner"}


def test_a_reaction_that_fails_undoes_the_command(db: None) -> None:
    @reacts(Painted)
    def refuse(actor: Actor, events: Sequence[Painted]) -> None:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"), transaction.atomic():
        record(SYSTEM, painted(1))
    assert not JournalEntry.objects.exists()


def test_a_reaction_that_moved_nothing_is_not_mentioned(db: None) -> None:
    reacts(Painted)(lambda actor, events: Moved("sketch.wall", ()))
    reacts(Painted)(lambda actor, events: None)
    with transaction.atomic():
        assert record(SYSTEM, painted(1)) == []


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record(SYSTEM, painted(1))
    assert not JournalEntry.objects.exists()


def test_an_event_of_a_former_version_is_still_readable(db: None) -> None:
    with transaction.atomic():
        record(SYSTEM, painted(1))
    JournalEntry.objects.update(kind="kernel.NoLongerKnown")
    assert timeline("sketch.wall", 1)[0].sentence == "kernel.NoLongerKnown"
