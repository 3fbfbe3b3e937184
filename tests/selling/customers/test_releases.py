"""Many customers are given up at once: as far as each may be, for one reason, in a few statements."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, RuleBroken
from xiaocheng.foundation.kernel.measures import differences
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.customers.models import Customer

pytestmark = pytest.mark.django_db


def owned(world: World, key: str, *names: str) -> list[int]:
    """Customers of somebody's."""
    return [commands.register(SYSTEM, CustomerDraft(name=name, owner_id=world.id(key))).pk for name in names]


def owners(ids: list[int]) -> list[int | None]:
    """Whose the customers are now."""
    rows = dict(Customer.objects.visible_to(SYSTEM).filter(pk__in=ids).values_list("pk", "owner_id"))
    return [rows[pk] for pk in ids]


def test_each_goes_as_far_as_it_may_and_says_why_not(world: World) -> None:
    rep, peer = world.actor("east_rep"), world.actor("east_peer")
    one, two, disputed, pooled = owned(world, "east_rep", "甲公司", "乙公司", "丙公司", "丁公司")
    (theirs,), (hidden,) = owned(world, "east_peer", "戊公司"), owned(world, "south_rep", "己公司")
    commands.open_dispute(world.actor("east_manager"), disputed, "展会上先接触的")
    commands.release(rep, pooled, "no_need")
    ids = [one, disputed, pooled, theirs, hidden, two, 999_999]
    foreseen = {row.pk: refusal for row, refusal in queries.releasable(rep, ids)}
    assert [pk for pk, refusal in foreseen.items() if refusal is None] == [one, two]
    assert {theirs, hidden}.isdisjoint(foreseen)
    outcomes = dict(zip(ids, commands.release_many(rep, ids, "price", note="差两成"), strict=True))
    assert [pk for pk, outcome in outcomes.items() if outcome.refusal is None] == [one, two]
    assert "归属争议" in str(outcomes[disputed].refusal) and "已在公海" in str(outcomes[pooled].refusal)
    assert {outcomes[pk].refusal.status for pk in (theirs, hidden, 999_999)} == {404}  # type: ignore[union-attr]
    assert owners([one, two, disputed, theirs]) == [None, None, rep.person_id, peer.person_id]
    for pk in (one, two):
        latest = queries.episodes(SYSTEM, pk).first()
        assert latest is not None and (latest.reason, latest.note, latest.former_id) == (
            "price",
            "差两成",
            rep.person_id,
        )
    assert differences() == []


def test_a_wrong_reason_or_a_missing_capability_gives_nobody_up(world: World) -> None:
    ids = owned(world, "east_rep", "甲公司", "乙公司")
    with pytest.raises(RuleBroken, match="原因"):
        commands.release_many(world.actor("east_rep"), ids, "")
    with pytest.raises(RuleBroken, match="没有这个公海"):
        commands.release_many(world.actor("east_rep"), ids, "price", pool_id=999_999)
    with pytest.raises(NotAllowed):
        commands.release_many(world.actor("promoter"), ids, "price")
    assert owners(ids) == [world.id("east_rep")] * 2
    outcomes = commands.release_many(world.actor("east_manager"), [*ids, ids[0]], "price")
    assert [outcome.refusal for outcome in outcomes] == [None] * 3  # named twice, given up once
    assert queries.episodes(SYSTEM, ids[0]).count() == 2


def test_a_hundred_cost_as_many_statements_as_two(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    manager = world.actor("east_manager")
    many = owned(world, "east_rep", *(f"第{n}家公司" for n in range(60)))
    commands.release_many(manager, many[:2], "price")
    with django_assert_max_num_queries(30):
        commands.release_many(manager, many[2:], "price")
    assert owners(many) == [None] * 60
