"""What the outsider typed appears nowhere for somebody who does not see him: pages, lists, search, pickers, API."""

from __future__ import annotations

import pytest

from tests.world import World

from .addresses import addresses
from .rows import MARKER, rows_of_the_outsider

OUT_OF_SIGHT = ("east_rep", "east_manager")
ASKED = ("", "?q=ZQX7", "?tab=all", "?tab=pool")


@pytest.mark.parametrize("person", OUT_OF_SIGHT)
def test_nothing_of_the_outsider_is_shown(world: World, person: str) -> None:
    rows = rows_of_the_outsider(world)
    client = world.client(person)
    client.raise_request_exception = False
    for address in addresses(rows):
        for query in ASKED if not address.has_parameters else ("",):
            body = b"".join(client.get(address.path + query))
            assert MARKER.encode() not in body, address.path + query


def test_the_crawler_finds_the_marker_where_it_may_be_seen(world: World) -> None:
    rows = rows_of_the_outsider(world)
    client = world.client("south_rep")
    seen = [address.name for address in addresses(rows) if MARKER.encode() in b"".join(client.get(address.path))]
    assert {"customers:list", "customers:page", "pipeline:list", "pipeline:opportunity"} <= set(seen)
