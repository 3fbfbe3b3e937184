"""Targets of people by measure and month, and how far everybody is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.control.targets import commands, queries
from xiaocheng.control.targets.commands import TargetDraft
from xiaocheng.control.targets.queries import Progress, Target

from .auth import ApiRequest
from .schemas import Body, Day, Id, Page, Paging, page_of, shaped

router = Router(tags=["targets"])
MOST = 500


class MonthlyTargetOut(Answer):
    """One person's target of one measure in the month that begins on `month`."""

    id: int
    person_id: int
    measure: str
    month: dt.date
    value: Decimal
    basis: str
    version: int


class TargetProgressOut(Answer):
    """How far one is: `expected` by the working days that have passed, `needed` on each that is left."""

    person_id: int | None
    measure: str
    name: str
    unit: str
    target: Decimal
    actual: Decimal
    ratio: Decimal
    expected: Decimal
    needed: Decimal | None
    is_behind: bool


class TeamProgressOut(Answer):
    """The working days of a month as seen from today, everybody's progress, and the sums without a person."""

    month: dt.date
    workdays_passed: int
    workdays_left: int
    people: list[TargetProgressOut]
    sums: list[TargetProgressOut]


class TargetIn(Body):
    """A target as it shall be; no value takes it back. `version` is the one seen, 0 where there was none."""

    person_id: Id
    measure: str
    month: Day
    value: Decimal | None
    basis: Annotated[str, Field(max_length=200)] = ""
    version: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


class SetTargetsIn(Body):
    """Many targets at once."""

    targets: Annotated[list[TargetIn], Field(max_length=MOST)]


class TargetOutcomeOut(Answer):
    """What became of one target: as it stands now, or why it was refused."""

    person_id: int
    measure: str
    month: dt.date
    target: MonthlyTargetOut | None
    refusal: str | None


class WithdrawTargetIn(Body):
    """The version that was seen."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


@router.get("/targets", response=Page[MonthlyTargetOut])
def monthly_targets(
    request: ApiRequest, paging: Query[Paging], person_id: Id | None = None, month: Day | None = None
) -> Page[MonthlyTargetOut]:
    """One's own targets, and those of the people whom one sees."""
    wanted = {"person_id": person_id, "month": month}
    rows = queries.targets(request.actor).filter(**{k: v for k, v in wanted.items() if v is not None})
    return page_of(rows, paging, _target)


@router.get("/targets/progress", response=TeamProgressOut)
def target_progress(request: ApiRequest, month: Day, department_id: Id | None = None) -> TeamProgressOut:
    """How far the people whom one sees are with their targets of a month, with the sums of those who have one."""
    found = queries.team_progress(request.actor, month, department_id)
    return TeamProgressOut(
        month=found.month,
        workdays_passed=found.pace.passed,
        workdays_left=found.pace.left,
        people=[_progress(item, line.person.pk) for line in found.people for item in line.progress.values()],
        sums=[_progress(item, None) for item in found.sums.values()],
    )


@router.put("/targets", response=list[TargetOutcomeOut])
def set_targets(request: ApiRequest, body: SetTargetsIn) -> list[TargetOutcomeOut]:
    """Set, change or take back many targets, with an outcome for each."""
    drafts = [TargetDraft(**item.model_dump()) for item in body.targets]
    return [
        TargetOutcomeOut(
            person_id=outcome.draft.person_id,
            measure=outcome.draft.measure,
            month=outcome.draft.month,
            target=_target(outcome.target) if outcome.target else None,
            refusal=str(outcome.refusal) if outcome.refusal else None,
        )
        for outcome in commands.set_targets(request.actor, drafts)
    ]


@router.post("/targets/{target_id}/withdraw", response=None)
def withdraw_target(request: ApiRequest, target_id: Id, body: WithdrawTargetIn) -> None:
    """Take a target back."""
    commands.withdraw_target(request.actor, target_id, body.version)


def _target(row: Target) -> MonthlyTargetOut:
    return shaped(MonthlyTargetOut, row, version=row.edit_version)


def _progress(item: Progress, person_id: int | None) -> TargetProgressOut:
    return TargetProgressOut(
        person_id=person_id,
        measure=item.measure.key,
        name=str(item.measure.name),
        unit=item.measure.unit,
        target=item.target,
        actual=item.actual,
        ratio=item.ratio,
        expected=item.expected,
        needed=item.needed,
        is_behind=item.is_behind,
    )
