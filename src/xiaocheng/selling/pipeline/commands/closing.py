"""Win, lose, open again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.queries import resolved, usable
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.selling.customers.commands import note_first_deals
from xiaocheng.selling.customers.commands.contacted import Deal
from xiaocheng.selling.pipeline.access import BYPASS_GATES, WORK
from xiaocheng.selling.pipeline.course import Course, Step, credit_now, decide, go, load
from xiaocheng.selling.pipeline.events import OpportunityLost, OpportunityReopened, OpportunityWon
from xiaocheng.selling.pipeline.gates import Gate, gates_between, waived
from xiaocheng.selling.pipeline.models import Closing, Opportunity, Stage, StageTransition
from xiaocheng.selling.pipeline.models.facts import BACK, INVALID, REOPEN
from xiaocheng.selling.pipeline.models.processes import LOST, OPEN, WON
from xiaocheng.selling.pipeline.options import LOST_REASON
from xiaocheng.selling.pipeline.paths import path_now
from xiaocheng.selling.pipeline.proofs import done_in
from xiaocheng.selling.pipeline.sharing import share_alike, share_out
from xiaocheng.selling.pipeline.spans import SpanCount, seconds_between, stages_left_out
from xiaocheng.selling.pipeline.states import OPPORTUNITY

from .editing import fill_in
from .steps import tick_all
from .tactics import TacticDraft, keep


@transaction.atomic
def win(
    actor: Actor,
    opportunity_id: int,
    reason: str,
    *,
    amount: Decimal | None = None,
    bypass: bool = False,
    seen: int | None = None,
    fill: Mapping[str, Any] | None = None,
    done: Collection[str] = (),
    tactic: TacticDraft | None = None,
) -> Opportunity:
    """Win the deal, for a reason, perhaps at another amount than was thought; `fill` and `done` as in `move`.

    With a `tactic` what won it goes into the library; its text is the reason unless it has one of its own.
    """
    if fill:
        fill_in(actor, opportunity_id, fill)
    tick_all(actor, opportunity_id, done)
    course = load(actor, opportunity_id, seen)
    opportunity = course.opportunity
    actor.require(WORK, *([BYPASS_GATES] if bypass else []))
    OPPORTUNITY.after(opportunity.state, "win")
    _need_reason(reason)
    if amount is not None:
        opportunity.amount = amount
        opportunity.check_values()
    step = decide(actor, course, course.of_kind(WON)[0], reason=reason, bypass=bypass)
    transition, counts = go(
        actor,
        course,
        step,
        state=WON,
        amount=opportunity.amount,
        closed_at=step.credit.occurred_at,
        close_note=reason.strip(),
    )
    closing = _close(course, step, transition, WON)
    record(actor, _won(course, closing, counts))
    if opportunity.customer_id is not None:
        deal = Deal(closing.booked_on, closing.credit_person_id, closing.credit_department_id)
        note_first_deals(actor, {opportunity.customer_id: deal})
    if tactic is not None:
        keep(actor, opportunity, replace(tactic, text=tactic.text or reason))
    return opportunity


@transaction.atomic
def lose(
    actor: Actor,
    opportunity_id: int,
    reason: str,
    *,
    note: str = "",
    competitor: str = "",
    bypass: bool = False,
    seen: int | None = None,
) -> Opportunity:
    """Give the deal up as lost, for one of the company's reasons; who bypasses the gate says why in the note."""
    course = load(actor, opportunity_id, seen)
    actor.require(WORK, *([BYPASS_GATES] if bypass else []))
    OPPORTUNITY.after(course.opportunity.state, "lose")
    _need_reason(reason)
    reason = resolved(LOST_REASON, reason)
    if not usable(LOST_REASON, [reason]):
        raise RuleBroken(_("请从列出的输单原因中选择。"), field="reason")
    step = decide(actor, course, course.of_kind(LOST)[0], reason=note, bypass=bypass)
    if reason == INVALID:
        step = replace(step, how=INVALID)
    transition, counts = go(
        actor,
        course,
        step,
        state=LOST,
        closed_at=step.credit.occurred_at,
        close_reason=reason,
        close_note=note.strip(),
        competitor=competitor.strip() or course.opportunity.competitor,
    )
    closing = _close(course, step, transition, LOST)
    record(actor, _lost(course, step, closing, counts))
    return course.opportunity


@transaction.atomic
def reopen(actor: Actor, opportunity_id: int, reason: str, *, stage_id: int | None = None) -> Opportunity:
    """Work on a closed opportunity again; its win or loss is reversed today, not rewritten in the past.

    Beyond the stage where it stood it goes on through the gates only.
    """
    course = load(actor, opportunity_id)
    actor.require(WORK)
    OPPORTUNITY.after(course.opportunity.state, "reopen")
    _need_reason(reason)
    last = _last_open_stage(course)
    to = course.stage(stage_id) if stage_id is not None else last
    if not to.is_open:
        raise RuleBroken(_("请选择一个进行中的阶段。"), field="stage_id")
    missing = waived(actor, to, _ahead(course, last, to)) if to.pk != last.pk else []
    step = Step(course.here, to, BACK, credit_now(course.opportunity), missing=missing, kind=REOPEN, reason=reason)
    transition, counts = go(actor, course, step, state=OPEN, closed_at=None, close_reason="", close_note="")
    reversal = _reverse(course, step, transition)
    record(
        actor,
        OpportunityReopened(
            opportunity_id=opportunity_id,
            customer_id=course.opportunity.customer_id,
            to_stage=to.name,
            reason=reason.strip(),
            spans=counts,
            closings=(reversal,),
        ),
    )
    return course.opportunity


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken(_("请说明理由。"), field="reason")


def _last_open_stage(course: Course) -> Stage:
    """Where it stood before it was closed, if its edition still has that stage, else the last open stage."""
    codes = {stage.code: stage for stage in course.of_kind(OPEN)}
    been = [course.known[span.stage_id].code for span in course.spans]
    return next((codes[code] for code in reversed(been) if code in codes), course.of_kind(OPEN)[-1])


def _ahead(course: Course, last: Stage, to: Stage) -> list[Gate]:
    """What going on in a stage beyond the one where it stood asks for, as if it had never been closed."""
    if to.position <= last.position:
        return []
    been = {course.known[span.stage_id].code for span in course.spans}
    left_out = stages_left_out(last, to, course.stages, been)
    if left_out and not to.version.skip_allowed:
        names = listed(stage.name for stage in left_out)
        raise RuleBroken(_("这个流程不允许跳过阶段:请先完成「%(stages)s」。") % {"stages": names}, field="stage_id")
    return gates_between(course.opportunity, last, to, done_in(last, course.opportunity.pk))


def _close(course: Course, step: Step, transition: StageTransition, verdict: str) -> Closing:
    opportunity = course.opportunity
    known = not opportunity.is_opening_invented
    closing: Closing = Closing.objects.add(
        Closing(
            opportunity=opportunity,
            transition=transition,
            stage=step.here,
            verdict=verdict,
            amount=opportunity.amount,
            customer_id=opportunity.customer_id,
            product_id=opportunity.product_id,
            source=opportunity.source,
            cycle_seconds=seconds_between(opportunity.opened_at, step.credit.occurred_at) if known else None,
            reason=opportunity.close_reason,
            note=opportunity.close_note,
            competitor=opportunity.competitor,
            is_shared=opportunity.is_shared,
            **vars(path_now(opportunity.pk)),
            **vars(step.credit),
        )
    )
    if closing.is_shared:
        share_out(closing)
    return closing


def _reverse(course: Course, step: Step, transition: StageTransition) -> Closing:
    """The same closing with the opposite sign, booked now, credited to whom the win or loss was credited."""
    closed = course.opportunity.closings.filter(sign=1, reversed_on__isnull=True).latest("pk")
    closed.reversed_on = step.credit.booked_on
    closed.save(update_fields=["reversed_on"])
    reversal = Closing(
        opportunity=course.opportunity,
        transition=transition,
        sign=-1,
        **{name: getattr(closed, name) for name in COPIED},
        **vars(step.credit) | {name: getattr(closed, name) for name in ("credit_person_id", "credit_department_id")},
    )
    added: Closing = Closing.objects.add(reversal)
    if added.is_shared:
        share_alike(added, closed)
    return added


COPIED = (
    "stage_id",
    "verdict",
    "amount",
    "customer_id",
    "product_id",
    "source",
    "cycle_seconds",
    "reason",
    "note",
    "competitor",
    "path",
    "left_out",
    "went_back",
    "breaches",
    "is_shared",
)


def _won(course: Course, closing: Closing, counts: tuple[SpanCount, ...]) -> OpportunityWon:
    seconds = closing.cycle_seconds
    return OpportunityWon(
        opportunity_id=course.opportunity.pk,
        customer_id=closing.customer_id,
        owner_id=closing.credit_person_id,
        department_id=closing.credit_department_id,
        booked_on=closing.booked_on,
        amount=closing.amount,
        product_id=closing.product_id,
        cycle_days=None if seconds is None else round(Decimal(seconds) / 86_400, 1),
        reason=closing.note,
        spans=counts,
        closings=(closing,),
    )


def _lost(course: Course, step: Step, closing: Closing, counts: tuple[SpanCount, ...]) -> OpportunityLost:
    return OpportunityLost(
        opportunity_id=course.opportunity.pk,
        customer_id=closing.customer_id,
        owner_id=closing.credit_person_id,
        department_id=closing.credit_department_id,
        booked_on=closing.booked_on,
        amount=closing.amount,
        reason=closing.reason,
        from_stage=step.here.name,
        note=closing.note,
        spans=counts,
        closings=(closing,),
    )
