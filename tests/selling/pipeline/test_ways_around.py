"""No way leads around the gates: neither opening a closed deal again nor putting it on another process."""

from __future__ import annotations

import pytest

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.commands import OpportunityDraft
from xiaocheng.selling.pipeline.models import Opportunity

from .deals import Deals

pytestmark = pytest.mark.django_db


@pytest.fixture
def bare(deals: Deals) -> Opportunity:
    """A deal of 张三 in its first stage, of which nothing is known but its name."""
    return commands.open_opportunity(deals.world.actor("east_rep"), OpportunityDraft(name="只有名字"))


def test_a_deal_is_opened_again_ahead_of_where_it_stood_only_through_the_gates(deals: Deals, bare: Opportunity) -> None:
    rep, quote = deals.world.actor("east_rep"), deals.stages["quote"]
    commands.lose(rep, bare.pk, "price")
    with pytest.raises(RuleBroken, match="还缺"):
        commands.reopen(rep, bare.pk, "又来了", stage_id=quote.pk)
    assert deals.fresh(bare).state == "lost"
    assert commands.reopen(rep, bare.pk, "又来了").stage.code == "identify"  # where it stood asks for nothing


def test_whoever_may_pass_gates_does_so_when_opening_again_and_it_is_recorded(deals: Deals, bare: Opportunity) -> None:
    manager, quote = deals.world.actor("east_manager"), deals.stages["quote"]
    commands.lose(manager, bare.pk, "price")
    commands.reopen(manager, bare.pk, "客户直接要报价", stage_id=quote.pk)
    last = deals.fresh(bare).transitions.latest("pk")
    assert last.is_bypass and "amount" in last.unmet


def test_a_deal_that_has_what_the_stage_asks_for_is_opened_again_there(deals: Deals) -> None:
    rep, row = deals.world.actor("east_rep"), deals.opened()
    commands.lose(rep, row.pk, "price")
    assert commands.reopen(rep, row.pk, "又来了", stage_id=deals.stages["contact"].pk).stage.code == "contact"


def test_opening_again_skips_no_stage_where_the_process_forbids_it(deals: Deals) -> None:
    rep, row = deals.world.actor("east_rep"), deals.opened()
    commands.lose(rep, row.pk, "price")
    deals.version.skip_allowed = False
    deals.version.save(update_fields=["skip_allowed"])
    with pytest.raises(RuleBroken, match="不允许跳过"):
        commands.reopen(rep, row.pk, "又来了", stage_id=deals.stages["quote"].pk)


def test_another_process_lets_a_deal_in_where_it_has_what_the_stage_asks_for(deals: Deals, bare: Opportunity) -> None:
    rep = deals.world.actor("east_rep")
    short = commands.install_template(SYSTEM, "short").versions.get()
    asking = next(stage for stage in short.stages.all() if stage.is_open and stage.enter_fields)
    with pytest.raises(RuleBroken, match="还缺"):
        commands.change_process(rep, bare.pk, short.pk, asking.pk, "换成简易流程")
    full = deals.opened()
    assert commands.change_process(rep, full.pk, short.pk, asking.pk, "换成简易流程").stage_id == asking.pk
    passed = commands.change_process(deals.world.actor("east_manager"), bare.pk, short.pk, asking.pk, "先走起来")
    assert passed.transitions.latest("pk").unmet
