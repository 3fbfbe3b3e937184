"""A world that several threads see at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.world import World


@pytest.fixture
def committed_world(transactional_db: None) -> Iterator[World]:
    from tests.world import make_world

    yield make_world()
