"""The open opportunities of a process go over to the edition in use, stage by stage, and tell of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.support.threads import at_once, rounds
from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM, Sight
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.measures import differences
from xiaocheng.insight.queries import rollup_differences
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.commands import CarriedOver, carry_over
from xiaocheng.selling.pipeline.models import Opportunity, ProcessVersion

from .deals import Deals

WHY = "改用新版"


def next_edition(deals: Deals, *, without: str = "needs") -> ProcessVersion:
    """A second edition in use, without one stage of the first."""
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    if without:
        commands.drop_stage(SYSTEM, draft.pk, draft.stages.get(code=without).pk)
    return commands.publish(SYSTEM, draft.pk)


def stage_id(version: ProcessVersion, code: str) -> int:
    return version.stages.get(code=code).pk


def stands(deals: Deals, row: Opportunity) -> tuple[int, str]:
    return deals.fresh(row).version_id, deals.stage(row)


def test_the_same_stage_goes_on_and_a_dropped_one_is_chosen(deals: Deals) -> None:
    stays, moves, closed = deals.opened(), deals.opened(), deals.opened()
    deals.move(moves, "needs")
    commands.win(deals.world.actor("east_rep"), closed.pk, "签了")
    before = deals.fresh(stays)
    version = next_edition(deals)
    director = deals.world.actor("director")
    done = carry_over(director, version.pk, {"needs": stage_id(version, "introduce")}, WHY)
    assert done == CarriedOver(went_on=1, moved=1, left=0)
    after = deals.fresh(stays)
    assert stands(deals, stays) == (version.pk, "identify")
    assert (after.span_seq, after.entered_stage_at) == (1, before.entered_stage_at)
    assert deals.way(stays) == [("identify", "")]
    assert stands(deals, moves) == (version.pk, "introduce")
    assert deals.way(moves) == [("identify", "skipped"), ("needs", "moved"), ("introduce", "")]
    assert stands(deals, closed) == (deals.version.pk, "won")
    story = [item.sentence for item in timeline("pipeline.opportunity", stays.pk)]
    assert story[0] == "转到流程「标准销售流程」的「识别」"
    assert next(item.sentence for item in timeline("pipeline.process", deals.process.pk)) == (
        "把流程「标准销售流程」的 2 个进行中的商机转到第 2 版"
    )
    assert differences() == []
    assert rollup_differences(SYSTEM) == []


def test_without_a_choice_they_stay_and_the_act_can_be_done_again(deals: Deals) -> None:
    row = deals.opened()
    deals.move(row, "needs")
    version, director = next_edition(deals), deals.world.actor("director")
    assert carry_over(director, version.pk, {}, WHY) == CarriedOver(0, 0, 0)
    assert stands(deals, row) == (deals.version.pk, "needs")
    targets = {"needs": stage_id(version, "quote")}
    assert carry_over(director, version.pk, targets, WHY) == CarriedOver(0, 1, 0)
    assert carry_over(director, version.pk, targets, WHY) == CarriedOver(0, 0, 0)
    assert deals.way(row)[-2:] == [("needs", "moved"), ("quote", "")]


def test_it_goes_on_in_sets(deals: Deals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xiaocheng.selling.pipeline.commands.new_edition.SET", 2)
    rows = [deals.opened(customer_id=None) for _ in range(3)]
    version, director = next_edition(deals), deals.world.actor("director")
    assert carry_over(director, version.pk, {}, WHY) == CarriedOver(2, 0, 1)
    assert carry_over(director, version.pk, {}, WHY) == CarriedOver(1, 0, 0)
    assert {deals.fresh(row).version_id for row in rows} == {version.pk}


def test_from_several_older_editions_at_once_and_on_as_usual_afterwards(deals: Deals) -> None:
    first = deals.opened()
    second_edition = next_edition(deals, without="")
    second = deals.opened()
    assert second.version_id == second_edition.pk
    third = next_edition(deals)
    assert carry_over(deals.world.actor("director"), third.pk, {}, WHY).went_on == 2
    rep = deals.world.actor("east_rep")
    for row in (first, second):
        commands.move(rep, row.pk, stage_id(third, "contact"))
        commands.win(rep, row.pk, "签了")
        assert deals.way(row) == [("identify", "advanced"), ("contact", "advanced"), ("won", "")]
    assert differences() == []
    assert rollup_differences(SYSTEM) == []


def test_nonsense_is_refused(deals: Deals) -> None:
    old, version = deals.version, next_edition(deals)
    director, rep = deals.world.actor("director"), deals.world.actor("east_rep")
    for targets in ({"needs": old.stages.get(code="quote").pk}, {"needs": stage_id(version, "won")}, {"needs": 10**6}):
        with pytest.raises(RuleBroken) as refused:
            carry_over(director, version.pk, targets, WHY)
        assert refused.value.field == "targets"
    with pytest.raises(RuleBroken, match="理由"):
        carry_over(director, version.pk, {}, " ")
    with pytest.raises(RuleBroken, match="使用中"):
        carry_over(director, old.pk, {}, WHY)
    with pytest.raises(NotFound):
        carry_over(director, 10**6, {}, WHY)
    for somebody in (rep, deals.world.actor("east_manager")):
        with pytest.raises(NotAllowed):
            carry_over(somebody, version.pk, {}, WHY)


def test_the_preview_tells_how_many_for_how_much_and_whose(deals: Deals) -> None:
    deals.opened(amount=Decimal(300))
    deals.opened("south_rep", amount=Decimal(500))
    deals.move(deals.opened(amount=Decimal(70)), "needs")
    next_edition(deals)
    found = queries.carry_over_preview(deals.world.actor("director"), deals.process.pk)
    assert [(line.name, line.to and line.to.name, line.count, line.amount) for line in found.lines] == [
        ("识别", "识别", 2, 800), ("需求分析", None, 1, 70)
    ]  # fmt: skip
    assert [(one.name, one.count) for one in found.lines[0].owners] == [("张三", 1), ("钱外人", 1)]
    assert (found.count, found.amount, found.out_of_sight) == (3, 870, 0)


def test_what_is_out_of_sight_is_counted_and_stays(deals: Deals) -> None:
    mine, theirs = deals.opened(), deals.opened("south_rep")
    version = next_edition(deals)
    near = replace(deals.world.actor("director"), sight=Sight(people=frozenset({deals.world.id("east_rep")})))
    found = queries.carry_over_preview(near, deals.process.pk)
    assert (found.count, found.out_of_sight) == (1, 1)
    assert carry_over(near, version.pk, {}, WHY) == CarriedOver(1, 0, 0)
    assert (stands(deals, mine)[0], stands(deals, theirs)[0]) == (version.pk, deals.version.pk)


def test_nothing_in_use_has_no_preview(deals: Deals) -> None:
    fresh = commands.add_process(SYSTEM, commands.ProcessDraft("试一试", "try"))
    with pytest.raises(NotFound):
        queries.carry_over_preview(SYSTEM, fresh.pk)


@rounds(5)
@pytest.mark.django_db(transaction=True)
def test_two_at_once_move_each_opportunity_once(world: World, rounds: int) -> None:
    deals = Deals(world)
    director = world.actor("director")
    for _ in range(rounds):
        rows = [deals.opened(customer_id=None) for _ in range(3)]
        for row in rows:
            commands.move(world.actor("east_rep"), row.pk, row.version.stages.get(code="needs").pk)
        version = next_edition(deals, without="")
        commands.draft_version(SYSTEM, deals.process.pk)
        answers = at_once(lambda _n, pk=version.pk: carry_over(director, pk, {}, WHY), 3)
        assert sum(answer.went_on for answer in answers) == 3
        assert [deals.stage(row) for row in rows] == ["needs"] * 3
        draft = ProcessVersion.objects.get(process=deals.process, state="draft")
        commands.drop_stage(SYSTEM, draft.pk, draft.stages.get(code="needs").pk)
        last = commands.publish(SYSTEM, draft.pk)
        target = {"needs": stage_id(last, "quote")}
        answers = at_once(lambda _n, pk=last.pk, to=target: carry_over(director, pk, to, WHY), 3)
        assert sum(answer.moved for answer in answers) == 3
        assert all(deals.way(row)[-2:] == [("needs", "moved"), ("quote", "")] for row in rows)
        draft = commands.draft_version(SYSTEM, deals.process.pk)
        commands.save_stage(SYSTEM, draft.pk, commands.StageDraft("需求分析", code="needs"))
        commands.publish(SYSTEM, draft.pk)
        for row in rows:
            commands.lose(world.actor("east_rep"), row.pk, "price")
    assert differences() == []
