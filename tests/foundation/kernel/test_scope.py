"""Rows are read by saying who is asking, or not at all."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
import time_machine

from tests.foundation.kernel.conftest import Note
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor, Sight
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.scope import Unscoped, grant, withdraw

ANN, BEN, UNIT = 11, 12, 70


def person(pk: int, *departments: int) -> Actor:
    return Actor(person_id=pk, sight=Sight(people=frozenset({pk}), departments=frozenset(departments)))


def note(title: str, owner: int | None = None, department: int | None = None) -> Note:
    return Note.objects.add(Note(title=title, owner=owner, department=department))


def titles(actor: Actor) -> set[str]:
    return set(Note.objects.visible_to(actor).values_list("title", flat=True))


@pytest.mark.parametrize("read", [
    lambda: Note.objects.all(),
    lambda: Note.objects.filter(pk=1),
    lambda: Note.objects.get(pk=1),
    lambda: Note.objects.count(),
    lambda: Note.objects.exists(),
    lambda: Note.objects.values_list("pk"),
    lambda: Note.objects.update(title="x"),
    lambda: Note.objects.in_bulk(),
    lambda: Note.objects.create(title="x"),
])  # fmt: skip
def test_without_an_actor_nothing_is_read_or_written(read: object) -> None:
    assert callable(read)
    with pytest.raises(Unscoped):
        read()


def test_one_sees_what_one_owns_and_what_ones_department_is_credited_with(notes: None) -> None:
    note("Ann's", owner=ANN)
    note("Ben's", owner=BEN)
    note("unit's", owner=BEN, department=UNIT)
    note("nobody's")
    assert titles(person(ANN)) == {"Ann's"}
    assert titles(person(ANN, UNIT)) == {"Ann's", "unit's"}
    assert titles(Actor(person_id=None)) == set()
    assert titles(SYSTEM) == {"Ann's", "Ben's", "unit's", "nobody's"}


def test_one_path_shows_no_more_than_all_of_them(notes: None) -> None:
    note("owned", ANN)
    granted = note("granted", BEN)
    grant(Note, granted.pk, [ANN], "assists")
    assert titles(person(ANN)) == {"owned", "granted"}
    assert [row.title for row in Note.objects.visible_to(person(ANN), by="owner")] == ["owned"]
    assert not Note.objects.visible_to(Actor(person_id=None), by="owner").exists()
    with pytest.raises(Unscoped):
        Note.objects.visible_to(person(ANN), by="title")


def test_a_hidden_row_and_a_missing_row_are_refused_alike(notes: None) -> None:
    hidden = note("Ben's", owner=BEN)
    for pk in (hidden.pk, hidden.pk + 1):
        for open_row in (Note.objects.one, Note.objects.locked):
            with pytest.raises(NotFound) as refused:
                open_row(person(ANN), pk)
            assert str(refused.value) == str(NotFound())


def test_what_is_opened_by_its_key_is_what_the_list_shows(notes: None) -> None:
    rows = [note("Ann's", ANN), note("Ben's", BEN), note("unit's", BEN, UNIT), note("opened", BEN), note("nobody's")]
    grant(Note, rows[3].pk, [ANN], "assists")
    for actor in (person(ANN), person(ANN, UNIT), person(BEN), Actor(person_id=None), SYSTEM):
        assert {row.title for row in rows if opens(actor, row.pk)} == titles(actor)
        assert {row.title for row in Note.objects.among(actor, [row.pk for row in rows], "title")} == titles(actor)


def opens(actor: Actor, pk: int) -> bool:
    try:
        return bool(Note.objects.one(actor, pk))
    except NotFound:
        return False


def test_whoever_is_known_to_be_opened_nothing_is_not_asked_about_it(notes: None) -> None:
    opened = note("opened", BEN)
    grant(Note, opened.pk, [ANN], "assists")
    ann = person(ANN)
    assert titles(dataclasses.replace(ann, opened=frozenset({Note._meta.label_lower}))) == {"opened"}
    without = dataclasses.replace(ann, opened=frozenset())
    assert titles(without) == set()
    assert "kernel_grant" not in str(Note.objects.visible_to(without).query)


def test_a_granted_row_is_seen_between_its_days_only(notes: None) -> None:
    row = note("Ben's", owner=BEN)
    with time_machine.travel(dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC), tick=False):
        grant(Note, row.pk, [ANN], "assist", until=dt.date(2026, 3, 12))
        assert titles(person(ANN)) == {"Ben's"}
    for day, seen in ((9, set()), (12, {"Ben's"}), (13, set())):
        with time_machine.travel(dt.datetime(2026, 3, day, 4, tzinfo=dt.UTC), tick=False):
            assert titles(person(ANN)) == seen


def test_a_grant_is_given_twice_and_withdrawn_once(notes: None) -> None:
    row = note("Ben's", owner=BEN)
    grant(Note, row.pk, [ANN], "assist")
    grant(Note, row.pk, [ANN], "assist")
    grant(Note, row.pk, [ANN], "approve")
    withdraw(Note, row.pk, "assist")
    assert titles(person(ANN)) == {"Ben's"}
    withdraw(Note, row.pk, "approve")
    assert titles(person(ANN)) == set()


def test_the_second_door_asks_for_a_reason(notes: None) -> None:
    note("Ben's", owner=BEN)
    assert Note.objects.beyond_sight(because="duplicate check").count() == 1
    with pytest.raises(Unscoped):
        Note.objects.beyond_sight(because="")


def test_a_new_row_is_checked_even_where_the_database_would_not(notes: None) -> None:
    with pytest.raises(RuleBroken):
        note("a title of more than twenty characters")


def test_a_capability_that_is_missing_is_refused() -> None:
    actor = Actor(person_id=ANN, capabilities=frozenset({"notes.write"}))
    actor.require("notes.write")
    with pytest.raises(NotAllowed) as refused:
        actor.require("notes.write", "notes.burn")
    assert refused.value.capability == "notes.burn"
    SYSTEM.require("notes.burn")
