"""Pools are fed by rules: who lapses, waits too long or is imported comes to the first pool that takes him."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
import time_machine

from tests.selling.customers.test_sleeping import _own_folder, checked, named, run
from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.org.commands import add_duty_site, set_duty
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.customers.models import Customer, OwnershipEpisode, Pool

pytestmark = pytest.mark.django_db
FIRST = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))  # a Monday in Shanghai
DAY = dt.timedelta(days=1)
Travel = Callable[[dt.datetime], None]
__all__ = ["_own_folder"]


@pytest.fixture
def at() -> Iterator[Travel]:
    """Put the clock on an instant."""
    with time_machine.travel(FIRST, tick=False) as traveller:
        yield traveller.move_to


def pool(world: World, name: str, feed: Mapping[str, Sequence[Any]], **more: Any) -> Pool:
    told = {"is_claimable": True, "is_open": True, **more}
    return commands.add_pool(world.actor("administrator"), name, feed=feed, **told)


def registered(world: World, key: str, name: str, **values: Any) -> Customer:
    return commands.register(world.actor(key), CustomerDraft(name=name, **values))


def where(*rows: Customer) -> list[str]:
    found = Customer.objects.visible_to(SYSTEM).select_related("pool").in_bulk([row.pk for row in rows])
    return [str(found[row.pk].pool) for row in rows]


def test_who_lapses_comes_to_the_first_pool_that_takes_him_else_to_the_public_one(
    world: World, at: Travel, django_assert_max_num_queries: Any
) -> None:
    pool(world, "华南公海", {"department": [world.department_ids["south"]]})
    pool(world, "大客户", {"level": ["A"], "region": ["east", "north"]})
    pool(world, "A 级", {"level": ["A"]})
    rows = [
        registered(world, "east_rep", "甲", level="A", region="east"),
        registered(world, "east_rep", "乙", level="A", region="south"),
        registered(world, "east_rep", "丙", level="B", region="east"),
        registered(world, "south_rep", "丁", level="A", region="east"),
    ]
    many = [CustomerDraft(name=f"{n}号", level="A", region="north") for n in range(50)]
    commands.register_many(world.actor("east_rep"), many)
    at(FIRST + 8 * DAY)
    with django_assert_max_num_queries(120):
        assert commands.lapse_overdue(SYSTEM) == 54
    assert where(*rows) == ["大客户", "A 级", "公海", "华南公海"]
    assert named("7号").pool == Pool.objects.get(name="大客户")
    assert commands.lapse_overdue(SYSTEM) == 0


def test_who_waited_too_long_goes_by_whose_he_was(world: World, at: Travel) -> None:
    pool(world, "华南公海", {"department": [world.department_ids["south"]]})
    site = add_duty_site(SYSTEM, "展厅", "site", world.department_ids["east"]).pk
    set_duty(SYSTEM, site, FIRST.date(), FIRST.date() + 20 * DAY, [world.id("east_peer")])
    rows = [registered(world, "east_rep", "甲"), registered(world, "south_rep", "乙")]
    at(FIRST + 8 * DAY)
    commands.lapse_overdue(SYSTEM)
    assert where(*rows) == ["None", "None"]
    at(FIRST + 14 * DAY)
    assert commands.end_waiting(SYSTEM) == 2
    assert where(*rows) == ["公海", "华南公海"]


def test_an_import_names_the_pool_or_the_pools_say_who_comes(world: World, at: Travel) -> None:
    admin = world.actor("administrator")
    pool(world, "华东公海", {"region": ["east"]})
    pool(world, "展会", {"source": ["exhibition"], "department": [world.department_ids["south"]]})
    rows = ["甲公司,,展会,华东,", "乙公司,,,华东,", "丙公司,,,华南,展会", "丁公司,张三,,华东,", "戊公司,张三,展会,,"]
    text = "\n".join(["客户名称,负责人,公海,地区,来源", *rows, ""])
    job = checked(admin, text)
    assert job.problems.get().sentence == "有负责人的客户不在公海中,负责人和公海只填一项。"
    run(admin, job)
    assert where(*map(named, ("甲公司", "乙公司", "丙公司"))) == ["展会", "华东公海", "导入待分配"]
    assert named("丁公司").owner_id == world.id("east_rep")


def test_a_department_sees_a_pool_with_all_below_it(world: World) -> None:
    east = [world.department_ids["east"]]
    closed = pool(world, "华东内部", {}, is_open=False, departments=east)
    row = commands.register(world.actor("administrator"), CustomerDraft(name="甲", pool_id=closed.pk))
    seen = {key: queries.customers(world.actor(key), "pool").filter(pk=row.pk).exists()
            for key in ("east_rep", "south_rep", "shanghai_rep", "director")}  # fmt: skip
    assert seen == {"east_rep": True, "south_rep": False, "shanghai_rep": True, "director": True}
    admin = world.client("administrator")
    answer = admin.get(f"/api/v1/pools/{closed.pk}").json()
    assert (answer["departments"], answer["members"], answer["feed"]["level"]) == (east, [], [])
    change = {**{name: answer[name] for name in ("name", "is_claimable", "is_open", "version")}, "members": [],
              "departments": [], "feed": {"level": ["A"]}}  # fmt: skip
    done = admin.put(f"/api/v1/pools/{closed.pk}", change, content_type="application/json").json()
    assert (done["departments"], done["feed"]["level"]) == ([], ["A"])
    assert not queries.customers(world.actor("east_rep"), "pool").filter(pk=row.pk).exists()
    change |= {"version": done["version"], "feed": {"level": ["ZZ"]}}
    assert admin.put(f"/api/v1/pools/{closed.pk}", change, content_type="application/json").status_code == 422


def test_the_administrator_says_it_in_the_form_and_everybody_reads_it(world: World) -> None:
    admin, east = world.client("administrator"), world.department_ids["east"]
    form = {
        "name": "大客户",
        "is_claimable": "on",
        "is_open": "on",
        "feed_department": [east],
        "feed_level": ["A", "B"],
    }
    assert admin.post("/pools/new/", form).status_code in {200, 302}
    made = Pool.objects.get(name="大客户")
    assert made.fed_by == {"department": [east], "level": ["A", "B"]}
    page = world.client("east_rep").get(f"/pools/{made.pk}/").content.decode()
    assert "原负责人属于华东区;级别为A 级、B 级" in page
    assert f'value="{east}" selected' in admin.get(f"/pools/{made.pk}/edit/").content.decode()


def test_a_supervisor_moves_customers_from_pool_to_pool(world: World) -> None:
    to = pool(world, "大客户", {})
    public, manager = commands.standard_pool("public"), world.actor("east_manager")
    rows = commands.register_many(manager, [CustomerDraft(name=name, pool_id=public.pk) for name in ("甲", "乙")])
    ids = [row.row_id or 0 for row in rows]
    own = registered(world, "east_rep", "丙")
    outcomes = commands.move_to_pool(manager, [*ids, own.pk, 10**6], to.pk)
    assert [str(outcome.refusal or "") for outcome in outcomes][:2] == ["", ""]
    assert [outcome.refusal is not None for outcome in outcomes] == [False, False, True, True]
    assert where(named("甲"), named("乙"), own) == ["大客户", "大客户", "None"]
    assert "移到公海「大客户」" in timeline("customers.customer", ids[0])[0].sentence
    last = OwnershipEpisode.objects.visible_to(SYSTEM).get(customer=ids[0], ended_at=None)
    assert (last.from_pool_id, last.pool_id, last.started_cause) == (public.pk, to.pk, "moved")
    again = commands.move_to_pool(manager, ids[:1], to.pk)
    assert again[0].refusal is not None
    with pytest.raises(NotAllowed):
        commands.move_to_pool(world.actor("east_rep"), ids, public.pk)
    hidden = pool(world, "内部", {}, is_open=False)
    with pytest.raises(RuleBroken, match="没有这个公海"):
        commands.move_to_pool(manager, ids, hidden.pk)
    client = world.client("east_manager")
    assert "移到另一公海" in client.get("/customers/?tab=pool").content.decode()
    client.post("/customers/move-to-pool/", {"ids": ",".join(map(str, ids)), "pool_id": public.pk})
    assert where(named("甲"), named("乙")) == ["公海", "公海"]
