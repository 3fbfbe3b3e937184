"""A contact that a device recorded in time and sent after the lapse: evidence, and an offer to take the lapse back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.org.commands import change_rule, disable_person
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.queries import notes, said
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.customers.models import Customer, RestoreOffer
from xiaocheng.selling.fieldwork import queries as fieldwork
from xiaocheng.selling.fieldwork.commands import (
    ContactDraft,
    Queued,
    VisitResult,
    check_in,
    log_contact,
    record_result,
)

pytestmark = pytest.mark.django_db
FIRST = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))  # a Monday in Shanghai
DAY = dt.timedelta(days=1)
SEVENTH, TENTH = FIRST + 5 * DAY, FIRST + 8 * DAY
Travel = Callable[[dt.datetime], None]


@pytest.fixture
def at() -> Iterator[Travel]:
    """Put the clock on an instant."""
    with time_machine.travel(FIRST, tick=False) as traveller:
        yield traveller.move_to


@pytest.fixture
def lapsed(world: World, at: Travel) -> Customer:
    """A customer of the east that lapsed on the 10th and is in the pool."""
    row = commands.register(world.actor("east_rep"), CustomerDraft(name="华东精密"))
    change_rule(SYSTEM, "FirstContactRules.then", "pool", since=clock.today())
    at(TENTH)
    assert commands.lapse_overdue(SYSTEM) == 1
    return row


def late(row: Customer, **more: object) -> ContactDraft:
    told = {"queued_at": SEVENTH, "device_now": clock.now()} | more
    return ContactDraft(customer_id=row.pk, kind="call", occurred_at=SEVENTH, **told)  # type: ignore[arg-type]


def owner(row: Customer) -> int | None:
    return Customer.objects.visible_to(SYSTEM).get(pk=row.pk).owner_id


def test_it_does_not_restore_by_itself_but_one_tap_of_the_supervisor_does(world: World, lapsed: Customer) -> None:
    rep, manager = world.actor("east_rep"), world.actor("east_manager")
    visit = log_contact(rep, late(lapsed))
    assert (visit.queued_at, visit.occurred_at, owner(lapsed)) == (SEVENTH, SEVENTH, None)
    [offer] = queries.waiting_restores(manager)
    assert queries.waiting_restores(rep) == queries.waiting_restores(world.actor("director")) == []
    log_contact(rep, late(lapsed))
    assert len(queries.waiting_restores(manager)) == 1  # once for each lapse
    tell(SYSTEM)
    assert "可以恢复归属" in said(manager, notes(manager)[0])
    for who in ("east_rep", "director"):
        with pytest.raises(RuleBroken, match="直属主管"):
            commands.restore(world.actor(who), offer.pk)
    with pytest.raises(NotFound):
        commands.restore(world.actor("south_manager"), offer.pk)
    done = commands.restore(manager, offer.pk)
    row = Customer.objects.visible_to(SYSTEM).get(pk=lapsed.pk)
    assert (done.state, row.owner_id) == ("restored", world.id("east_rep"))
    present = queries.episodes(SYSTEM, row.pk)[0]
    assert (present.started_cause, clock.day_of(row.clock_since)) == ("restored", clock.today())
    with pytest.raises(RuleBroken, match="现在的状态"):
        commands.restore(manager, offer.pk)


def test_typed_back_dating_and_a_device_that_cannot_be_believed_never_do_it(
    world: World, lapsed: Customer, at: Travel
) -> None:
    rep = world.actor("east_rep")
    typed = dt.timedelta(days=1)
    log_contact(rep, ContactDraft(customer_id=lapsed.pk, kind="call", occurred_at=TENTH - typed))
    with pytest.raises(RuleBroken, match="补录"):
        log_contact(rep, late(lapsed, queued_at=None))
    with pytest.raises(RuleBroken, match="补录"):  # its clock is three minutes off
        log_contact(rep, late(lapsed, device_now=clock.now() + dt.timedelta(minutes=3)))
    with pytest.raises(RuleBroken, match="记录时间"):
        log_contact(rep, late(lapsed, queued_at=SEVENTH - dt.timedelta(hours=1)))
    log_contact(rep, late(lapsed, outcome="not_met"))  # nobody was reached
    commands.claim(world.actor("east_peer"), lapsed.pk)
    with pytest.raises(NotFound):
        log_contact(rep, ContactDraft(customer_id=lapsed.pk, kind="call", occurred_at=TENTH - typed))
    with pytest.raises(NotFound):
        log_contact(world.actor("shanghai_rep"), late(lapsed))
    assert not RestoreOffer.rows.exists()
    at(TENTH + 14 * DAY)
    with pytest.raises(NotFound):  # too late even for a device
        log_contact(rep, late(lapsed))


def test_a_new_owner_keeps_it_once_he_was_in_touch_and_the_offer_says_why(world: World, lapsed: Customer) -> None:
    rep, peer, manager = (world.actor(key) for key in ("east_rep", "east_peer", "east_manager"))
    commands.claim(peer, lapsed.pk)
    with clock.as_of(clock.now() + dt.timedelta(minutes=5)):
        log_contact(rep, late(lapsed))  # he sees it no longer: it was his when he called
    [offer] = queries.waiting_restores(manager)
    later = clock.now() + dt.timedelta(hours=1)
    with clock.as_of(later):
        log_contact(peer, ContactDraft(customer_id=lapsed.pk, kind="call"))
        with pytest.raises(RuleBroken, match="归属争议"):
            commands.restore(manager, offer.pk)
        case = commands.open_dispute(rep, lapsed.pk, "当时在山里没有信号")
        judged = fieldwork.evidence(manager, queries.dispute(manager, case.pk)).contacts
        assert [it.judgement for it in judged] == ["counts", "late_device"]
        commands.withdraw_dispute(rep, case.pk)
        with pytest.raises(RuleBroken) as refusal:
            commands.decline_restore(manager, offer.pk, " ")
        assert refusal.value.field == "answer"
        commands.decline_restore(manager, offer.pk, "新负责人已在跟进")
    assert (owner(lapsed), queries.waiting_restores(manager)) == (peer.person_id, [])
    tell(SYSTEM)
    assert any("没有恢复" in said(rep, note) for note in notes(rep))


def test_a_new_owner_who_was_not_in_touch_gives_it_back_and_nothing_goes_to_who_left(
    world: World, lapsed: Customer
) -> None:
    commands.claim(world.actor("east_peer"), lapsed.pk)
    log_contact(world.actor("east_rep"), late(lapsed))
    [offer] = queries.waiting_restores(world.actor("east_manager"))
    with clock.as_of(clock.now() + DAY):
        disable_person(world.actor("administrator"), world.id("east_rep"), None)
        assert queries.waiting_restores(world.actor("east_manager")) == []
        with pytest.raises(RuleBroken, match="已经停用"):
            commands.restore(world.actor("east_manager"), offer.pk)
    assert owner(lapsed) == world.id("east_peer")


def test_a_visit_that_a_device_recorded_in_time_is_evidence_too(world: World, lapsed: Customer) -> None:
    rep = world.actor("east_rep")
    commands.claim(world.actor("east_peer"), lapsed.pk)
    with pytest.raises(NotFound):
        check_in(rep, customer_id=lapsed.pk)
    then = Queued(SEVENTH, clock.now())
    visit = check_in(rep, customer_id=lapsed.pk, queued=then)
    record_result(rep, visit.pk, visit.edit_version, VisitResult(outcome="met_decider", result="need"), then)
    [offer] = queries.waiting_restores(world.actor("east_manager"))
    assert (offer.customer_id, offer.contacted_at, offer.queued_at) == (lapsed.pk, SEVENTH, SEVENTH)


def test_pages_and_programs_do_it(world: World, lapsed: Customer) -> None:
    rep, manager = world.client("east_rep"), world.client("east_manager")
    commands.claim(world.actor("east_peer"), lapsed.pk)
    body = {
        "customer_id": lapsed.pk, "occurred_at": SEVENTH.isoformat(), "queued_at": SEVENTH.isoformat(),
        "device_now": clock.now().isoformat(),
    }  # fmt: skip
    sent = rep.post("/api/v1/visits/contacts", body, content_type="application/json")
    assert sent.json().get("queued_at"), sent.content
    [offer] = manager.get("/api/v1/restores").json()
    assert "才送达" in manager.get("/inbox/").content.decode()
    page = manager.get(f"/restores/{offer['id']}/").content.decode()
    assert "华东精密" in page and "/decline/" in page
    assert rep.get(f"/api/v1/restores/{offer['id']}").json()["state"] == "offered"
    assert manager.post(f"/restores/{offer['id']}/restore/").status_code == 302
    assert owner(lapsed) == world.id("east_rep")
    again = manager.post(f"/api/v1/restores/{offer['id']}/restore")
    assert again.status_code == 422
    declined = manager.post(
        f"/api/v1/restores/{offer['id']}/decline", {"answer": "不"}, content_type="application/json"
    )
    assert declined.status_code == 422
