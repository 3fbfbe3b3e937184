"""Several people who answer for one opportunity: shares that sum to 100, rights, and what becomes of them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.org.commands import disable_person
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.queries import notes, said
from xiaocheng.selling.customers.queries import customers
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.commands import CoOwner
from xiaocheng.selling.pipeline.models import Opportunity, OpportunityMember

from .deals import Deals

pytestmark = pytest.mark.django_db
FORTY = Decimal(40)


def agree(deals: Deals, row: Opportunity, *others: tuple[str, Decimal | int], who: str = "east_rep") -> None:
    named = [CoOwner(deals.world.id(key), Decimal(share)) for key, share in others]
    commands.agree_shares(deals.world.actor(who), row.pk, named)


def answering(deals: Deals, row: Opportunity) -> dict[str, Decimal]:
    return {it.name: it.share for it in queries.holders(SYSTEM, deals.fresh(row))}


@pytest.fixture
def row(deals: Deals) -> Opportunity:
    """A deal of 张三 with a customer of his, of which 钱外人 has 40 %."""
    made = deals.opened()
    agree(deals, made, ("south_rep", FORTY))
    return deals.fresh(made)


def test_a_co_owner_opens_and_works_the_deal_as_his_own(deals: Deals, row: Opportunity) -> None:
    other = deals.world.actor("south_rep")
    assert answering(deals, row) == {"张三": 60, "钱外人": 40}
    for view in ("mine", "all"):
        assert [it.pk for it in queries.opportunities(other, view)] == [row.pk]
    assert queries.board(other, deals.process.pk, "mine").count == 1
    assert [it.pk for it in customers(other, "all")] == [row.customer_id]
    commands.edit(other, row.pk, row.edit_version, name="换线项目二期")
    deals.move(row, "contact", "south_rep")
    assert commands.win(other, row.pk, "一起拿下").state == "won"


def test_to_share_it_and_to_give_it_away_is_for_the_owner_and_his_line(deals: Deals, row: Opportunity) -> None:
    for who in ("south_rep",):
        with pytest.raises(RuleBroken, match="负责人或其上级"):
            agree(deals, row, who=who)
        with pytest.raises(RuleBroken, match="负责人或其上级"):
            commands.hand_over(deals.world.actor(who), [row.pk], deals.world.id("south_rep"))
    for who in ("south_manager", "east_peer"):  # to whom nobody opened it
        with pytest.raises(NotFound):
            agree(deals, row, who=who)
        assert not queries.opportunities(deals.world.actor(who), "all")
    agree(deals, row, ("south_rep", Decimal("33.33")), ("east_peer", Decimal("0.01")), who="east_manager")
    assert answering(deals, row) == {"张三": Decimal("66.66"), "钱外人": Decimal("33.33"), "赵六": Decimal("0.01")}


def test_shares_make_sense_or_are_refused(deals: Deals, row: Opportunity) -> None:
    faults = {
        "小于 100": [("south_rep", 60), ("east_peer", 40)],
        "份额:": [("south_rep", Decimal("33.333"))],
        "一次": [("south_rep", 10), ("south_rep", 20)],
        "不用再": [("east_rep", 10)],
        "停用": [("east_disabled", 10)],
        "大于 0": [("south_rep", 0)],
    }
    for words, others in faults.items():
        with pytest.raises(RuleBroken, match=words):
            agree(deals, row, *others)
    assert answering(deals, row) == {"张三": 60, "钱外人": 40}


def test_who_is_no_longer_among_them_loses_the_deal_and_its_customer(deals: Deals, row: Opportunity) -> None:
    other = deals.world.actor("south_rep")
    agree(deals, row)
    assert answering(deals, row) == {"张三": 100} and not deals.fresh(row).is_shared
    other = deals.world.actor("south_rep")
    assert not queries.opportunities(other, "all") and not customers(other, "all")
    [former] = OpportunityMember.objects.visible_to(SYSTEM).filter(opportunity=row)
    assert former.ended_at is not None and former.share == FORTY
    told = [item.sentence for item in timeline("pipeline.opportunity", row.pk, limit=5)]
    assert told[0] == "商机由 张三 独自负责"
    assert "约定共同负责:负责人 张三 60%;钱外人 40%" in told


def test_who_joins_is_told_and_who_stays_is_not_told_again(deals: Deals, row: Opportunity) -> None:
    agree(deals, row, ("south_rep", 30), ("east_peer", 20))
    agree(deals, row, ("south_rep", 30), ("east_peer", 20))
    tell(SYSTEM)
    for who in ("south_rep", "east_peer"):
        actor = deals.world.actor(who)
        [note] = notes(actor)
        assert "请您共同负责" in said(actor, note)


def test_shares_of_a_closed_deal_stay_until_it_is_opened_again(deals: Deals, row: Opportunity) -> None:
    commands.win(deals.world.actor("east_rep"), row.pk, "好", bypass=False)
    with pytest.raises(RuleBroken, match="重新打开"):
        agree(deals, row, ("south_rep", 10))
    commands.reopen(deals.world.actor("east_rep"), row.pk, "份额要改")
    agree(deals, row, ("south_rep", 10))
    commands.undo_move(deals.world.actor("east_rep"), row.pk)  # the reopening was a mistake: as it was closed
    assert answering(deals, row) == {"张三": 60, "钱外人": 40}


def test_a_co_owner_who_becomes_the_owner_has_the_rest_and_his_share(deals: Deals, row: Opportunity) -> None:
    agree(deals, row, ("south_rep", 40), ("east_peer", 10))
    commands.hand_over(deals.world.actor("director"), [row.pk], deals.world.id("south_rep"))
    assert answering(deals, row) == {"钱外人": 90, "赵六": 10}
    assert deals.fresh(row).is_shared


def test_the_shares_of_somebody_who_leaves_are_the_successors_or_the_owners(deals: Deals, row: Opportunity) -> None:
    world = deals.world
    disable_person(SYSTEM, world.id("south_rep"), successor_id=world.id("promoter"))
    assert answering(deals, row) == {"张三": 60, "孙促销": 40}
    assert queries.opportunities(world.actor("promoter"), "mine").count() == 1
    disable_person(SYSTEM, world.id("promoter"), successor_id=world.id("east_rep"))
    assert answering(deals, row) == {"张三": 100}
