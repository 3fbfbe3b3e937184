"""Where customers are: noted by hand, or where somebody first checked in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.world import World
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.selling.customers.commands import (
    BY_CHECK_IN,
    CustomerDraft,
    merge,
    place_customer,
    register,
    undo_merge,
)
from xiaocheng.selling.customers.models import Customer

HERE, THERE = (Decimal("31.230416"), Decimal("121.473701")), (Decimal("30.274085"), Decimal("120.155070"))


def registered(world: World, name: str = "甲木业", by: str = "east_rep") -> Customer:
    return register(world.actor(by), CustomerDraft(name=name))


def place_of(row: Customer) -> tuple[Decimal | None, Decimal | None]:
    row.refresh_from_db()
    return row.latitude, row.longitude


def test_a_place_is_set_by_hand_changed_and_taken_away(world: World) -> None:
    rep, row = world.actor("east_rep"), registered(world)
    assert place_customer(rep, row.pk, *HERE)
    assert place_customer(rep, row.pk, Decimal("30.2740854"), THERE[1])
    assert place_of(row) == THERE
    assert not place_customer(rep, row.pk, *THERE)
    assert place_customer(rep, row.pk, None, None)
    assert place_of(row) == (None, None)
    said = [item.sentence for item in timeline("customers.customer", row.pk)]
    assert said[:3] == ["清除了客户位置", "标注了客户位置", "标注了客户位置"]
    assert "31.23" not in str(list(JournalEntry.objects.values_list("data", "personal")))


def test_a_check_in_gives_a_place_only_to_a_customer_that_has_none(world: World) -> None:
    rep, row = world.actor("east_rep"), registered(world)
    assert place_customer(rep, row.pk, *HERE, BY_CHECK_IN)
    assert not place_customer(rep, row.pk, *THERE, BY_CHECK_IN)
    assert place_of(row) == HERE
    assert timeline("customers.customer", row.pk)[0].sentence == "按首次签到标注了客户位置"


@pytest.mark.parametrize(
    "place", [(HERE[0], None), (Decimal(91), HERE[1]), (HERE[0], Decimal(181)), (Decimal("nan"),) * 2]
)
def test_half_a_place_and_one_off_the_earth_are_refused(world: World, place: tuple[Decimal, Decimal | None]) -> None:
    row = registered(world)
    with pytest.raises(RuleBroken):
        place_customer(world.actor("east_rep"), row.pk, *place)
    assert place_of(row) == (None, None)


def test_nobody_places_other_peoples_customers(world: World) -> None:
    row = registered(world)
    with pytest.raises(NotFound):
        place_customer(world.actor("south_rep"), row.pk, *HERE)
    with pytest.raises(NotFound):
        place_customer(world.actor("south_rep"), row.pk, *HERE, BY_CHECK_IN)
    mine = registered(world, "乙机械", by="promoter")
    with pytest.raises(NotAllowed):
        place_customer(world.actor("promoter"), mine.pk, *HERE)
    assert place_customer(world.actor("promoter"), mine.pk, *HERE, BY_CHECK_IN)


def test_a_merged_customer_gives_its_place_to_one_without_and_takes_it_back(world: World) -> None:
    manager, kept, gone = world.actor("east_manager"), registered(world), registered(world, "甲木行")
    place_customer(world.actor("east_rep"), gone.pk, *HERE)
    merged = merge(manager, kept.pk, gone.pk)
    assert place_of(kept) == HERE
    undo_merge(manager, merged.merge_id)
    assert place_of(kept) == (None, None)
    assert place_of(Customer.objects.one(manager, gone.pk)) == HERE
