"""The world of the tests is what its own docstring says."""

from __future__ import annotations

import pytest

from tests.world import World


@pytest.mark.parametrize(
    ("viewer", "sees"),
    [
        ("east_manager", {"east_manager", "shanghai_lead", "shanghai_rep", "east_rep", "east_peer", "east_disabled"}),
        ("south_manager", {"south_manager", "south_rep", "promoter"}),
        ("shanghai_lead", {"shanghai_lead", "shanghai_rep"}),
        ("east_rep", {"east_rep"}),
    ],
)
def test_everybody_sees_the_line_below_him_and_nobody_else(world: World, viewer: str, sees: set[str]) -> None:
    assert {key for key, pk in world.ids.items() if world.actor(viewer).sight.sees_person(pk)} == sees


def test_the_director_sees_everybody_and_the_disabled_nobody(world: World) -> None:
    assert world.actor("director").sight.everyone
    assert world.actor("east_disabled").person_id is None
