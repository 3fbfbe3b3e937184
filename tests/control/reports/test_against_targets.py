"""The daily report holds orders and money received against the month's targets, frozen when it is handed in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tests.control.reports.test_daily_reports import TEXT, day_done, handed_in
from tests.control.targets.test_targets import MARCH, kept, paid
from tests.selling.fieldwork.conftest import DAY, at
from tests.world import World
from xiaocheng.control.reports.commands import revise, sign, submit
from xiaocheng.control.reports.queries import attained_of, report

__all__ = ["day_done"]


def test_collections_stand_against_the_target_up_to_the_day_of_the_report(
    world: World, customer_ids: dict[str, int]
) -> None:
    kept(world)
    kept(world, measure="fieldwork.visited", value=60)
    paid(world, customer_ids["甲木业"], 20_000, DAY)
    paid(world, customer_ids["甲木业"], 30_000, DAY + dt.timedelta(days=1))
    rep = world.actor("east_rep")
    [first] = attained_of(rep, world.id("east_rep"), DAY)
    [second] = attained_of(rep, world.id("east_rep"), DAY + dt.timedelta(days=1))
    assert (first.actual, first.ratio) == (20_000, Decimal("0.2"))
    assert second.actual == 50_000
    assert attained_of(world.actor("east_peer"), world.id("east_rep"), DAY) == []


def test_they_are_frozen_when_the_report_is_handed_in(
    world: World, day_done: None, customer_ids: dict[str, int]
) -> None:
    kept(world)
    paid(world, customer_ids["甲木业"], 20_000, DAY)
    row = handed_in(world)
    kept(world, value=200_000, version=1)
    paid(world, customer_ids["乙机械"], 5_000, DAY)
    [item] = report(world.actor("east_manager"), row.pk).attained
    assert (item.target, item.actual, item.ratio) == (100_000, 20_000, Decimal("0.2"))
    assert (item.now, item.since_then) == (25_000, 5_000)
    rep = world.actor("east_rep")
    with at("19:00"):
        sign(world.actor("east_manager"), row.pk, 1)
        revise(rep, row.pk, "补一笔回款")
        submit(rep, DAY, TEXT, row.edit_version)
    [item] = report(rep, row.pk).attained
    assert (item.target, item.actual, item.since_then) == (200_000, 25_000, 0)


def test_a_report_without_targets_says_nothing_of_them(world: World, day_done: None) -> None:
    row = handed_in(world)
    kept(world)
    assert report(world.actor("east_rep"), row.pk).attained == []


def test_the_ratio_is_on_the_report_on_the_day_and_with_the_team(
    world: World, day_done: None, customer_ids: dict[str, int]
) -> None:
    kept(world, month=MARCH)
    paid(world, customer_ids["甲木业"], 20_000, DAY)
    row = handed_in(world)
    with at("18:30"):
        rep, manager = world.client("east_rep"), world.client("east_manager")
        for client, address in (
            (rep, "/report/"),
            (rep, f"/reports/{row.pk}/"),
            (manager, f"/reports/{row.pk}/"),
            (rep, "/today/"),
            (manager, "/team/"),
        ):
            page = client.get(address).content.decode()
            assert "20%" in page and "2 万元 / 10 万元" in page, address
        shown = manager.get(f"/api/v1/reports/{row.pk}").json()["targets"]
        assert [(item["key"], Decimal(item["ratio"])) for item in shown] == [("trade.received", Decimal("0.2"))]
        assert "10 万元" not in world.client("south_manager").get("/team/").content.decode()
