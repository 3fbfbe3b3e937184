"""Opportunities for every test here."""

from __future__ import annotations

import pytest

from tests.world import World

from .deals import Deals


@pytest.fixture
def deals(world: World) -> Deals:
    """The world with the standard process installed."""
    return Deals(world)
