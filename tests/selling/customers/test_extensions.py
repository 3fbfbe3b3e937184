"""More time before a customer lapses: the owner asks, the supervisor decides, within the limits of the company."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.queries import notes, said
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import Contacted, CustomerDraft
from xiaocheng.selling.customers.models import Customer

pytestmark = pytest.mark.django_db
FIRST = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))  # a Monday in Shanghai
DAY = dt.timedelta(days=1)
Travel = Callable[[dt.datetime], None]


@pytest.fixture
def at() -> Iterator[Travel]:
    """Put the clock on an instant."""
    with time_machine.travel(FIRST, tick=False) as traveller:
        yield traveller.move_to


@pytest.fixture
def row(world: World, at: Travel) -> Customer:
    return commands.register(world.actor("east_rep"), CustomerDraft(name="华东精密"))


def lapses_on(row: Customer) -> dt.date | None:
    again = Customer.objects.visible_to(SYSTEM).get(pk=row.pk)
    limit = queries.limit_of(again.clock_since, again.level, again.extended_to)
    return limit and limit.on


def test_days_that_are_granted_move_the_clock_and_the_sweep(world: World, row: Customer, at: Travel) -> None:
    rep, manager = world.actor("east_rep"), world.actor("east_manager")
    first = lapses_on(row)
    assert first == dt.date(2026, 3, 10)
    asked = commands.ask_extension(rep, row.pk, 5, "客户出差,月中回来")
    assert lapses_on(row) == first  # a request that waits does not stop the clock
    tell(SYSTEM)
    assert "请审批" in said(manager, notes(manager)[0])
    assert [item.pk for item in queries.waiting_extensions(manager)] == [asked.pk]
    assert queries.waiting_extensions(world.actor("director")) == queries.waiting_extensions(rep) == []
    commands.grant_extension(manager, asked.pk, "可以")
    assert lapses_on(row) == first + 5 * DAY
    tell(SYSTEM)
    assert "同意" in said(rep, notes(rep)[0])
    assert "至 2026-03-15 零点" in timeline("customers.customer", row.pk)[0].sentence
    at(FIRST + 12 * DAY)
    assert (commands.lapse_overdue(SYSTEM), commands.warn_owners(SYSTEM, dt.date(2026, 3, 13))) == (0, 1)
    assert [item.pk for item in queries.near_lapse(rep, dt.date(2026, 3, 14))] == [row.pk]
    at(FIRST + 13 * DAY)
    assert commands.lapse_overdue(SYSTEM) == 1
    again = Customer.objects.visible_to(SYSTEM).get(pk=row.pk)
    assert again.extended_to is None  # whoever has it next begins anew


def test_a_contact_begins_anew_and_never_shortens_what_was_agreed(world: World, row: Customer, at: Travel) -> None:
    asked = commands.ask_extension(world.actor("east_rep"), row.pk, 7, "展会")
    commands.grant_extension(world.actor("east_manager"), asked.pk)
    note = [Contacted(row.pk, world.id("east_rep"), clock.now())]
    commands.note_contacts(SYSTEM, note)
    assert lapses_on(row) == dt.date(2026, 3, 17)
    at(FIRST + 12 * DAY)
    commands.note_contacts(SYSTEM, [Contacted(row.pk, world.id("east_rep"), clock.now())])
    assert lapses_on(row) == dt.date(2026, 3, 22)


def test_only_the_owner_asks_and_only_his_supervisor_decides(world: World, row: Customer) -> None:
    rep = world.actor("east_rep")
    with pytest.raises(RuleBroken, match="只有客户的负责人"):
        commands.ask_extension(world.actor("east_manager"), row.pk, 3, "等样机")
    with pytest.raises(NotFound):
        commands.ask_extension(world.actor("south_rep"), row.pk, 3, "等样机")
    for days, reason, field in (
        (0, "等样机", "days"),
        (8, "等样机", "days"),
        (3, " ", "reason"),
        (3, "长" * 501, "reason"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            commands.ask_extension(rep, row.pk, days, reason)
        assert refusal.value.field == field
    asked = commands.ask_extension(rep, row.pk, 3, "等样机")
    with pytest.raises(RuleBroken, match="等待审批"):
        commands.ask_extension(rep, row.pk, 3, "等样机")
    with pytest.raises(RuleBroken, match="不能自己签"):
        commands.grant_extension(rep, asked.pk)
    with pytest.raises(RuleBroken, match="直属主管"):
        commands.grant_extension(world.actor("director"), asked.pk)
    for who in ("south_rep", "south_manager", "east_peer"):
        with pytest.raises(NotFound):
            commands.grant_extension(world.actor(who), asked.pk)
    manager = world.actor("east_manager")
    with pytest.raises(RuleBroken) as refusal:
        commands.refuse_extension(manager, asked.pk, " ")
    assert refusal.value.field == "comment"
    commands.refuse_extension(manager, asked.pk, "先打电话")
    with pytest.raises(RuleBroken, match="现在的状态"):
        commands.grant_extension(manager, asked.pk)
    assert lapses_on(row) == dt.date(2026, 3, 10)


def test_a_stretch_of_responsibility_is_extended_so_many_times(world: World, row: Customer) -> None:
    rep, manager = world.actor("east_rep"), world.actor("east_manager")
    for _time in range(2):
        commands.grant_extension(manager, commands.ask_extension(rep, row.pk, 2, "等样机").pk)
    with pytest.raises(RuleBroken, match="最多延期 2 次"):
        commands.ask_extension(rep, row.pk, 2, "等样机")
    change_rule(SYSTEM, "FirstContactRules.extensions", "3", since=clock.today())
    last = commands.ask_extension(rep, row.pk, 2, "等样机")
    commands.release(rep, row.pk, "no_need")
    with pytest.raises(RuleBroken, match="作废"):
        commands.grant_extension(manager, last.pk)
    assert queries.waiting_extensions(manager) == []


def test_where_the_company_wants_it_a_request_that_waits_holds_the_customer(
    world: World, row: Customer, at: Travel
) -> None:
    change_rule(SYSTEM, "FirstContactRules.waiting_holds", "yes", since=clock.today())
    asked = commands.ask_extension(world.actor("east_rep"), row.pk, 3, "等样机")
    at(FIRST + 9 * DAY)
    assert commands.lapse_overdue(SYSTEM) == 0
    commands.grant_extension(world.actor("east_manager"), asked.pk)
    assert lapses_on(row) == dt.date(2026, 3, 14)


def test_who_has_nobody_above_has_more_time_at_once(world: World, at: Travel) -> None:
    director = world.actor("director")
    row = commands.register(director, CustomerDraft(name="总监的客户"))
    assert commands.ask_extension(director, row.pk, 3, "等样机").until == dt.date(2026, 3, 13)
    assert lapses_on(row) == dt.date(2026, 3, 13)


def test_the_request_goes_from_the_customers_page_to_the_supervisors_inbox(world: World, row: Customer) -> None:
    rep, manager = world.client("east_rep"), world.client("east_manager")
    assert "申请延期" in rep.get(f"/customers/{row.pk}/").content.decode()
    assert "申请延期" not in manager.get(f"/customers/{row.pk}/").content.decode()
    url = f"/customers/{row.pk}/extend/"
    assert "一次最多延长 7 天" in rep.get(url).content.decode()
    assert rep.post(url, {"days": 9, "reason": "等样机"}).status_code == 422
    assert rep.post(url, {"days": 4, "reason": "等样机到货"}).status_code == 302
    assert "等样机到货" in manager.get("/inbox/").content.decode()
    assert "申请把「华东精密」延期 4 天" in manager.get("/team/").content.decode()
    asked = queries.extensions_of(SYSTEM, row.pk)[0].pk
    owners = manager.get(f"/customers/{row.pk}/?tab=owners").content.decode()
    assert f"/extensions/{asked}/grant/" in owners and "待审批" in owners
    assert "/grant/" not in rep.get(f"/customers/{row.pk}/?tab=owners").content.decode()
    manager.post("/inbox/sign/", {"extension": f"{asked}:1", "comment": "好"})
    page = rep.get(f"/customers/{row.pk}/?tab=owners").content.decode()
    assert "12 天(已延期)" in page and "已同意" in page and "李华东" in page


def test_a_program_asks_and_agrees(world: World, row: Customer) -> None:
    rep, manager = world.client("east_rep"), world.client("east_manager")
    url = f"/api/v1/customers/{row.pk}/extensions"
    body = {"days": 4, "reason": "等样机"}
    asked = rep.post(url, body, content_type="application/json").json()
    assert (asked["state"], asked["until"], asked["customer_id"]) == ("asked", None, row.pk)
    assert [it["id"] for it in manager.get("/api/v1/extensions").json()] == [asked["id"]]
    granted = manager.post(f"/api/v1/extensions/{asked['id']}/grant").json()
    assert (granted["state"], granted["until"]) == ("granted", "2026-03-14")
    again = rep.post(url, body, content_type="application/json").json()
    told = {"comment": "够了"}
    refused = manager.post(f"/api/v1/extensions/{again['id']}/refuse", told, content_type="application/json").json()
    assert (refused["state"], refused["answer"]) == ("refused", "够了")
    assert [it["state"] for it in rep.get(url).json()] == ["refused", "granted"]
    assert rep.get(f"/api/v1/customers/{row.pk}").json()["lapses_on"] == "2026-03-14"
