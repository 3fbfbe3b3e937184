"""Move an opportunity between the stages of its process, or deliberately to another process."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.selling.pipeline.access import BYPASS_GATES, WORK
from xiaocheng.selling.pipeline.carrying import Carry, carry, goes_on
from xiaocheng.selling.pipeline.course import Course, decide, go, load
from xiaocheng.selling.pipeline.events import StageMoved
from xiaocheng.selling.pipeline.gates import field_gates, waived
from xiaocheng.selling.pipeline.models import Opportunity, ProcessVersion, Stage
from xiaocheng.selling.pipeline.models.processes import AFTER, LOST, PUBLISHED, WON
from xiaocheng.selling.pipeline.states import OPPORTUNITY

from .editing import fill_in
from .steps import tick_all


@transaction.atomic
def move(
    actor: Actor,
    opportunity_id: int,
    stage_id: int,
    *,
    reason: str = "",
    bypass: bool = False,
    seen: int | None = None,
    fill: Mapping[str, Any] | None = None,
    done: Collection[str] = (),
) -> Opportunity:
    """Move to another open stage, or after a win to what follows it.

    `seen` is the span that the actor looked at; `fill` are details that the stage asks for, filled in on the way,
    `done` the steps of the present stage that are ticked on the way.
    """
    if fill:
        fill_in(actor, opportunity_id, fill)
    tick_all(actor, opportunity_id, done)
    course = load(actor, opportunity_id, seen)
    actor.require(WORK, *([BYPASS_GATES] if bypass else []))
    to = course.stage(stage_id)
    _check(course, to)
    step = decide(actor, course, to, reason=reason, bypass=bypass)
    _transition, counts = go(actor, course, step)
    record(
        actor,
        StageMoved(
            opportunity_id=opportunity_id,
            customer_id=course.opportunity.customer_id,
            from_stage_id=step.here.pk,
            to_stage_id=to.pk,
            from_stage=step.here.name,
            to_stage=to.name,
            how=step.how,
            is_bypass=bool(step.missing),
            reason=reason.strip(),
            spans=counts,
        ),
    )
    return course.opportunity


def _check(course: Course, to: Stage) -> None:
    if to.pk == course.here.pk:
        raise RuleBroken(_("商机已经在「%(stage)s」。") % {"stage": to.name}, field="stage_id")
    if to.kind in {WON, LOST}:
        raise RuleBroken(
            _("进入「%(stage)s」需要说明理由,请用「赢单」或「输单」。") % {"stage": to.name}, field="stage_id"
        )
    OPPORTUNITY.after(course.opportunity.state, "follow_up" if to.kind == AFTER else "move")


@transaction.atomic
def change_process(actor: Actor, opportunity_id: int, version_id: int, stage_id: int, reason: str) -> Opportunity:
    """Move an open opportunity to another process or edition; in the same stage of a new edition its span goes on.

    Elsewhere it needs what the stage asks for on entry; steps of the stage that it leaves belong to the former process.
    """
    course = load(actor, opportunity_id)
    actor.require(WORK)
    OPPORTUNITY.after(course.opportunity.state, "move")
    if not reason.strip():
        raise RuleBroken(_("请说明转流程的理由。"), field="reason")
    here, version = course.here, _published(version_id)
    to = version.stages.select_related("version").filter(pk=stage_id).first()
    if to is None or not to.is_open or version.pk == course.opportunity.version_id:
        raise RuleBroken(_("请选择另一个流程版本中进行中的阶段。"), field="stage_id")
    missing = [] if goes_on(here, to) else waived(actor, to, field_gates(course.opportunity, to.enter_fields))
    carry(actor, [Carry(course.opportunity, to, missing)], version, reason)
    return course.opportunity


def _published(version_id: int) -> ProcessVersion:
    version = ProcessVersion.objects.filter(pk=version_id, state=PUBLISHED).select_related("process").first()
    if version is None:
        raise NotFound
    return version
