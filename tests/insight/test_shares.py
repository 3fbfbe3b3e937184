"""Deals that several people share: each has his part, every total above the whole once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaocheng.foundation.kernel import clock, measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import Refusal
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.insight import commands
from xiaocheng.insight.queries import closings, counted, cycle, health, people_compared, result, results_by
from xiaocheng.insight.rollups import differences
from xiaocheng.selling.pipeline import commands as pipeline
from xiaocheng.selling.pipeline.commands import CoOwner
from xiaocheng.selling.pipeline.models import Closing, ClosingShare, Opportunity

from .conftest import FIRST_QUARTER, Sales, day, rolled_back

SEEN_BY = ("director", "east_manager", "south_manager", "shanghai_lead", "east_rep", "south_rep", "east_peer")
OTHERS = ("south_rep", "shanghai_rep", "east_peer")
ACTS = ("win", "lose", "lose_invalid", "reopen", "undo", "share", "hand_over")
shares = st.lists(st.tuples(st.sampled_from(OTHERS), st.integers(1, 6000)), max_size=3, unique_by=lambda it: it[0])
lives = st.lists(
    st.tuples(
        st.one_of(st.none(), st.decimals(0, 10**9, places=4)),
        shares,
        st.lists(st.tuples(st.sampled_from(ACTS), shares, st.floats(0.001, 40)), max_size=5),
    ),
    min_size=1,
    max_size=4,
)


def agree(sales: Sales, deal: Opportunity, *others: tuple[str, int | str], who: str = "east_rep") -> None:
    """Shares in per cent."""
    named = [CoOwner(sales.world.id(key), Decimal(share)) for key, share in others]
    pipeline.agree_shares(sales.actor(who), deal.pk, named)


def live(sales: Sales, deals: list[Any]) -> None:
    """What a rule forbids does not happen."""
    for amount, first, acts in deals:
        at = 0.0
        deal = sales.open("east_rep", amount=amount)
        for act, others, wait in [("share", first, 0.001), *acts]:
            at += wait
            try:
                with clock.as_of(day(at)):
                    take(sales, deal, act, others)
            except Refusal:
                continue


def take(sales: Sales, deal: Opportunity, act: str, others: list[tuple[str, int]]) -> None:
    if act == "share":
        pipeline.agree_shares(SYSTEM, deal.pk, [CoOwner(sales.world.id(key), Decimal(n) / 100) for key, n in others])
    elif act == "win":
        pipeline.win(SYSTEM, deal.pk, "好")
    elif act in {"lose", "lose_invalid"}:
        pipeline.lose(SYSTEM, deal.pk, "invalid" if act == "lose_invalid" else "price")
    elif act == "reopen":
        pipeline.reopen(SYSTEM, deal.pk, "又来了")
    elif act == "hand_over":
        pipeline.hand_over(SYSTEM, [deal.pk], sales.world.id("south_rep"))
    else:
        pipeline.undo_move(SYSTEM, deal.pk)


def sums(found: Any) -> tuple[Decimal, ...]:
    """What adds up: deals won, lost and invalid, and their amounts."""
    return (
        found.orders.numerator,
        found.revenue.numerator,
        found.lost.numerator,
        found.lost_amount,
        found.invalid.numerator,
    )


def added(found: Any) -> tuple[Decimal, ...]:
    return tuple(map(sum, zip(*(sums(line.result) for line in found), strict=True))) or (Decimal(0),) * 5


def whole(closings_of: Any) -> tuple[Decimal, ...]:
    """The same, worked out from the deals themselves, each of them once."""
    found = [Decimal(0)] * 5
    for it in closings_of:
        amount = it.sign * (it.amount or Decimal(0))
        if it.verdict == "won":
            found[0], found[1] = found[0] + it.sign, found[1] + amount
        elif it.reason == "invalid":
            found[4] += it.sign
        else:
            found[2], found[3] = found[2] + it.sign, found[3] + amount
    return tuple(found)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(deals=lives)
def test_shares_sum_to_the_whole_in_every_total_whatever_happens(sales: Sales, deals: Any) -> None:
    with rolled_back():
        live(sales, deals)
        assert differences() == [] == measures.differences()
        every = list(Closing.objects.visible_to(SYSTEM))
        company = sums(result(SYSTEM, sales.selection()))
        assert company == whole(every)
        for by in ("person", "team", "month"):
            assert added(results_by(SYSTEM, sales.selection(), by)) == company, by
        for closing in every:
            parts = ClosingShare.objects.visible_to(SYSTEM).filter(closing=closing)
            assert bool(parts) == closing.is_shared
            if parts:
                assert sum(part.share for part in parts) == 10_000
                assert sum(part.amount or 0 for part in parts) == (closing.amount or 0)
                assert all(part.amount is None or part.amount >= 0 for part in parts)
        for who in SEEN_BY:
            actor = sales.actor(who)
            rows = [(row, *counted(row)) for row in closings(actor, sales.selection(), "won")]
            found = result(actor, sales.selection())
            assert sum((row.sign * part for row, part, _amount in rows), Decimal(0)) == found.orders.numerator
            assert sum((row.sign * (it or 0) for row, _part, it in rows), Decimal(0)) == found.revenue.numerator


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(deals=lives)
def test_counting_anew_changes_nothing(sales: Sales, deals: Any) -> None:
    with rolled_back():
        live(sales, deals)
        before = [added(results_by(SYSTEM, sales.selection(), by)) for by in ("person", "team", "product", "source")]
        commands.rebuild(SYSTEM)
        measures.rebuild()
        after = [added(results_by(SYSTEM, sales.selection(), by)) for by in ("person", "team", "product", "source")]
        assert before == after
        assert differences() == [] == measures.differences()


@pytest.fixture
def shared(sales: Sales) -> Sales:
    """A deal of 100 that 张三 shares with 钱外人 of the south, 60 to 40, is won."""
    deal = sales.open("east_rep", amount=100)
    agree(sales, deal, ("south_rep", 40))
    sales.win(deal, 3)
    return sales


def test_each_person_and_department_has_a_part_and_the_company_the_whole_once(shared: Sales) -> None:
    lines = {line.name: sums(line.result)[:2] for line in results_by(SYSTEM, shared.selection(), "person")}
    assert lines == {"张三": (Decimal("0.6"), 60), "钱外人": (Decimal("0.4"), 40)}
    teams = {line.name: sums(line.result)[:2] for line in results_by(SYSTEM, shared.selection(), "team")}
    assert teams == {"华东区": (Decimal("0.6"), 60), "华南区": (Decimal("0.4"), 40)}
    assert sums(result(SYSTEM, shared.selection()))[:2] == (1, 100)
    assert len(closings(SYSTEM, shared.selection(), "won")) == 1
    kept = measures.by_person(SYSTEM, ("pipeline.won", "pipeline.won_amount"), FIRST_QUARTER)
    ids = {
        shared.world.id(key): (Decimal(n), Decimal(m))
        for key, n, m in (("east_rep", "0.6", 60), ("south_rep", "0.4", 40))
    }
    assert {who: (kept["pipeline.won", who], kept["pipeline.won_amount", who]) for who in ids} == ids


def test_whoever_sees_only_the_co_owner_sees_his_part_and_the_row_behind_it(shared: Sales) -> None:
    for who, part, amount in (("south_manager", "0.4", 40), ("south_rep", "0.4", 40), ("east_manager", "0.6", 60)):
        actor = shared.actor(who)
        [row] = closings(actor, shared.selection(), "won")
        assert counted(row) == (Decimal(part), amount)
        assert sums(result(actor, shared.selection()))[:2] == (Decimal(part), amount)
    one = shared.selection(whose=Whose(people=frozenset({shared.world.id("south_rep")})))
    [row] = closings(SYSTEM, one, "won")
    assert counted(row) == (Decimal("0.4"), 40)
    assert not closings(shared.actor("east_peer"), shared.selection(), "won")


def test_sources_of_the_page_of_health_count_deals_and_their_parts(shared: Sales) -> None:
    for who, part, amount in (("director", 1, 100), ("south_manager", "0.4", 40), ("east_manager", "0.6", 60)):
        [source] = health(shared.actor(who), shared.selection()).sources
        assert (source.won.value, source.revenue.value) == (Decimal(part), amount), who


def test_a_shared_deal_is_one_in_the_usual_rate_of_all_people(sales: Sales) -> None:
    for who in ("east_rep", "east_peer", "south_rep", "shanghai_rep"):
        for n in range(6):
            deal = sales.open(who, amount=10)
            if who == "east_rep":
                agree(sales, deal, ("south_rep", 50))
            (sales.win if n % 2 else sales.lose)(deal, 1)
    found = people_compared(SYSTEM, sales.selection()).average
    assert (found.numerator, found.denominator) == (12, 24)


def test_how_long_a_deal_took_is_told_once_with_its_owner(shared: Sales) -> None:
    assert cycle(SYSTEM, shared.selection()).mean.n == 1
    assert cycle(shared.actor("south_manager"), shared.selection()).mean.n == 0


def test_the_remainder_of_rounding_is_the_owners(sales: Sales) -> None:
    deal = sales.open("east_rep", amount="100.01")
    agree(sales, deal, ("south_rep", "33.33"), ("east_peer", "33.33"))
    sales.win(deal, 1)
    lines = {line.name: line.result.revenue.numerator for line in results_by(SYSTEM, sales.selection(), "person")}
    assert lines == {"张三": Decimal("33.35"), "钱外人": Decimal("33.33"), "赵六": Decimal("33.33")}


def test_a_reopening_takes_from_each_what_he_was_given_then(sales: Sales) -> None:
    deal = sales.open("east_rep", amount=100)
    agree(sales, deal, ("south_rep", 40))
    sales.win(deal, 1)
    sales.reopen(deal, 40)
    agree(sales, deal, ("east_peer", 50))
    assert added(results_by(SYSTEM, sales.selection(), "person"))[:2] == (0, 0)
    sales.win(deal, 41)
    lines = {line.name: sums(line.result)[:2] for line in results_by(SYSTEM, sales.selection(), "person")}
    assert {name: found for name, found in lines.items() if any(found)} == {
        "张三": (Decimal("0.5"), 50),
        "赵六": (Decimal("0.5"), 50),
    }
