"""What won a deal goes into a library of the company, and is offered where a later deal stands at that stage."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.selling.catalogue.commands import ProductDraft, add_product
from xiaocheng.selling.customers.commands import CustomerDraft, edit, erase, merge, register
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.commands import TacticDraft
from xiaocheng.selling.pipeline.models import Opportunity, Tactic, TacticUse

from .deals import Deals


def won(deals: Deals, title: str = "", key: str = "east_rep", stage: str = "quote", **values: Any) -> Opportunity:
    """A deal that was won from the negotiation, with a tactic at a stage."""
    row = deals.opened(key, **values)
    deals.move(row, "negotiate", key)
    tactic = TacticDraft(title, stage=stage) if title else None
    return commands.win(deals.world.actor(key), row.pk, "交期短两周", tactic=tactic)


def tactic(title: str) -> Any:
    return queries.library(SYSTEM).get(title=title)


def offered(deals: Deals, row: Opportunity, key: str = "east_rep") -> list[tuple[str, tuple[str, ...], bool]]:
    found = queries.offered_tactics(deals.world.actor(key), row.pk)
    return [(item.tactic.title, item.why, item.is_used) for item in found]


def test_a_win_may_leave_a_tactic_with_the_reason_as_its_text(deals: Deals) -> None:
    row = won(deals, "先谈交期", stage="")
    kept = tactic("先谈交期")
    assert (kept.text, kept.stage.code, kept.opportunity_id) == ("交期短两周", "negotiate", row.pk)
    assert (kept.product_id, kept.author_id) == (deals.product_id, deals.world.id("east_rep"))
    assert deals.fresh(row).close_note == "交期短两周"
    assert "写下赢单打法「先谈交期」" in timeline("pipeline.opportunity", row.pk)[0].sentence
    won(deals, "")
    assert queries.library(SYSTEM).count() == 1


def test_a_win_that_is_refused_leaves_no_tactic(deals: Deals) -> None:
    row, rep = deals.opened(), deals.world.actor("east_rep")
    for draft in (
        TacticDraft("x" * 81),
        TacticDraft(" "),
        TacticDraft("对", stage="won"),
        TacticDraft("对", stage="x"),
    ):
        with pytest.raises(RuleBroken):
            commands.win(rep, row.pk, "好", tactic=draft)
    assert deals.fresh(row).state == "open" and not Tactic.objects.exists()


def test_industry_product_and_source_are_those_of_the_win(deals: Deals) -> None:
    rep = deals.world.actor("east_rep")
    buyer = register(rep, CustomerDraft(name="乙公司", industry="agriculture"))
    row = won(deals, "带样机", customer_id=buyer.pk, source="referral")
    buyer.refresh_from_db()
    edit(rep, buyer.pk, buyer.edit_version, industry="medical")
    kept = tactic("带样机")
    assert (kept.industry, kept.customer_kind, kept.source, kept.opportunity_id) == (
        "agriculture",
        "end",
        "referral",
        row.pk,
    )


def test_who_worked_on_a_won_deal_writes_what_won_it_afterwards(deals: Deals) -> None:
    row, rep = won(deals), deals.world.actor("east_rep")
    commands.write_tactic(rep, row.pk, TacticDraft("请老客户带看"))
    assert (tactic("请老客户带看").text, tactic("请老客户带看").stage.code) == ("交期短两周", "negotiate")
    still_open = deals.opened()
    with pytest.raises(RuleBroken, match="赢单之后"):
        commands.write_tactic(rep, still_open.pk, TacticDraft("太早"))
    with pytest.raises(NotFound):
        commands.write_tactic(deals.world.actor("south_rep"), row.pk, TacticDraft("外人"))


def test_its_author_and_who_keeps_the_processes_edit_and_withdraw_it(deals: Deals) -> None:
    won(deals, "先谈交期")
    kept, world = tactic("先谈交期"), deals.world
    for key in ("east_peer", "east_manager", "south_rep"):
        with pytest.raises(RuleBroken, match="写的人"):
            commands.edit_tactic(world.actor(key), kept.pk, 1, TacticDraft("改了"))
        with pytest.raises(RuleBroken, match="写的人"):
            commands.withdraw_tactic(world.actor(key), kept.pk)
    with pytest.raises(NotAllowed):
        commands.withdraw_tactic(world.actor("promoter"), kept.pk)
    commands.edit_tactic(world.actor("east_rep"), kept.pk, 1, TacticDraft("先谈交期,再谈价", "", "needs"))
    with pytest.raises(EditConflict):
        commands.edit_tactic(world.actor("director"), kept.pk, 1, TacticDraft("同时改"))
    assert tactic("先谈交期,再谈价").stage.code == "needs"
    assert queries.library(SYSTEM, "xtjq").exists() and not queries.library(SYSTEM, "两周").exists()
    commands.withdraw_tactic(world.actor("administrator"), kept.pk)
    assert not queries.library(SYSTEM).exists()
    for act in (lambda: commands.withdraw_tactic(world.actor("director"), kept.pk),
                lambda: queries.tactic(world.actor("director"), kept.pk)):  # fmt: skip
        with pytest.raises(NotFound):
            act()


def test_a_deal_is_offered_the_tactics_of_its_stage_the_best_fitting_first(deals: Deals) -> None:
    rep = deals.world.actor("east_rep")
    other = add_product(SYSTEM, ProductDraft(code="X2", name="二号机")).pk
    food = register(rep, CustomerDraft(name="食品厂", industry="agriculture")).pk
    more_food = register(rep, CustomerDraft(name="另一食品厂", industry="agriculture")).pk
    won(deals, "哪儿也不像", product_id=other)
    won(deals, "同行业", product_id=other, customer_id=food)
    won(deals, "同产品")
    won(deals, "别的阶段", stage="contact")
    row = deals.opened(customer_id=more_food)
    assert [name for name, *_more in offered(deals, row)] == []
    deals.move(row, "quote")
    assert offered(deals, row) == [
        ("同产品", ("product",), False), ("同行业", ("industry",), False), ("哪儿也不像", (), False),
    ]  # fmt: skip


def test_a_tactic_is_used_once_in_a_deal_and_its_outcome_is_counted(deals: Deals) -> None:
    won(deals, "先谈交期")
    kept, rep = tactic("先谈交期"), deals.world.actor("east_rep")
    first, second, third, fourth = (deals.opened(name=str(n)) for n in range(4))
    for row in (first, second, third, fourth):
        deals.move(row, "quote")
        commands.use_tactic(rep, row.pk, kept.pk)
        commands.use_tactic(rep, row.pk, kept.pk)
    assert TacticUse.objects.count() == 4
    commands.win(rep, first.pk, "好")
    commands.lose(rep, second.pk, "price")
    commands.lose(rep, third.pk, "invalid")
    counted = tactic("先谈交期")
    assert (counted.used, counted.decided, counted.helped) == (4, 2, 1)
    assert offered(deals, fourth) == [("先谈交期", ("product", "helped"), True)]
    commands.take_back_use(rep, fourth.pk, kept.pk)
    commands.take_back_use(rep, fourth.pk, kept.pk)
    assert tactic("先谈交期").used == 3 and offered(deals, fourth)[0][2] is False
    said = [item.sentence for item in timeline("pipeline.opportunity", fourth.pk)[:2]]
    assert said == ["取消了「用上赢单打法「先谈交期」」", "用上了赢单打法「先谈交期」"]


def test_a_tactic_is_not_used_in_its_own_a_closed_or_an_unseen_deal(deals: Deals) -> None:
    source = won(deals, "先谈交期")
    kept, rep = tactic("先谈交期"), deals.world.actor("east_rep")
    lost, unseen = deals.opened(), deals.opened("south_rep")
    commands.lose(rep, lost.pk, "price")
    for row, wrong in ((source, RuleBroken), (lost, RuleBroken), (unseen, NotFound)):
        with pytest.raises(wrong):
            commands.use_tactic(rep, row.pk, kept.pk)
    with pytest.raises(NotFound):
        commands.use_tactic(rep, deals.opened().pk, 999_999)
    assert not TacticUse.objects.exists()


def test_the_library_is_the_companys_and_the_deal_behind_is_not(deals: Deals) -> None:
    row, outsider = won(deals, "先谈交期"), deals.world.actor("south_rep")
    kept = queries.tactic(outsider, tactic("先谈交期").pk)
    assert queries.deal_behind(outsider, kept) is None
    assert queries.deal_behind(deals.world.actor("east_manager"), kept) == row
    theirs = deals.opened("south_rep")
    deals.move(theirs, "quote", "south_rep")
    commands.use_tactic(outsider, theirs.pk, kept.pk)
    assert list(queries.deals_that_used(outsider, kept.pk)) == [theirs]
    assert list(queries.deals_that_used(deals.world.actor("east_rep"), kept.pk)) == []
    assert tactic("先谈交期").used == 1


def test_a_tactic_of_a_win_that_was_taken_back_is_out_of_the_library(deals: Deals) -> None:
    undone, reopened, rep = won(deals, "误点的"), won(deals, "重开的"), deals.world.actor("east_rep")
    commands.undo_move(rep, undone.pk)
    commands.reopen(rep, reopened.pk, "客户反悔")
    assert not queries.library(SYSTEM).exists()
    commands.win(rep, reopened.pk, "还是赢了")
    assert [item.title for item in queries.library(SYSTEM)] == ["重开的"]


def test_what_won_deals_with_an_erased_person_leaves_the_library(world: World, deals: Deals) -> None:
    won(deals, "和王总打球", key="south_rep")
    row = deals.fresh(tactic("和王总打球").opportunity)
    later = deals.opened("south_rep")
    deals.move(later, "quote", "south_rep")
    commands.use_tactic(world.actor("south_rep"), later.pk, tactic("和王总打球").pk)
    Customer.objects.visible_to(SYSTEM).filter(pk=row.customer_id).update(is_person=True)
    assert erase(world.actor("administrator"), [row.customer_id or 0], "本人要求")[0].refusal is None
    kept = Tactic.objects.get()
    assert (kept.title, kept.text, kept.withdrawn_at is None) == ("—", "", False)
    assert not queries.library(SYSTEM, "打球").exists()
    assert timeline("pipeline.opportunity", later.pk)[0].sentence == "用上了赢单打法「—」"


def test_a_merge_of_customers_leaves_tactics_with_their_deal(deals: Deals) -> None:
    rep = deals.world.actor("east_rep")
    stays, goes = (register(rep, CustomerDraft(name=name)).pk for name in ("甲机械", "甲机械厂"))
    row = won(deals, "先谈交期", customer_id=goes)
    merge(deals.world.actor("east_manager"), stays, goes)
    found = queries.deal_behind(rep, tactic("先谈交期"))
    assert found is not None and (found.pk, found.customer_id) == (row.pk, stays)
