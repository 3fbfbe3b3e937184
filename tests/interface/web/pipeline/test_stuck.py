"""Stuck opportunities on the team's page and in the list."""

from __future__ import annotations

import datetime as dt

from pytest_django import DjangoAssertNumQueries

from tests.selling.pipeline.deals import Deals
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.org.models import Role


def opened(deals: Deals, who: str, days: int, name: str) -> None:
    with clock.as_of(clock.now() - dt.timedelta(days=days)):
        deals.opened(who, name=name)


def body(world: World, who: str, url: str) -> str:
    answer = world.client(who).get(url)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def test_the_team_page_names_what_sticks_and_leads_to_all_of_it(world: World, deals: Deals) -> None:
    assert "没有超期或闲置的商机" in body(world, "east_manager", "/team/")
    for number in range(7):
        opened(deals, "east_rep", 90 + number, f"卡住 {number}")
    opened(deals, "east_peer", 1, "刚开始")
    opened(deals, "south_rep", 90, "别人的")
    page = body(world, "east_manager", "/team/")
    assert "卡住 6" in page and "卡住 0" not in page and "超期" in page and "闲置" in page
    assert "刚开始" not in page and "别人的" not in page
    assert "/opportunities/?tab=team&amp;pace=stuck" in page
    assert "停滞的商机" in body(world, "director", "/team/")


def test_who_may_not_see_opportunities_sees_no_card(world: World, deals: Deals) -> None:
    opened(deals, "east_rep", 90, "卡住")
    role = Role.objects.get(pk=world.person("east_manager").role_id)
    role.capabilities = [name for name in role.capabilities if name != "pipeline.see"]
    role.save()
    page = body(world, "east_manager", "/team/")
    assert "卡住" not in page and "停滞的商机" not in page


def test_the_list_narrows_to_what_sticks(
    world: World, deals: Deals, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    opened(deals, "east_rep", 90, "卡住的")
    opened(deals, "east_rep", 1, "刚开始的")
    for pace in ("overdue", "idle", "stuck"):
        page = body(world, "east_manager", f"/opportunities/?tab=team&pace={pace}")
        assert "卡住的" in page and "刚开始的" not in page, pace
    client = world.client("east_manager")
    with django_assert_num_queries(PLAIN):
        client.get("/opportunities/?tab=team&source=referral")
    with django_assert_num_queries(PLAIN + 1):  # the limits of the stages
        client.get("/opportunities/?tab=team&pace=stuck&source=referral")


PLAIN = 8
