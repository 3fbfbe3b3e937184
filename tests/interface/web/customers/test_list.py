"""The list of customers in a browser's eyes."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.support.caches import remember_for_long
from tests.world import World
from xiaocheng.foundation.fields.commands import ViewDraft, save_view
from xiaocheng.foundation.import_export.reading.reader import read_file
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers import commands
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.fieldwork.commands import ContactDraft, log_contact


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


def names(body: str) -> list[str]:
    return re.findall(r'phone-title"><a href="[^"]+">([^<]+)</a>', body)


def test_the_list_is_sorted_by_name_and_contact_and_whoever_was_never_contacted_comes_last(world: World) -> None:
    rep = world.actor("east_rep")
    ids = [register(world, "east_rep", name) for name in ("丙公司", "安公司", "丁公司")]
    with clock.as_of(clock.now() - dt.timedelta(days=3)):
        log_contact(rep, ContactDraft(customer_id=ids[0], kind="call", outcome="met_other"))
    log_contact(rep, ContactDraft(customer_id=ids[1], kind="call", outcome="met_other", next_on=clock.today()))
    for order, expected in (
        ("sort_key", ["安公司", "丙公司", "丁公司"]),
        ("-sort_key", ["丁公司", "丙公司", "安公司"]),
        ("last_contact_at", ["丙公司", "安公司", "丁公司"]),
        ("-last_contact_at", ["安公司", "丙公司", "丁公司"]),
        ("next_contact_on", ["安公司", "丙公司", "丁公司"]),
        ("-next_contact_on", ["安公司", "丁公司", "丙公司"]),
    ):
        assert names(page(world, "east_rep", f"?tab=mine&order={order}")) == expected, order


def test_days_of_life_contact_and_time_limit_narrow_the_list(world: World) -> None:
    change_rule(SYSTEM, "FirstContactRules.days", "7", since=clock.today() - dt.timedelta(days=30))
    rep, today = world.actor("east_rep"), clock.today()
    with clock.as_of(clock.now() - dt.timedelta(days=5)):
        old = register(world, "east_rep", "五天前登记", kind="dealer", channel="wechat", source="referral")
    fresh = register(world, "east_rep", "今天登记", is_person=True)
    log_contact(
        rep, ContactDraft(customer_id=fresh, kind="call", outcome="met_other", next_on=today + dt.timedelta(days=2))
    )
    ago = today - dt.timedelta(days=5)
    for query, shown in (
        (f"registered_after={today}", ["今天登记"]),
        (f"registered_before={ago}", ["五天前登记"]),
        (f"last_contact_after={today}&last_contact_before={today}", ["今天登记"]),
        (f"last_contact_before={ago}", []),
        (f"next_contact_on_after={today}", ["今天登记"]),
        ("limit=3", ["五天前登记"]),
        ("limit=14", ["今天登记", "五天前登记"]),
        ("kind=dealer", ["五天前登记"]),
        ("channel=wechat", ["五天前登记"]),
        ("source=referral", ["五天前登记"]),
        ("is_person=1", ["今天登记"]),
        ("is_person=0", ["五天前登记"]),
        ("registered_after=2026-99-99", []),
    ):
        assert names(page(world, "east_rep", f"?tab=mine&{query}")) == shown, query
    assert old != fresh


def test_all_that_is_known_of_a_customer_goes_into_columns_and_files_as_far_as_it_is_read(
    world: World, tmp_path: Path
) -> None:
    pool = commands.standard_pool("public").pk
    said = {"email": "a@example.com", "address": "人民路 1 号", "needs": "要两台"}
    register(world, "east_rep", "甲公司", **said)
    commands.register(SYSTEM, CustomerDraft(name="公海客户", pool_id=pool, **said))
    columns = ["name", "kind", "registered", "limit", *said]
    view = save_view(
        world.actor("administrator"),
        "customers:list",
        ViewDraft(name="全部资料", columns=columns, audience="everybody"),
    )
    body = page(world, "east_rep", f"?tab=all&view={view.pk}")
    assert body.count("人民路 1 号") == 1 and "公海客户" in body and "零点" in body
    answer = world.client("administrator").get(f"/customers/export/?tab=all&view={view.pk}&order=sort_key")
    file = tmp_path / "list.xlsx"
    file.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    found = read_file(file, tmp_path / "spool", "list.xlsx")[0]
    lines = [row for _number, row in found.rows()]
    assert found.header[:4] == ["客户名称", "类型", "登记日期", "首问时限"]
    assert [line[0] for line in lines] == ["公海客户", "甲公司"] and all("人民路 1 号" in line for line in lines)


def test_less_usual_conditions_open_on_tap_and_stand_open_while_one_is_set(world: World) -> None:
    closed, opened = page(world, "east_rep", "?filter=open"), page(world, "east_rep", "?registered_after=2026-01-01")
    assert '<details class="further">' in closed and '<details class="further" open>' in opened
    assert 'name="registered_after" value="2026-01-01"' in opened and 'type="date"' in opened
    assert '<details class="further">' in page(world, "east_rep", "?level=A")


def test_of_those_about_to_lapse_the_most_urgent_comes_first(world: World) -> None:
    for key, value in (("days", 7), ("warn_days", 5)):
        change_rule(SYSTEM, f"FirstContactRules.{key}", str(value), since=clock.today() - dt.timedelta(days=30))
    for ago, name in ((6, "先到期"), (5, "后到期")):
        with clock.as_of(clock.now() - dt.timedelta(days=ago)):
            register(world, "east_rep", name)
    assert names(page(world, "east_manager", "?tab=near")) == ["先到期", "后到期"]
