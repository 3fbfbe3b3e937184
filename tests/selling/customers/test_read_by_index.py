"""What is asked while somebody types or looks at a list is read by an index, however many customers there are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.world import World
from xiaocheng.foundation.kernel.scope import first_rows
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import CustomerDraft

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by how many rows there are"),
]


def plans(act: Callable[[], object]) -> list[str]:
    """How SQLite answers what is asked of customers meanwhile."""
    with CaptureQueriesContext(connection) as asked:
        act()
    statements = [query["sql"] for query in asked if 'FROM "customers_customer"' in query["sql"]]
    with connection.cursor() as cursor:
        return [str(cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()) for sql in statements]


@pytest.mark.parametrize("typed", [("远景机械", ""), ("", "13812345678"), ("远景机械", "13812345678")])
def test_no_hint_reads_all_customers(world: World, typed: tuple[str, str]) -> None:
    commands.register(world.actor("east_rep"), CustomerDraft(name="上海远景机械有限公司", phone="13812345678"))
    told = plans(lambda: commands.hint(world.actor("south_rep"), *typed))
    assert told and not [plan for plan in told if "SCAN customers_customer'" in plan]


def test_the_newest_customers_of_a_team_are_read_from_the_index_of_owners(world: World) -> None:
    rows = queries.customers(world.actor("east_manager"), "team").select_related("owner").order_by("-pk")
    assert "INDEX customer_owner (" in plans(lambda: first_rows(rows, 80))[0]
