"""What is put back instead of made again is the same, and only where it fits."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.support import kept
from tests.world import World
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.customers.queries import all_contacts, customers

from .changes import everything
from .rows import MARKER, OUTSIDER, rows_of_the_outsider


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_kept", {})


def test_rows_that_are_put_back_are_those_that_the_commands_made(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    place = transaction.savepoint()
    made = rows_of_the_outsider(world)
    written = everything()
    transaction.savepoint_rollback(place)
    monkeypatch.setattr("tests.access.rows._make", None)  # nobody makes them again
    assert rows_of_the_outsider(world) == made
    assert everything() == written
    found = all_contacts(world.actor(OUTSIDER), search=MARKER)
    assert {row.pk for row in found} == {made["contact"], made["other_contact"]}


def test_beside_other_rows_they_are_made_by_the_commands(world: World) -> None:
    place = transaction.savepoint()
    rows_of_the_outsider(world)
    transaction.savepoint_rollback(place)
    other = register(world.actor("east_rep"), CustomerDraft(name="先来的"))
    made = rows_of_the_outsider(world)
    names = {row.pk: row.name for row in customers(world.actor("administrator"), "all")}
    assert names[other.pk] == "先来的"
    assert names[made["customer"]].startswith(MARKER)
