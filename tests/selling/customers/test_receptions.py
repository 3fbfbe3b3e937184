"""Who comes in or calls is received by exactly one, by turn, and is somebody's customer in the same step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.threads import at_once
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.measures import differences
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.foundation.org.commands import add_duty_site, change_rule, set_duty
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft, ReceptionDraft
from xiaocheng.selling.customers.models import Contact, Customer, DutyTurn, OwnershipEpisode, Reception

DAY = dt.timedelta(days=1)
MONDAY = dt.date(2026, 3, 2)
TEN = dt.time(10)
PHONE = "13912345678"


@pytest.fixture
def monday(db: None) -> Iterator[None]:
    """Ten in the morning."""
    with clock.as_of(clock.instant(MONDAY, TEN)):
        yield


@pytest.fixture
def site(world: World, monday: None) -> int:
    """A showroom with two on duty every day: 张三, then 赵六."""
    row = add_duty_site(SYSTEM, "上海展厅", "site", world.department_ids["east"])
    set_duty(SYSTEM, row.pk, MONDAY, MONDAY + 60 * DAY, [world.id("east_rep"), world.id("east_peer")])
    return row.pk


def received(world: World, who: str, **said: Any) -> Reception:
    return commands.receive(world.actor(who), ReceptionDraft(**said))


def next_at(site: int) -> int | None:
    return next(item for item in queries.site_lines(SYSTEM) if item.site_id == site).line.next


def number_at(site: int) -> int:
    return next(item for item in queries.site_lines(SYSTEM) if item.site_id == site).line.number


def again(pk: int | None) -> Customer:
    return Customer.objects.visible_to(SYSTEM).get(pk=pk)


def test_a_new_guest_is_reception_customer_contact_and_ownership_in_one_step(world: World, site: int) -> None:
    row = received(world, "east_rep", site_id=site, name="王芳", company="华东精密有限公司", phone=PHONE, party_size=3,
                   note="看中 A 型", next_on=MONDAY + 3 * DAY)  # fmt: skip
    customer, contact = again(row.customer_id), Contact.objects.visible_to(SYSTEM).get()
    episode = OwnershipEpisode.objects.visible_to(SYSTEM).get()
    assert (row.outcome, row.credit_person_id, row.party_size) == ("new", world.id("east_rep"), 3)
    assert (customer.owner_id, customer.source, customer.next_contact_on) == (
        world.id("east_rep"), "reception", MONDAY + 3 * DAY,
    )  # fmt: skip
    assert (contact.name, contact.phone, contact.customer_id, row.contact_id) == (
        "王芳", PHONE, customer.pk, contact.pk,
    )  # fmt: skip
    assert (episode.started_cause, episode.person_id) == ("reception", world.id("east_rep"))
    assert customer.clock_since == customer.last_contact_at == clock.now()
    alone = received(world, "east_peer", channel="hotline", name="李雷", phone="13800000001")
    caller = again(alone.customer_id)
    assert caller.is_person and caller.name == "李雷" and caller.source == "hotline"
    nobody = received(world, "east_peer", note="只问了营业时间")
    assert (nobody.outcome, nobody.customer_id) == ("unknown", None)
    with pytest.raises(RuleBroken):
        received(world, "east_peer")
    assert differences() == []
    sentences = [item.sentence for item in timeline("customers.customer", customer.pk)]
    assert "接待了「王芳」:到店,新客户" in sentences


def test_the_turn_goes_round_and_is_taken_passed_and_given_back(world: World, site: int) -> None:
    rep, peer = world.id("east_rep"), world.id("east_peer")
    assert next_at(site) == rep
    with pytest.raises(RuleBroken, match="现在轮到张三"):
        received(world, "east_peer", site_id=site, receiver_id=peer, note="看看")
    first = received(world, "east_peer", site_id=site, note="看看")  # at the desk, for whose turn it is
    assert (first.credit_person_id, first.recorded_by_id, next_at(site)) == (rep, peer, peer)
    commands.accept_turn(world.actor("east_peer"), site, number_at(site))
    assert next_at(site) == rep
    with pytest.raises(RuleBroken, match="现在轮到张三"):
        commands.accept_turn(world.actor("east_peer"), site, number_at(site))
    later = received(world, "east_peer", site_id=site, receiver_id=peer, note="谈完了")
    assert DutyTurn.objects.get(reception=later).number == 2 and next_at(site) == rep
    asked_for = received(world, "east_peer", site_id=site, receiver_id=peer, note="又来", out_of_turn="客户指名")
    assert (asked_for.out_of_turn, next_at(site)) == ("客户指名", rep)
    with pytest.raises(RuleBroken, match="原因"):
        commands.pass_turn(world.actor("east_rep"), site, number_at(site), " ")
    with pytest.raises(RuleBroken, match="当值人员"):
        commands.pass_turn(world.actor("south_rep"), site, number_at(site), "不在")
    commands.pass_turn(world.actor("east_peer"), site, number_at(site), "张三开会")
    assert next_at(site) == peer
    told = JournalEntry.objects.get(kind="customers.TurnPassed").data
    assert (told["person_id"], told["reason"]) == (rep, "张三开会")
    again_passed = received(world, "east_peer", site_id=site, note="误登")
    assert next_at(site) == rep
    commands.cancel_reception(world.actor("east_peer"), again_passed.pk, "登错了")
    assert next_at(site) == peer
    yesterday = received(world, "east_rep", site_id=site, note="昨天的", occurred_at=clock.now() - DAY)
    assert not DutyTurn.objects.filter(reception=yesterday).exists(), "typed later, no turn"
    with pytest.raises(RuleBroken, match="2 天"):
        received(world, "east_rep", note="太久", occurred_at=clock.now() - 3 * DAY)


def test_whose_customer_it_is_receives_or_is_stood_in_for(world: World, site: int) -> None:
    mine = commands.register(world.actor("south_rep"), CustomerDraft(name="南方精密", phone=PHONE))
    commands.add_contact(world.actor("south_rep"), ContactDraft(customer_id=mine.pk, name="陈工", phone="13700000002"))
    with clock.as_of(clock.instant(MONDAY + 5 * DAY, TEN)):
        told = received(world, "east_rep", site_id=site, name="陈工", phone="137 0000 0002")
        assert (told.outcome, told.credit_person_id, told.customer_id) == ("own", world.id("south_rep"), mine.pk)
        with pytest.raises(RuleBroken, match="负责,由他接待"):
            received(world, "east_rep", phone=PHONE, receiver_id=world.id("east_rep"))
        before = again(mine.pk).clock_since
    with clock.as_of(clock.instant(MONDAY + 6 * DAY, TEN)):
        courtesy = received(world, "east_peer", site_id=site, phone=PHONE, owner_absent=True)
        row = again(mine.pk)
        assert (courtesy.outcome, courtesy.credit_person_id) == ("courtesy", world.id("east_peer"))
        assert (row.owner_id, row.clock_since) == (world.id("south_rep"), clock.now()), "the contact counts for him"
        assert not DutyTurn.objects.exists(), "whose customer it is needs no turn"
        entry = JournalEntry.objects.get(kind="customers.OwnerStoodInFor")
        assert entry.data["owner_id"] == world.id("south_rep")
        assert queries.reception(world.actor("south_rep"), courtesy.pk).pk == courtesy.pk
        with pytest.raises(NotFound):
            queries.reception(world.actor("east_rep"), courtesy.pk)
        with pytest.raises(NotFound):
            received(world, "east_rep", customer_id=mine.pk)
        commands.cancel_reception(world.actor("east_peer"), courtesy.pk, "认错人了")
        assert again(mine.pk).clock_since == before
        assert differences() == []


def test_who_awaits_reception_goes_to_who_is_on_duty(world: World, site: int) -> None:
    row = commands.register(world.actor("east_rep"), CustomerDraft(name="华东精密", phone=PHONE))
    with clock.as_of(clock.instant(MONDAY + 8 * DAY, TEN)):
        commands.lapse_overdue(SYSTEM)
        with pytest.raises(RuleBroken, match="当值"):
            received(world, "south_rep", customer_id=row.pk)
        with pytest.raises(RuleBroken, match="冷却期"):
            received(world, "east_rep", site_id=site, phone=PHONE)  # it is his turn, but he let it lapse
        done = received(world, "east_rep", site_id=site, phone=PHONE, receiver_id=world.id("east_peer"),
                        out_of_turn="冷却期")  # fmt: skip
        assert (done.outcome, again(row.pk).owner_id) == ("taken", world.id("east_peer"))
    pooled = commands.register(SYSTEM, CustomerDraft(name="公海客户", pool_id=commands.standard_pool("public").pk))
    seen = received(world, "east_peer", customer_id=pooled.pk)
    assert (seen.outcome, again(pooled.pk).owner_id) == ("pool", None)


def test_whose_turn_it_is_takes_a_guest_of_a_pool_over_within_the_limits_of_claiming(world: World, site: int) -> None:
    public, closed = (commands.standard_pool(code).pk for code in ("public", "imported"))
    phones = iter(range(13800000001, 13800000099))

    def pooled(pool_id: int = public) -> Customer:
        phone = str(next(phones))
        return commands.register(SYSTEM, CustomerDraft(name=f"公海{phone}", phone=phone, pool_id=pool_id))

    def comes(row: Customer, who: str = "east_rep", **said: Any) -> tuple[str, int | None]:
        done = received(world, who, site_id=site, phone=row.phone, **said)
        return done.outcome, again(row.pk).owner_id

    rep, peer = world.id("east_rep"), world.id("east_peer")
    assert comes(pooled()) == ("claimed", rep)
    assert comes(pooled(), "east_manager") == ("claimed", peer), "somebody registers it for whose turn it is"
    episode = OwnershipEpisode.objects.visible_to(SYSTEM).filter(person=peer).get()
    assert (episode.started_cause, episode.from_pool_id) == ("claim", public)
    assert comes(pooled(closed)) == ("pool", None), "it is only handed out"
    assert comes(pooled(), "east_peer", receiver_id=peer) == ("claimed", peer)
    asked_for = comes(pooled(), "east_peer", receiver_id=peer, out_of_turn="客户指名")
    assert asked_for == ("pool", None), "it was not his turn"
    change_rule(SYSTEM, "PoolRules.claims_a_day", "1", since=MONDAY)
    left = pooled()
    assert comes(left) == ("pool", None)
    row = Reception.objects.visible_to(SYSTEM).get(customer=left)
    address = f"/customers/claim/?ids={left.pk}"
    assert address not in world.client("east_rep").get(f"/receptions/{row.pk}/").content.decode()
    change_rule(SYSTEM, "PoolRules.claims_a_day", "20", since=MONDAY)
    assert address in world.client("east_rep").get(f"/receptions/{row.pk}/").content.decode()
    change_rule(SYSTEM, "ReceptionRules.takes_pool_guests", "no", since=MONDAY)
    assert comes(pooled(), "east_manager") == ("pool", None)
    assert differences() == []


def test_others_assist_and_change_something_only_as_a_team(world: World, site: int) -> None:
    row = received(world, "east_rep", site_id=site, phone=PHONE, helper_ids=[world.id("south_rep")])
    said: dict[str, Any] = {"name": "王芳", "party_size": 2, "companions": "李雷", "note": "再谈", "next_on": None,
                            "helper_ids": [world.id("south_rep")]}  # fmt: skip
    helper = world.actor("south_rep")
    assert queries.reception(helper, row.pk).pk == row.pk
    for act in (lambda: commands.edit_reception(helper, row.pk, 1, is_team=True, **said),
                lambda: commands.cancel_reception(helper, row.pk, "不要")):  # fmt: skip
        with pytest.raises(RuleBroken, match="团队接待"):
            act()
    commands.edit_reception(world.actor("east_rep"), row.pk, 1, is_team=True, **said)
    kept = commands.edit_reception(helper, row.pk, 2, is_team=True, **{**said, "note": "一起谈的"})
    assert (kept.note, kept.credit_person_id) == ("一起谈的", world.id("east_rep"))
    with pytest.raises(RuleBroken, match="一起接待"):
        received(world, "east_peer", note="团队", is_team=True)
    with pytest.raises(NotAllowed):
        bare = world.actor("east_rep")
        commands.receive(type(bare)(person_id=bare.person_id), ReceptionDraft(note="甲"))


def test_figures_count_what_came_of_it_and_open_to_the_same_rows(world: World, site: int) -> None:
    from xiaocheng.selling.customers.commands.contacted import Deal

    won = received(world, "east_rep", site_id=site, phone=PHONE)
    received(world, "east_peer", site_id=site, phone="13800000001")
    received(world, "east_rep", channel="hotline", note="问路")
    gone = received(world, "east_rep", note="误登")
    commands.cancel_reception(world.actor("east_rep"), gone.pk, "误登")
    deal = Deal(MONDAY, world.id("east_rep"), world.department_ids["east"])
    commands.note_first_deals(SYSTEM, {won.customer_id or 0: deal})
    month, boss = period("month", MONDAY), world.actor("east_manager")
    lines = {line.name: line for line in queries.received(boss, "person", month)}
    rep = lines["张三"]
    assert (rep.received, rep.with_details, rep.new, rep.won, rep.rate) == (2, 1, 1, 1, 1.0)
    assert lines["赵六"].rate == 0.0
    by_way = {line.key: line.received for line in queries.received(boss, "channel", month)}
    assert by_way == {"walk_in": 2, "hotline": 1}
    assert [line.received for line in queries.received(boss, "day", month)] == [3]
    assert queries.counted_receptions(boss, month, world.id("east_rep")).count() == 2
    assert not queries.received(world.actor("south_rep"), "person", month)
    assert [row.pk for row in queries.receptions(boss, PHONE)] == [won.pk]


def test_lapsed_customers_are_handed_out_by_turn_when_the_doors_open(world: World, site: int) -> None:
    change_rule(SYSTEM, "FirstContactRules.then_by_level", "A=turn, D=pool", since=MONDAY)
    rep, south = world.actor("east_rep"), world.actor("south_rep")
    his = commands.register(rep, CustomerDraft(name="甲公司", level="A"))
    rows = [commands.register(south, CustomerDraft(name=f"{n}公司", level="A")) for n in "乙丙丁"]
    waits = commands.register(south, CustomerDraft(name="戊公司", level="B"))
    pooled = commands.register(south, CustomerDraft(name="己公司", level="D"))
    with clock.as_of(clock.instant(MONDAY + 8 * DAY)):
        assert commands.lapse_overdue(SYSTEM) == 6
        assert again(pooled.pk).pool_id is not None
        assert commands.hand_out_by_turn(SYSTEM) == 0, "nobody is there at night"
    with clock.as_of(clock.instant(MONDAY + 8 * DAY, dt.time(9))):
        assert [commands.hand_out_by_turn(SYSTEM) for _each in range(2)] == [4, 0]
        owners = [again(row.pk).owner_id for row in (his, *rows)]
        one, other = world.id("east_rep"), world.id("east_peer")
        assert owners == [other, one, other, one], "never back to who let it lapse"
        assert again(waits.pk).is_awaiting and again(his.pk).clock_since == clock.now()
        assert number_at(site) == 4 and DutyTurn.objects.filter(way="handed").count() == 4
    with pytest.raises(NotAllowed):
        commands.hand_out_by_turn(world.actor("director"))
    with pytest.raises(RuleBroken):
        change_rule(SYSTEM, "FirstContactRules.then_by_level", "A=home", since=MONDAY)


def test_of_several_who_take_one_turn_exactly_one_succeeds(committed_world: World) -> None:
    world, today = committed_world, clock.today()
    row = add_duty_site(SYSTEM, "展厅", "site", world.department_ids["east"])
    set_duty(SYSTEM, row.pk, today, today, [world.id("east_rep"), world.id("east_peer")])
    rep, peer = world.actor("east_rep"), world.actor("east_peer")
    acts = [
        lambda: commands.accept_turn(rep, row.pk, 0),
        lambda: commands.accept_turn(rep, row.pk, 0),
        lambda: commands.pass_turn(peer, row.pk, 0, "不在"),
        lambda: commands.receive(peer, ReceptionDraft(site_id=row.pk, note="看看", seen=0)),
    ]
    answers = at_once(lambda number: acts[number](), people=4)
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert all(isinstance(answer, RuleBroken) for answer in answers if isinstance(answer, Exception)), answers
    assert DutyTurn.objects.count() == 1
