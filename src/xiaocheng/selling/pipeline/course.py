"""An opportunity on its way: what every move loads, decides and saves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.foundation.org.queries import credited_departments

from .gates import Gate, gates_between, refuse_unmet, role_gates, unmet
from .models import Opportunity, Stage, StageSpan, StageTransition
from .models.facts import BACK, INVALID, MOVE
from .models.processes import LOST
from .proofs import count_steps, done_in
from .spans import ON_LEAVING, Credit, SpanCount, codes_visited, count, enter, exit_of, leave, stages_left_out


@dataclass
class Course:
    """An opportunity with the stages of its process and the spans it has been through."""

    opportunity: Opportunity
    known: dict[int, Stage]  # of its edition, and those of former editions that it went through
    spans: list[StageSpan]

    @property
    def here(self) -> Stage:
        """Where it stands."""
        return self.known[self.opportunity.stage_id]

    @property
    def stages(self) -> list[Stage]:
        """The stages of its own edition, in order."""
        own = [stage for stage in self.known.values() if stage.version_id == self.opportunity.version_id]
        return sorted(own, key=lambda stage: stage.position)

    def of_kind(self, kind: str) -> list[Stage]:
        """Its own stages of one kind."""
        return [stage for stage in self.stages if stage.kind == kind]

    def stage(self, stage_id: int) -> Stage:
        """One of its own stages."""
        found = next((stage for stage in self.stages if stage.pk == stage_id), None)
        if found is None:
            raise RuleBroken(_("这个阶段不属于该商机所在的流程版本。"), field="stage_id")
        return found


@dataclass(frozen=True)
class Step:
    """A move that was decided: from where to where, how the span ends, credited to whom."""

    here: Stage
    to: Stage
    how: str
    credit: Credit
    left_out: Sequence[Stage] = ()
    missing: Sequence[Gate] = ()
    kind: str = MOVE
    reason: str = ""


def load(actor: Actor, opportunity_id: int, seen: int | None = None) -> Course:
    """The opportunity locked, with its way; refused when it moved on since the actor looked at span `seen`."""
    opportunity = Opportunity.objects.locked(actor, opportunity_id)
    if seen is not None and seen != opportunity.span_seq:
        raise _overtaken()
    spans = list(opportunity.spans.order_by("seq"))
    stages = Stage.objects.filter(Q(version_id=opportunity.version_id) | Q(pk__in={span.stage_id for span in spans}))
    return Course(opportunity, {stage.pk: stage for stage in stages}, spans)


def credit_now(opportunity: Opportunity) -> Credit:
    """What happens now is credited to the present owner."""
    now = clock.now()
    departments = credited_departments([opportunity.owner_id], clock.day_of(now))
    return Credit.of(opportunity.owner_id, departments[opportunity.owner_id], now)


def decide(actor: Actor, course: Course, to: Stage, *, reason: str = "", bypass: bool = False) -> Step:
    """A move within the process against its rules, its gates and who may move there."""
    here, version = course.here, course.opportunity.version
    left_out = stages_left_out(here, to, course.stages, codes_visited(course.spans, course.known))
    how = exit_of(here, to, left_out)
    if left_out and not version.skip_allowed:
        names = listed(stage.name for stage in left_out)
        raise RuleBroken(_("这个流程不允许跳过阶段:请先完成「%(stages)s」。") % {"stages": names}, field="stage_id")
    if how == BACK and not version.back_allowed:
        raise RuleBroken(_("这个流程不允许退回到前面的阶段。"), field="stage_id")
    gates = role_gates(actor, to)
    if how != BACK and to.kind != LOST:
        gates += gates_between(course.opportunity, here, to, done_in(here, course.opportunity.pk))
    missing = unmet(gates)
    if not bypass:
        refuse_unmet(gates, to)
    elif missing and not reason.strip():
        raise RuleBroken(_("放行需要说明理由。"), field="note" if to.kind == LOST else "reason")
    return Step(here, to, how, credit_now(course.opportunity), left_out, missing, MOVE, reason)


def go(actor: Actor, course: Course, step: Step, **values: Any) -> tuple[StageTransition, tuple[SpanCount, ...]]:
    """Save a move: the opportunity, but only from where it was seen, the span left, the span entered, the move."""
    opportunity, last = course.opportunity, course.spans[-1]
    _advance(opportunity, step, **values)
    before = count(last, -1)
    leave(last, step.to, step.how, step.credit)
    count_steps(last, step.here, course.spans, course.known)
    last.save(update_fields=ON_LEAVING)
    been = {course.known[span.stage_id].code for span in course.spans if span.exit_kind != INVALID}
    span = enter(opportunity, step.to, step.credit, seq=last.seq + 1, is_first=step.to.code not in been)
    StageSpan.objects.add(span)
    course.spans.append(span)
    transition = StageTransition.objects.add(
        StageTransition(
            opportunity=opportunity,
            from_stage=step.here,
            to_stage=step.to,
            kind=step.kind,
            by_id=actor.person_id,
            skipped=[stage.pk for stage in step.left_out],
            unmet=[gate.key for gate in step.missing],
            is_bypass=bool(step.missing),
            reason=step.reason.strip(),
            **vars(step.credit),
        )
    )
    return transition, (before, count(last, 1), count(span, 1))


def _advance(opportunity: Opportunity, step: Step, **values: Any) -> None:
    """The conditional UPDATE that only one of two movers wins."""
    values |= {"stage": step.to, "span_seq": opportunity.span_seq + 1, "entered_stage_at": step.credit.occurred_at}
    won = Opportunity._base_manager.filter(
        pk=opportunity.pk,
        stage=opportunity.stage_id,
        span_seq=opportunity.span_seq,
        edit_version=opportunity.edit_version,
    ).update(**values)
    if not won:
        raise _overtaken()
    for name, value in values.items():
        setattr(opportunity, name, value)


def _overtaken() -> RuleBroken:
    return RuleBroken(_("这个商机刚刚被别人改动或移动过。页面已经过期,请刷新后再试。"))
