"""The sales processes that opportunities go through."""

from __future__ import annotations

from typing import Literal

from ninja import Router
from ninja import Schema as Answer

from xiaocheng.selling.pipeline import queries
from xiaocheng.selling.pipeline.access import SEE
from xiaocheng.selling.pipeline.queries import ProcessVersion, Stage

from .auth import ApiRequest

router = Router(tags=["pipeline"])


class StageOut(Answer):
    """One step of a process: what it is for, how to do it, what must be there before going on."""

    id: int
    code: str
    name: str
    kind: Literal["open", "won", "lost", "after"]
    purpose: str
    guidance: str
    steps: list[str]
    expected_days: int | None
    idle_days: int | None
    probability: int
    forecast_category: str
    enter_fields: list[str]
    leave_fields: list[str]
    required_activities: list[str]


class ProcessOut(Answer):
    """A process with the stages of the edition in use."""

    id: int
    code: str
    name: str
    version_id: int
    number: int
    skip_allowed: bool
    back_allowed: bool
    stages: list[StageOut]


@router.get("/processes", response=list[ProcessOut])
def processes(request: ApiRequest) -> list[ProcessOut]:
    """The processes in use, each with its stages."""
    request.actor.require(SEE)
    return [_process(version) for version in queries.published_versions(request.actor)]


def _process(version: ProcessVersion) -> ProcessOut:
    return ProcessOut(
        id=version.process_id,
        code=version.process.code,
        name=version.process.name,
        version_id=version.pk,
        number=version.number,
        skip_allowed=version.skip_allowed,
        back_allowed=version.back_allowed,
        stages=[_stage(stage) for stage in version.stages.all()],
    )


def _stage(stage: Stage) -> StageOut:
    return StageOut(**{name: getattr(stage, name) for name in StageOut.model_fields})
