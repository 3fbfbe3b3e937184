"""Take a wrong click back at once, so that it leaves no trace in the figures."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.selling.pipeline.access import WORK
from xiaocheng.selling.pipeline.course import Course, credit_now, load
from xiaocheng.selling.pipeline.events import MoveUndone
from xiaocheng.selling.pipeline.models import Closing, Opportunity, Stage, StageTransition
from xiaocheng.selling.pipeline.models.facts import CORRECTION, UNDO
from xiaocheng.selling.pipeline.models.processes import LOST, OPEN, WON
from xiaocheng.selling.pipeline.queries.undo import undoable
from xiaocheng.selling.pipeline.spans import ON_LEAVING, SpanCount, count, take_up_again


@transaction.atomic
def undo_move(actor: Actor, opportunity_id: int) -> Opportunity:
    """Take back one's own last move, within minutes and while nothing was done since."""
    course = load(actor, opportunity_id)
    actor.require(WORK)
    last = undoable(actor, course.opportunity)
    if last is None:
        raise RuleBroken(_("只有移动商机的人能在短时间内撤回,而且之后没有新的活动。现在请改为再移动一次。"))
    left = course.here
    counts = _step_back(course, last)
    withdrawn = _withdraw(last)
    _restore(course, last)
    StageTransition.objects.add(
        StageTransition(
            opportunity=course.opportunity,
            from_stage=left,
            to_stage=course.here,
            kind=UNDO,
            by_id=actor.person_id,
            **vars(credit_now(course.opportunity)),
        )
    )
    record(
        actor,
        MoveUndone(
            opportunity_id=opportunity_id,
            customer_id=course.opportunity.customer_id,
            from_stage=left.name,
            to_stage=course.here.name,
            spans=counts,
            withdrawn=withdrawn,
        ),
    )
    return course.opportunity


def _step_back(course: Course, last: StageTransition) -> tuple[SpanCount, ...]:
    """Drop the span that the click began, and let the one before go on."""
    dropped, before = course.spans.pop(), course.spans[-1]
    counts = (count(dropped, -1), count(before, -1))
    dropped.delete()
    take_up_again(before)
    before.save(update_fields=ON_LEAVING)
    last.kind = CORRECTION
    last.save(update_fields=["kind"])
    return (*counts, count(before, 1))


def _withdraw(last: StageTransition) -> tuple[Closing, ...]:
    """Delete the win, loss or reversal that the click made; a loss or win that it had reversed counts again."""
    made = list(last.opportunity.closings.filter(transition=last).prefetch_related("shares"))
    if any(closing.sign == -1 for closing in made):
        reversed_one = last.opportunity.closings.filter(sign=1).latest("pk")
        reversed_one.reversed_on = None
        reversed_one.save(update_fields=["reversed_on"])
    for closing in made:
        last.opportunity.closings.filter(pk=closing.pk).delete()
    return tuple(made)


def _restore(course: Course, last: StageTransition) -> None:
    """The opportunity as it stood before the click."""
    opportunity, span, stage = course.opportunity, course.spans[-1], Stage.objects.get(pk=last.from_stage_id or 0)
    course.known[stage.pk] = stage
    closed = opportunity.closings.filter(sign=1, reversed_on=None).order_by("-pk").first()
    opportunity.stage, opportunity.version_id = stage, stage.version_id
    opportunity.state = stage.kind if stage.kind in {OPEN, LOST} else WON
    opportunity.span_seq, opportunity.entered_stage_at = span.seq, span.occurred_at
    opportunity.closed_at = closed.occurred_at if closed else None
    opportunity.close_reason = closed.reason if closed else ""
    opportunity.close_note = closed.note if closed else ""
    opportunity.save(
        update_fields=[
            "stage", "version", "state", "span_seq", "entered_stage_at", "closed_at", "close_reason", "close_note",
        ]
    )  # fmt: skip
