"""The picker's address offers what the actor may see, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import World
from xiaocheng.interface.web.shell import pickers
from xiaocheng.interface.web.shell.pickers import Choice


def test_it_offers_what_fits_what_was_typed(world: World, house: list[Any]) -> None:
    offered = world.client("east_rep").get("/pick/people/?q=zs").json()["rows"]
    assert {row["label"] for row in offered} == {"张三", "周上海"}
    assert offered[0]["note"]


def test_it_offers_twenty_at_most_but_names_all_that_are_chosen(
    world: World, house: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [Choice(i, str(i)) for i in range(50)]
    monkeypatch.setitem(pickers._sources, "many", (lambda actor, text, ids: many, ()))
    assert len(world.client("east_rep").get("/pick/many/").json()["rows"]) == 20
    assert len(pickers.choices("many", world.actor("east_rep"), ids=range(50))) == 50


def test_it_asks_for_the_capability_of_the_source(world: World, house: list[Any]) -> None:
    json = {"Accept": "application/json"}
    refused = world.client("east_rep").get("/pick/secrets/", headers=json)
    assert refused.status_code == 403 and "rows" not in refused.json()
    assert world.client("administrator").get("/pick/secrets/", headers=json).json()["rows"]


def test_an_unknown_source_is_not_found(world: World, house: list[Any]) -> None:
    assert world.client("east_rep").get("/pick/nothing/").status_code == 404
