"""The steps of a stage are one list: ticked by hand or by evidence, asked for by the gates, kept in the stay."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.scope import grant
from xiaocheng.selling.fieldwork.commands import ContactDraft, VisitResult, amend_result, log_contact
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.commands import StageDraft, StageStep
from xiaocheng.selling.pipeline.models import Opportunity, Stage, StageSpan
from xiaocheng.selling.pipeline.queries import Item
from xiaocheng.selling.pipeline.steps import as_kept

from .deals import Deals

ASK, CALL = (
    StageStep("问清预算", is_required=True, key="ask"),
    StageStep("打过电话", "call", is_required=True, key="rang"),
)
NICE = StageStep("查一查同行", key="nice")


@pytest.fixture
def strict(deals: Deals) -> Deals:
    """The first stage asks for a tick and a call; a third step may be left out."""
    stage = deals.stages["identify"]
    stage.steps = as_kept([ASK, CALL, NICE])
    stage.save()
    return deals


def counts(row: Opportunity) -> list[tuple[int | None, ...]]:
    """(required, done, late) of each stay, in order."""
    spans: list[StageSpan] = list(row.spans.order_by("seq"))
    return [(span.required_steps, span.done_steps, span.late_steps) for span in spans]


def items(deals: Deals, row: Opportunity, code: str, key: str = "east_rep") -> dict[str, Item]:
    page = queries.opportunity_page(deals.world.actor(key), row.pk)
    stop = next(stop for stop in page.stops if stop.stage.code == code)
    return {item.step.key: item for item in stop.items}


def rang(row: Opportunity, n: int = 1, at: dt.datetime | None = None) -> None:
    commands.note_evidence(SYSTEM, row.pk, "call", f"call-{n}", at or clock.now())


def sentences(row: Opportunity) -> list[str]:
    return [item.sentence.strip() for item in timeline("pipeline.opportunity", row.pk)]


def test_leaving_a_stage_asks_for_its_required_steps_and_for_no_other(strict: Deals) -> None:
    row, rep = strict.opened(), strict.world.actor("east_rep")
    with pytest.raises(RuleBroken, match="问清预算、打过电话"):
        strict.move(row, "contact")
    commands.tick(rep, row.pk, "ask", " 八万以内 ")
    with pytest.raises(RuleBroken, match="还缺:打过电话"):
        strict.move(row, "contact")
    rang(row)
    strict.move(row, "contact")
    assert counts(row)[0] == (2, 2, 0)
    assert "完成「识别」的步骤:问清预算 八万以内" in sentences(row)


def test_a_tick_says_who_when_and_what_and_is_an_activity(strict: Deals) -> None:
    row = strict.opened()
    with clock.as_of(row.opened_at + dt.timedelta(days=3)):
        commands.tick(strict.world.actor("east_manager"), row.pk, "ask", "八万")
        at = clock.now()
    proof = items(strict, row, "identify")["ask"].proof
    assert proof is not None
    assert (proof.by_id, proof.occurred_at, proof.note) == (strict.world.id("east_manager"), at, "八万")
    assert strict.fresh(row).last_activity_at == at


def test_two_who_tick_at_once_tick_once(strict: Deals) -> None:
    row = strict.opened()
    commands.tick(strict.world.actor("east_rep"), row.pk, "ask", "我")
    commands.tick(strict.world.actor("east_manager"), row.pk, "ask", "也是我")
    assert [(proof.by_id, proof.note) for proof in row.evidence.all()] == [(strict.world.id("east_rep"), "我")]
    assert sum("问清预算" in sentence for sentence in sentences(row)) == 1


def test_a_tick_is_untied_until_the_stage_is_left(strict: Deals) -> None:
    row, rep = strict.opened(), strict.world.actor("east_rep")
    commands.tick(rep, row.pk, "ask")
    commands.untick(rep, row.pk, "ask")
    commands.untick(rep, row.pk, "ask")
    assert items(strict, row, "identify")["ask"].proof is None
    assert sentences(row)[0] == "取消「识别」步骤的勾选:问清预算"
    rang(row)
    strict.move(row, "contact", done=["ask"])
    with pytest.raises(RuleBroken, match="已经离开「识别」"):
        commands.untick(rep, row.pk, "ask")
    assert items(strict, row, "identify")["ask"].proof is not None


def test_what_evidence_proves_is_not_ticked_by_hand_and_no_step_before_its_stage(strict: Deals) -> None:
    row, rep = strict.opened(), strict.world.actor("east_rep")
    with pytest.raises(RuleBroken, match="凭「电话沟通」的记录"):
        commands.tick(rep, row.pk, "rang")
    with pytest.raises(RuleBroken, match="还没有到过「接触」"):
        commands.tick(rep, row.pk, "contact-2")
    with pytest.raises(NotFound):
        commands.tick(rep, row.pk, "no-such-step")
    with pytest.raises(RuleBroken) as refused:
        commands.tick(rep, row.pk, "ask", "长" * 301)
    assert refused.value.field == "note"
    assert not row.evidence.exists()


def test_who_does_not_see_or_may_not_work_ticks_nothing(strict: Deals) -> None:
    row = strict.opened()
    for act in (commands.tick, commands.untick):
        for pk in (row.pk, 999_999):
            with pytest.raises(NotFound):
                act(strict.world.actor("south_rep"), pk, "ask")
    grant(Opportunity, row.pk, [strict.world.id("promoter"), strict.world.id("south_rep")], "assist")
    with pytest.raises(NotAllowed):
        commands.tick(strict.world.actor("promoter"), row.pk, "ask")
    assert not row.evidence.exists()
    commands.tick(strict.world.actor("south_rep"), row.pk, "ask")
    assert row.evidence.get().by_id == strict.world.id("south_rep")


def test_a_manager_lets_through_and_what_was_left_out_stays_in_the_stay(strict: Deals) -> None:
    row = strict.opened()
    commands.tick(strict.world.actor("east_rep"), row.pk, "ask")
    strict.move(row, "contact", "east_manager", bypass=True, reason="老客户")
    assert row.transitions.latest("pk").unmet == ["rang"]
    assert counts(row) == [(2, 1, 0), (None, None, None)]


def test_losing_and_going_back_ask_for_nothing_but_say_what_was_done(strict: Deals) -> None:
    row, rep = strict.opened(), strict.world.actor("east_rep")
    commands.tick(rep, row.pk, "ask")
    commands.lose(rep, row.pk, "timing")
    assert counts(row) == [(2, 1, 0), (None, None, None)]
    commands.reopen(rep, row.pk, "又来了")
    assert counts(row)[1] == (0, 0, 0)


def test_what_was_done_before_opening_counts_in_the_first_stage_and_before_another_stage_not(strict: Deals) -> None:
    stage = strict.stages["contact"]
    stage.steps = as_kept([StageStep("再打一次", "call", is_required=True, key="again")])
    stage.save()
    row = strict.opened()
    rang(row, at=row.opened_at - dt.timedelta(hours=2))
    strict.move(row, "contact", done=["ask"])
    strict.move(row, "needs")  # the earlier call opens the gate, too
    assert counts(row)[:2] == [(2, 2, 0), (1, 0, 0)]


def test_what_was_done_in_an_earlier_stay_need_not_be_done_again(strict: Deals) -> None:
    row = strict.opened()
    rang(row)
    strict.move(row, "contact", done=["ask"])
    strict.move(row, "identify")
    strict.move(row, "contact")
    assert [stage for stage, _exit in strict.way(row)] == ["identify", "contact", "identify", "contact"]
    assert counts(row)[::2] == [(2, 2, 0), (2, 2, 0)]


def test_what_is_proved_only_afterwards_is_counted_apart(strict: Deals) -> None:
    row, rep = strict.opened(), strict.world.actor("east_rep")
    within = clock.now()
    with clock.as_of(within + dt.timedelta(days=2)):
        strict.move(row, "contact", "east_manager", bypass=True, reason="急")
    with clock.as_of(within + dt.timedelta(days=3)):
        rang(row, 1)  # a call of the next stage proves nothing here
        assert counts(row)[0] == (2, 0, 0)
        rang(row, 2, within + dt.timedelta(days=1))
        assert counts(row)[0] == (2, 0, 1)
        commands.tick(rep, row.pk, "ask")
        assert counts(row)[0] == (2, 0, 2)
        shown = items(strict, row, "identify")
    assert {key: item.is_late for key, item in shown.items() if item.proof} == {"ask": True, "rang": True}
    assert shown["nice"].proof is None


def test_a_move_taken_back_leaves_no_counts(strict: Deals) -> None:
    row = strict.opened()
    rang(row, at=row.opened_at)
    strict.move(row, "contact", done=["ask"])
    commands.undo_move(strict.world.actor("east_rep"), row.pk)
    assert counts(row) == [(None, None, None)]
    assert items(strict, row, "identify")["ask"].proof is not None


def test_visits_and_calls_that_name_the_opportunity_tick_their_steps(strict: Deals) -> None:
    row, rep = strict.opened(), strict.world.actor("east_rep")
    quote = strict.stages["quote"].checklist[2]
    assert quote.evidence == "quote"
    told = {"customer_id": row.customer_id, "opportunity_id": row.pk}
    log_contact(rep, ContactDraft(kind="call", outcome="not_met", **told))
    assert not row.evidence.exists()
    call = log_contact(rep, ContactDraft(kind="call", result="quote", **told))
    assert {(proof.kind, proof.occurrence, proof.by_id) for proof in row.evidence.all()} == {
        (kind, f"fieldwork.visit:{call.pk}", rep.person_id) for kind in ("call", "quote")
    }
    strict.move(row, "contact", done=["ask"])


def test_a_visit_that_is_corrected_proves_what_it_tells_now(strict: Deals) -> None:
    row, rep = strict.opened(), strict.world.actor("east_rep")
    other = strict.opened(customer_id=row.customer_id, name="另一单")
    call = log_contact(
        rep, ContactDraft(kind="call", result="quote", customer_id=row.customer_id, opportunity_id=row.pk)
    )
    first = row.evidence.get(kind="call").pk
    amend_result(rep, call.pk, 1, VisitResult(outcome="met_other", result="need", opportunity_id=row.pk))
    assert [(proof.pk, proof.kind) for proof in row.evidence.all()] == [(first, "call")]
    amend_result(rep, call.pk, 2, VisitResult(outcome="met_other", result="need", opportunity_id=other.pk))
    assert not row.evidence.exists()
    assert [proof.kind for proof in other.evidence.all()] == ["call"]
    amend_result(rep, call.pk, 3, VisitResult(outcome="not_met", result="nothing", opportunity_id=other.pk))
    assert not other.evidence.exists()


def test_a_step_keeps_its_key_through_editions_and_new_words_of_its_own_do_not_take_it(deals: Deals) -> None:
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    before = deals.stages["contact"].checklist
    stage = draft.stages.get(code="contact")
    assert stage.checklist == before
    wanted = [
        StageStep(str(before[1].text), is_required=True),
        StageStep("全新的一步"),
        StageStep("改了字", key=before[0].key),
    ]
    commands.save_stage(SYSTEM, draft.pk, StageDraft("接触", steps=wanted), stage.pk)
    after = Stage.objects.get(pk=stage.pk).checklist
    assert [step.key for step in after[::2]] == [before[1].key, before[0].key]
    assert after[1].key not in {step.key for step in before}
    assert (after[0].is_required, after[2].text, after[2].evidence) == (True, "改了字", "")


def test_a_tick_goes_along_into_a_new_edition(strict: Deals) -> None:
    row, rep = strict.opened(), strict.world.actor("east_rep")
    commands.tick(rep, row.pk, "ask")
    edition = commands.draft_version(SYSTEM, strict.process.pk)
    commands.publish(SYSTEM, edition.pk)
    commands.change_process(rep, row.pk, edition.pk, edition.stages.get(code="identify").pk, "用新版")
    assert items(strict, row, "identify")["ask"].proof is not None


def test_steps_and_activities_of_former_editions_become_one_list() -> None:
    former = import_module("xiaocheng.selling.pipeline.migrations.0008_steps")
    told = former.one_list(
        ["查重", "登门"], ["visit"], lambda text, kind: text + kind, {"visit": "有效拜访"}.__getitem__
    )
    assert told == [
        {"text": "查重", "evidence": "", "is_required": False, "key": "查重"},
        {"text": "登门", "evidence": "", "is_required": False, "key": "登门"},
        {"text": "有效拜访", "evidence": "visit", "is_required": True, "key": "有效拜访visit"},
    ]


def test_a_company_that_is_brought_up_to_date_keeps_what_its_processes_asked_for(deals: Deals, world: World) -> None:
    row = deals.opened()
    deals.move(row, "contact", "east_manager")
    move = row.transitions.latest("pk")
    move.is_bypass, move.unmet = True, ["amount", "visit"]
    move.save()

    class Former:
        """The tables as they were before: a stage with sentences and activities."""

        def __init__(self, stages: list[Stage]) -> None:
            self._base_manager, self.rows = self, stages

        def select_related(self, _name: str) -> Former:
            return self

        def order_by(self, _name: str) -> list[Stage]:
            return self.rows

    draft = commands.draft_version(SYSTEM, deals.process.pk)
    both = [deals.version.stages.get(code="identify"), draft.stages.get(code="identify")]
    for stage in both:
        stage.steps, stage.required_activities = ["查重", "登门"], ["visit"]  # type: ignore[attr-defined]

    class Apps:
        def get_model(self, app: str, name: str) -> object:
            return Former(both) if name == "Stage" else apps.get_model(app, name)

    import_module("xiaocheng.selling.pipeline.migrations.0008_steps").join_steps(Apps(), None)
    old, new = (Stage.objects.get(pk=stage.pk).checklist for stage in both)
    assert old == new
    assert [(step.text, step.evidence, step.is_required) for step in old] == [
        ("查重", "", False), ("登门", "", False), ("有效拜访", "visit", True),
    ]  # fmt: skip
    assert row.transitions.latest("pk").unmet == ["amount", old[2].key]
