"""Competitors: a register that understands names, and deals that are found under those they name."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.commands import CompetitorDraft, RivalDraft, TacticDraft
from xiaocheng.selling.pipeline.models import Competitor, Opportunity, Rival

from .deals import Deals

pytestmark = pytest.mark.django_db


def added(name: str, aliases: str = "", **more: str) -> Competitor:
    return commands.add_competitor(SYSTEM, CompetitorDraft(name=name, aliases=aliases, **more))


def met(deals: Deals, row: Opportunity) -> list[str]:
    return [it.competitor.name for it in queries.rivals_of(SYSTEM, deals.fresh(row))]


def test_a_deal_is_found_under_each_competitor_that_it_names_in_whatever_way(deals: Deals) -> None:
    added("宏达机电", "宏达、Hongda")
    added("远景科技")
    row = deals.opened(competitor="ｈｏｎｇｄａ, 远景科技;某小厂")
    assert met(deals, row) == ["宏达机电", "远景科技"]
    row = commands.edit(deals.world.actor("east_rep"), row.pk, row.edit_version, competitor="宏达")
    assert met(deals, row) == ["宏达机电"]
    commands.edit(deals.world.actor("east_rep"), row.pk, row.edit_version, competitor="")
    assert met(deals, row) == [] and not Rival.objects.exists()


def test_what_deals_said_before_there_was_a_register_is_taken_into_it_without_loss(deals: Deals) -> None:
    first, second = deals.opened(competitor="宏达、远景科技"), deals.opened(competitor="宏达")
    assert [row.name for row in commands.collect_competitors(SYSTEM)] == ["宏达", "远景科技"]
    assert (met(deals, first), met(deals, second)) == (["宏达", "远景科技"], ["宏达"])
    assert commands.collect_competitors(SYSTEM) == []
    assert deals.fresh(first).competitor == "宏达、远景科技"


def test_a_lost_deal_is_found_under_whom_it_was_lost_to(deals: Deals) -> None:
    added("宏达机电", "宏达")
    row = deals.opened()
    commands.lose(deals.world.actor("east_rep"), row.pk, "competitor", competitor="宏达")
    assert met(deals, row) == ["宏达机电"]


def test_two_entries_that_are_one_are_merged_with_deals_and_names(deals: Deals) -> None:
    kept, gone = added("宏达机电"), added("宏达股份", "宏达")
    both, one = deals.opened(competitor="宏达机电、宏达"), deals.opened(competitor="宏达股份")
    commands.merge_competitors(SYSTEM, gone.pk, kept.pk)
    assert (met(deals, both), met(deals, one)) == (["宏达机电"], ["宏达机电"])
    assert queries.competitor(SYSTEM, kept.pk).aliases == "宏达股份、宏达"
    with pytest.raises(NotFound):
        queries.competitor(SYSTEM, gone.pk)
    assert met(deals, deals.opened(competitor="宏达股份")) == ["宏达机电"]
    told = [item.sentence for item in timeline("pipeline.competitor", kept.pk, limit=1)]
    assert told == ["把「宏达股份」合并到竞争对手「宏达机电」"]


def test_a_name_means_one_competitor_and_a_former_name_stays_one_of_its_names(deals: Deals) -> None:
    row = added("宏达机电", "宏达")
    for name, aliases in (("宏达", ""), ("远景", "ＨＯＮＧＤＡ、宏达机电")):
        with pytest.raises(RuleBroken, match="请合并"):
            added(name, aliases)
    with pytest.raises(RuleBroken, match="顿号"):
        added("甲、乙")
    deal = deals.opened(competitor="宏达机电")
    commands.edit_competitor(SYSTEM, row.pk, row.edit_version, CompetitorDraft(name="宏达智造", aliases="宏达"))
    assert queries.competitor(SYSTEM, row.pk).aliases == "宏达、宏达机电"
    assert met(deals, deal) == ["宏达智造"]
    with pytest.raises(EditConflict):
        commands.edit_competitor(SYSTEM, row.pk, row.edit_version, CompetitorDraft(name="另一个"))


def test_a_deal_has_several_with_a_note_of_how_they_stand(deals: Deals) -> None:
    first, second = added("宏达"), added("远景")
    row = deals.opened(competitor="某小厂")
    rep = deals.world.actor("east_rep")
    commands.set_rivals(rep, row.pk, [RivalDraft(first.pk, "比我们便宜一成"), RivalDraft(second.pk)])
    assert deals.fresh(row).competitor == "宏达、远景、某小厂"
    found = [(it.competitor.name, it.note) for it in queries.rivals_of(rep, deals.fresh(row))]
    assert found == [("宏达", "比我们便宜一成"), ("远景", "")]
    now = deals.fresh(row)
    commands.edit(rep, row.pk, now.edit_version, competitor="宏达")  # what was noted about it stays
    assert [it.note for it in queries.rivals_of(rep, deals.fresh(row))] == ["比我们便宜一成"]
    with pytest.raises(RuleBroken, match="一次"):
        commands.set_rivals(rep, row.pk, [RivalDraft(first.pk), RivalDraft(first.pk)])
    with pytest.raises(NotFound):
        commands.set_rivals(deals.world.actor("south_rep"), row.pk, [])


def test_how_deals_went_is_told_of_those_that_one_sees(deals: Deals) -> None:
    row = added("宏达")
    rep, outsider = deals.world.actor("east_rep"), deals.world.actor("south_rep")
    won, lost, invalid = (deals.opened(competitor="宏达") for _n in range(3))
    deals.opened("south_rep", competitor="宏达", amount=Decimal(7))
    commands.win(rep, won.pk, "交期短", tactic=TacticDraft("先谈交期", "", "contact"))
    commands.lose(rep, lost.pk, "price", competitor="宏达")
    commands.lose(rep, invalid.pk, "invalid")
    found = queries.against(rep, row.pk)[row.pk]
    assert (found.open, found.won, found.won_amount, found.lost, found.lost_amount) == (0, 1, 1000, 1, 1000)
    assert queries.losses_against(rep, row.pk) == [("price", 1, 1000)]
    assert [item.title for item in queries.tactics_against(outsider, row.pk)] == ["先谈交期"]
    theirs = queries.against(outsider)[row.pk]
    assert (theirs.open, theirs.open_amount, theirs.closed) == (1, 7, 0)
    assert queries.against(deals.world.actor("director"))[row.pk].open == 1


def test_the_register_is_kept_by_those_who_may(deals: Deals) -> None:
    row = added("宏达")
    rep = deals.world.actor("east_rep")
    for act in (
        lambda: commands.add_competitor(rep, CompetitorDraft(name="远景")),
        lambda: commands.edit_competitor(rep, row.pk, 1, CompetitorDraft(name="远景")),
        lambda: commands.merge_competitors(rep, row.pk, row.pk),
        lambda: commands.collect_competitors(rep),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert commands.add_competitor(deals.world.actor("east_manager"), CompetitorDraft(name="远景")).pk
