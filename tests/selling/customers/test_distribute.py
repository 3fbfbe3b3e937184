"""Customers are shared out fairly, the same in the preview and in deed."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.customers.models import Customer

TEAM = ("east_rep", "east_peer", "shanghai_rep")


def in_pool(world: World, count: int) -> list[int]:
    pool = commands.standard_pool("public").pk
    drafts = [CustomerDraft(name=f"第 {n} 家", pool_id=pool, despite_duplicates=True) for n in range(count)]
    return [outcome.row_id or 0 for outcome in commands.register_many(SYSTEM, drafts)]


def held(world: World) -> list[int]:
    counted = Counter(Customer.objects.visible_to(SYSTEM).values_list("owner", flat=True))
    return [counted[world.id(key)] for key in TEAM]


def test_an_even_split_fills_up_whoever_has_least(world: World) -> None:
    director, team = world.actor("director"), [world.id(key) for key in TEAM]
    ids = in_pool(world, 12)
    commands.assign(director, ids[:4], team[0])
    commands.assign(director, ids[4:5], team[1])
    told = queries.shares(director, ids[5:], team)
    assert [(share.held, share.gets, share.then) for share in told] == [(4, 0, 4), (1, 3, 4), (0, 4, 4)]
    commands.distribute(director, ids[5:], team)
    assert held(world) == [4, 4, 4]
    commands.distribute(director, ids, team[:2])
    assert held(world) == [6, 6, 0], "what is about to be handed out anew does not weigh"


def test_in_turn_nobody_is_favoured_over_several_rounds(world: World) -> None:
    director, team = world.actor("director"), [world.id(key) for key in TEAM]
    ids = in_pool(world, 12)
    for pk in ids[:6]:
        told = [share.gets for share in queries.shares(director, [pk], team, "turn")]
        commands.distribute(director, [pk], team, "turn")
        assert told.index(1) == ids.index(pk) % 3
    commands.distribute(director, ids[6:8], team, "turn")
    commands.distribute(director, ids[8:], team, "turn")
    assert held(world) == [4, 4, 4]


def test_each_customer_has_its_outcome_and_strangers_get_nothing(world: World) -> None:
    manager, rep = world.actor("east_manager"), world.id("east_rep")
    [free] = in_pool(world, 1)
    hidden = commands.register(world.actor("south_rep"), CustomerDraft(name="丙")).pk
    own = commands.register(world.actor("east_rep"), CustomerDraft(name="甲")).pk
    for people in ([], [rep, world.id("south_rep")], [world.id("east_disabled")]):
        with pytest.raises(RuleBroken, match="在职人员"):
            commands.distribute(manager, [free], people)
    with pytest.raises(RuleBroken, match="分配方式"):
        commands.distribute(manager, [free], [rep], "by lot")
    with pytest.raises(NotAllowed):
        commands.distribute(world.actor("east_rep"), [free], [rep])
    outcomes = commands.distribute(manager, [own, hidden, free], [rep])
    assert [type(item.refusal) for item in outcomes] == [RuleBroken, NotFound, type(None)]
    assert queries.shares(manager, [free], [world.id("south_rep")]) == []
