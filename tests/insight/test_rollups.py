"""Whatever happens, the rollups say what the facts say."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, Refusal
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.insight import commands
from xiaocheng.insight.counting import COLUMNS
from xiaocheng.insight.models import (
    DepartmentCohort,
    DepartmentPath,
    DepartmentStageAge,
    DepartmentStageMonth,
    DepartmentStageStep,
    OfferStageMonth,
    PersonStageMonth,
    StageMonth,
)
from xiaocheng.insight.queries import Funnel, funnel, result, spans
from xiaocheng.insight.rollups import differences
from xiaocheng.selling.pipeline import commands as pipeline
from xiaocheng.selling.pipeline.models import StageSpan, StageTransition

from .conftest import Sales, day, rolled_back

PEOPLE = ("east_rep", "shanghai_rep", "south_rep")
SEEN_BY = ("director", "east_manager", "south_manager", "east_rep", "east_peer")
ACTS = ("meet", "quote", "talk", "win", "lose", "lose_invalid", "reopen", "undo")
steps = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.integers(0, 400),  # cents of the amount, and which source
        st.lists(st.tuples(st.sampled_from(ACTS), st.floats(0.001, 40)), max_size=5),
    ),
    min_size=1,
    max_size=4,
)


def live(sales: Sales, lives: list[tuple[str, int, list[tuple[str, float]]]]) -> None:
    """Deals that go the way of the example; what a rule forbids does not happen."""
    for who, cents, acts in lives:
        at = 0.0
        source = ("", "referral")[cents % 2]
        deal = sales.open(who, amount=None if cents % 7 == 0 else f"{cents}.{cents % 100:02d}", source=source)
        for act, wait in acts:
            at += wait
            try:
                take(sales, who, deal.pk, act, at)
            except Refusal:
                continue


def take(sales: Sales, who: str, deal_id: int, act: str, at: float) -> None:
    rep = sales.rep(who)
    with clock.as_of(day(at)):
        if act in sales.stages:
            pipeline.move(rep, deal_id, sales.stages[act])
        elif act == "win":
            pipeline.win(rep, deal_id, "好")
        elif act in {"lose", "lose_invalid"}:
            pipeline.lose(rep, deal_id, "invalid" if act == "lose_invalid" else "price")
        elif act == "reopen":
            pipeline.reopen(rep, deal_id, "又来了")
        else:
            pipeline.undo_move(rep, deal_id)


def entries(found: Funnel) -> Counter[str]:
    return Counter({line.code: line.entries.n for line in found.lines})


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(lives=steps)
def test_five_exits_add_up_and_equal_the_facts_in_every_scope(sales: Sales, lives: Any) -> None:
    with rolled_back():
        live(sales, lives)
        assert differences() == []
        selection = sales.selection()
        for who in SEEN_BY:
            actor = sales.actor(who)
            for line in funnel(actor, selection).lines:
                rows = spans(actor, selection, stage=line.code)
                assert sum(item.figure.n for item in line.exits) == line.entries.n == rows.count()
                assert line.opportunities.n == rows.values("opportunity").distinct().count()
                assert line.amount == sum(row.amount or 0 for row in rows)
        teams: Counter[str] = Counter()
        for department in sales.world.department_ids.values():
            teams += entries(funnel(SYSTEM, sales.selection(whose=Whose(departments=frozenset({department})))))
        assert teams == +entries(funnel(SYSTEM, selection))


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(lives=steps)
def test_rebuilding_changes_nothing(sales: Sales, lives: Any) -> None:
    with rolled_back():
        live(sales, lives)
        before = tables()
        commands.rebuild(SYSTEM)
        assert tables() == before
        assert JournalEntry.objects.filter(kind="insight.RollupsRebuilt").count() == 1


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(lives=steps, seen_until=st.floats(0, 60))
def test_the_spans_as_of_an_instant_are_what_the_moves_until_then_make(
    sales: Sales, lives: Any, seen_until: float
) -> None:
    with rolled_back():
        live(sales, lives)
        instant = day(seen_until)
        spans_now: Counter[int] = Counter()
        for span in StageSpan.objects.visible_to(SYSTEM).filter(occurred_at__lte=instant):
            if span.left_at is None or span.left_at > instant:
                spans_now[span.stage_id] += 1
        replayed: dict[int, int] = {}
        moves = StageTransition.objects.visible_to(SYSTEM).exclude(kind__in=["correction", "undo"])
        for move in moves.filter(occurred_at__lte=instant).order_by("occurred_at", "pk"):
            replayed[move.opportunity_id] = move.to_stage_id
        assert spans_now == Counter(replayed.values())


def test_handing_a_deal_over_changes_nothing_in_the_past(sales: Sales) -> None:
    deal = sales.open("east_rep")
    sales.move(deal, "quote", 3)
    before = tables()
    pipeline.hand_over(SYSTEM, [deal.pk], sales.world.id("south_rep"))
    assert tables() == before
    assert funnel(sales.actor("south_rep"), sales.selection()).is_empty
    sales.win(deal, 5)
    assert result(sales.actor("south_rep"), sales.selection()).orders.n == 1
    assert result(sales.actor("east_rep"), sales.selection()).orders.n == 0


def test_a_rep_may_not_rebuild(world: World) -> None:
    with pytest.raises(NotAllowed):
        commands.rebuild(world.actor("east_rep"))


def test_what_a_new_version_brought_is_counted_once(sales: Sales) -> None:
    sales.move(sales.open(), "quote", 3)
    before = tables()
    for model in (DepartmentPath, DepartmentStageAge, DepartmentStageStep, DepartmentCohort):
        model.objects.all().delete()
    assert commands.fill_new_rollups(SYSTEM) > 0
    assert tables() == before
    assert commands.fill_new_rollups(SYSTEM) == 0
    with pytest.raises(NotAllowed):
        commands.fill_new_rollups(sales.actor("east_rep"))


def test_a_version_that_brings_paths_counts_all_tables_again(sales: Sales) -> None:
    sales.win(sales.open(), 3)
    before = tables()
    DepartmentPath.objects.all().delete()
    DepartmentStageMonth.objects.update(judged=0, straight=0)
    assert commands.fill_new_rollups(SYSTEM) > 0
    assert tables() == before
    assert commands.fill_new_rollups(SYSTEM) == 0


def test_a_wrong_rollup_is_found(sales: Sales) -> None:
    sales.open()
    DepartmentStageMonth.objects.filter(department_id=0).update(staying=7)
    assert len(differences()) == 1
    DepartmentStageAge.objects.filter(department_id=0).update(n=7)
    assert len(differences()) == 3  # its month and its year
    sales.win(sales.open(), 3)
    DepartmentPath.objects.filter(department_id=0).update(n=7)
    assert len(differences()) == 5
    DepartmentCohort.objects.filter(department_id=0, exit="won").update(n=7)
    assert len(differences()) == 7


def tables() -> list[set[tuple[tuple[str, Any], ...]]]:
    """What the seven tables say; a row that has come to nothing again says nothing."""
    kept = []
    stages = (PersonStageMonth, DepartmentStageMonth, OfferStageMonth)
    for model in (*stages, DepartmentStageAge, DepartmentStageStep, DepartmentPath, DepartmentCohort):
        rows = model.objects.values(*(field.name for field in model._meta.fields if field.name != "id"))
        columns = COLUMNS if issubclass(model, StageMonth) else ["n"]
        kept.append({tuple(row.items()) for row in rows if any(row[name] for name in columns)})
    return kept
