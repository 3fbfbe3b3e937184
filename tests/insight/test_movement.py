"""What changed the open pipeline: start and changes make the end, for everybody, whatever happens."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import Refusal
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.kernel.periods import Period, period
from xiaocheng.foundation.org.commands import move_person
from xiaocheng.insight import moving
from xiaocheng.insight.commands import rebuild
from xiaocheng.insight.models import PipelineChange, PipelineDay
from xiaocheng.insight.queries import (
    Movement,
    Selection,
    change_rows,
    movement,
    result,
    stage_counts,
    standing_rows,
)
from xiaocheng.insight.rollups import differences
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.models import Opportunity

from .conftest import Sales, day, rolled_back

PEOPLE = ("east_rep", "shanghai_rep", "south_rep")
SEEN_BY = ("director", "east_manager", "south_manager", "east_rep", "east_peer")
ACTS = ("quote", "win", "win_for_more", "lose", "reopen", "undo", "edit", "hand", "move_person")
lives = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.one_of(st.none(), st.integers(0, 400)),
        st.lists(st.tuples(st.sampled_from(ACTS), st.floats(0.001, 9)), max_size=5),
    ),
    min_size=1,
    max_size=4,
)


Act = tuple[float, int, str, int]  # when, which deal, what, its number


def acts_of(sales: Sales, told: list[tuple[str, int | None, list[tuple[str, float]]]]) -> list[Act]:
    """Deals of the first day, and what is done with them in the order of time."""
    acts = []
    for who, amount, steps in told:
        at, deal = 0.0, sales.open(who, amount=amount)
        for number, (act, wait) in enumerate(steps):
            at += wait
            acts.append((at, deal.pk, act, number))
    return sorted(acts)


def do(sales: Sales, acts: list[Act]) -> None:
    """As far as the rules allow."""
    for at, pk, act, number in acts:
        try:
            with clock.as_of(day(at)):
                take(sales, pk, act, number)
        except Refusal:
            continue


def live(sales: Sales, told: list[tuple[str, int | None, list[tuple[str, float]]]]) -> None:
    do(sales, acts_of(sales, told))


def take(sales: Sales, pk: int, act: str, number: int) -> None:
    row = Opportunity.objects.visible_to(SYSTEM).get(pk=pk)
    owner = next(who for who in PEOPLE if sales.world.id(who) == row.owner_id)
    if act == "quote":
        commands.move(sales.rep(owner), pk, sales.stages["quote"])
    elif act.startswith("win"):
        commands.win(sales.rep(owner), pk, "好", amount=Decimal(777) if act == "win_for_more" else None)
    elif act == "lose":
        commands.lose(sales.rep(owner), pk, ("price", "invalid")[number % 2])
    elif act == "reopen":
        commands.reopen(sales.rep(owner), pk, "又来了")
    elif act == "undo":
        commands.undo_move(sales.rep(owner), pk)
    elif act == "edit":
        commands.edit(sales.rep(owner), pk, row.edit_version, amount=(None, Decimal("50.5"), Decimal(300))[number % 3])
    elif act == "hand":
        commands.hand_over(SYSTEM, [pk], sales.world.id(PEOPLE[(PEOPLE.index(owner) + 1) % 3]))
    else:
        person, admin = sales.world.person(owner), sales.world.actor("administrator")
        to = "south" if person.department_id != sales.world.department_ids["south"] else "east"
        move_person(
            admin, person.pk,
            department_id=sales.world.department_ids[to], manager_id=sales.world.id(f"{to}_manager"),
        )  # fmt: skip


def open_now(actor: Any) -> tuple[int, Decimal]:
    rows = Opportunity.objects.visible_to(actor).filter(state="open")
    return rows.count(), sum((row.amount or Decimal(0) for row in rows), Decimal(0))


def change(found: Movement, kind: str) -> tuple[int, Decimal]:
    item = next(item for item in found.changes if item.kind == kind)
    return int(item.deals.numerator), item.amount.numerator


def deals(stand: Any) -> tuple[int, Decimal]:
    return int(stand.deals.numerator), stand.amount.numerator


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=lives, cut=st.integers(0, 40))
def test_start_and_changes_make_the_end_in_every_scope_and_the_end_is_what_is_open(
    sales: Sales, told: Any, cut: int
) -> None:
    with rolled_back():
        live(sales, told)
        assert differences() == []
        first = day(0).date() + dt.timedelta(cut)
        until_now = Selection(Period(first, dt.date(2026, 12, 31)))
        assert deals(movement(SYSTEM, until_now).end) == open_now(SYSTEM)
        of_teams = [Whose(departments=frozenset({pk})) for pk in sales.world.department_ids.values()]
        for asked in (until_now, Selection(Period(first, first + dt.timedelta(6)))):
            found = movement(SYSTEM, asked)
            parts = [movement(SYSTEM, Selection(asked.period, whose)) for whose in of_teams]
            assert deals(found.end) == tuple(map(sum, zip(*(deals(part.end) for part in parts), strict=True)))
            assert change(found, "handed") == (0, 0)
            for who in SEEN_BY:
                check(sales.actor(who), asked)


def check(actor: Any, asked: Selection) -> None:
    """Start and changes make the end, and each number is its rows."""
    found = movement(actor, asked)
    total = deals(found.start)
    for item in found.changes:
        rows = list(change_rows(actor, asked, item.kind))
        told = change(found, item.kind)
        assert told == (sum(row.n for row in rows), sum((row.amount for row in rows), Decimal(0))), item.kind
        total = (total[0] + told[0], total[1] + told[1])
    assert total == deals(found.end)
    for stand, last in ((found.start, asked.period.first - dt.timedelta(1)), (found.end, asked.period.last)):
        rows = list(standing_rows(actor, asked, last))
        assert deals(stand) == (len(rows), sum((row.worth for row in rows), Decimal(0)))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=lives, cut=st.integers(1, 30))
@example(told=[("east_rep", None, [("quote", 0.001), ("lose", 3.9)])], cut=1)  # as invalid: no entry today
def test_what_was_so_on_a_past_day_is_so_whatever_happens_later(sales: Sales, told: Any, cut: int) -> None:
    """Wins, losses, re-entries, other amounts, other owners and departments: none of them rewrites a past day."""
    with rolled_back():
        acts = acts_of(sales, told)
        do(sales, [act for act in acts if act[0] < cut])
        until = Period(dt.date(2026, 1, 1), day(cut).date() - dt.timedelta(1))
        scopes = [Whose(), *(Whose(departments=frozenset({pk})) for pk in sales.world.department_ids.values())]
        scopes += [Whose(people=frozenset({sales.world.id(who)})) for who in PEOPLE]

        def told_of_the_past() -> list[Any]:
            selections = [sales.selection(until, whose=whose) for whose in scopes]
            return [
                (
                    movement(SYSTEM, Selection(until, asked.whose)),
                    stage_counts(SYSTEM, asked.on_day(until.last)),
                    result(SYSTEM, asked),
                    sorted(row.opportunity_id for row in standing_rows(SYSTEM, asked, until.last)),
                )
                for asked in selections
            ]

        with clock.as_of(day(cut)):
            before = told_of_the_past()
        do(sales, [act for act in acts if act[0] >= cut and act[2] != "undo"])
        with clock.as_of(day(100)):
            assert told_of_the_past() == before


def test_a_week_of_every_kind_of_change(sales: Sales) -> None:
    """Three stood at the start; what came and went in the week of the ninth of March."""
    grown, shrunk, won = sales.open(at=0, amount=100), sales.open(at=0, amount=200), sales.open(at=1, amount=300)
    lost = sales.open(at=8, amount=50)
    with clock.as_of(day(8)):
        for deal, amount in ((grown, 150), (shrunk, 120)):
            row = Opportunity.objects.visible_to(SYSTEM).get(pk=deal.pk)
            commands.edit(SYSTEM, deal.pk, row.edit_version, amount=Decimal(amount))
    sales.win(won, 9, Decimal(330))
    sales.lose(lost, 10)
    sales.reopen(lost, 11)
    with clock.as_of(day(12)):
        commands.hand_over(SYSTEM, [grown.pk], sales.world.id("south_rep"))
    week = Selection(period("week", day(7).date()))
    found = movement(SYSTEM, week)
    assert deals(found.start) == (3, 600)
    assert {item.kind: change(found, item.kind) for item in found.changes} == {
        "new": (1, 50), "reopened": (1, 50), "up": (0, 80), "down": (0, -80), "handed": (0, 0), "won": (-1, -330),
        "lost": (-1, -50),
    }  # fmt: skip
    assert deals(found.end) == (3, 320)
    of_rep = movement(sales.actor("east_rep"), week)
    assert change(of_rep, "handed") == (-1, -150)
    assert change(movement(sales.actor("south_rep"), week), "handed") == (1, 150)
    assert deals(of_rep.end) == (2, 170)


def test_a_wrong_click_leaves_no_trace(sales: Sales) -> None:
    deal = sales.open()
    with clock.as_of(day(1)):
        commands.win(sales.rep("east_rep"), deal.pk, "好")
        commands.undo_move(sales.rep("east_rep"), deal.pk)
    assert [row.kind for row in PipelineChange.objects.visible_to(SYSTEM)] == ["new"]
    assert differences() == []


def test_who_changes_department_takes_his_open_deals_along(sales: Sales) -> None:
    sales.open("east_rep", amount=70)
    world = sales.world
    with clock.as_of(day(3)):
        move_person(
            world.actor("administrator"), world.id("east_rep"),
            department_id=world.department_ids["south"], manager_id=world.id("south_manager"),
        )  # fmt: skip
    everything = Period(dt.date(2026, 3, 3), dt.date(2026, 12, 31))
    east = Whose(departments=frozenset({world.department_ids["east"], world.department_ids["shanghai"]}))
    south = Whose(departments=frozenset({world.department_ids["south"]}))
    assert change(movement(SYSTEM, Selection(everything, east)), "handed") == (-1, -70)
    assert change(movement(SYSTEM, Selection(everything, south)), "handed") == (1, 70)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=lives)
def test_what_was_before_this_version_is_brought_in_from_the_stays(sales: Sales, told: Any) -> None:
    with rolled_back():
        live(sales, told)
        open_ones = deals(movement(SYSTEM, Selection(Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))).end)
        PipelineChange.objects.visible_to(SYSTEM).delete()
        PipelineDay.objects.all().delete()
        assert moving.fill_changes() > 0
        assert moving.fill_changes() == 0
        assert differences() == []
        assert deals(movement(SYSTEM, Selection(Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))).end) == open_ones


def test_rebuilding_counts_the_days_again_and_a_change_that_is_missing_is_told(sales: Sales) -> None:
    sales.open()
    deal = sales.open(at=1)
    PipelineDay.objects.filter(kind="new").update(n=7)
    assert differences() != []
    rebuild(SYSTEM)
    assert differences() == []
    PipelineChange.objects.visible_to(SYSTEM).filter(opportunity=deal).delete()
    assert any(f"opportunity {deal.pk}" in told for told in differences())


@pytest.mark.parametrize("who", ["south_manager", "south_rep"])
def test_an_outsider_sees_no_change(sales: Sales, who: str) -> None:
    sales.open("east_rep")
    asked = Selection(Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))
    assert movement(sales.actor(who), asked).is_empty
    assert not change_rows(sales.actor(who), asked)
