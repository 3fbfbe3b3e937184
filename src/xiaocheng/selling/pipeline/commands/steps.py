"""Tick the steps of a stage, and untie a tick as long as the stage was not left."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.selling.pipeline.access import WORK
from xiaocheng.selling.pipeline.course import Course, load
from xiaocheng.selling.pipeline.events import StepDone, StepUndone
from xiaocheng.selling.pipeline.models import Evidence, Opportunity, Stage
from xiaocheng.selling.pipeline.options import EVIDENCE
from xiaocheng.selling.pipeline.proofs import count_late
from xiaocheng.selling.pipeline.steps import StageStep

LONGEST_NOTE = 300


@transaction.atomic
def tick(actor: Actor, opportunity_id: int, key: str, note: str = "") -> Opportunity:
    """Say that a step was done, of the present stage or, afterwards, of one that was left; twice is once."""
    course = load(actor, opportunity_id)
    actor.require(WORK)
    stage, step = _find(course, key)
    if step.evidence:
        kind = names(EVIDENCE).get(step.evidence, step.evidence)
        raise RuleBroken(
            _("「%(step)s」凭「%(kind)s」的记录自动打勾,不用手工勾选。") % {"step": step.text, "kind": kind},
            field="step",
        )
    if stage.code not in {course.known[span.stage_id].code for span in course.spans}:
        raise RuleBroken(_("还没有到过「%(stage)s」,到了这个阶段再打勾。") % {"stage": stage.name}, field="step")
    note, is_late = note.strip(), stage.code != course.here.code
    if len(note) > LONGEST_NOTE:
        raise RuleBroken(_("备注太长了,最多 %(most)s 个字。") % {"most": LONGEST_NOTE}, field="note")
    if _note(actor, course.opportunity, step.key, note):
        late = count_late([opportunity_id]) if is_late else {}
        record(
            actor,
            StepDone(
                opportunity_id=opportunity_id,
                customer_id=course.opportunity.customer_id,
                stage=stage.name,
                step=str(step.text),
                is_late=is_late,
                note=note,
                spans=late.get(opportunity_id, ()),
            ),
        )
    return course.opportunity


@transaction.atomic
def untick(actor: Actor, opportunity_id: int, key: str) -> Opportunity:
    """Take a tick back, of whomever it is, as long as its stage was not left; what is not ticked stays so."""
    course = load(actor, opportunity_id)
    actor.require(WORK)
    stage, step = _find(course, key)
    if stage.code != course.here.code:
        raise RuleBroken(_("已经离开「%(stage)s」,那里的记录不能再改。") % {"stage": stage.name}, field="step")
    gone, _kinds = course.opportunity.evidence.filter(kind="", occurrence=step.key).delete()
    if gone:
        record(
            actor,
            StepUndone(
                opportunity_id=opportunity_id,
                customer_id=course.opportunity.customer_id,
                stage=stage.name,
                step=str(step.text),
            ),
        )
    return course.opportunity


def tick_all(actor: Actor, opportunity_id: int, keys: Iterable[str]) -> None:
    """Tick several steps on the way to the next stage."""
    for key in keys:
        tick(actor, opportunity_id, key)


def _find(course: Course, key: str) -> tuple[Stage, StageStep]:
    """A step of the opportunity's own edition, and the stage that it belongs to."""
    for stage in course.stages:
        for step in stage.checklist:
            if step.key == key:
                return stage, step
    raise NotFound


def _note(actor: Actor, opportunity: Opportunity, key: str, note: str) -> bool:
    """The tick as a row, which is an activity; False when somebody was faster."""
    now = clock.now()
    said = {"occurred_at": now, "recorded_at": now, "by_id": actor.person_id, "note": note}
    _row, is_new = Evidence.objects.get_or_create(opportunity=opportunity, kind="", occurrence=key, defaults=said)
    if is_new and opportunity.last_activity_at < now:
        opportunity.last_activity_at = now
        opportunity.save(update_fields=["last_activity_at"])
    return is_new
