"""Two customers that are one and the same become one, with everything, and two again if that was a mistake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.apps import apps

from tests.selling.pipeline.deals import Deals
from tests.support.threads import at_once
from tests.world import World
from xiaocheng.foundation.files.commands import attach
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.measures import differences, read_gauges
from xiaocheng.foundation.kernel.search import rebuild_indexes
from xiaocheng.foundation.org.commands import change_rule, disable_person
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft, GroupDraft
from xiaocheng.selling.customers.models import Customer, CustomerGroup
from xiaocheng.selling.fieldwork import commands as fieldwork
from xiaocheng.selling.fieldwork import queries as visits
from xiaocheng.selling.pipeline import commands as pipeline
from xiaocheng.selling.pipeline import queries as deals_of
from xiaocheng.selling.tasks import commands as tasks
from xiaocheng.selling.trade.commands import SaleDraft, record_sales

# The journal is only added to; measures and gauges may keep rows of zero, and are compared with their facts.
NOT_COMPARED = {"kernel.JournalEntry", "kernel.JournalSubject", "customers.CustomerMerge", "kernel.TurnTaken"}
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def pair(world: World) -> tuple[int, int]:
    """甲公司 of 张三, which stays, and 甲公司 again, of 李四, which goes."""
    kept = commands.register(world.actor("east_rep"), CustomerDraft(name="甲公司", phone="13800138000"))
    gone = commands.register(
        world.actor("east_peer"),
        CustomerDraft(name="甲公司(分部)", address="人民路 1 号", phone="13900139000", needs="要快"),
    )
    return kept.pk, gone.pk


def full(world: World, deals: Deals, customer_id: int, key: str, random: Random) -> None:
    """Things happen with a customer: contacts, deals open, won and lost, visits, plans, tasks, files."""
    actor = world.actor(key)
    for n in range(random.randint(1, 2)):
        commands.add_contact(actor, ContactDraft(customer_id=customer_id, name=f"联系人{n}", phone=f"1370000{n:04d}"))
    for n in range(random.randint(0, 2)):
        row = deals.opened(key, customer_id=customer_id, name=f"商机{n}")
        if random.random() < 0.5:
            pipeline.lose(actor, row.pk, "price")
        elif random.random() < 0.5:
            pipeline.win(deals.world.actor("director"), row.pk, "方案最好", bypass=True)
    fieldwork.log_contact(actor, fieldwork.ContactDraft(customer_id=customer_id, note="谈过"))
    fieldwork.plan_line(actor, clock.today() + dt.timedelta(days=1), fieldwork.LineDraft(customer_id=customer_id))
    tasks.note(actor, "回电", clock.today(), customer_id=customer_id)
    attach(actor, "customers.customer", customer_id, "报价.pdf", PDF)
    sale = SaleDraft(
        customer=Customer.rows.get(pk=customer_id).name,
        customer_number=f"K{customer_id}",
        occurred_on=clock.today(),
        amount=Decimal(500),
        profit=Decimal(90),
        product="X1",
        seller_id=actor.person_id,
    )
    assert record_sales(world.actor("director"), [sale])[0].refusal is None
    for group in random.sample(list(CustomerGroup.objects.order_by("pk")), 2):
        commands.add_to_group(world.actor("director"), group.pk, [customer_id])


def rows() -> Iterator[tuple[str, int, dict[str, Any]]]:
    for model in apps.get_models():
        label = model._meta.label
        if not model.__module__.startswith("xiaocheng.") or label in NOT_COMPARED or label.startswith("kernel.Measure"):
            continue
        for values in model._base_manager.values():
            values.pop("edit_version", None)
            if label == "customers.CustomerMember" and values["ended_at"]:
                continue  # that somebody assisted meanwhile stays in the story
            if label != "kernel.GaugeValue":
                yield label, values["id"] if "id" in values else values.popitem()[1], values
            elif values.pop("id") and values["value"]:
                yield label, values["customer_id"], values


def picture() -> list[tuple[str, int, dict[str, Any]]]:
    return sorted(rows(), key=lambda row: (row[0], str(row[1])))


def found(actor: Actor, text: str) -> list[int]:
    return [row.pk for row in queries.customers(actor, "all", text)]


def test_everything_goes_to_the_one_that_stays(world: World, pair: tuple[int, int]) -> None:
    kept, gone = pair
    manager, deals = world.actor("east_manager"), Deals(world)
    for name in ("重点", "华东"):
        commands.add_group(world.actor("director"), GroupDraft(name=name, sharing="everybody"))
    full(world, deals, gone, "east_peer", Random(1))
    deal = deals.opened("east_peer", customer_id=gone)
    told = timeline("customers.customer", gone, limit=50)
    rehearsed = commands.rehearse_merge(manager, kept, gone)
    assert Customer.rows.filter(pk=gone).exists() and found(manager, "分部") == [gone]
    done = commands.merge(manager, kept, gone, take=["name"])
    assert rehearsed.moved == done.moved and {"customers.contact", "fieldwork.visit", "tasks.task"} < set(done.moved)
    row = queries.customer(manager, kept)
    assert (row.name, row.phone, row.address, row.needs) == ("甲公司(分部)", "13800138000", "人民路 1 号", "要快")
    assert row.owner_id == world.id("east_rep") and row.last_contact_at
    assert not Customer.rows.filter(pk=gone).exists()
    assert found(manager, "分部") == found(manager, "联系人0") == [kept]
    assert deals.fresh(deal).customer_id == kept and deals.fresh(deal).owner_id == world.id("east_peer")
    assert read_gauges(kept).values["pipeline.open"] == deals_of.opportunities(manager).filter(state="open").count()
    assert [item.customer_id for item in visits.visits(manager, customer_id=kept)] == [kept]
    episodes = {(item.person_id, item.ended_cause) for item in queries.episodes(manager, kept)}
    assert episodes == {(world.id("east_rep"), ""), (world.id("east_peer"), "merge")}
    sentences = [item.sentence for item in timeline("customers.customer", kept, limit=50)]
    assert sentences[1] == "合并了客户「甲公司(分部)」,保留「甲公司(分部)」"
    assert sentences[0].startswith("约定协作") and sentences[0].endswith("协助")
    assert {item.sentence for item in told} <= set(sentences)
    assert differences() == []


def test_the_others_owner_sees_the_customer_still_and_old_numbers_lead_there(
    world: World, pair: tuple[int, int]
) -> None:
    kept, gone = pair
    commands.merge(world.actor("east_manager"), kept, gone)
    assert queries.present_customer(world.actor("east_peer"), gone).pk == kept
    assert queries.customer(world.actor("east_peer"), kept).owner_id == world.id("east_rep")
    third = commands.register(world.actor("east_rep"), CustomerDraft(name="第三家")).pk
    commands.merge(world.actor("east_manager"), third, kept)
    assert queries.present_customer(world.actor("east_manager"), gone).pk == third
    with pytest.raises(NotFound):
        queries.present_customer(world.actor("south_rep"), gone)


def test_the_others_owner_assists_and_keeps_the_time_limit_until_the_merge_is_undone(
    world: World, pair: tuple[int, int]
) -> None:
    kept, gone = pair
    manager, peer, today = world.actor("east_manager"), world.id("east_peer"), clock.now()
    done = commands.merge(manager, kept, gone)
    assert done.moved["customers.assistance"] == 1
    [member] = queries.team(manager, queries.customer(manager, kept)).members
    assert (member.person_id, member.role, member.share) == (peer, "assistant", None)
    assert not queries.customer(world.actor("east_peer"), kept).is_decided_by(world.actor("east_peer"))
    with clock.as_of(today + dt.timedelta(days=2)):
        fieldwork.log_contact(world.actor("east_peer"), fieldwork.ContactDraft(customer_id=kept))
        assert queries.customer(manager, kept).clock_since == clock.now()
    commands.undo_merge(manager, done.merge_id)
    assert not queries.customer(manager, kept).is_shared
    with pytest.raises(NotFound):
        queries.customer(world.actor("east_peer"), kept)
    # who works on the one that stays already goes on as he does; in a pool nobody assists, he only sees it
    commands.agree_team(world.actor("east_rep"), kept, [commands.Member(peer, "co_owner", Decimal(30))])
    again = commands.merge(manager, kept, gone)
    assert "customers.assistance" not in again.moved
    commands.undo_merge(manager, again.merge_id)
    assert queries.team(manager, queries.customer(manager, kept)).members[0].share == 30
    commands.release(world.actor("east_rep"), kept, "no_need")
    commands.merge(world.actor("director"), kept, gone)
    row = queries.customer(world.actor("east_peer"), kept)
    assert (row.is_shared, row.is_masked_for(world.actor("east_peer"))) == (False, False)


@pytest.mark.parametrize("seed", range(4))
def test_a_merge_undone_leaves_everything_as_it_was(world: World, pair: tuple[int, int], seed: int) -> None:
    kept, gone = pair
    random, deals = Random(seed), Deals(world)
    manager = world.actor("east_manager")
    for name in ("重点", "华东", "展会"):
        commands.add_group(world.actor("director"), GroupDraft(name=name, sharing="everybody"))
    for pk, key in ((kept, "east_rep"), (gone, "east_peer")):
        full(world, deals, pk, key, random)
        if random.random() < 0.5:
            deal = commands.contacted.Deal(clock.today(), world.id(key), world.person(key).department_id)
            commands.note_first_deals(world.actor(key), {pk: deal})
    before = picture()
    take = [name for name in ("name", "phone", "needs", "kind", "is_person") if random.random() < 0.5]
    done = commands.merge(manager, kept, gone, take=take)
    assert picture() != before and differences() == []
    back = commands.undo_merge(manager, done.merge_id)
    assert (back.customer_id, back.kept, back.missing) == (gone, (), {})
    assert picture() == before
    assert differences() == []
    assert found(manager, "分部") == [gone]
    story = [item.sentence for item in timeline("customers.customer", kept, limit=50)]
    assert "新增了联系人「联系人0」" in story and len(story) < len(timeline("customers.customer", gone, limit=50)) + 9
    again = commands.merge(manager, kept, gone)
    assert commands.undo_merge(manager, again.merge_id).missing == {}
    assert picture() == before


def test_what_changed_since_stays_and_is_named(world: World, pair: tuple[int, int]) -> None:
    kept, gone = pair
    manager, peer = world.actor("east_manager"), world.actor("east_peer")
    contact = commands.add_contact(peer, ContactDraft(customer_id=gone, name="王", phone="13700000000"))
    done = commands.merge(manager, kept, gone)
    row = queries.customer(manager, kept)
    commands.edit(manager, kept, row.edit_version, needs="不急了")
    commands.undo_contacts(manager, [contact.pk])
    disable_person(world.actor("administrator"), world.id("east_peer"))
    back = commands.undo_merge(manager, done.merge_id)
    assert (back.kept, back.missing, back.without_owner) == (("needs",), {"customers.contact": 1}, True)
    assert queries.customer(manager, kept).needs == "不急了"
    assert queries.customer(manager, gone).pool is not None
    assert differences() == []


def test_customers_of_closed_periods_stay_counted_there(world: World, pair: tuple[int, int]) -> None:
    kept, gone = pair
    day = clock.today()
    manager = world.actor("east_manager")
    with clock.as_of(clock.now() + dt.timedelta(days=20)):
        change_rule(world.actor("administrator"), "PeriodRules.closed_through", str(day), clock.today())
        done = commands.merge(manager, kept, gone)
        assert differences() == []
    with clock.as_of(clock.now() + dt.timedelta(days=40)):
        closed = str(day + dt.timedelta(days=20))
        change_rule(world.actor("administrator"), "PeriodRules.closed_through", closed, clock.today())
        commands.undo_merge(manager, done.merge_id)
        assert differences() == []


def test_who_may_not_does_not(world: World, pair: tuple[int, int]) -> None:
    kept, gone = pair
    manager = world.actor("east_manager")
    foreign = commands.register(world.actor("south_rep"), CustomerDraft(name="外人客户")).pk
    for actor, one, other, refusal in (
        (world.actor("east_rep"), kept, kept, NotAllowed),
        (manager, kept, kept, RuleBroken),
        (manager, kept, foreign, NotFound),
        (manager, foreign, kept, NotFound),
        (world.actor("south_rep"), kept, gone, NotFound),
    ):
        for act in (commands.merge, commands.rehearse_merge):
            with pytest.raises(refusal):
                act(actor, one, other)
    pooled = commands.register(SYSTEM, CustomerDraft(name="公海客户", pool_id=commands.standard_pool("public").pk)).pk
    with pytest.raises(RuleBroken):
        commands.merge(manager, kept, pooled)
    done = commands.merge(manager, kept, gone)
    for actor, refusal in ((world.actor("east_rep"), NotAllowed), (world.actor("south_rep"), NotFound)):
        with pytest.raises(refusal):
            commands.undo_merge(actor, done.merge_id)
    with pytest.raises(NotFound):
        queries.merge_of(world.actor("south_rep"), done.merge_id)
    assert queries.merge_of(manager, done.merge_id).merged_id == gone


def test_who_edited_meanwhile_has_won(world: World, pair: tuple[int, int]) -> None:
    kept, gone = pair
    manager, rep = world.actor("east_manager"), world.actor("east_rep")
    seen = queries.pair(manager, kept, gone)
    assert set(seen.differing) == {"name", "phone"}
    commands.edit(rep, kept, seen.kept.edit_version, needs="新")
    with pytest.raises(EditConflict):
        commands.merge(manager, kept, gone, versions=seen.versions)
    fresh = queries.pair(manager, kept, gone)
    commands.edit(world.actor("east_peer"), gone, fresh.gone.edit_version, needs="新")
    with pytest.raises(RuleBroken):
        commands.merge(manager, kept, gone, versions=fresh.versions)
    commands.merge(manager, kept, gone)
    for act in (lambda: commands.edit(manager, gone, 3, needs="x"), lambda: commands.merge(manager, kept, gone)):
        with pytest.raises(NotFound):
            act()


def test_a_merge_is_undone_once_and_in_time_and_the_last_first(world: World, pair: tuple[int, int]) -> None:
    kept, gone = pair
    manager = world.actor("east_manager")
    done = commands.merge(manager, kept, gone)
    with clock.as_of(clock.now() + dt.timedelta(days=31)), pytest.raises(RuleBroken, match="30 天"):
        commands.undo_merge(manager, done.merge_id)
    third = commands.register(world.actor("east_rep"), CustomerDraft(name="第三家")).pk
    later = commands.merge(manager, third, kept)
    with pytest.raises((RuleBroken, NotFound)):
        commands.undo_merge(manager, done.merge_id)
    commands.undo_merge(manager, later.merge_id)
    commands.undo_merge(manager, done.merge_id)
    with pytest.raises(RuleBroken):
        commands.undo_merge(manager, done.merge_id)


def test_no_copy_is_kept_of_what_cannot_come_back(world: World, pair: tuple[int, int]) -> None:
    manager = world.actor("east_manager")
    merge_id = commands.merge(manager, *pair).merge_id
    assert commands.forget_merged(SYSTEM) == 0
    with clock.as_of(clock.now() + dt.timedelta(days=32)):
        assert (commands.forget_merged(SYSTEM), commands.forget_merged(SYSTEM)) == (1, 0)
    assert queries.merge_of(manager, merge_id).row == {}
    assert queries.present_customer(manager, pair[1]).pk == pair[0]


def test_a_rebuilt_search_finds_the_same(world: World, pair: tuple[int, int]) -> None:
    kept, gone = pair
    manager = world.actor("east_manager")
    commands.merge(manager, kept, gone)
    before = found(manager, "甲公司")
    rebuild_indexes()
    assert found(manager, "甲公司") == before == [kept]


@pytest.mark.django_db(transaction=True)
def test_of_several_who_merge_the_same_two_exactly_one_wins(committed_world: World) -> None:
    world = committed_world
    ids = [commands.register(world.actor("east_rep"), CustomerDraft(name=f"第 {n} 家")).pk for n in range(2)]
    manager = world.actor("east_manager")
    answers = at_once(lambda n: commands.merge(manager, *(ids if n % 2 else ids[::-1])), people=4)
    assert sum(isinstance(answer, commands.Merged) for answer in answers) == 1
    assert all(isinstance(answer, commands.Merged | NotFound | EditConflict) for answer in answers)
    assert Customer.rows.filter(pk__in=ids).count() == 1
    merge_id = next(answer.merge_id for answer in answers if isinstance(answer, commands.Merged))
    undone = at_once(lambda _n: commands.undo_merge(manager, merge_id), people=4)
    assert sum(isinstance(answer, commands.Unmerged) for answer in undone) == 1
    assert Customer.rows.filter(pk__in=ids).count() == 2
