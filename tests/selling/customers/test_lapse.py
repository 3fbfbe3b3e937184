"""首问负责制: who is left without contact too long is lost by the owner, once and for everybody to see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.core.management import call_command

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import NotAllowed, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.org.commands import add_duty_site, change_rule, delegate, set_duty
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.queries import notes, said
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import Contacted, CustomerDraft, ReceptionDraft
from xiaocheng.selling.customers.commands.contacted import Deal
from xiaocheng.selling.customers.models import Customer, OwnershipEpisode, Pool
from xiaocheng.selling.customers.queries import Reading

pytestmark = pytest.mark.django_db
FIRST = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))  # a Monday in Shanghai
DAY = dt.timedelta(days=1)
Travel = Callable[[dt.datetime], None]


@pytest.fixture
def at() -> Iterator[Travel]:
    """Put the clock on an instant."""
    with time_machine.travel(FIRST, tick=False) as traveller:
        yield traveller.move_to


def midnight(days: int) -> dt.datetime:
    """00:00 of the day so many days after the first."""
    return FIRST.replace(hour=0) + days * DAY


@pytest.fixture
def roster(world: World) -> int:
    """Who is on duty from the first day on: 赵六."""
    site = add_duty_site(SYSTEM, "上海展厅", "site", world.department_ids["east"])
    set_duty(SYSTEM, site.pk, FIRST.date(), FIRST.date() + 60 * DAY, [world.id("east_peer")])
    return site.pk


def registered(actor: Actor, name: str = "华东精密", **more: object) -> Customer:
    return commands.register(actor, CustomerDraft(name=name, **more))


def again(row: Customer) -> Customer:
    return Customer.objects.visible_to(SYSTEM).get(pk=row.pk)


def test_a_customer_lapses_at_the_midnight_after_seven_whole_days(world: World, at: Travel, roster: int) -> None:
    row = registered(world.actor("east_rep"))
    at(midnight(8) - dt.timedelta(seconds=1))
    assert commands.lapse_overdue(SYSTEM) == 0
    at(midnight(8))
    assert commands.lapse_overdue(SYSTEM) == 1
    row = again(row)
    assert row.owner_id is None and row.pool_id is None and row.is_awaiting and row.clock_since is None
    former, present = OwnershipEpisode.objects.visible_to(SYSTEM).filter(customer=row).order_by("pk")
    assert (former.person_id, former.ended_cause, former.ended_at) == (world.id("east_rep"), "lapse", midnight(8))
    assert (present.person_id, present.pool_id, present.ended_at) == (None, None, None)


def test_a_second_sweep_finds_nothing(world: World, at: Travel) -> None:
    registered(world.actor("east_rep"))
    at(midnight(8))
    assert [commands.lapse_overdue(SYSTEM) for _ in range(3)] == [1, 0, 0]
    assert JournalEntry.objects.filter(kind="customers.OwnerChanged").count() == 1


def test_only_a_valid_contact_of_the_owner_or_his_deputy_counts(world: World, at: Travel, roster: int) -> None:
    rep = world.actor("east_rep")
    rows = [registered(rep, name) for name in ("甲公司", "乙公司", "丙公司", "丁公司")]
    contact = FIRST + 3 * DAY
    delegate(SYSTEM, world.id("east_rep"), world.id("east_peer"), since=contact.date(), until=contact.date())
    at(contact)
    own, unanswered, others, deputys = rows
    commands.note_contacts(
        rep,
        [
            Contacted(own.pk, world.id("east_rep"), contact),
            Contacted(unanswered.pk, world.id("east_rep"), contact, valid=False),
            Contacted(others.pk, world.id("east_manager"), contact),
            Contacted(deputys.pk, world.id("east_peer"), contact),
        ],
    )
    at(midnight(8))
    assert commands.lapse_overdue(SYSTEM) == 2
    assert [again(row).is_awaiting for row in rows] == [False, True, True, False]


def test_the_company_says_which_kinds_of_contact_keep_a_customer(world: World, at: Travel, roster: int) -> None:
    rep = world.actor("east_rep")
    rows = [registered(rep, f"{kind}公司") for kind in ("visit", "call", "message", "demo", "other")]
    change_rule(SYSTEM, "FirstContactRules.messages_count", "no", since=FIRST.date())
    change_rule(SYSTEM, "FirstContactRules.others_count", "no", since=FIRST.date())
    change_rule(SYSTEM, "FirstContactRules.calls_count", "no", since=(FIRST + 5 * DAY).date())
    contact = FIRST + 3 * DAY
    at(contact + 3 * DAY)
    kinds = ("visit", "call", "message", "demo", "other")
    told = [Contacted(row.pk, rep.person_id or 0, contact, kind=kind) for row, kind in zip(rows, kinds, strict=True)]
    commands.note_contacts(rep, told)
    assert all(again(row).last_contact_at == contact for row in rows)
    at(midnight(8))
    assert commands.lapse_overdue(SYSTEM) == 2
    assert [again(row).is_awaiting for row in rows] == [False, False, True, False, True], "as it stood on that day"


def test_a_contact_counts_by_when_it_happened_and_brings_nothing_back(world: World, at: Travel, roster: int) -> None:
    rep = world.actor("east_rep")
    row = registered(rep)
    at(midnight(8))
    commands.lapse_overdue(SYSTEM)
    commands.note_contacts(rep, [Contacted(row.pk, world.id("east_rep"), FIRST + 6 * DAY)])
    assert again(row).is_awaiting and again(row).clock_since is None


def test_a_first_deal_stops_the_clock_and_its_undoing_starts_it_again(world: World, at: Travel) -> None:
    row = registered(world.actor("east_rep"))
    deal = Deal(FIRST.date(), world.id("east_rep"), world.department_ids["east"])
    commands.note_first_deals(SYSTEM, {row.pk: deal})
    at(midnight(300))
    assert commands.lapse_overdue(SYSTEM) == 0
    commands.undo_first_deals(SYSTEM, [row.pk])
    assert again(row).clock_since == midnight(300)


def test_an_imported_customer_sleeps_until_its_first_contact(world: World, at: Travel) -> None:
    rep = world.actor("east_rep")
    [outcome] = commands.register_many(rep, [CustomerDraft(name="华东精密")], cause="import")
    at(midnight(90))
    assert commands.lapse_overdue(SYSTEM) == 0
    commands.note_contacts(rep, [Contacted(outcome.row_id or 0, world.id("east_rep"), midnight(90))])
    at(midnight(98))
    assert commands.lapse_overdue(SYSTEM) == 1


def test_a_new_owner_has_the_whole_time(world: World, at: Travel) -> None:
    row = registered(world.actor("east_rep"))
    at(midnight(7))
    commands.assign(world.actor("east_manager"), [row.pk], world.id("east_peer"))
    at(midnight(14))
    assert commands.lapse_overdue(SYSTEM) == 0
    at(midnight(15))
    assert commands.lapse_overdue(SYSTEM) == 1


def test_levels_and_the_switch_are_rules(world: World, at: Travel, roster: int) -> None:
    rep = world.actor("east_rep")
    rows = [registered(rep, "甲公司", level="A"), registered(rep, "乙公司", level="B")]
    change_rule(SYSTEM, "FirstContactRules.by_level", "A=2", since=FIRST.date())
    at(midnight(3))
    assert commands.lapse_overdue(SYSTEM) == 1
    assert [again(row).is_awaiting for row in rows] == [True, False]
    change_rule(SYSTEM, "FirstContactRules.is_on", "no", since=FIRST.date())
    at(midnight(30))
    assert commands.lapse_overdue(SYSTEM) == 0


def test_lapsed_customers_may_go_straight_to_the_pool(world: World, at: Travel, roster: int) -> None:
    row = registered(world.actor("east_rep"))
    change_rule(SYSTEM, "FirstContactRules.then", "pool", since=FIRST.date())
    at(midnight(8))
    commands.lapse_overdue(SYSTEM)
    assert again(row).pool == Pool.objects.get(code="public") and not again(row).is_awaiting


def test_whom_nobody_received_for_three_working_days_goes_to_the_pool(world: World, at: Travel, roster: int) -> None:
    row = registered(world.actor("east_rep"))
    at(midnight(8))  # a Tuesday
    commands.lapse_overdue(SYSTEM)
    at(midnight(11))
    assert commands.end_waiting(SYSTEM) == 0
    at(midnight(12))
    assert commands.end_waiting(SYSTEM) == 0, "Saturday"
    at(midnight(14))
    assert commands.end_waiting(SYSTEM) == 1
    assert again(row).pool == Pool.objects.get(code="public")


def test_an_owner_is_warned_once_two_days_ahead(world: World, at: Travel) -> None:
    rep = world.actor("east_rep")
    registered(rep, "甲公司"), registered(rep, "乙公司")
    told = []
    for day in range(10):
        at(midnight(day) + dt.timedelta(hours=8))
        told.append(commands.warn_owners(SYSTEM, (FIRST + day * DAY).date()))
    assert told == [0, 0, 0, 0, 0, 0, 2, 0, 0, 0]
    entries = JournalEntry.objects.filter(kind="customers.CustomerNearLapse")
    assert {entry.data["owner_id"] for entry in entries} == {world.id("east_rep")}


def test_whoever_supervises_hears_once_a_day_how_many_are_about_to_lapse_and_finds_them(
    world: World, at: Travel
) -> None:
    rows = [registered(world.actor(key), name) for key, name in
            (("east_rep", "甲公司"), ("east_peer", "乙公司"), ("south_rep", "丙公司"))]  # fmt: skip
    at(midnight(5) + dt.timedelta(hours=8))
    commands.warn_owners(SYSTEM, clock.today())
    assert not JournalEntry.objects.filter(kind="customers.TeamNearLapse").exists()
    at(midnight(6) + dt.timedelta(hours=8))
    registered(world.actor("east_rep"), "丁公司")
    commands.warn_owners(SYSTEM, clock.today())
    entry = JournalEntry.objects.get(kind="customers.TeamNearLapse")
    assert entry.data["by_supervisor"] == {str(world.id("east_manager")): 2, str(world.id("south_manager")): 1}
    tell(SYSTEM)
    boss = world.actor("east_manager")
    note = notes(boss).get(kind="customers.TeamNearLapse")
    assert said(boss, note) == "您团队有 2 位客户将于 2026-03-10 零点之前逾期失效"
    client = world.client("east_manager")
    assert client.get(f"/notifications/{note.pk}/").headers["Location"] == "/customers/?tab=near"
    for page in (client.get("/customers/?tab=near"), client.get("/team/")):
        text = page.content.decode()
        assert "甲公司" in text and "乙公司" in text and "丙公司" not in text and "丁公司" not in text
    assert {row.pk for row in queries.customers(world.actor("east_rep"), "near")} == {rows[0].pk}
    answer = client.get("/api/v1/customers?view=near").json()
    assert {it["id"] for it in answer["items"]} == {rows[0].pk, rows[1].pk}
    change_rule(SYSTEM, "FirstContactRules.warn_days", "0", since=clock.today())
    commands.warn_owners(SYSTEM, clock.today())
    assert JournalEntry.objects.filter(kind="customers.TeamNearLapse").count() == 1


def test_the_worker_keeps_the_time_limits(world: World, at: Travel, roster: int) -> None:
    row = registered(world.actor("east_rep"))
    at(midnight(8) + dt.timedelta(minutes=1))
    call_command("work", once=True)
    assert again(row).is_awaiting


def test_nobody_sweeps_by_hand(world: World) -> None:
    for sweep in (commands.lapse_overdue, commands.end_waiting):
        with pytest.raises(NotAllowed):
            sweep(world.actor("director"))


def test_without_a_roster_nobody_is_awaited(world: World, at: Travel) -> None:
    row = registered(world.actor("east_rep"))
    at(midnight(8))
    commands.lapse_overdue(SYSTEM)
    assert again(row).pool == Pool.objects.get(code="public")


def test_who_is_on_duty_receives_a_lapsed_customer(world: World, at: Travel, roster: int) -> None:
    row = registered(world.actor("east_rep"), phone="13912345678")
    at(midnight(8))
    commands.lapse_overdue(SYSTEM)
    seen = queries.customer(world.actor("south_rep"), row.pk)
    assert queries.details_of(world.actor("south_rep"), seen) is Reading.HIDDEN
    with pytest.raises(RuleBroken, match="当值"):
        commands.receive(world.actor("south_rep"), ReceptionDraft(customer_id=row.pk))
    reception = commands.receive(world.actor("east_peer"), ReceptionDraft(customer_id=row.pk))
    received = again(row)
    assert reception.outcome == "taken" and received.owner_id == world.id("east_peer") and not received.is_awaiting
    assert received.clock_since == midnight(8)
    sentences = [item.sentence for item in timeline("customers.customer", row.pk)]
    assert sentences[:3] == [
        "接待了「华东精密」:到店,接手待接待客户",
        "赵六 接待了客户,成为负责人",
        "张三 超过时限未联系,客户逾期失效,转为「待接待」",
    ]


def test_the_former_owner_cools_down_before_he_claims_again(world: World, at: Travel) -> None:
    row = registered(world.actor("east_rep"))
    at(midnight(8))
    commands.lapse_overdue(SYSTEM)
    with pytest.raises(RuleBroken, match="2026-04-09"):
        commands.claim(world.actor("east_rep"), row.pk)
    at(midnight(38))
    assert commands.claim(world.actor("east_rep"), row.pk).owner_id == world.id("east_rep")


def test_others_claim_a_lapsed_customer_at_once(world: World, at: Travel) -> None:
    row = registered(world.actor("east_rep"))
    at(midnight(8))
    commands.lapse_overdue(SYSTEM)
    assert commands.claim(world.actor("east_peer"), row.pk).clock_since == midnight(8)
