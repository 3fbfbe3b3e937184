"""Whether a click may still be taken back."""

from __future__ import annotations

from datetime import timedelta

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.pipeline.models import Opportunity, StageTransition
from xiaocheng.selling.pipeline.models.facts import CORRECTION, MOVE, REOPEN, UNDO
from xiaocheng.selling.pipeline.rules import PipelineRules


def undoable(actor: Actor, opportunity: Opportunity) -> StageTransition | None:
    """The last move of a visible opportunity, if the actor made it just now and nothing was done since."""
    last = opportunity.transitions.exclude(kind__in=[CORRECTION, UNDO]).order_by("-pk").first()
    return last if may_undo(actor, opportunity, last) else None


def may_undo(actor: Actor, opportunity: Opportunity, last: StageTransition | None) -> bool:
    """True when `last`, the last move of a visible opportunity, is the actor's own and nothing was done since."""
    if last is None or last.kind not in {MOVE, REOPEN} or last.by_id != actor.person_id:
        return False
    minutes = rules(PipelineRules, clock.today()).undo_minutes
    in_time = clock.now() - last.recorded_at <= timedelta(minutes=minutes)
    untouched = opportunity.last_activity_at <= last.recorded_at and last.to_stage_id == opportunity.stage_id
    return in_time and untouched
