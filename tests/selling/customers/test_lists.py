"""Which customers a list shows to whom."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.scope import Unscoped, first_rows
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.customers.queries import Filters


@pytest.fixture
def filled(world: World) -> World:
    for key in ("east_rep", "east_peer", "shanghai_rep", "south_rep", "east_manager"):
        commands.register(world.actor(key), CustomerDraft(name=key, level="A" if key == "east_rep" else ""))
    for code in ("public", "imported"):
        commands.register(SYSTEM, CustomerDraft(name=code, pool_id=commands.standard_pool(code).pk))
    return world


def names(actor: Actor, view: str, search: str = "", filters: Filters = Filters()) -> list[str]:  # noqa: B008
    return [row.name for row in queries.customers(actor, view, search, filters)]


TEAM = ["east_manager", "shanghai_rep", "east_peer", "east_rep"]


def test_each_view_shows_its_own_and_the_newest_first(filled: World) -> None:
    manager = filled.actor("east_manager")
    assert names(manager, "mine") == ["east_manager"]
    assert names(manager, "team") == TEAM
    assert names(manager, "pool") == ["public"]
    assert names(manager, "all") == ["public", *TEAM]


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("east_rep", ["public", "east_rep"]),
        ("shanghai_lead", ["public", "shanghai_rep"]),
        ("south_manager", ["public", "south_rep"]),
        ("promoter", ["public"]),
        ("administrator", ["imported", "public", "east_manager", "south_rep", "shanghai_rep", "east_peer", "east_rep"]),
        ("east_disabled", []),
    ],
)
def test_everybody_sees_what_he_may(filled: World, who: str, seen: list[str]) -> None:
    assert names(filled.actor(who), "all") == seen


def test_filters_and_search_narrow(filled: World) -> None:
    manager = filled.actor("east_manager")
    assert names(manager, "team", filters=Filters(level="A")) == ["east_rep"]
    assert names(manager, "team", filters=Filters(owner_id=filled.id("south_rep"))) == []
    assert names(manager, "all", "shang") == ["shanghai_rep"]
    assert names(manager, "all", "south") == []


def test_a_picker_offers_only_what_may_be_seen(filled: World) -> None:
    rep = filled.actor("east_rep")
    assert [label for _pk, label in queries.choices(rep)] == ["east_rep"]
    assert [label for _pk, label in queries.choices(rep, "pub")] == ["public"]
    assert queries.choices(rep, "south") == []


def test_imports_find_customers_by_name_within_sight(filled: World) -> None:
    rep = filled.actor("east_rep")
    assert set(queries.ids_by_name(rep, ["East_Rep Ltd.", "south_rep"])) == {"East_Rep Ltd."}


def test_the_newest_of_a_team_are_found_in_the_table_alone(
    filled: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """A join, or a second table in the condition, would have SQLite sort the whole team."""
    rows = queries.customers(filled.actor("east_manager"), "team").select_related("owner")
    with django_assert_num_queries(2) as made:
        assert [row.name for row in first_rows(rows, 3)] == TEAM[:3]
    ids = made.captured_queries[0]["sql"]
    assert "JOIN" not in ids and ids.count("SELECT") == 1


def test_nobody_reads_without_saying_who_asks() -> None:
    with pytest.raises(Unscoped):
        Customer.objects.all()
