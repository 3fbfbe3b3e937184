"""An edition of a process as a whole: its sheet, how a draft differs from it, what moves over to it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.org.queries import company_name
from xiaocheng.insight.queries import stage_record
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import MANAGE_PROCESS, SEE

from .auth import ApiRequest
from .insight import stage_counts
from .insight_shapes import StageCountsOut
from .processes import StageOut, stage_out
from .schemas import Body, Id, shaped

router = Router(tags=["pipeline"])


class ProcessSheetLine(Answer):
    """A stage of the sheet, and how it went in the period; null where the caller may not see the analysis."""

    stage: StageOut
    record: StageCountsOut | None


class ProcessSheet(Answer):
    """The sheet of one edition; the figures count what the caller sees from `first` to `last`."""

    company: str
    process: str
    number: int
    state: Literal["draft", "published", "retired"]
    published_at: dt.datetime | None
    first: dt.date
    last: dt.date
    stages: list[ProcessSheetLine]


class OwnedOut(Answer):
    """How many of the opportunities are somebody's."""

    person_id: int
    name: str
    count: int


class CarryLineOut(Answer):
    """The open opportunities in one stage of older editions; `to_id` is the same stage of the edition in use."""

    code: str
    name: str
    to_id: int | None
    count: int
    amount: Decimal
    owners: list[OwnedOut]


class CarryOverOut(Answer):
    """What could move to the edition in use; those out of sight stay where they are."""

    version_id: int
    number: int
    stages: list[CarryLineOut]
    out_of_sight: int


class CarriedOut(Answer):
    """One set of at most 2,000: in how many the stay went on, how many changed stage, how many are left to do."""

    went_on: int
    moved: int
    left: int


class DraftChange(Answer):
    """One difference; without a stage it is one of the edition."""

    kind: Literal["added", "dropped", "renamed", "moved", "changed", "reworded", "rules"]
    stage: str
    sentence: str


class DroppedStage(Answer):
    """A stage that is dropped though open opportunities stand in it."""

    code: str
    name: str
    count: int


class DraftChanges(Answer):
    """How a draft differs from the edition in use, by its number; null where none is in use."""

    against: int | None
    changes: list[DraftChange]
    dropped: list[DroppedStage]


class CarryOverBody(Body):
    """To which stage those go whose own is no more (by its code; those left out stay), and why."""

    targets: dict[str, Id] = {}
    reason: Annotated[str, Field(min_length=1)]


@router.get("/editions/{version_id}/sheet", response=ProcessSheet)
def process_sheet(request: ApiRequest, version_id: Id) -> ProcessSheet:
    """An edition as a sheet: its stages, and how they went in the last twelve months in all its editions."""
    request.actor.require(SEE)
    version = queries.version(request.actor, version_id)
    record = stage_record(request.actor, version.process_id)
    lines = [(stage, record.stages.get(stage.code)) for stage in version.stages.all()]
    return shaped(
        ProcessSheet,
        version,
        company=company_name(request.actor),
        process=version.process.name,
        first=record.period.first,
        last=record.period.last,
        stages=[
            ProcessSheetLine(stage=stage_out(stage), record=stage_counts(line) if line else None)
            for stage, line in lines
        ],
    )


@router.get("/processes/{process_id}/carry-over", response=CarryOverOut)
def carry_over_preview(request: ApiRequest, process_id: Id) -> CarryOverOut:
    """What moving the open opportunities in sight to the edition in use would do."""
    request.actor.require(MANAGE_PROCESS)
    found = queries.carry_over_preview(request.actor, process_id)
    lines = [
        CarryLineOut(
            code=line.code,
            name=line.name,
            to_id=line.to.pk if line.to else None,
            count=line.count,
            amount=line.amount,
            owners=[OwnedOut(**vars(one)) for one in line.owners],
        )
        for line in found.lines
    ]
    return CarryOverOut(
        version_id=found.version.pk, number=found.version.number, stages=lines, out_of_sight=found.out_of_sight
    )


@router.post("/editions/{version_id}/carry-over", response=CarriedOut)
def carry_over(request: ApiRequest, version_id: Id, body: CarryOverBody) -> CarriedOut:
    """Move open opportunities of older editions to this one, which is in use; at most 2,000 at a time."""
    return CarriedOut(**vars(commands.carry_over(request.actor, version_id, body.targets, body.reason)))


@router.get("/editions/{version_id}/changes", response=DraftChanges)
def edition_changes(request: ApiRequest, version_id: Id) -> DraftChanges:
    """What a draft would change in the edition in use, and which dropped stages have open opportunities."""
    request.actor.require(MANAGE_PROCESS)
    found = queries.changes_of(request.actor, version_id)
    return DraftChanges(
        against=found.against,
        changes=[DraftChange(**vars(change)) for change in found.changes],
        dropped=[DroppedStage(**vars(stage)) for stage in found.dropped],
    )
