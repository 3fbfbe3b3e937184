"""Who is responsible for a customer changes."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.scope import grant
from xiaocheng.foundation.org.commands import disable_person
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.customers.models import Customer, OwnershipEpisode


def in_pool(code: str = "public", name: str = "甲乙丙") -> int:
    return commands.register(SYSTEM, CustomerDraft(name=name, pool_id=commands.standard_pool(code).pk)).pk


def story(actor: Actor, customer_id: int) -> list[tuple[int | None, str, str]]:
    rows = queries.episodes(actor, customer_id)
    return [(row.person_id, row.started_cause, row.ended_cause) for row in rows]


def test_a_manager_assigns_many_customers_and_each_has_its_outcome(world: World) -> None:
    manager, rep, peer = world.actor("east_manager"), world.actor("east_rep"), world.id("east_peer")
    mine = commands.register(rep, CustomerDraft(name="甲")).pk
    already = commands.register(world.actor("east_peer"), CustomerDraft(name="乙")).pk
    hidden = commands.register(world.actor("south_rep"), CustomerDraft(name="丙")).pk
    outcomes = commands.assign(manager, [mine, already, hidden, 999_999, mine], peer)
    refusals = [type(outcome.refusal) for outcome in outcomes]
    assert refusals == [type(None), RuleBroken, NotFound, NotFound, type(None)]
    assert queries.owner_of(manager, mine) == peer
    assert story(manager, mine) == [(peer, "assignment", ""), (rep.person_id, "registration", "assignment")]
    assert timeline("customers.customer", mine)[0].sentence == "客户由 张三 分配给 赵六"


def test_nobody_assigns_to_somebody_outside_his_team_or_who_left(world: World) -> None:
    manager = world.actor("east_manager")
    pk = commands.register(world.actor("east_rep"), CustomerDraft(name="甲")).pk
    for stranger in ("south_rep", "east_disabled"):
        with pytest.raises(RuleBroken):
            commands.assign(manager, [pk], world.id(stranger))


def test_a_rep_does_not_assign(world: World) -> None:
    rep = world.actor("east_rep")
    pk = commands.register(rep, CustomerDraft(name="甲")).pk
    with pytest.raises(NotAllowed):
        commands.assign(rep, [pk], world.id("east_peer"))


def test_a_rep_claims_a_customer_and_gives_it_up_again(world: World) -> None:
    rep, pk = world.actor("east_rep"), in_pool()
    assert queries.customers(rep, "pool").get().pk == pk
    assert commands.claim(rep, pk).owner_id == rep.person_id
    assert not queries.customers(rep, "pool").exists()
    commands.release(rep, pk, "no_need")
    pool = commands.standard_pool("public").pk
    assert queries.customers(rep, "pool").get().pool_id == pool
    assert story(rep, pk) == [
        (None, "release", ""),
        (rep.person_id, "claim", "release"),
        (None, "registration", "claim"),
    ]
    sentences = [item.sentence for item in timeline("customers.customer", pk)]
    assert sentences[:2] == ["张三 把客户退回公海「公海」:没有需求", "张三 从公海「公海」领取了客户"]


def test_what_somebody_has_cannot_be_claimed(world: World) -> None:
    pk = in_pool()
    commands.claim(world.actor("east_rep"), pk)
    with pytest.raises(NotFound):
        commands.claim(world.actor("east_peer"), pk)
    with pytest.raises(RuleBroken):
        commands.claim(world.actor("east_manager"), pk)


def test_a_pool_may_be_for_handing_out_only(world: World) -> None:
    pool = commands.add_pool(
        world.actor("administrator"), "重点公海", is_claimable=False, is_open=False, members=[world.id("east_rep")]
    )
    pk = commands.register(SYSTEM, CustomerDraft(name="甲", pool_id=pool.pk)).pk
    with pytest.raises(RuleBroken, match="不能自行领取"):
        commands.claim(world.actor("east_rep"), pk)
    with pytest.raises(NotFound):
        commands.claim(world.actor("east_peer"), pk)


def test_a_rep_cannot_release_what_is_only_opened_to_him(world: World) -> None:

    pk = commands.register(world.actor("south_rep"), CustomerDraft(name="甲")).pk
    grant(Customer, pk, [world.id("east_rep")], "assists")
    with pytest.raises(RuleBroken, match="只有负责人"):
        commands.release(world.actor("east_rep"), pk, "no_need")


def test_the_customers_of_somebody_who_left_go_to_the_successor(world: World) -> None:
    rep = world.actor("east_rep")
    ids = [commands.register(rep, CustomerDraft(name=name)).pk for name in "甲乙丙"]
    moved = disable_person(world.actor("administrator"), world.id("east_rep"), successor_id=world.id("east_peer"))
    peer = world.actor("east_peer")
    assert sorted(queries.customers(peer, "mine").values_list("pk", flat=True)) == ids
    assert [sorted(item.ids) for item in moved if item.kind == "customers.customer"] == [ids]
    assert story(peer, ids[0])[0] == (world.id("east_peer"), "handover", "")


def test_without_successor_the_customers_wait_where_they_are(world: World) -> None:
    rep = world.actor("east_rep")
    pk = commands.register(rep, CustomerDraft(name="甲")).pk
    disable_person(world.actor("administrator"), world.id("east_rep"))
    assert queries.owner_of(world.actor("east_manager"), pk) == rep.person_id


def test_a_customer_is_always_somewhere_and_has_one_open_episode(world: World) -> None:
    pk = commands.register(world.actor("east_rep"), CustomerDraft(name="甲")).pk
    rows = Customer.objects.beyond_sight(because="a test of the table")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.filter(pk=pk).update(owner=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.filter(pk=pk).update(pool=commands.standard_pool("public"))
    row = OwnershipEpisode.objects.beyond_sight(because="a test of the table").get(customer_id=pk)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
