"""The list of customers in a browser's eyes."""

from __future__ import annotations

import re

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.support.caches import remember_for_long
from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.customers import commands
from xiaocheng.selling.customers.commands import CustomerDraft


def page(world: World, who: str, query: str = "") -> str:
    answer = world.client(who).get(f"/customers/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def register(world: World, who: str, name: str, **values: object) -> int:
    return commands.register(world.actor(who), CustomerDraft(name=name, **values)).pk  # type: ignore[arg-type]


def test_everybody_has_the_views_that_make_sense_to_him(world: World) -> None:
    assert "?tab=team" not in page(world, "east_rep")
    assert "?tab=team" in page(world, "east_manager")
    assert "?tab=team" not in page(world, "administrator")


def test_a_list_shows_only_what_may_be_seen(world: World) -> None:
    register(world, "east_rep", "自己的公司", phone="13800138000")
    register(world, "south_rep", "别人的公司")
    for query in ("", "?tab=all", "?q=公司", "?tab=all&q=公司"):
        shown = page(world, "east_rep", query)
        assert "自己的公司" in shown and "别人的公司" not in shown, query
    assert "自己的公司" in page(world, "east_manager", "?tab=team&q=13800138")


def test_filters_narrow_the_list(world: World) -> None:
    register(world, "east_rep", "甲公司", level="A", region="east")
    register(world, "east_peer", "乙公司", level="B")
    for query, shown, hidden in (
        ("?tab=team&level=A", "甲公司", "乙公司"),
        ("?tab=team&region=east", "甲公司", "乙公司"),
        (f"?tab=team&owner={world.id('east_peer')}", "乙公司", "甲公司"),
    ):
        body = page(world, "east_manager", query)
        assert shown in body and hidden not in body


def test_a_phone_in_the_pool_shows_only_its_ends(world: World) -> None:
    pool = commands.standard_pool("public").pk
    commands.register(SYSTEM, CustomerDraft(name="公海客户", phone="13912345678", pool_id=pool))
    shown = page(world, "east_rep", "?tab=pool")
    assert "139****78" in shown and "13912345678" not in shown


def test_a_list_costs_the_same_few_queries_however_long_it_is(
    world: World, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember_for_long(monkeypatch)
    client = world.client("east_manager")
    for view in ("mine", "team", "pool", "all"):
        client.get(f"/customers/?tab={view}")
    drafts = [CustomerDraft(name=f"第 {n} 家", owner_id=world.id("east_rep"), level="A") for n in range(30)]
    commands.register_many(world.actor("east_manager"), drafts)
    with django_assert_num_queries(QUERIES):
        client.get("/customers/?tab=team")
    with django_assert_num_queries(QUERIES + 1):  # the open filters offer the pools
        client.get("/customers/?tab=team&q=家&level=A")


QUERIES = 7  # who is asking: 3; the bell: 1; the ids, the rows: 2; the saved views: 1


def test_a_day_that_is_not_known_is_an_empty_cell_which_a_phone_leaves_out(world: World) -> None:
    register(world, "east_rep", "甲公司")
    assert re.search(r'<td class="[^"]* nil" data-label="最近联系">–</td>', page(world, "east_rep"))


def test_who_may_do_nothing_with_several_sees_no_ticks(world: World) -> None:
    register(world, "promoter", "甲公司")
    assert 'name="ids"' not in page(world, "promoter")


def test_a_manager_assigns_what_he_ticked(world: World) -> None:
    ids = [register(world, "east_rep", name) for name in ("甲公司", "乙公司")]
    hidden = register(world, "south_rep", "丙公司")
    client = world.client("east_manager")
    form = client.get(f"/customers/assign/?ids={ids[0]}&ids={ids[1]}&ids=nonsense").content.decode()
    assert "已选 2 位客户" in form
    sent = {"ids": ",".join(map(str, [*ids, hidden])), "owner_ids": world.id("east_peer")}
    answer = client.post("/customers/assign/", sent, follow=True)
    assert "已分配 2 位,1 位未分配" in answer.content.decode()
    assert "甲公司" in page(world, "east_peer")
    assert client.post("/customers/assign/", sent | {"owner_ids": world.id("south_rep")}).status_code == 422
