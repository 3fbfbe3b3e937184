"""Every address, asked for by everybody: nobody gets what is not his, and a refusal leaves nothing behind."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client

from tests.world import World
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.scope import ScopedManager
from xiaocheng.foundation.org.models import DutySite
from xiaocheng.interface.web.shell import navigation
from xiaocheng.interface.web.shell.templatetags import ui
from xiaocheng.selling.customers import commands

from .addresses import addresses, unexplained
from .matrix import FINE, METHODS, ask_everybody, faults, send
from .rows import rows_of_the_outsider


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of refusals are expected; writing each into the log takes a third of the time."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def rows(world: World) -> dict[str, int]:
    return rows_of_the_outsider(world)


def test_every_parameter_is_explained(rows: dict[str, int]) -> None:
    assert unexplained(rows) == []


@pytest.mark.once
@pytest.mark.parametrize("is_api", [False, True], ids=["pages", "api"])
def test_everybody_gets_what_he_may_and_nothing_else(world: World, rows: dict[str, int], is_api: bool) -> None:
    found = [address for address in addresses(rows) if address.is_api == is_api]
    wrong = faults(world, ask_everybody(world, found))
    assert not wrong, "\n".join(wrong)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="everybody asks there")
def test_every_address_answers_on_the_other_database_too(world: World, rows: dict[str, int]) -> None:
    answers = list(ask_everybody(world, addresses(rows), ("administrator",)))
    assert [str(answer) for answer in answers if answer.status not in {*FINE, 403}] == []


@pytest.mark.once
@pytest.mark.parametrize("person", [None, "east_disabled"])
def test_who_is_not_signed_in_is_led_to_the_login(world: World, rows: dict[str, int], person: str | None) -> None:
    client = world.client(person) if person else Client()
    for address in addresses(rows):
        for method in METHODS:
            answer = send(client, address, method)
            if address.is_api:
                assert answer.status_code == (401 if method in address.operations else 405), (method, address.path)
            elif address.access.login:
                assert answer.status_code == 302, (method, address.path)
                assert answer["Location"].startswith("/account/login/"), (method, address.path)


def _found(world: World, rows: dict[str, int], name: str) -> str:
    """What the matrix says of one address, asked by two who must not get far."""
    one = [address for address in addresses(rows) if address.name == name]
    assert one
    return "\n".join(faults(world, ask_everybody(world, one, ("east_rep", "promoter"))))


@pytest.mark.parametrize(
    "name", ["customers:page", "customers_customer customers_take_back_registration customers_edit"]
)
def test_a_page_and_an_operation_that_ignore_sight_are_found(
    world: World, rows: dict[str, int], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "he does not see the row" not in _found(world, rows, name)

    def one(manager: Any, actor: Actor, pk: int, *joined: str) -> Any:
        return models.Manager.get_queryset(manager).get(pk=pk)

    monkeypatch.setattr(ScopedManager, "one", one)
    assert "he does not see the row" in _found(world, rows, name)


def test_a_write_before_a_refusal_is_found(world: World, rows: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    def release(actor: Actor, customer_id: int, **said: object) -> None:
        DutySite.objects.update(name="甲")
        raise NotFound

    monkeypatch.setattr(commands, "release", release)
    assert "a refusal changed something" in _found(world, rows, "customers_release")


def test_an_operation_that_asks_for_no_capability_is_found(
    world: World, rows: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "pipeline_opportunities pipeline_open_opportunity"
    monkeypatch.setattr(Actor, "require", lambda actor, *capabilities: None)
    assert "others are asked for ['pipeline.see']" in _found(world, rows, name)


@pytest.fixture
def bars_made_anew() -> Iterator[None]:
    """What is kept of the navigation is neither taken from other tests nor left to them."""
    kept = (navigation.marked, ui._side_bar, ui._bottom_bar)
    for made in kept:
        made.cache_clear()
    yield
    for made in kept:
        made.cache_clear()


@pytest.mark.usefixtures("bars_made_anew")
def test_a_link_to_what_its_reader_may_not_open_is_found(
    world: World, rows: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation, "may_open", lambda actor, view_name: True)
    assert "it leads him to ('/company/" in _found(world, rows, "me")
