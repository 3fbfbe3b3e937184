"""Opportunities for every test here."""

from __future__ import annotations

import pytest

from tests.selling.pipeline.deals import Deals
from tests.world import World


@pytest.fixture
def deals(world: World) -> Deals:
    """The world with the standard process installed."""
    return Deals(world)
