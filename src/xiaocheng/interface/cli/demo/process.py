"""The second edition of the demo company's standard process: what nobody leaves a stage without."""

from __future__ import annotations

from dataclasses import fields, replace

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.selling.pipeline.commands import StageDraft, StageStep, draft_version, publish, save_stage
from xiaocheng.selling.pipeline.queries import Process, Stage

REQUIRED = {"identify-3", "needs-4", "quote-3", "negotiate-2"}


def require_steps(actor: Actor, process: Process) -> None:
    """Put a second edition into use, in which one step each of four stages is required."""
    version = draft_version(actor, process.pk)
    for stage in version.stages.all():
        steps = [replace(step, is_required=step.key in REQUIRED) for step in stage.checklist]
        if any(step.is_required for step in steps):
            save_stage(actor, version.pk, _as_drafted(stage, steps), stage.pk)
    publish(actor, version.pk)


def _as_drafted(stage: Stage, steps: list[StageStep]) -> StageDraft:
    there = {field.name: getattr(stage, field.name) for field in fields(StageDraft)}
    return StageDraft(**there | {"steps": steps})
