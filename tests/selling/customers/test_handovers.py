"""Somebody leaves or changes team: everything goes where the plan says, at once or not at all."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from typing import Any

import pytest
from django.db import connection, transaction

from tests.selling.pipeline.deals import Deals
from tests.support.threads import at_once
from tests.world import World, make_world
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken
from xiaocheng.foundation.kernel.journal import moved_foreign_keys, timeline
from xiaocheng.foundation.kernel.measures import differences
from xiaocheng.foundation.org import queries as org
from xiaocheng.foundation.org.commands import delegate, disable_person
from xiaocheng.foundation.org.events import PersonLeft, WorkHandedOn
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import CustomerDraft, Drifted, GroupDraft, HandoverDraft, Place
from xiaocheng.selling.customers.models import Customer, Handover, OwnershipEpisode
from xiaocheng.selling.fieldwork import commands as fieldwork
from xiaocheng.selling.fieldwork.models import PlanLine
from xiaocheng.selling.pipeline import commands as pipeline
from xiaocheng.selling.tasks import commands as tasks
from xiaocheng.selling.tasks.models import Task


def customers_of(world: World, key: str, count: int, **more: Any) -> list[int]:
    drafts = [CustomerDraft(name=f"客户{key}{n}", despite_duplicates=True, **more) for n in range(count)]
    return [outcome.row_id or 0 for outcome in commands.register_many(world.actor(key), drafts, cause="registration")]


def owners(ids: list[int]) -> list[int]:
    held = dict(Customer.rows.filter(pk__in=ids).values_list("pk", "owner_id"))
    return [held[pk] for pk in ids]


def planned(world: World, by: str = "east_manager", **more: Any) -> Handover:
    draft = {"person_id": world.id("east_rep"), "successor_id": world.id("east_peer")} | more
    return commands.plan_handover(world.actor(by), HandoverDraft(**draft))


def test_everything_goes_where_the_plan_says_and_the_history_stays(world: World) -> None:
    ids, deals, actor = customers_of(world, "east_rep", 4), Deals(world), world.actor("east_rep")
    mine, others = deals.opened("east_rep", customer_id=ids[0]), customers_of(world, "shanghai_rep", 1)[0]
    of_another = deals.opened("east_rep", customer_id=None)
    ids = [*ids, *Customer.rows.filter(owner=actor.person_id).exclude(pk__in=ids).values_list("pk", flat=True)]
    tasks.note(actor, "回电", clock.today(), customer_id=ids[1])
    tasks.note(actor, "周会", clock.today())
    tomorrow = clock.today() + dt.timedelta(days=1)
    fieldwork.plan_line(actor, tomorrow, fieldwork.LineDraft(customer_id=ids[0]))
    fieldwork.submit_day(actor, tomorrow)
    commands.add_group(actor, GroupDraft(name="老朋友"))
    delegate(world.actor("administrator"), world.id("east_rep"), world.id("east_peer"), clock.today(), tomorrow, "")
    row = planned(world, "administrator", to_ids=[world.id("east_peer"), world.id("shanghai_rep")])
    held = {item.kind: item.count for item in queries.handover_holdings(world.actor("administrator"), row.pk)}
    assert held | {"org.apitoken": 0} == {
        "customers.customer": 6, "customers.customergroup": 1, "pipeline.opportunity": 2, "tasks.task": 2,
        "fieldwork.planline": 1, "org.arrangement": 1, "org.apitoken": 0,
    }  # fmt: skip
    assert owners(ids) == [world.id("east_rep")] * 6  # nothing has moved
    shares = queries.handover_shares(world.actor("administrator"), row.pk)
    assert sum(share.gets for share in shares) == 6 and max(share.then for share in shares) == 4
    done = commands.carry_out_handover(world.actor("administrator"), row.pk, closes=True)
    assert done.moved == {
        "customers.customer": 6, "pipeline.opportunity": 2, "tasks.task": 2, "customers.customergroup": 1,
        "fieldwork.planline": 1,
    }  # fmt: skip
    assert Counter(owners([*ids, others])) == {world.id("east_peer"): 4, world.id("shanghai_rep"): 3}
    assert not org.person(SYSTEM, world.id("east_rep")).is_active
    episodes = OwnershipEpisode.rows.filter(person=world.id("east_rep"), customer__in=ids)
    assert {(row.ended_cause, row.successor_id) for row in episodes} == {
        ("handover", world.id("east_peer")), ("handover", world.id("shanghai_rep")),
    }  # fmt: skip
    assert deals.fresh(mine).owner_id == owners(ids)[0] and deals.fresh(of_another).owner_id == world.id("east_peer")
    assert not Task.rows.filter(person=world.id("east_rep"), state="open").exists()
    assert PlanLine.rows.get(customer=ids[0]).plan.person_id == owners(ids)[0]
    assert differences() == []
    assert timeline("customers.handover", row.pk)[0].sentence.startswith("完成了")
    assert list(queries.left_with_customers(world.actor("administrator"))) == []


def test_parts_go_to_whom_the_supervisor_chooses_fairly_over_all_parts(world: World) -> None:
    manager, peer, third = world.actor("east_manager"), world.id("east_peer"), world.id("shanghai_rep")
    east, south = customers_of(world, "east_rep", 4, region="east"), customers_of(world, "east_rep", 4, region="south")
    row = planned(world)
    assert queries.handover_part(manager, row.pk, region="south") == south
    assert commands.share_handover(manager, row.pk, south, [third]) == 4
    commands.share_handover(manager, row.pk, east, [peer, third])
    got = {share.person_id: share.gets for share in queries.handover_shares(manager, row.pk)}
    assert got == {peer: 4, third: 4}  # who was meant to get the south already is not given the east, too
    commands.share_handover(manager, row.pk, east[:1], [])
    with pytest.raises(RuleBroken, match="1 位客户没有接手人"):
        commands.carry_out_handover(manager, row.pk)
    commands.share_handover(manager, row.pk, east[:1], [peer])
    commands.carry_out_handover(manager, row.pk)
    assert owners([*east, *south]) == [peer] * 4 + [third] * 4
    assert org.person(SYSTEM, world.id("east_rep")).is_active  # the account is closed by the administrator
    with pytest.raises(RuleBroken):
        commands.carry_out_handover(manager, row.pk)


def test_who_changes_team_may_keep_customers_and_moves_with_the_same_act(world: World) -> None:
    ids, south = customers_of(world, "east_rep", 3), world.department_ids["south"]
    task = tasks.note(world.actor("east_rep"), "周会", clock.today())
    row = planned(world, "administrator", kind="moving", successor_id=None)
    commands.share_handover(world.actor("administrator"), row.pk, ids[:2], [world.id("east_peer")])
    place = Place(department_id=south, manager_id=world.id("south_manager"))
    with pytest.raises(RuleBroken):
        commands.carry_out_handover(world.actor("administrator"), row.pk, closes=True)
    commands.carry_out_handover(world.actor("administrator"), row.pk, place=place)
    assert owners(ids) == [world.id("east_peer")] * 2 + [world.id("east_rep")]
    assert org.person(SYSTEM, world.id("east_rep")).department_id == south
    assert Task.rows.get(pk=task.pk).person_id == world.id("east_rep")


def test_a_customer_that_came_or_went_after_the_plan_is_told_and_nothing_moves(world: World) -> None:
    manager, ids = world.actor("east_manager"), customers_of(world, "east_rep", 3)
    row = planned(world, to_ids=[world.id("east_peer")])
    commands.assign(manager, ids[:1], world.id("shanghai_rep"))
    new = customers_of(world, "east_rep", 1)
    with pytest.raises(Drifted) as told:
        commands.carry_out_handover(manager, row.pk)
    assert (told.value.drift.gone, told.value.drift.come) == (tuple(ids[:1]), tuple(new))
    assert owners(ids[1:]) == [world.id("east_rep")] * 2
    assert commands.refresh_handover(manager, row.pk) == told.value.drift
    assert not queries.handover_drift(manager, row.pk)
    commands.share_handover(manager, row.pk, new, [world.id("east_peer")])
    commands.carry_out_handover(manager, row.pk)
    assert owners([*ids, *new]) == [world.id("shanghai_rep"), *[world.id("east_peer")] * 3]


def test_what_fails_half_way_has_moved_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = customers_of(world, "east_rep", 3)
    row = planned(world, to_ids=[world.id("east_peer"), world.id("shanghai_rep")])
    with pytest.raises(NotAllowed), transaction.atomic():  # only who manages people may close the account
        commands.carry_out_handover(world.actor("east_manager"), row.pk, closes=True)
    assert owners(ids) == [world.id("east_rep")] * 3
    assert Handover.rows.get(pk=row.pk).is_planned
    disable_person(SYSTEM, world.id("shanghai_rep"))
    with pytest.raises(RuleBroken, match="在职人员"):
        commands.carry_out_handover(world.actor("east_manager"), row.pk)
    assert owners(ids) == [world.id("east_rep")] * 3


def test_a_supervisor_hands_over_in_his_line_and_nobody_his_own(world: World) -> None:
    for who, refusal in (("south_manager", NotFound), ("east_rep", NotAllowed), ("east_peer", NotAllowed)):
        with pytest.raises(refusal):
            planned(world, who)
    with pytest.raises(RuleBroken):  # to a person out of sight
        planned(world, to_ids=[world.id("south_rep")])
    with pytest.raises(RuleBroken):
        planned(world, successor_id=world.id("south_rep"))
    with pytest.raises(RuleBroken):
        planned(world, successor_id=None)
    with pytest.raises(RuleBroken):
        planned(world, person_id=world.id("east_manager"))
    row = planned(world, "director", person_id=world.id("east_manager"), successor_id=world.id("shanghai_lead"))
    assert list(queries.handovers(world.actor("director"))) == [row]
    assert list(queries.handovers(world.actor("east_manager"))) == []  # not the plan of his own
    for who in ("east_manager", "south_manager"):
        with pytest.raises(NotFound):
            queries.handover(world.actor(who), row.pk)
    with pytest.raises(RuleBroken):  # one plan at a time
        planned(world, "director", person_id=world.id("east_manager"), successor_id=world.id("shanghai_lead"))
    commands.drop_handover(world.actor("director"), row.pk)
    assert not Handover.rows.exists()


def test_who_left_without_a_successor_waits_for_one_and_a_closed_account_leaves_a_record(world: World) -> None:
    ids, manager = customers_of(world, "east_rep", 2), world.actor("east_manager")
    disable_person(SYSTEM, world.id("east_rep"))
    assert list(queries.left_with_customers(world.actor("south_manager"))) == []
    assert [row.pk for row in queries.left_with_customers(manager)] == [world.id("east_rep")]
    row = planned(world, to_ids=[world.id("east_peer")])
    commands.carry_out_handover(manager, row.pk)
    assert owners(ids) == [world.id("east_peer")] * 2
    disable_person(SYSTEM, world.id("east_peer"), world.id("shanghai_rep"))
    [record] = queries.handovers(manager, done=True)[:1]
    assert record.person_id == world.id("east_peer") and record.moved == {"customers.customer": 2}
    assert [line.to_id for line in queries.handover_lines(manager, record.pk)] == [world.id("shanghai_rep")] * 2


def test_every_key_that_a_leaver_hands_on_is_in_the_preview() -> None:
    assert moved_foreign_keys(PersonLeft, WorkHandedOn) == org.shown_keys()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_carry_it_out_at_once_one_does() -> None:
    world = make_world()
    ids = customers_of(world, "east_rep", 3)
    row = planned(world, to_ids=[world.id("east_peer")])

    def carry_out(number: int) -> bool:
        try:
            commands.carry_out_handover(world.actor("east_manager"), row.pk)
        except Refusal:
            return False
        finally:
            connection.close()
        return True

    assert sorted(at_once(carry_out, people=2)) == [False, True]
    assert OwnershipEpisode.rows.filter(customer__in=ids, started_cause="handover").count() == 3


@pytest.mark.full
def test_two_thousand_customers_with_deals_and_tasks_move_within_seconds(world: World) -> None:
    """What the guide says a handover takes; `-s` prints the figure."""
    deals, actor = Deals(world), world.actor("east_rep")
    ids = customers_of(world, "east_rep", 2000)
    drafts = [pipeline.OpportunityDraft(name="商机", customer_id=pk, product_id=deals.product_id) for pk in ids[:1000]]
    pipeline.open_many(actor, drafts)
    for pk in ids[:500]:
        tasks.note(actor, "回电", clock.today(), customer_id=pk)
    row = planned(world, to_ids=[world.id("east_peer"), world.id("shanghai_rep"), world.id("shanghai_lead")])
    begun = time.perf_counter()
    done = commands.carry_out_handover(world.actor("east_manager"), row.pk)
    took = time.perf_counter() - begun
    print(f"\n{connection.vendor}: 2,000 customers, 1,000 opportunities, 500 tasks: {took:.2f} s")  # noqa: T201
    assert done.moved == {"customers.customer": 2000, "pipeline.opportunity": 1000, "tasks.task": 500}
    assert took < 15
