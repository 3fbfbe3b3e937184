"""Which way deals go, against counts worked out by hand, and against the rows behind."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.support.kept import made_once
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.insight.models import DepartmentStageStep
from xiaocheng.insight.queries import (
    Conformance,
    FromStage,
    Selection,
    closings,
    conformance,
    left_spans,
    spans,
)
from xiaocheng.insight.rollups import differences
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.commands import OpportunityDraft, ProcessDraft, StageDraft
from xiaocheng.selling.pipeline.models import Opportunity
from xiaocheng.selling.pipeline.steps import StageStep

from .conftest import FIRST_QUARTER, YEAR, Sales, day


def row(found: Conformance, code: str) -> FromStage:
    return next(item for item in found.rows if item.code == code)


def went(found: Conformance, code: str) -> dict[str, tuple[int, str]]:
    return {step.code: (step.n, step.mark) for step in row(found, code).steps if step.n}


@pytest.fixture
def gone(sales: Sales) -> Sales:
    """Of eight: six to the quote (one of them back, and lost), two straight to the talk, where one is won."""
    made_once("gone their ways", lambda: _go(sales))
    return sales


def _go(sales: Sales) -> None:
    for n in range(6):
        deal = sales.open("east_rep", at=n)
        sales.move(deal, "quote", n + 1)
        if n == 0:
            sales.move(deal, "meet", 3)
            sales.lose(deal, 4)
    for n in range(2):
        deal = sales.open("shanghai_rep", at=n)
        sales.move(deal, "talk", n + 2)
        if n:
            sales.win(deal, 9)


def test_each_step_is_counted_and_what_leaves_out_or_goes_back_is_marked(gone: Sales) -> None:
    found = conformance(SYSTEM, gone.selection())
    assert went(found, "meet") == {"quote": (6, ""), "talk": (2, "skip"), "lost": (1, "")}
    assert went(found, "quote") == {"meet": (1, "back")}
    assert went(found, "talk") == {"won": (1, "")}
    assert [code for code, _name in found.columns] == ["meet", "quote", "talk", "won", "lost"]


def test_the_rates_are_of_what_went_on_and_of_what_left(gone: Sales) -> None:
    found = conformance(SYSTEM, gone.selection())
    assert (found.skip_rate.numerator, found.skip_rate.n) == (2, 9)
    assert (found.back_rate.numerator, found.back_rate.n) == (1, 11)
    meet = row(found, "meet")
    assert (meet.skip_rate.numerator, meet.skip_rate.n, meet.back_rate.n) == (2, 8, 9)
    people = {line.name: (int(line.skip_rate.numerator), line.skip_rate.n) for line in found.people}
    assert people == {gone.world.person("east_rep").name: (0, 6), gone.world.person("shanghai_rep").name: (2, 3)}


def test_a_win_that_leaves_stages_out_is_marked_though_it_counts_as_advanced(sales: Sales) -> None:
    sales.win(sales.open(), 3)
    found = conformance(SYSTEM, sales.selection())
    assert went(found, "meet") == {"won": (1, "skip")}
    assert found.skip_rate.numerator == 0


def test_what_went_to_another_process_stands_in_a_column_of_its_own(sales: Sales) -> None:
    other = commands.install_template(SYSTEM, "standard").versions.get()
    deal = sales.open()
    assert conformance(SYSTEM, sales.selection()).is_empty
    with clock.as_of(day(1)):
        commands.change_process(SYSTEM, deal.pk, other.pk, other.stages.first().pk, "大客户")
    found = conformance(SYSTEM, sales.selection())
    assert found.columns[-1] == ("", "")
    assert went(found, "meet") == {"": (1, "")}


def test_every_number_is_as_many_as_its_rows_for_everybody(gone: Sales) -> None:
    selection = gone.selection()
    for who in ("director", "east_manager", "east_rep", "shanghai_rep", "south_manager"):
        actor = gone.actor(who)
        found = conformance(actor, selection)
        assert found.skip_rate.n == spans(actor, selection, exit="forward", worked=True).count()
        assert found.back_rate.n == spans(actor, selection, exit="exited", worked=True).count()
        for item in found.rows:
            for step in item.steps:
                assert step.n == spans(actor, selection, stage=item.code, to=step.code).count() or not step.code
    assert conformance(gone.actor("south_manager"), selection).is_empty


def test_a_quarter_a_person_and_a_source_are_read_alike(gone: Sales) -> None:
    east = conformance(SYSTEM, gone.selection(whose=Whose(people=frozenset({gone.world.id("east_rep")}))))
    assert went(east, "meet") == {"quote": (6, ""), "lost": (1, "")}
    assert went(conformance(SYSTEM, gone.selection(FIRST_QUARTER)), "meet")["talk"] == (2, "skip")
    unknown = conformance(SYSTEM, gone.selection(source=""))
    assert (went(unknown, "meet")["quote"], unknown.people) == ((6, ""), ())


def test_a_step_taken_back_is_not_counted_and_a_wrong_count_is_found(sales: Sales) -> None:
    deal = sales.open("east_rep")
    with clock.as_of(day(1)):
        commands.move(sales.rep("east_rep"), deal.pk, sales.stages["quote"])
        assert went(conformance(SYSTEM, sales.selection()), "meet") == {"quote": (1, "")}
        commands.undo_move(sales.rep("east_rep"), deal.pk)
    assert conformance(SYSTEM, sales.selection()).is_empty
    assert differences() == []
    DepartmentStageStep.objects.filter(department_id=0).update(n=3)
    assert len(differences()) == 1


def test_without_any_process_nothing_is_said(world: World) -> None:
    assert conformance(SYSTEM, Sales(world).selection()).is_empty


def test_closed_deals_are_judged_by_their_way(sales: Sales) -> None:
    straight, skips, back = sales.open("east_rep"), sales.open("east_rep"), sales.open("shanghai_rep")
    for deal, way in ((straight, ["quote", "talk"]), (skips, ["talk"]), (back, ["quote", "meet", "quote", "talk"])):
        for at, to in enumerate(way, 1):
            sales.move(deal, to, at)
    for deal in (straight, skips, back):
        sales.win(deal, 9)
    sales.lose(sales.open("east_rep"), 9, "invalid")
    sales.lose(sales.open("shanghai_rep"), 19)
    kept = conformance(SYSTEM, sales.selection()).kept
    assert (kept.conform.numerator, kept.conform.n, kept.straight.numerator) == (4, 4, 2)
    assert (kept.skipping, kept.returning) == (1, 1)
    found = conformance(SYSTEM, sales.selection()).variants
    assert [(item.path, item.kind, item.share.numerator) for item in found.of_all] == [
        ("meet", "straight", 1),
        ("meet>quote>meet>quote>talk", "back", 1),
        ("meet>quote>talk", "straight", 1),
        ("meet>talk", "skip", 1),
    ]
    assert [item.path for item in found.of_won] == ["meet>quote>meet>quote>talk", "meet>quote>talk", "meet>talk"]
    assert found.of_all[0].stages == (("meet", "认识"),)
    assert (found.of_all[0].days.value, found.of_all[0].won.numerator) == (Decimal(19), 0)
    people = {line.name: line.kept.conform.n for line in conformance(SYSTEM, sales.selection()).people}
    assert people == {sales.world.person("east_rep").name: 2, sales.world.person("shanghai_rep").name: 2}
    assert sum(line.kept.conform.n for line in conformance(SYSTEM, sales.selection()).teams) == 4
    assert differences() == []


def test_a_gate_passed_over_breaks_the_process_and_is_seen_where_it_was_closed(sales: Sales) -> None:
    process = commands.install_template(SYSTEM, "standard")
    stages = {stage.code: stage.pk for stage in process.versions.get().stages.all()}
    deal = sales.open()
    with clock.as_of(day(1)):
        first = next(iter(stages.values()))
        commands.change_process(SYSTEM, deal.pk, process.versions.get().pk, first, "大客户")
        commands.win(SYSTEM, deal.pk, "好", bypass=True)
    assert conformance(SYSTEM, sales.selection()).kept.conform.n == 0
    found = conformance(SYSTEM, Selection(YEAR, process_id=process.pk))
    assert (found.kept.conform.numerator, found.kept.conform.n) == (0, 1)
    assert closings(SYSTEM, sales.selection(), way="breaching").count() == 0
    assert closings(SYSTEM, Selection(YEAR, process_id=process.pk), way="breaching").count() == 1


def test_a_reopened_deal_is_taken_off_where_it_is_opened_again_and_rows_sum_to_the_number(sales: Sales) -> None:
    deal = sales.open()
    sales.win(deal, 5)
    assert conformance(SYSTEM, sales.selection()).kept.conform.n == 1
    sales.reopen(deal, 40)  # in April
    assert conformance(SYSTEM, sales.selection()).kept.conform.n == 0
    assert conformance(SYSTEM, sales.selection(FIRST_QUARTER)).kept.conform.n == 1
    rows = closings(SYSTEM, sales.selection(), way="judged", path="meet")
    assert [row.sign for row in rows.order_by("pk")] == [1, -1]
    assert conformance(SYSTEM, sales.selection()).variants.of_all == ()
    assert differences() == []


def test_the_judged_are_as_many_as_their_rows_for_everybody_and_in_any_days(gone: Sales) -> None:
    for at, who in enumerate(("east_rep", "east_rep", "shanghai_rep", "south_rep")):
        deal = gone.open(who, at=at)
        gone.move(deal, "talk", at + 1)
        gone.win(deal, at + 2)
    part = Period(day(1).date(), day(8).date(), "custom")
    for period in (YEAR, FIRST_QUARTER, part):
        for who in ("director", "east_manager", "east_rep", "east_peer", "shanghai_rep", "south_manager"):
            actor = gone.actor(who)
            found = conformance(actor, gone.selection(period))
            for way, number in (
                ("judged", found.kept.conform.n),
                ("conforming", found.kept.conform.numerator),
                ("straight", found.kept.straight.numerator),
                ("skipping", found.kept.skipping),
                ("returning", found.kept.returning),
            ):
                assert number == sum(row.sign for row in closings(actor, gone.selection(period), way=way))
            for item in found.variants.of_all:
                rows = closings(actor, gone.selection(period), path=item.path)
                assert item.share.numerator == rows.count() == item.won.n


class Checked:
    """Deals of a process whose first stage requires a tick and a visit."""

    def __init__(self, world: World) -> None:
        self.world = world
        steps = (StageStep("核对预算", "", True, "check"), StageStep("拜访", "visit", True, "go"))
        drafts = [
            StageDraft("认识", code="meet", steps=steps),
            StageDraft("报价", code="quote"),
            StageDraft("成交", "won", code="won"),
            StageDraft("输单", "lost", code="lost"),
        ]
        self.process = commands.add_process(SYSTEM, ProcessDraft("两步", "two", drafts))
        commands.publish(SYSTEM, self.process.versions.get().pk)
        self.stages = {stage.code: stage.pk for stage in self.process.versions.get().stages.all()}

    def left(self, at: float, *, ticked: bool, visited: bool) -> Opportunity:
        with clock.as_of(day(at)):
            deal = commands.open_opportunity(self.world.actor("east_rep"), OpportunityDraft(name="机会"))
            if visited:
                commands.note_evidence(SYSTEM, deal.pk, "visit", f"visit:{deal.pk}", day(at))
        with clock.as_of(day(at + 1)):
            done = ["check"] if ticked else []
            commands.move(SYSTEM, deal.pk, self.stages["quote"], bypass=True, reason="急", done=done)
        return deal


def test_required_steps_count_when_done_in_the_stay_and_apart_when_recorded_later(world: World) -> None:
    checked = Checked(world)
    checked.left(0, ticked=True, visited=True)
    late = checked.left(1, ticked=False, visited=True)
    never = checked.left(2, ticked=False, visited=False)
    selection = Selection(YEAR, process_id=checked.process.pk)

    def acts() -> tuple[int, int, int]:
        kept = conformance(SYSTEM, selection).kept
        return int(kept.act_done.numerator), kept.act_done.n, int(kept.act_late.numerator)

    assert acts() == (1, 3, 0)
    with clock.as_of(day(9)):
        commands.tick(SYSTEM, late.pk, "check")
    assert acts() == (1, 3, 1)
    assert differences() == []
    with clock.as_of(day(10)):
        commands.note_evidence(SYSTEM, never.pk, "visit", "visit:9", day(2.5))
        assert acts() == (1, 3, 1)
        commands.tick(SYSTEM, never.pk, "check")
    assert acts() == (1, 3, 2)
    assert differences() == []
    assert [left_spans(SYSTEM, selection, of).count() for of in ("due", "done", "late", "undone")] == [3, 1, 2, 0]
    part = replace(selection, period=Period(day(1).date(), day(2).date(), "custom"))
    assert conformance(SYSTEM, part).kept.act_done.n == left_spans(SYSTEM, part).count() == 2


def test_a_stay_that_was_invalid_is_not_asked_for_its_steps(world: World) -> None:
    checked = Checked(world)
    with clock.as_of(day(0)):
        deal = commands.open_opportunity(world.actor("east_rep"), OpportunityDraft(name="机会"))
        commands.lose(SYSTEM, deal.pk, "invalid")
    assert conformance(SYSTEM, Selection(YEAR, process_id=checked.process.pk)).kept.act_done.n == 0
    assert differences() == []
