"""Stuck opportunities on the team's page and in the list."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from unicodedata import normalize

from pytest_django import DjangoAssertNumQueries

from tests.selling.pipeline.deals import Deals
from tests.world import World
from xiaocheng.foundation.import_export.reading.reader import read_file
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.models import Role
from xiaocheng.selling.pipeline import commands, queries


def opened(deals: Deals, who: str, days: int, name: str) -> None:
    with clock.as_of(clock.now() - dt.timedelta(days=days)):
        deals.opened(who, name=name)


def body(world: World, who: str, url: str) -> str:
    answer = world.client(who).get(url)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return normalize("NFKC", answer.content.decode())


def test_the_team_page_names_what_sticks_and_leads_to_all_of_it(world: World, deals: Deals) -> None:
    assert "没有卡住的商机" in body(world, "east_manager", "/team/")
    for number in range(7):
        opened(deals, "east_rep", 90 + number, f"卡住 {number}")
    opened(deals, "east_peer", 1, "刚开始")
    opened(deals, "south_rep", 90, "别人的")
    page = body(world, "east_manager", "/team/")
    assert "卡住 6" in page and "卡住 0" not in page and "超期" in page and "闲置" in page
    assert "刚开始" not in page and "别人的" not in page
    assert "/opportunities/?tab=team&amp;pace=stuck" in page
    assert "卡住的商机" in body(world, "director", "/team/")


def test_who_may_not_see_opportunities_sees_no_card(world: World, deals: Deals) -> None:
    opened(deals, "east_rep", 90, "卡住")
    role = Role.objects.get(pk=world.person("east_manager").role_id)
    role.capabilities = [name for name in role.capabilities if name != "pipeline.see"]
    role.save()
    page = body(world, "east_manager", "/team/")
    assert "卡住" not in page


def test_the_list_narrows_to_what_sticks(
    world: World, deals: Deals, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    opened(deals, "east_rep", 90, "卡住的")
    opened(deals, "east_rep", 1, "刚开始的")
    for pace in ("overdue", "idle", "stale", "stuck"):
        page = body(world, "east_manager", f"/opportunities/?tab=team&pace={pace}")
        assert "卡住的" in page and "刚开始的" not in page, pace
    client = world.client("east_manager")
    with django_assert_num_queries(PLAIN):
        client.get("/opportunities/?tab=team&source=referral")
    with django_assert_num_queries(PLAIN + 1):  # the limits of the stages
        client.get("/opportunities/?tab=team&pace=stuck&source=referral")
    with django_assert_num_queries(PLAIN + 1):
        client.get("/opportunities/?tab=team&pace=stale&source=referral")


def test_a_stagnant_one_is_named_wherever_it_stands_with_the_days_and_the_limit(world: World, deals: Deals) -> None:
    opened(deals, "east_rep", 95, "没人管的")
    opened(deals, "east_rep", 62, "快了的")
    commands.keep_stale_days(SYSTEM, {(deals.process.pk, "identify"): 70})
    why = "已 95 天没有活动,界限 70 天"
    row = queries.opportunities(SYSTEM, "all", "没人管的").get()
    board = f"/opportunities/board/?process={deals.process.pk}"
    for address in ("/opportunities/?tab=mine", board, f"/opportunities/{row.pk}/"):
        page = body(world, "east_rep", address)
        assert page.count(f'title="{why}">停滞</span>') == 1, address
    assert f"<dd>{why}</dd>" in body(world, "east_rep", f"/opportunities/{row.pk}/")
    assert f"<small>{why}</small>" in body(world, "east_manager", "/team/")
    narrowed = body(world, "east_rep", "/opportunities/?pace=stale")
    assert "没人管的" in narrowed and "快了的" not in narrowed
    assert "没人管的" not in body(world, "south_rep", "/opportunities/?pace=stale&tab=all")


def test_the_file_of_the_list_has_the_stagnant_ones_alone_when_asked_for_them(
    world: World, deals: Deals, tmp_path: Path
) -> None:
    opened(deals, "east_rep", 95, "没人管的")
    opened(deals, "east_rep", 5, "新的")
    answer = world.client("director").get("/opportunities/export/?tab=all&pace=stale")
    file = tmp_path / "out.xlsx"
    file.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    [line] = [cells for _number, cells in read_file(file, tmp_path / "spool", "out.xlsx")[0].rows()]
    assert line[0] == "没人管的"


def test_the_page_of_a_process_says_what_was_learned_and_its_form_asks_for_nothing(world: World, deals: Deals) -> None:
    assert "天内离开" not in body(world, "director", f"/processes/{deals.process.pk}/")
    commands.keep_stale_days(SYSTEM, {(deals.process.pk, "quote"): 44})
    assert body(world, "director", f"/processes/{deals.process.pk}/").count("90% 在 44 天内离开") == 1
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    stage = draft.stages.get(code="quote")
    assert "stale_days" not in body(world, "director", f"/processes/editions/{draft.pk}/stages/{stage.pk}/")


PLAIN = 8
