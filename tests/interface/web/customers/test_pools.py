"""Pools on their pages: claimed and handed out in sets, what came and went, who took how much."""

from __future__ import annotations

import pytest

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.customers.models import Pool


@pytest.fixture
def pool(world: World) -> Pool:
    return commands.add_pool(SYSTEM, "华东公海", is_claimable=True, is_open=True)


@pytest.fixture
def ids(pool: Pool) -> list[int]:
    drafts = [
        CustomerDraft(name=f"{name}公司", phone=f"1390000000{n}", pool_id=pool.pk)
        for n, name in enumerate("甲乙丙丁戊")
    ]
    return [outcome.row_id or 0 for outcome in commands.register_many(SYSTEM, drafts)]


def shown(world: World, who: str, url: str, status: int = 200) -> str:
    answer = world.client(who).get(url)
    assert answer.status_code == status
    return answer.content.decode()


def ticked(ids: list[int]) -> str:
    return "&".join(f"ids={pk}" for pk in ids)


def test_a_rep_claims_what_he_ticked_and_reads_beforehand_what_cannot_be(
    world: World, pool: Pool, ids: list[int]
) -> None:
    change_rule(SYSTEM, "PoolRules.claims_a_day", "2", since=clock.today())
    client = world.client("east_rep")
    assert "customers/claim/" in shown(world, "east_rep", "/customers/?tab=pool")
    assert "customers/claim/" not in shown(world, "east_rep", "/customers/?tab=mine")
    asked = shown(world, "east_rep", f"/customers/claim/?{ticked(ids[:3])}")
    assert "甲公司" in asked and asked.count("每日领取上限") == 1
    assert "13900000000" not in asked
    told = client.post("/customers/claim/", {"ids": ",".join(map(str, ids[:3]))}, follow=True).content.decode()
    assert "已领取 2 位客户。 丙公司:今天已领取 2 位客户" in told
    assert queries.customers(world.actor("east_rep"), "mine").count() == 2
    page = shown(world, "east_rep", f"/pools/{pool.pk}/")
    assert "我还可领取" in page and "今天已从这里领取 2 位" in page and "谁领取、谁退回" not in page


def test_a_supervisor_hands_out_a_pool_in_fair_shares_after_seeing_them(
    world: World, pool: Pool, ids: list[int]
) -> None:
    commands.register(world.actor("east_rep"), CustomerDraft(name="已有的"))
    people = f"owner_ids={world.id('east_rep')}&owner_ids={world.id('east_peer')}"
    form = shown(world, "east_manager", f"/customers/assign/?pool={pool.pk}")
    assert 'name="count" value="5"' in form and 'name="ids"' in form
    shares = shown(world, "east_manager", f"/customers/assign/shares/?pool={pool.pk}&count=3&{people}&way=even")
    cells = "".join(shares.split()).replace('<tdclass="num">', "<td>")
    assert "张三</td><td>1</td><td>1</td><td>2</td>" in cells and "赵六</td><td>0</td><td>2</td><td>2</td>" in cells
    assert "王" not in shown(
        world, "east_manager", f"/customers/assign/shares/?ids={ids[0]}&owner_ids={world.id('south_rep')}"
    )
    sent = {"count": "3", "owner_ids": [world.id("east_rep"), world.id("east_peer")], "way": "even"}
    answer = world.client("east_manager").post(f"/customers/assign/?pool={pool.pk}", sent, follow=True)
    assert "已分配 3 位客户" in answer.content.decode()
    assert queries.customers(world.actor("east_peer"), "mine").count() == 2
    assert queries.pool_states(world.actor("east_manager"), [pool])[0].size == 2


def test_the_ledger_says_who_took_and_gave_back_when_and_why(world: World, pool: Pool, ids: list[int]) -> None:
    rep = world.actor("east_rep")
    commands.claim_many(rep, ids[:3])
    commands.release(rep, ids[0], "price", note="差两成", pool_id=pool.pk)
    commands.assign(world.actor("east_manager"), [ids[3]], world.id("east_peer"))
    ledger = shown(world, "east_manager", f"/pools/ledger/?pool={pool.pk}")
    for words in ("甲公司", "张三", "赵六", "领取", "退回公海", "价格谈不拢 · 差两成", "分配"):
        assert words in ledger
    out = shown(world, "east_manager", "/pools/ledger/?tab=out")
    assert "差两成" not in out and "领取" in out
    page = shown(world, "east_manager", f"/pools/{pool.pk}/")
    assert "谁领取、谁退回" in page
    lines = queries.turnover(world.actor("east_manager"), pool.pk, period("day", clock.today()))
    assert [(line.name, line.claimed, line.given, line.returned, line.lapsed, line.net) for line in lines] == [
        ("张三", 3, 0, 1, 0, 2), ("赵六", 0, 1, 0, 0, 1),
    ]  # fmt: skip
    state = queries.pool_states(rep, [pool])[0]
    assert (state.size, state.came, state.went) == (2, 6, 4)
    file = world.client("administrator").get("/pools/ledger/export/")
    assert file.status_code == 200 and "spreadsheetml" in file.headers["Content-Type"]
    for url in ("/pools/ledger/", "/pools/ledger/export/", "/customers/assign/shares/"):
        shown(world, "east_rep", url, 403)


def test_a_supervisor_of_others_does_not_read_whom_they_took(world: World, pool: Pool, ids: list[int]) -> None:
    commands.claim(world.actor("south_rep"), ids[0])
    assert "甲公司" not in shown(world, "east_manager", "/pools/ledger/")
    assert "甲公司" in shown(world, "director", "/pools/ledger/")


def test_the_pools_are_listed_with_their_figures_and_limits(world: World, pool: Pool, ids: list[int]) -> None:
    hidden = commands.add_pool(SYSTEM, "保密公海", is_claimable=False, is_open=False)
    listed = shown(world, "east_rep", "/pools/")
    assert "华东公海" in listed and "保密公海" not in listed and "20" in listed
    shown(world, "east_rep", f"/pools/{hidden.pk}/", 404)
    sent = {"name": "华东公海", "is_claimable": "on", "is_open": "on", "claims_a_day": "3", "_version": "1"}
    client = world.client("administrator")
    assert client.post(f"/pools/{pool.pk}/edit/", sent).status_code == 302
    assert queries.allowances(world.actor("east_rep"), [queries.pool(SYSTEM, pool.pk)])[0].left == 3
    assert client.post(f"/pools/{pool.pk}/edit/", sent | {"claims_a_day": "0", "_version": "2"}).status_code == 422
