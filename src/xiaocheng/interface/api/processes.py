"""How the company sells: the processes in use, and, for who keeps them, their editions, stages and drafts."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any, Literal

from ninja import Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import MANAGE_PROCESS, SEE
from xiaocheng.selling.pipeline.commands import ProcessDraft, StageDraft, StageStep
from xiaocheng.selling.pipeline.queries import Process, ProcessVersion, Stage

from .auth import ApiRequest
from .schemas import Body, Id, shaped

router = Router(tags=["pipeline"])
# The commands check what they must; these are the widths of the columns, and codes that stand in addresses.
Code = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]+$", max_length=30)]
Name = Annotated[str, Field(min_length=1, max_length=40)]
ProcessName = Annotated[str, Field(min_length=1, max_length=60)]
Days = Annotated[int, Field(ge=1, le=3650)]


class StageStepOut(Answer):
    """A step: its key stays through all editions; `evidence` is what proves it, empty where people tick it."""

    key: str
    text: str
    evidence: str
    is_required: bool


class StageOut(Answer):
    """One step of a process: what it is for, how to do it, what must be there before going on.

    `stale_days` was learned: within so many days 90 % leave the stage.
    """

    id: int
    code: str
    name: str
    kind: Literal["open", "won", "lost", "after"]
    purpose: str
    guidance: str
    steps: list[StageStepOut]
    expected_days: int | None
    idle_days: int | None
    stale_days: int | None
    probability: int
    forecast_category: str
    enter_fields: list[str]
    leave_fields: list[str]
    movers: list[int]


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


class ProcessEditionOut(Answer):
    """One edition of a process; a draft can be worked on, a published one never changes again."""

    id: int
    process_id: int
    number: int
    state: Literal["draft", "published", "retired"]
    skip_allowed: bool
    back_allowed: bool
    stages: list[StageOut]


class DefinitionOut(Answer):
    """A process as the company keeps it, in use or not, with all its editions, the newest first.

    `customer_kind` and `industry` say for whose new opportunities it is chosen (empty: any); industry goes before type.
    Of several for the same customers the oldest is chosen: `chosen_instead_id`.
    """

    id: int
    code: str
    name: str
    customer_kind: str
    industry: str
    is_active: bool
    chosen_instead_id: int | None
    version: int
    editions: list[ProcessEditionOut]


class TemplateOut(Answer):
    """A ready-made process that may be taken over."""

    code: str
    name: str
    about: str


class StageStepIn(Body):
    """A step as it shall be; without a key it is the former one of the same text, else a new one."""

    text: Annotated[str, Field(min_length=1, max_length=200)]
    evidence: Annotated[str, Field(max_length=40)] = ""
    is_required: bool = False
    key: Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]*$", max_length=40)] = ""


class StageIn(Body):
    """One stage. In a change, what is left out stays as it is; the code is made from the name and never changes.

    `movers` are the roles that may move an opportunity into it; none: everybody who works on it.
    """

    name: Name
    kind: Literal["open", "won", "lost", "after"] = "open"
    purpose: Annotated[str, Field(max_length=200)] = ""
    guidance: str = ""
    steps: Annotated[list[StageStepIn], Field(max_length=50)] = []
    expected_days: Days | None = None
    idle_days: Days | None = None
    probability: Annotated[int, Field(ge=0, le=100)] = 0
    forecast_category: Literal["pipeline", "best", "commit", "omitted"] = "pipeline"
    enter_fields: list[str] = []
    leave_fields: list[str] = []
    movers: list[Id] = []


class NewStage(StageIn):
    """A stage of a new process, perhaps with a code of its own."""

    code: Code | None = None


class NewProcess(Body):
    """A process; its first edition is a draft with these stages."""

    name: ProcessName
    code: Code
    stages: Annotated[list[NewStage], Field(max_length=50)] = []
    customer_kind: Literal["", "end", "dealer"] = ""
    industry: Annotated[str, Field(max_length=40)] = ""
    skip_allowed: bool = True
    back_allowed: bool = True


class ProcessEdit(Body):
    """What a process is called, whether new opportunities may use it, and of which customers (left out: as before).

    `version` is the one that the edit started from.
    """

    name: ProcessName
    is_active: bool
    customer_kind: Literal["", "end", "dealer"] | None = None
    industry: Annotated[str, Field(max_length=40)] | None = None
    version: Id


class EditionEdit(Body):
    """What an edition allows."""

    skip_allowed: bool
    back_allowed: bool


class StagePlace(Body):
    """Before which stage; without one behind all others of its kind."""

    before_id: Id | None = None


@router.get("/processes", response=list[ProcessOut])
def processes(request: ApiRequest) -> list[ProcessOut]:
    """The processes in use, each with its stages."""
    request.actor.require(SEE)
    return [_process(version) for version in queries.published_versions(request.actor)]


@router.get("/processes/templates", response=list[TemplateOut])
def templates(request: ApiRequest) -> list[TemplateOut]:
    """The ready-made processes that were not taken over yet."""
    request.actor.require(MANAGE_PROCESS)
    found = queries.templates(request.actor)
    return [TemplateOut(code=item.code, name=str(item.name), about=str(item.about)) for item in found]


@router.post("/processes/templates/{template}/install", response=DefinitionOut)
def install_template(request: ApiRequest, template: str) -> DefinitionOut:
    """Take over a ready-made process, published at once."""
    if template not in {item.code for item in queries.templates(request.actor)}:
        request.actor.require(MANAGE_PROCESS)
        raise NotFound
    return _definition(request, commands.install_template(request.actor, template).pk)


@router.get("/processes/definitions", response=list[DefinitionOut])
def definitions(request: ApiRequest) -> list[DefinitionOut]:
    """All processes, those out of use or never published too, with their editions."""
    request.actor.require(SEE)
    found = queries.processes(request.actor).prefetch_related("versions__stages")
    return [_defined(request, row) for row in found]


@router.get("/processes/{process_id}", response=DefinitionOut)
def definition(request: ApiRequest, process_id: Id) -> DefinitionOut:
    """One process with all its editions."""
    request.actor.require(SEE)
    return _definition(request, process_id)


@router.post("/processes", response=DefinitionOut)
def add_process(request: ApiRequest, body: NewProcess) -> DefinitionOut:
    """Add a process; its first edition is a draft."""
    values = body.model_dump(exclude={"stages"})
    stages = [StageDraft(**(_values(stage) | {"code": stage.code or ""})) for stage in body.stages]
    return _definition(request, commands.add_process(request.actor, ProcessDraft(stages=stages, **values)).pk)


@router.put("/processes/{process_id}", response=DefinitionOut)
def edit_process(request: ApiRequest, process_id: Id, body: ProcessEdit) -> DefinitionOut:
    """Rename a process, say for which customers it is, or take it out of use for new opportunities."""
    return _definition(request, commands.edit_process(request.actor, process_id, **body.model_dump()).pk)


@router.post("/processes/{process_id}/draft", response=ProcessEditionOut)
def draft_version(request: ApiRequest, process_id: Id) -> ProcessEditionOut:
    """Begin a new edition as a copy of the newest; the draft that is there already is given back."""
    return _edition(commands.draft_version(request.actor, process_id))


@router.put("/editions/{version_id}", response=ProcessEditionOut)
def edit_version(request: ApiRequest, version_id: Id, body: EditionEdit) -> ProcessEditionOut:
    """Say whether stages of a draft may be skipped or gone back from."""
    return _edition(commands.edit_version(request.actor, version_id, **body.model_dump()))


@router.delete("/editions/{version_id}", response=None)
def discard_draft(request: ApiRequest, version_id: Id) -> None:
    """Throw a draft away, and a process that has no other edition with it."""
    commands.discard_draft(request.actor, version_id)


@router.post("/editions/{version_id}/publish", response=ProcessEditionOut)
def publish(request: ApiRequest, version_id: Id) -> ProcessEditionOut:
    """Put a draft into use; open opportunities stay on the edition they are on."""
    return _edition(commands.publish(request.actor, version_id))


@router.post("/editions/{version_id}/stages", response=StageOut)
def add_stage(request: ApiRequest, version_id: Id, body: StageIn) -> StageOut:
    """Add a stage to a draft; it stands behind the others of its kind."""
    return stage_out(commands.save_stage(request.actor, version_id, StageDraft(**_values(body))))


@router.put("/editions/{version_id}/stages/{stage_id}", response=StageOut)
def edit_stage(request: ApiRequest, version_id: Id, stage_id: Id, body: StageIn) -> StageOut:
    """Change a stage of a draft."""
    row = queries.stage(request.actor, stage_id)
    stays = {field.name: getattr(row, field.name) for field in fields(StageDraft)} | {"steps": row.checklist}
    sent = {name: value for name, value in _values(body).items() if name in body.model_fields_set}
    draft = StageDraft(**(stays | sent))
    return stage_out(commands.save_stage(request.actor, version_id, draft, stage_id))


@router.delete("/editions/{version_id}/stages/{stage_id}", response=None)
def drop_stage(request: ApiRequest, version_id: Id, stage_id: Id) -> None:
    """Take a stage out of a draft."""
    commands.drop_stage(request.actor, version_id, stage_id)


@router.post("/editions/{version_id}/stages/{stage_id}/place", response=ProcessEditionOut)
def place_stage(request: ApiRequest, version_id: Id, stage_id: Id, body: StagePlace) -> ProcessEditionOut:
    """Put a stage of a draft before another."""
    commands.place_stage(request.actor, version_id, stage_id, body.before_id)
    return _edition(queries.version(request.actor, version_id))


def _values(body: StageIn) -> dict[str, Any]:
    return body.model_dump() | {"steps": [StageStep(**step.model_dump()) for step in body.steps]}


def _definition(request: ApiRequest, process_id: int) -> DefinitionOut:
    return _defined(request, queries.process(request.actor, process_id))


def _defined(request: ApiRequest, row: Process) -> DefinitionOut:
    newest_first = sorted(row.versions.all(), key=lambda version: -version.number)
    return shaped(
        DefinitionOut,
        row,
        chosen_instead_id=queries.chosen_instead(request.actor, row),
        version=row.edit_version,
        editions=[_edition(version) for version in newest_first],
    )


def _edition(version: ProcessVersion) -> ProcessEditionOut:
    return shaped(ProcessEditionOut, version, stages=[stage_out(stage) for stage in version.stages.all()])


def _process(version: ProcessVersion) -> ProcessOut:
    return ProcessOut(
        id=version.process_id,
        code=version.process.code,
        name=version.process.name,
        version_id=version.pk,
        number=version.number,
        skip_allowed=version.skip_allowed,
        back_allowed=version.back_allowed,
        stages=[stage_out(stage) for stage in version.stages.all()],
    )


def stage_out(stage: Stage) -> StageOut:
    """One stage."""
    return shaped(StageOut, stage)
