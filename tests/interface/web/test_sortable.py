"""What a list may be sorted by is a column of its table: pages tell by its value where they begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db.models import Field
from django.test import RequestFactory

from tests.access.addresses import QUERIES
from tests.world import World
from xiaocheng.foundation.kernel.actor import capabilities
from xiaocheng.interface.web.shell.access import declared_routes
from xiaocheng.interface.web.shell.screens import ListScreen
from xiaocheng.selling.customers.commands import (
    CustomerDraft,
    GroupDraft,
    HandoverDraft,
    add_group,
    plan_handover,
    register,
)

LISTS = {
    route.name: route.view.view_class  # type: ignore[attr-defined]
    for route in declared_routes()
    if issubclass(getattr(route.view, "view_class", object), ListScreen)
}

# The row that the address of a list names.
NEEDED: dict[str, Callable[[World], dict[str, int]]] = {
    "customers:group": lambda world: {"pk": add_group(world.actor("director"), GroupDraft(name="重点")).pk},
    "insight:decisions_of": lambda world: {"pk": register(world.actor("director"), CustomerDraft(name="甲")).pk},
    "handovers:page": lambda world: {
        "pk": plan_handover(world.actor("director"), HandoverDraft(person_id=world.id("east_rep"), kind="away")).pk
    },
}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_order_of_a_list_is_a_column_and_its_own_is_never_empty(world: World, name: str) -> None:
    request = RequestFactory().get("/", QUERY_STRING=QUERIES.get(name, ""))
    everything = frozenset(item.key for item in capabilities())
    request.actor, request.user = replace(world.actor("director"), capabilities=everything), world.person("director")
    screen = LISTS[name]()
    about = NEEDED[name](world) if name in NEEDED else {}
    screen.setup(request, **about)
    screen.load()
    rows = screen.rows()
    for order in {screen.order, *(column.order for column in screen.columns)} - {""}:
        field = rows.model._meta.get_field(order.removeprefix("-").replace("pk", "id"))
        assert isinstance(field, Field) and not (field.null and order == screen.order), order
    assert rows.model._meta.pk.name == "id"
