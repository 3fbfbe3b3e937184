"""Two say that a customer is theirs: the product shows the evidence, whoever is above both decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.org.commands import add_duty_site, change_rule, delegate, disable_person, set_duty
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.queries import notes, said
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import CustomerDraft, HandoverDraft, ReceptionDraft
from xiaocheng.selling.customers.models import Customer, CustomerMember, Dispute, DisputeNote
from xiaocheng.selling.fieldwork import queries as fieldwork
from xiaocheng.selling.fieldwork.commands import ContactDraft, log_contact
from xiaocheng.selling.pipeline.commands import OpportunityDraft, install_template, open_opportunity

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
def taken(world: World, at: Travel) -> Customer:
    """A customer of 赵华东 that lapsed on the 10th for want of a contact and was claimed by his colleague."""
    rep = world.actor("east_rep")
    row = commands.register(rep, CustomerDraft(name="华东精密"))
    log_contact(rep, ContactDraft(customer_id=row.pk, kind="call", outcome="not_met"))
    change_rule(SYSTEM, "FirstContactRules.then", "pool", since=clock.today())
    at(FIRST + 8 * DAY)
    assert commands.lapse_overdue(SYSTEM) == 1
    peer = world.actor("east_peer")
    commands.claim(peer, row.pk)
    log_contact(peer, ContactDraft(customer_id=row.pk, kind="visit", outcome="met_decider", result="need"))
    at(FIRST + 9 * DAY)
    return row


def now(row: Customer) -> Customer:
    found: Customer = Customer.objects.visible_to(SYSTEM).get(pk=row.pk)
    return found


def test_whoever_is_above_both_gives_the_customer_and_what_follows_it(world: World, taken: Customer) -> None:
    rep, peer, manager = (world.actor(key) for key in ("east_rep", "east_peer", "east_manager"))
    install_template(SYSTEM, "standard")
    deal = open_opportunity(peer, OpportunityDraft(name="产线", customer_id=taken.pk, amount=Decimal(1000)))
    with pytest.raises(NotFound):
        queries.customer(rep, taken.pk)  # he sees it no longer, and yet
    case = commands.open_dispute(rep, taken.pk, "电话是前台没转,当天已约好见面")
    tell(SYSTEM)
    for who in (peer, manager):
        assert "提出了归属争议" in said(who, notes(who)[0])
    assert [row.pk for row in queries.waiting_disputes(manager)] == [case.pk]
    assert queries.waiting_disputes(world.actor("director")) == queries.waiting_disputes(peer) == []
    commands.answer_dispute(peer, case.pk, "领取时已在公海两小时")
    for who in ("east_rep", "east_peer", "director"):
        with pytest.raises(RuleBroken, match="共同的上级"):
            commands.decide_dispute(world.actor(who), case.pk, "given", "听过双方")
    with pytest.raises(NotFound):
        commands.decide_dispute(world.actor("south_manager"), case.pk, "given", "听过双方")
    for verdict, reasons, share, field in (
        ("given", " ", None, "reasons"),
        ("shared", "各半", None, "share"),
        ("other", "不明", None, "verdict"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            commands.decide_dispute(manager, case.pk, verdict, reasons, share)
        assert refusal.value.field == field
    commands.decide_dispute(manager, case.pk, "given", "见面在先")
    row = now(taken)
    assert (row.owner_id, row.in_dispute, clock.day_of(row.clock_since)) == (world.id("east_rep"), False, clock.today())
    assert queries.episodes(SYSTEM, row.pk)[0].started_cause == "verdict"
    deal.refresh_from_db()
    assert deal.owner_id == world.id("east_rep")
    told = [entry.sentence for entry in timeline("customers.customer", row.pk)]
    assert any("经争议裁决" in line for line in told) and any("客户归 " in line for line in told)
    tell(SYSTEM)
    assert any("裁决了" in said(peer, note) for note in notes(peer)[:3])
    with pytest.raises(RuleBroken, match="现在的状态"):
        commands.decide_dispute(manager, case.pk, "stays", "再想想")
    with pytest.raises(RuleBroken, match="已经结束"):
        commands.answer_dispute(peer, case.pk, "还有话说")


def test_it_stays_or_is_shared_and_is_not_decided_twice(world: World, taken: Customer) -> None:
    rep, manager = world.actor("east_rep"), world.actor("east_manager")
    before = now(taken)
    case = commands.open_dispute(rep, taken.pk, "一直在跟进")
    with pytest.raises(RuleBroken, match="等待裁决"):
        commands.open_dispute(world.actor("director"), taken.pk, "我也要")
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispute.objects.add(
            Dispute(
                customer=taken, episode=case.episode, claimant_id=world.id("east_rep"), reasons="又", opened_at=FIRST
            )
        )
    stale = queries.dispute(manager, case.pk)
    commands.decide_dispute(manager, case.pk, "stays", "七天没有有效联系")
    row = now(taken)
    assert (row.owner_id, row.clock_since, row.in_dispute) == (before.owner_id, before.clock_since, False)
    with pytest.raises(RuleBroken, match="刚刚已经有人决定"):
        commands.disputes._end(manager, stale, "give")
    with pytest.raises(RuleBroken, match="已经裁决"):
        commands.open_dispute(rep, taken.pk, "不服")
    lapsed = next(it for it in queries.disputed_stretches(rep, taken.pk) if it.started_cause == "lapse")
    again = commands.open_dispute(rep, taken.pk, "失效本身就不对", lapsed.pk)
    with pytest.raises(RuleBroken) as refusal:
        commands.decide_dispute(manager, again.pk, "shared", "各有功劳", Decimal(100))
    assert refusal.value.field == "share" and now(taken).in_dispute
    commands.decide_dispute(manager, again.pk, "shared", "各有功劳", Decimal("40"))
    member = CustomerMember.objects.visible_to(SYSTEM).get(customer=taken, ended_at=None)
    assert (member.person_id, member.role, member.share) == (world.id("east_rep"), "co_owner", Decimal(40))
    assert (now(taken).owner_id, now(taken).is_shared) == (world.id("east_peer"), True)
    assert Customer.objects.visible_to(world.actor("east_rep")).filter(pk=taken.pk).exists()


def test_only_who_had_it_or_sees_it_disputes_it_and_withdraws(world: World, taken: Customer) -> None:
    rep, peer = world.actor("east_rep"), world.actor("east_peer")
    with pytest.raises(NotFound):
        commands.open_dispute(world.actor("south_rep"), taken.pk, "我的")
    with pytest.raises(RuleBroken, match="就由您负责"):
        commands.open_dispute(peer, taken.pk, "我的")
    with pytest.raises(RuleBroken) as refusal:
        commands.open_dispute(rep, taken.pk, "长" * 2001)
    assert refusal.value.field == "reasons"
    with pytest.raises(RuleBroken) as refusal:
        commands.open_dispute(rep, taken.pk, "我的", queries.episodes(SYSTEM, taken.pk).last().pk)
    assert refusal.value.field == "episode_id"
    case = commands.open_dispute(rep, taken.pk, "我的")
    for who in ("south_rep", "south_manager", "shanghai_rep"):
        with pytest.raises(NotFound):
            queries.dispute(world.actor(who), case.pk)
    with pytest.raises(RuleBroken, match="提出的人"):
        commands.withdraw_dispute(peer, case.pk)
    with pytest.raises(RuleBroken, match="双方和裁决人"):
        commands.answer_dispute(world.actor("director"), case.pk, "路过")
    commands.withdraw_dispute(rep, case.pk)
    assert not now(taken).in_dispute
    assert commands.open_dispute(rep, taken.pk, "还是我的").is_open


def test_the_evidence_says_what_counted_and_why_not(world: World, at: Travel) -> None:
    rep, peer, manager = (world.actor(key) for key in ("east_rep", "east_peer", "east_manager"))
    change_rule(SYSTEM, "FirstContactRules.messages_count", "no", since=dt.date(2026, 3, 1))
    change_rule(SYSTEM, "FirstContactRules.then", "pool", since=dt.date(2026, 3, 1))
    row = commands.register(rep, CustomerDraft(name="华东精密"))
    at(FIRST + DAY)
    for kind, outcome in (("call", "met_other"), ("call", "not_met"), ("message", "met_other")):
        log_contact(rep, ContactDraft(customer_id=row.pk, kind=kind, outcome=outcome))
    log_contact(manager, ContactDraft(customer_id=row.pk, kind="call"))
    at(FIRST + 9 * DAY)
    log_contact(rep, ContactDraft(customer_id=row.pk, kind="message", occurred_at=FIRST + 7 * DAY))
    at(FIRST + 10 * DAY)
    commands.lapse_overdue(SYSTEM)
    commands.claim(peer, row.pk)
    at(FIRST + 11 * DAY)
    case = commands.open_dispute(rep, row.pk, "3 月 9 日有联系")
    found = fieldwork.evidence(manager, queries.dispute(manager, case.pk))
    judged = [(it.visit.credit_person_id == rep.person_id, it.visit.kind, it.judgement) for it in found.contacts]
    assert judged == [
        (True, "message", "other_kind"),
        (False, "call", "not_the_owners"),
        (True, "message", "other_kind"),
        (True, "call", "one_way"),
        (True, "call", "counts"),
    ]
    assert found.contacts[0].visit.is_typed_later
    assert found.clock is not None
    assert (found.clock.last_contact_at, found.clock.days) == (FIRST + DAY, 7)
    assert found.clock.lapses_on == dt.date(2026, 3, 11) and found.clock.not_counted == ()
    assert [it.started_cause for it in found.episodes] == ["claim", "lapse", "registration"]
    own = fieldwork.evidence(rep, queries.dispute(rep, case.pk))
    assert {it.visit.credit_person_id for it in own.contacts} == {rep.person_id}
    assert own.clock is not None
    deal = commands.Deal(FIRST.date(), rep.person_id, world.department_ids["east"])
    commands.note_first_deals(SYSTEM, {row.pk: deal})

    def last() -> str:
        return fieldwork.evidence(manager, queries.dispute(manager, case.pk)).contacts[-1].judgement

    assert last() == "sold"
    change_rule(SYSTEM, "FirstContactRules.until", "paid", since=dt.date(2026, 3, 1))
    assert last() == "counts"


def test_while_it_waits_nothing_happens_to_the_customer(world: World, at: Travel) -> None:
    rep, peer, director = world.actor("east_rep"), world.actor("east_peer"), world.actor("director")
    east = world.department_ids["east"]
    site = add_duty_site(SYSTEM, "展厅", "site", east).pk
    set_duty(SYSTEM, site, FIRST.date(), FIRST.date() + 90 * DAY, [peer.person_id])
    owned, awaiting, pooled = (commands.register(rep, CustomerDraft(name=f"第{n}家公司")) for n in "一二三")
    commands.release(rep, pooled.pk, "no_need")
    at(FIRST + 9 * DAY)
    log_contact(rep, ContactDraft(customer_id=owned.pk, kind="call"))
    assert commands.lapse_overdue(SYSTEM) == 1 and now(awaiting).is_awaiting
    cases = [
        commands.open_dispute(world.actor(who), row.pk, "我的")
        for who, row in (("east_manager", owned), ("east_rep", awaiting), ("east_rep", pooled))
    ]
    at(FIRST + 40 * DAY)
    assert (commands.lapse_overdue(SYSTEM), commands.end_waiting(SYSTEM)) == (0, 0)
    assert list(queries.near_lapse(rep, clock.today())) == []
    outcome = commands.claim_many(peer, [pooled.pk])[0]
    assert "归属争议" in str(outcome.refusal)
    for outcome in commands.assign(director, [owned.pk, awaiting.pk], world.id("east_peer")):
        assert "归属争议" in str(outcome.refusal)
    with pytest.raises(RuleBroken, match="归属争议"):
        commands.release(rep, owned.pk, "no_need")
    assert commands.receive(peer, ReceptionDraft(customer_id=awaiting.pk)).outcome == "disputed"
    other = commands.register(rep, CustomerDraft(name="华东精密"))
    with pytest.raises(RuleBroken, match="请先裁决再合并"):
        commands.merge(world.actor("east_manager"), other.pk, owned.pk)
    # what leaves takes its customers along: the other party is the successor then
    plan = commands.plan_handover(
        director, HandoverDraft(person_id=rep.person_id, kind="moving", to_ids=[world.id("east_peer")])
    )
    commands.carry_out_handover(director, plan.pk)
    assert queries.dispute(SYSTEM, cases[0].pk).holder_id == peer.person_id
    change_rule(SYSTEM, "FirstContactRules.dispute_holds", "no", since=clock.today())
    at(FIRST + 60 * DAY)
    assert commands.claim(peer, pooled.pk).owner_id == peer.person_id
    assert queries.dispute(SYSTEM, cases[2].pk).holder_id == peer.person_id
    commands.assign(director, [owned.pk], world.id("east_manager"))
    assert (queries.dispute(SYSTEM, cases[0].pk).state, now(owned).in_dispute) == ("moot", False)


def test_who_leaves_claims_nothing_and_erasure_leaves_no_word(world: World, at: Travel) -> None:
    rep = world.actor("east_rep")
    person = commands.register(rep, CustomerDraft(name="张小姐", is_person=True, phone="13912345678"))
    firm = commands.register(rep, CustomerDraft(name="华东精密"))
    for row in (person, firm):
        commands.release(rep, row.pk, "no_need")
    cases = [commands.open_dispute(rep, row.pk, "她姓张") for row in (person, firm)]
    commands.answer_dispute(rep, cases[0].pk, "她住在上海")
    commands.erase(SYSTEM, [person.pk], "本人要求")
    erased = queries.dispute(SYSTEM, cases[0].pk)
    assert (erased.state, erased.reasons) == ("moot", "")
    assert DisputeNote.objects.get().text == ""
    disable_person(world.actor("administrator"), rep.person_id, world.id("east_peer"))
    assert queries.dispute(SYSTEM, cases[1].pk).state == "moot" and not now(firm).in_dispute


def test_where_nobody_is_above_both_who_assigns_to_all_decides_and_a_deputy_stands_in(
    world: World, taken: Customer
) -> None:
    case = commands.open_dispute(world.actor("east_manager"), taken.pk, "老客户")  # above the other party, who has it
    assert queries.deciders(SYSTEM, world.id("east_manager"), world.id("east_peer")) == [world.id("director")]
    commands.withdraw_dispute(world.actor("east_manager"), case.pk)
    top = queries.deciders(SYSTEM, world.id("director"), world.id("east_peer"))
    assert top == [world.id("administrator")]
    case = commands.open_dispute(world.actor("east_rep"), taken.pk, "我的")
    today = clock.today()
    delegate(SYSTEM, world.id("east_manager"), world.id("promoter"), today, today, "出差")
    commands.decide_dispute(world.actor("promoter"), case.pk, "stays", "代为裁决")
    assert queries.dispute(SYSTEM, case.pk).on_behalf_of_id == world.id("east_manager")


def test_the_case_goes_from_the_claimant_over_the_inbox_to_the_verdict(world: World, taken: Customer) -> None:
    rep, peer, manager = (world.client(key) for key in ("east_rep", "east_peer", "east_manager"))
    assert rep.get("/pick/disputable-customers/?q=精密").json()["rows"][0]["label"] == "华东精密"
    sent = rep.post("/disputes/new/", {"customer": taken.pk})
    assert sent.headers["Location"] == f"/customers/{taken.pk}/dispute/"
    form = rep.get(sent.headers["Location"]).content.decode()
    assert "领取 →" in form
    episode = queries.episodes(SYSTEM, taken.pk)[0].pk
    sent = rep.post(f"/customers/{taken.pk}/dispute/", {"episode_id": episode, "reasons": "一直在跟进"})
    url = sent.headers["Location"]
    page = rep.get(url).content.decode()
    assert "待裁决" in page and "withdraw" in page and "decide" not in page
    assert "李华东" in page  # who decides
    assert "一直在跟进" in manager.get("/inbox/").content.decode()
    assert peer.post(f"{url}answer/", {"text": "公海里领的"}).status_code == 302
    page = manager.get(url).content.decode()
    assert all(word in page for word in ("公海里领的", "单向联系", "零点失效", "争议的一段", "decide"))
    assert "归属争议" in manager.get(f"/customers/{taken.pk}/?tab=owners").content.decode()
    bad = manager.post(f"{url}decide/", {"verdict": "shared", "reasons": "各半"})
    assert bad.status_code == 422
    assert manager.post(f"{url}decide/", {"verdict": "shared", "reasons": "各半", "share": "50"}).status_code == 302
    page = rep.get(url).content.decode()
    assert "共同负责" in page and "50%" in page
    assert "华东精密" in rep.get("/disputes/?tab=mine").content.decode()
    assert "华东精密" not in manager.get("/disputes/?tab=waiting").content.decode()


def test_a_program_does_the_same(world: World, taken: Customer) -> None:
    rep, peer, manager = (world.client(key) for key in ("east_rep", "east_peer", "east_manager"))
    json = {"content_type": "application/json"}
    case = rep.post(f"/api/v1/customers/{taken.pk}/disputes", {"reasons": "我的"}, **json).json()
    assert (case["state"], case["holder_id"]) == ("open", world.id("east_peer"))
    url = f"/api/v1/disputes/{case['id']}"
    assert peer.post(f"{url}/notes", {"text": "公海领的"}, **json).json()["text"] == "公海领的"
    found = manager.get(f"{url}/evidence").json()
    assert [it["judgement"] for it in found["contacts"]] == ["counts", "one_way"]
    assert (found["clock"]["lapses_on"], found["notes"][0]["text"]) == ("2026-03-10", "公海领的")
    assert [it["id"] for it in manager.get("/api/v1/disputes?view=waiting").json()] == [case["id"]]
    done = manager.post(f"{url}/verdict", {"verdict": "given", "reasons": "见面在先"}, **json).json()
    assert (done["state"], done["decided_by_id"]) == ("given", world.id("east_manager"))
    assert rep.get(url).json()["verdict"] == "见面在先"
    again = peer.post(f"/api/v1/customers/{taken.pk}/disputes", {"reasons": "我的"}, **json).json()
    assert peer.post(f"/api/v1/disputes/{again['id']}/withdraw").json()["state"] == "withdrawn"
