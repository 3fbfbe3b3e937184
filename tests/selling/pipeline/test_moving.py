"""Opportunities go through their process, and what the process forbids is refused with a sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.measures import differences
from xiaocheng.foundation.kernel.scope import grant
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.commands import OpportunityDraft
from xiaocheng.selling.pipeline.models import Closing, Opportunity, ProcessVersion, StageTransition
from xiaocheng.selling.pipeline.steps import StageStep, as_kept

from .deals import Deals


def sentences(row: Opportunity) -> list[str]:
    return [item.sentence for item in timeline("pipeline.opportunity", row.pk)]


def test_a_new_opportunity_stands_in_the_first_stage_of_its_owner(deals: Deals) -> None:
    row = deals.opened()
    assert (deals.stage(row), row.state, row.owner_id) == ("identify", "open", deals.world.id("east_rep"))
    assert deals.way(row) == [("identify", "")]
    assert any(
        sentence.startswith("新建商机「换线项目」") and "阶段「识别」" in sentence for sentence in sentences(row)
    )


def test_a_customer_and_a_product_are_name_enough(deals: Deals) -> None:
    rep = deals.world.actor("east_rep")
    draft = OpportunityDraft(customer_id=deals.customer(), product_id=deals.product_id)
    assert commands.open_opportunity(rep, draft).name == "甲公司 一号机"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"customer_id": None, "product_id": None, "name": " "}, "name"),
        ({"amount": Decimal(-1)}, "amount"),
        ({"source": "nowhere"}, "source"),
        ({"process_id": 999_999}, "process_id"),
    ],
)
def test_nonsense_is_refused_with_the_field_named(deals: Deals, values: dict[str, object], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        deals.opened(**values)
    assert refused.value.field == field


def test_nobody_opens_an_opportunity_for_a_customer_or_owner_out_of_sight(deals: Deals) -> None:
    hidden = deals.customer("south_rep", "外人公司")
    with pytest.raises(NotFound):
        deals.opened("east_rep", customer_id=hidden)
    with pytest.raises(NotFound):
        deals.opened("east_rep", owner_id=deals.world.id("east_peer"))


def test_a_manager_opens_one_for_his_rep(deals: Deals) -> None:
    row = commands.open_opportunity(
        deals.world.actor("east_manager"), OpportunityDraft(name="交办", owner_id=deals.world.id("east_rep"))
    )
    assert row.owner_id == deals.world.id("east_rep")
    assert row.spans.get().credit_person_id == deals.world.id("east_rep")


def test_step_by_step_to_the_win(deals: Deals) -> None:
    row = deals.opened()
    for code in ("contact", "needs", "introduce", "quote", "negotiate"):
        deals.move(row, code)
    commands.win(deals.world.actor("east_rep"), row.pk, "方案最好", amount=Decimal(1200))
    assert deals.way(row) == [
        *((code, "advanced") for code in ("identify", "contact", "needs", "introduce", "quote", "negotiate")),
        ("won", ""),
    ]
    won = deals.fresh(row)
    assert (won.state, won.amount, won.close_note) == ("won", Decimal(1200), "方案最好")
    closing = Closing.objects.visible_to(SYSTEM).get()
    assert (closing.verdict, closing.amount, closing.sign, closing.stage.code) == ("won", 1200, 1, "negotiate")
    assert any(sentence.endswith("方案最好") for sentence in sentences(row))
    assert deals.fresh(row).customer.stage == "customer"


def test_after_the_win_comes_service_and_nothing_else(deals: Deals) -> None:
    row = deals.opened()
    with pytest.raises(RuleBroken):
        deals.move(row, "service")
    commands.win(deals.world.actor("east_rep"), row.pk, "老客户")
    with pytest.raises(RuleBroken):
        deals.move(row, "quote")
    deals.move(row, "service")
    assert (deals.stage(row), deals.fresh(row).state) == ("service", "won")


def test_leaving_stages_out_is_recorded_as_a_skip(deals: Deals) -> None:
    row = deals.opened()
    deals.move(row, "quote")
    assert deals.way(row) == [("identify", "skipped"), ("quote", "")]
    transition = row.transitions.latest("pk")
    assert transition.skipped == [deals.stages[code].pk for code in ("contact", "needs", "introduce")]


def test_a_stage_between_that_was_visited_before_makes_it_no_skip(deals: Deals) -> None:
    row = deals.opened()
    for code in ("contact", "needs", "identify", "introduce"):
        deals.move(row, code)
    assert deals.way(row) == [
        ("identify", "advanced"),
        ("contact", "advanced"),
        ("needs", "back"),
        ("identify", "advanced"),
        ("introduce", ""),
    ]
    assert [span.is_first for span in row.spans.order_by("seq")] == [True, True, True, False, True]


def test_a_win_counts_as_advanced_from_wherever_it_came(deals: Deals) -> None:
    row = deals.opened()
    commands.win(deals.world.actor("east_rep"), row.pk, "熟人介绍")
    assert deals.way(row) == [("identify", "advanced"), ("won", "")]
    assert len(row.transitions.latest("pk").skipped) == 5


def test_a_process_may_forbid_skipping_and_going_back(deals: Deals) -> None:
    ProcessVersion.objects.filter(pk=deals.version.pk).update(skip_allowed=False, back_allowed=False)
    row = deals.opened()
    with pytest.raises(RuleBroken, match="接触、需求分析"):
        deals.move(row, "introduce")
    deals.move(row, "contact")
    with pytest.raises(RuleBroken, match="退回"):
        deals.move(row, "identify")


def test_a_gate_names_what_is_missing_and_the_field(deals: Deals) -> None:
    rep = deals.world.actor("east_rep")
    row = commands.open_opportunity(rep, OpportunityDraft(name="没有客户"))
    deals.move(row, "contact")
    with pytest.raises(RuleBroken, match="客户、") as refused:
        deals.move(row, "quote")
    assert refused.value.field == "customer"
    assert deals.stage(row) == "contact"


def test_going_back_or_losing_asks_for_nothing(deals: Deals) -> None:
    row = commands.open_opportunity(deals.world.actor("east_rep"), OpportunityDraft(name="没有客户"))
    deals.move(row, "contact")
    deals.move(row, "identify")
    commands.lose(deals.world.actor("east_rep"), row.pk, "timing")
    assert deals.way(row)[-2:] == [("identify", "lost"), ("lost", "")]


def test_a_manager_lets_through_with_a_reason_and_it_is_recorded(deals: Deals) -> None:
    row = commands.open_opportunity(deals.world.actor("east_rep"), OpportunityDraft(name="没有客户"))
    deals.move(row, "contact")
    with pytest.raises(NotAllowed):
        deals.move(row, "needs", bypass=True, reason="急")
    with pytest.raises(RuleBroken) as refused:
        deals.move(row, "needs", "east_manager", bypass=True)
    assert refused.value.field == "reason"
    deals.move(row, "needs", "east_manager", bypass=True, reason="客户名称保密")
    transition = row.transitions.latest("pk")
    assert (transition.is_bypass, transition.unmet, transition.reason) == (True, ["customer"], "客户名称保密")
    assert transition.by_id == deals.world.id("east_manager")
    assert transition.credit_person_id == deals.world.id("east_rep")


def test_evidence_opens_a_gate(deals: Deals) -> None:
    stage = deals.stages["identify"]
    stage.steps = as_kept([StageStep("登门一次", "visit", is_required=True, key="call-on")])
    stage.save()
    row = deals.opened()
    with pytest.raises(RuleBroken, match="登门一次"):
        deals.move(row, "contact")
    for _ in range(2):
        commands.note_evidence(SYSTEM, row.pk, "visit", "visit-7", row.opened_at)
    deals.move(row, "contact")
    assert row.evidence.count() == 1


def test_won_and_lost_always_take_a_reason(deals: Deals) -> None:
    row, rep = deals.opened(), deals.world.actor("east_rep")
    for attempt in (lambda: commands.win(rep, row.pk, " "), lambda: commands.lose(rep, row.pk, "")):
        with pytest.raises(RuleBroken) as refused:
            attempt()
        assert refused.value.field == "reason"
    with pytest.raises(RuleBroken, match="列出的"):
        commands.lose(rep, row.pk, "no-such-reason")
    for code in ("won", "lost"):
        with pytest.raises(RuleBroken, match="赢单"):
            deals.move(row, code)


def test_a_loss_keeps_reason_note_and_competitor(deals: Deals) -> None:
    row = deals.opened()
    commands.lose(deals.world.actor("east_rep"), row.pk, "competitor", note="便宜一成", competitor="乙厂")
    closing = row.closings.get()
    assert (closing.reason, closing.note, closing.competitor) == ("competitor", "便宜一成", "乙厂")
    assert sentences(row)[0].startswith("在「识别」输单")
    assert sentences(row)[0].endswith("输给竞争对手 便宜一成")


def test_a_closed_one_is_opened_again_with_a_reason(deals: Deals) -> None:
    row, rep = deals.opened(), deals.world.actor("east_rep")
    deals.move(row, "contact")
    commands.lose(rep, row.pk, "price")
    with pytest.raises(RuleBroken):
        commands.reopen(rep, row.pk, "")
    commands.reopen(rep, row.pk, "客户又来了")
    assert (deals.stage(row), deals.fresh(row).state, deals.fresh(row).closed_at) == ("contact", "open", None)
    assert [(c.sign, c.verdict) for c in row.closings.order_by("pk")] == [(1, "lost"), (-1, "lost")]
    with pytest.raises(RuleBroken):
        commands.reopen(rep, row.pk, "再开一次")


def test_an_outsider_and_a_missing_one_are_the_same_404(deals: Deals) -> None:
    row = deals.opened()
    for actor, pk in ((deals.world.actor("south_rep"), row.pk), (deals.world.actor("east_rep"), 999_999)):
        with pytest.raises(NotFound):
            commands.move(actor, pk, deals.stages["contact"].pk)
        with pytest.raises(NotFound):
            commands.win(actor, pk, "x")
        with pytest.raises(NotFound):
            commands.edit(actor, pk, 1, name="x")


def test_one_to_whom_it_was_opened_may_move_it(deals: Deals) -> None:
    row = deals.opened()
    grant(Opportunity, row.pk, [deals.world.id("south_rep")], "assist")
    deals.move(row, "contact", "south_rep")
    assert row.transitions.latest("pk").credit_person_id == deals.world.id("east_rep")


def test_somebody_without_the_capability_is_refused(deals: Deals) -> None:
    row = deals.opened()
    grant(Opportunity, row.pk, [deals.world.id("promoter")], "assist")
    with pytest.raises(NotAllowed):
        deals.move(row, "contact", "promoter")
    assert StageTransition.objects.visible_to(SYSTEM).filter(opportunity=row).count() == 1


def test_a_stage_of_another_process_is_refused(deals: Deals) -> None:
    short = commands.install_template(SYSTEM, "short").versions.get()
    row = deals.opened()
    with pytest.raises(RuleBroken, match="不属于"):
        commands.move(deals.world.actor("east_rep"), row.pk, short.stages.all()[1].pk)


def test_to_another_process_the_span_is_cut_off(deals: Deals) -> None:
    short = commands.install_template(SYSTEM, "short").versions.get()
    row, rep = deals.opened(), deals.world.actor("east_rep")
    deals.move(row, "contact")
    target = short.stages.get(code="qualified")
    with pytest.raises(RuleBroken):
        commands.change_process(rep, row.pk, short.pk, target.pk, "")
    commands.change_process(rep, row.pk, short.pk, target.pk, "小单")
    assert deals.way(row) == [("identify", "advanced"), ("contact", "moved"), ("qualified", "")]
    assert deals.fresh(row).version_id == short.pk


def test_in_the_same_stage_of_a_new_edition_the_span_goes_on(deals: Deals) -> None:
    row, rep = deals.opened(), deals.world.actor("east_rep")
    deals.move(row, "contact")
    edition = commands.draft_version(SYSTEM, deals.process.pk)
    commands.publish(SYSTEM, edition.pk)
    assert deals.fresh(row).version_id == deals.version.pk
    commands.change_process(rep, row.pk, edition.pk, edition.stages.get(code="contact").pk, "用新版")
    assert deals.way(row) == [("identify", "advanced"), ("contact", "")]
    commands.move(rep, row.pk, edition.stages.get(code="needs").pk)
    assert deals.way(row) == [("identify", "advanced"), ("contact", "advanced"), ("needs", "")]


def test_measures_are_what_the_tables_say(deals: Deals) -> None:
    rep = deals.world.actor("east_rep")
    first, second, third = (deals.opened() for _ in range(3))
    commands.win(rep, first.pk, "好")
    commands.lose(rep, second.pk, "price")
    commands.lose(rep, third.pk, "invalid")
    commands.reopen(rep, second.pk, "再试")
    assert differences() == []
