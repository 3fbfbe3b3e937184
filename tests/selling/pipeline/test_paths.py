"""A win or a loss keeps the way that led to it."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.commands import HistoricDeal, ProcessDraft, StageDraft
from xiaocheng.selling.pipeline.models import Closing, Opportunity, StageSpan
from xiaocheng.selling.pipeline.paths import LONGEST, keep_paths, stages_of
from xiaocheng.selling.pipeline.steps import StageStep

CHECK = StageStep("核对预算", "", True, "check")


class Way:
    """Deals of a process of four stages, the second of which asks for a step."""

    def __init__(self, world: World) -> None:
        self.world = world
        drafts = [
            StageDraft("认识", code="meet"),
            StageDraft("需求", code="need", steps=(CHECK,)),
            StageDraft("报价", code="quote"),
            StageDraft("谈判", code="talk"),
            StageDraft("成交", "won", code="won"),
            StageDraft("输单", "lost", code="lost"),
        ]
        self.process = commands.add_process(SYSTEM, ProcessDraft("四步", "four", drafts))
        self.version = commands.publish(SYSTEM, self.process.versions.get().pk)
        self.stages = {stage.code: stage.pk for stage in self.version.stages.all()}

    def opened(self) -> Opportunity:
        return commands.open_opportunity(self.world.actor("east_rep"), commands.OpportunityDraft(name="机会"))

    def go(self, deal: Opportunity, *codes: str, **more: Any) -> None:
        for code in codes:
            commands.move(SYSTEM, deal.pk, self.stages[code], **more)

    def imported(self, stage: str, **reached: dt.date) -> Opportunity:
        drafts = [HistoricDeal("A1", stage, self.world.id("east_rep"), reached)]
        (outcome,) = commands.import_history(SYSTEM, self.version.pk, drafts)
        found: Opportunity = Opportunity.objects.one(SYSTEM, outcome.opportunity_id or 0)
        return found


@pytest.fixture
def way(world: World) -> Way:
    return Way(world)


def kept(deal: Opportunity) -> tuple[str, int, int, int]:
    closing = Closing.objects.visible_to(SYSTEM).filter(opportunity=deal).latest("pk")
    return closing.path, closing.left_out, closing.went_back, closing.breaches


def test_a_straight_way_keeps_the_stages_in_order(way: Way) -> None:
    deal = way.opened()
    way.go(deal, "need")
    way.go(deal, "quote", done=["check"])
    way.go(deal, "talk")
    commands.win(SYSTEM, deal.pk, "价格好")
    assert kept(deal) == ("meet>need>quote>talk", 0, 0, 0)


def test_stages_left_out_and_ways_back_are_counted_and_a_win_may_leave_stages_out(way: Way) -> None:
    deal = way.opened()
    way.go(deal, "quote", "meet", "quote")
    commands.win(SYSTEM, deal.pk, "价格好")
    assert kept(deal) == ("meet>quote>meet>quote", 2, 1, 0)


def test_a_gate_that_was_passed_over_is_a_breach(way: Way) -> None:
    deal = way.opened()
    way.go(deal, "need")
    way.go(deal, "quote", bypass=True, reason="客户很急")
    commands.lose(SYSTEM, deal.pk, "price")
    assert kept(deal) == ("meet>need>quote", 0, 0, 1)


def test_a_mistake_is_no_part_of_the_way_and_a_closing_taken_back_is_gone(way: Way) -> None:
    with clock.as_of(dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)):
        rep = way.world.actor("east_rep")
        deal = way.opened()
        commands.move(rep, deal.pk, way.stages["talk"])
        commands.undo_move(rep, deal.pk)
        commands.win(rep, deal.pk, "价格好")
        assert kept(deal) == ("meet", 3, 0, 0)
        commands.undo_move(rep, deal.pk)
        assert not Closing.objects.visible_to(SYSTEM).exists()


def test_opening_again_goes_on_with_the_way_and_its_reversal_keeps_what_it_takes_back(way: Way) -> None:
    deal = way.opened()
    way.go(deal, "quote")
    commands.lose(SYSTEM, deal.pk, "price")
    commands.reopen(SYSTEM, deal.pk, "客户回来了")
    assert kept(deal) == ("meet>quote", 1, 0, 0)
    way.go(deal, "talk")
    commands.win(SYSTEM, deal.pk, "让了一点")
    assert kept(deal) == ("meet>quote>talk", 1, 0, 0)


def test_the_way_begins_anew_in_another_process(way: Way) -> None:
    deal = way.opened()
    way.go(deal, "quote", "meet")
    other = commands.install_template(SYSTEM, "standard").versions.get()
    commands.change_process(SYSTEM, deal.pk, other.pk, other.stages.order_by("position")[1].pk, "大客户")
    commands.lose(SYSTEM, deal.pk, "price")
    path, *rest = kept(deal)
    assert (stages_of(path)[0], len(stages_of(path)), rest) == ("", 2, [0, 0, 0])


def test_of_imported_moves_nobody_knows_the_way_but_an_imported_opening_is_one(way: Way) -> None:
    deal = way.imported("quote", meet=dt.date(2026, 1, 5))
    commands.win(SYSTEM, deal.pk, "价格好")
    assert kept(deal) == ("", 0, 0, 0)
    first = commands.import_history(SYSTEM, way.version.pk, [HistoricDeal("A2", "meet", way.world.id("east_rep"))])
    deal = Opportunity.objects.one(SYSTEM, first[0].opportunity_id or 0)
    way.go(deal, "quote")
    commands.win(SYSTEM, deal.pk, "价格好")
    assert kept(deal) == ("meet>quote", 2, 0, 0)


def test_a_very_long_way_is_cut_at_a_stage(way: Way) -> None:
    deal = way.opened()
    way.go(deal, *["quote", "meet"] * 25)
    commands.lose(SYSTEM, deal.pk, "price")
    path, left_out, went_back, _breaches = kept(deal)
    assert (path.endswith(("quote>…", "meet>…")), left_out, went_back) == (True, 1, 25)
    assert len(path) <= LONGEST + 2


def test_paths_that_are_wrong_are_found_again(way: Way) -> None:
    for reason in ("price", "timing"):
        deal = way.opened()
        way.go(deal, "quote")
        commands.lose(SYSTEM, deal.pk, reason)
    commands.reopen(SYSTEM, deal.pk, "客户回来了")
    right = list(Closing.objects.visible_to(SYSTEM).order_by("pk").values_list("path", "left_out"))
    assert right == [("meet>quote", 1)] * 3
    Closing.objects.visible_to(SYSTEM).filter(sign=1).update(path="", left_out=7)
    assert keep_paths() == 2
    assert list(Closing.objects.visible_to(SYSTEM).order_by("pk").values_list("path", "left_out")) == right
    assert keep_paths() == 0


def test_the_version_that_brought_paths_finds_them_for_former_closings(way: Way) -> None:
    brought = import_module("xiaocheng.selling.pipeline.migrations.0010_paths_of_closings")
    deal = way.opened()
    way.go(deal, "quote", "meet", "need")
    way.go(deal, "talk", bypass=True, reason="客户很急")
    commands.win(SYSTEM, deal.pk, "价格好")
    commands.reopen(SYSTEM, deal.pk, "客户回来了")
    double = way.opened()
    commands.lose(SYSTEM, double.pk, "invalid")
    imported = way.imported("won", meet=dt.date(2026, 1, 5))
    columns = ("path", "left_out", "went_back", "breaches")
    right = list(Closing.objects.visible_to(SYSTEM).order_by("pk").values_list(*columns))
    assert right[0] == ("meet>quote>meet>need>talk", 1, 1, 1)
    assert kept(imported) == ("", 0, 0, 0)
    Closing.objects.visible_to(SYSTEM).update(path="", left_out=0, went_back=0, breaches=0)
    StageSpan.objects.visible_to(SYSTEM).filter(exit_kind="invalid").update(exit_kind="lost")
    brought.keep_paths(apps, None)
    brought.mark_invalid(apps, None)
    assert list(Closing.objects.visible_to(SYSTEM).order_by("pk").values_list(*columns)) == right
    assert [span.opportunity_id for span in StageSpan.objects.visible_to(SYSTEM).filter(exit_kind="invalid")] == [
        double.pk
    ]
