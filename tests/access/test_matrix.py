"""Every address, asked for by everybody: nobody gets what is not his, and a refusal leaves nothing behind."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.world import World
from xiaocheng.foundation.kernel.models import JournalEntry

from .addresses import Address, addresses, unexplained
from .rows import IN_SIGHT, rows_of_the_outsider

PEOPLE = (
    "south_rep",
    "east_rep",
    "east_peer",
    "south_manager",
    "east_manager",
    "director",
    "administrator",
    "promoter",
)
FINE = {200, 204, 302, 404, 405, 409, 422}


@pytest.fixture
def rows(world: World) -> dict[str, int]:
    return rows_of_the_outsider(world)


def wrong(address: Address, person: str, world: World, status: int) -> str | None:
    """What is wrong with an answer, in a sentence."""
    admitted = address.access.own_door or address.access.admits(world.actor(person))
    if not admitted:
        return None if status == 403 else f"{person} may not open {address.path} and got {status}"
    if address.is_his_own and person not in IN_SIGHT and status not in {404, 405}:
        return f"{person} does not see the row of {address.path} and got {status}"
    return None if status in FINE or (address.access.own_door and status in {401, 403}) else (
        f"{person} got {status} at {address.path}"
    )  # fmt: skip


def test_every_parameter_is_explained() -> None:
    assert unexplained() == []


def test_everybody_gets_what_he_may_and_nothing_else(world: World, rows: dict[str, int]) -> None:
    found = []
    for person in PEOPLE:
        client = world.client(person)
        client.raise_request_exception = False
        for address in addresses(rows):
            found.append(wrong(address, person, world, client.get(address.path).status_code))
    assert [sentence for sentence in found if sentence] == []


def test_a_refused_act_leaves_nothing_behind(world: World, rows: dict[str, int]) -> None:
    found = []
    for person in ("east_rep", "promoter"):
        client = world.client(person)
        client.raise_request_exception = False
        for address in addresses(rows):
            admitted = address.access.own_door or address.access.admits(world.actor(person))
            if admitted and not address.is_his_own:
                continue
            before = JournalEntry.objects.count()
            status = client.post(address.path, {}).status_code
            if status not in {403, 404, 405} or JournalEntry.objects.count() != before:
                found.append(f"{person} posted to {address.path}: {status}")
    assert found == []


@pytest.mark.parametrize("person", [None, "east_disabled"])
def test_who_is_not_signed_in_is_led_to_the_login(world: World, rows: dict[str, int], person: str | None) -> None:
    client = world.client(person) if person else Client()
    for address in addresses(rows):
        if address.access.login:
            answer = client.get(address.path)
            assert answer.status_code == 302, address.path
            assert answer["Location"].startswith("/account/login/"), address.path
        elif address.access.own_door and address.path != "/api/v1/":
            assert client.get(address.path).status_code in {401, 405}, address.path
