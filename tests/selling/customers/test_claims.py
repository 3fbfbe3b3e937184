"""Claiming is limited, and of several who try at once exactly one wins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import time_machine
from django.db import connection

from tests.support.threads import rounds
from tests.world import World, make_world
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import CustomerDraft, Outcome, PoolLimits
from xiaocheng.selling.customers.commands.contacted import Deal
from xiaocheng.selling.customers.models import Customer, OwnershipEpisode, Pool

MONDAY = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
Travel = Callable[[dt.datetime], None]


@pytest.fixture
def at() -> Iterator[Travel]:
    """Put the clock on an instant."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller.move_to


def in_pool(count: int, pool: Pool | None = None, name: str = "") -> list[int]:
    pool = pool or commands.standard_pool("public")
    drafts = [CustomerDraft(name=f"{name}第 {n} 家", pool_id=pool.pk, despite_duplicates=True) for n in range(count)]
    return [outcome.row_id or 0 for outcome in commands.register_many(SYSTEM, drafts)]


def limit(key: str, value: int) -> None:
    change_rule(SYSTEM, f"PoolRules.{key}", str(value), since=MONDAY.date())


def words(outcomes: Sequence[Outcome]) -> list[str]:
    return [str(outcome.refusal.sentence) if outcome.refusal else "" for outcome in outcomes]


def test_of_many_each_row_has_its_outcome(world: World, at: Travel) -> None:
    rep = world.actor("east_rep")
    closed = commands.add_pool(world.actor("administrator"), "重点", is_claimable=False, is_open=True)
    free, taken, [handed_out] = in_pool(2), in_pool(1, name="别的"), in_pool(1, closed)
    commands.claim(world.actor("east_peer"), taken[0])
    own = commands.register(rep, CustomerDraft(name="自己的")).pk
    outcomes = commands.claim_many(rep, [*free, handed_out, own, taken[0], 999_999, free[0]])
    assert [outcome.row_id for outcome in outcomes] == [*free, None, None, None, None, None]
    assert [type(outcome.refusal) for outcome in outcomes[4:6]] == [NotFound, NotFound]
    told = words(outcomes)
    assert "只由主管分配" in told[2] and "不在公海" in told[3] and "只能领取一次" in told[6]
    assert queries.customers(rep, "mine").count() == 3
    with pytest.raises(NotAllowed):
        commands.claim_many(world.actor("promoter"), free)


def test_the_limits_of_the_company_count_all_pools_and_say_from_when_one_may_again(world: World, at: Travel) -> None:
    rep, other = world.actor("east_rep"), commands.add_pool(SYSTEM, "华东公海", is_claimable=True, is_open=True)
    ids = [*in_pool(4), *in_pool(4, other, "华东")]
    limit("claims_a_day", 3)
    limit("most_held", 5)
    told = words(commands.claim_many(rep, [ids[0], ids[4], ids[1], ids[5]]))
    assert told[:3] == ["", "", ""]
    assert told[3] == "今天已领取 3 位客户,达到公司的每日领取上限;2026-03-03 零点起可以继续领取。"
    commands.release(rep, ids[0], "no_need")
    assert "每日领取上限" in words(commands.claim_many(rep, [ids[2]]))[0], "giving back frees no claim"
    at(MONDAY + dt.timedelta(hours=14))
    told = words(commands.claim_many(rep, [ids[2], ids[3], ids[5], ids[6]]))
    assert told[:3] == ["", "", ""] and "每日" in told[3]
    at(MONDAY + dt.timedelta(days=2))
    told = words(commands.claim_many(rep, [ids[6]]))
    assert told == ["领取后尚未成交的客户有 5 位,达到公司的领取保有上限;其中一位成交或转出后可以继续领取。"]
    deal = Deal(MONDAY.date(), rep.person_id or 0, world.department_ids["east"])
    commands.note_first_deals(SYSTEM, {ids[1]: deal})
    assert words(commands.claim_many(rep, [ids[6]])) == [""]
    for key in ("claims_a_day", "most_held"):
        limit(key, 0)
    assert words(commands.claim_many(rep, [ids[7]])) == [""]


def test_what_was_handed_out_does_not_count(world: World, at: Travel) -> None:
    limit("most_held", 1)
    ids = in_pool(3)
    commands.assign(world.actor("east_manager"), ids[:2], world.id("east_rep"))
    assert words(commands.claim_many(world.actor("east_rep"), [ids[2]])) == [""]


def test_who_has_bought_already_is_not_held_without_a_deal_in_the_same_set_either(world: World, at: Travel) -> None:
    limit("most_held", 1)
    ids = in_pool(3)
    Customer.rows.filter(pk=ids[0]).update(became_customer_on=MONDAY.date(), stage="customer")
    told = words(commands.claim_many(world.actor("east_rep"), ids))
    assert told[:2] == ["", ""] and "1 位" in told[2]


def test_a_pool_has_limits_of_its_own(world: World, at: Travel) -> None:
    rep, administrator = world.actor("east_rep"), world.actor("administrator")
    pool = commands.add_pool(
        administrator, "大客户", is_claimable=True, is_open=True,
        limits=PoolLimits(claims_a_day=1, most_held=2, back_to_owner_days=5),
    )  # fmt: skip
    ids, others = in_pool(4, pool), in_pool(1)
    assert [left.left for left in queries.allowances(rep, [pool, commands.standard_pool("public")])] == [1, 20]
    told = words(commands.claim_many(rep, [*ids[:2], *others]))
    assert told[0] == told[2] == "" and "「大客户」领取 1 位" in told[1]
    at(MONDAY + dt.timedelta(days=1))
    commands.claim(rep, ids[1])
    at(MONDAY + dt.timedelta(days=2))
    assert "「大客户」领取后尚未成交的有 2 位" in words(commands.claim_many(rep, [ids[2]]))[0]
    commands.release(rep, ids[1], "price", pool_id=pool.pk)
    with pytest.raises(RuleBroken, match="冷却期 5 天,2026-03-09 零点起"):
        commands.claim(rep, ids[1])
    at(MONDAY + dt.timedelta(days=7))
    assert commands.claim(rep, ids[1]).owner_id == rep.person_id
    for wrong in (PoolLimits(claims_a_day=0), PoolLimits(most_held=-1), PoolLimits(back_to_owner_days=-1)):
        with pytest.raises(RuleBroken, match="合理的数字"):
            commands.add_pool(administrator, "错", is_claimable=True, is_open=True, limits=wrong)


def test_giving_up_takes_a_reason_that_the_ledger_and_the_story_keep(world: World) -> None:
    rep = world.actor("east_rep")
    [pk] = in_pool(1)
    commands.claim(rep, pk)
    for wrong in ("", "nonsense"):
        with pytest.raises(RuleBroken, match="原因"):
            commands.release(rep, pk, wrong)
    with pytest.raises(RuleBroken, match="太长"):
        commands.release(rep, pk, "price", note="长" * 501)
    commands.release(rep, pk, "price", note="差两成")
    latest = queries.episodes(rep, pk).first()
    assert (latest.reason, latest.note, latest.former_id) == ("price", "差两成", rep.person_id)
    entry = JournalEntry.objects.filter(kind="customers.OwnerChanged").latest("pk")
    assert entry.data["reason"] == "price" and "差两成" not in str(entry.data)


@pytest.fixture
def committed_world(transactional_db: None) -> Iterator[World]:
    world = make_world()
    with time_machine.travel(MONDAY, tick=True):
        limit("claims_a_day", 0)
        limit("most_held", 0)
        yield world


def together(threads: ThreadPoolExecutor, actors: Sequence[Actor], ids: Sequence[int]) -> int:
    """How many of those who claim at the same moment, each his customer, succeed."""
    start = Barrier(len(actors))

    def one(number: int) -> bool:
        try:
            connection.ensure_connection()
            start.wait()
            commands.claim(actors[number], ids[number])
        except Refusal:
            return False
        finally:
            connection.close()
        return True

    return sum(threads.map(one, range(len(actors))))


@rounds(30)
def test_of_many_who_claim_at_once_exactly_one_wins(committed_world: World, rounds: int) -> None:
    world = committed_world
    claimants = [world.actor(key) for key in ("east_rep", "east_peer", "south_rep", "shanghai_rep")]
    ids = in_pool(rounds)
    with ThreadPoolExecutor(len(claimants)) as threads:
        assert [together(threads, claimants, [pk] * len(claimants)) for pk in ids] == [1] * rounds
    everything = world.actor("administrator")
    owners = {row.pk: row.owner_id for row in queries.customers(everything, "team")}
    for pk in ids:
        rows = queries.episodes(everything, pk)
        story = [(row.person_id, row.started_cause, row.ended_cause) for row in rows]
        assert story == [(owners[pk], "claim", ""), (None, "registration", "claim")]
    assert Pool.objects.count() == 1


@rounds(30)
def test_who_claims_twice_at_once_does_not_slip_past_the_limit(committed_world: World, rounds: int) -> None:
    rep = committed_world.actor("east_rep")
    ids = in_pool(rounds * 2)
    limit("most_held", 1)
    claimed = OwnershipEpisode.objects.visible_to(SYSTEM).filter(person_id=rep.person_id, started_cause="claim")
    with ThreadPoolExecutor(2) as threads:
        for first, second in zip(ids[::2], ids[1::2], strict=True):
            assert together(threads, [rep, rep], [first, second]) == 1
            commands.assign(SYSTEM, [claimed.get(ended_at=None).customer_id], committed_world.id("east_peer"))
    assert claimed.count() == rounds
