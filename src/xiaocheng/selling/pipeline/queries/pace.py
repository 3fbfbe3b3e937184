"""How opportunities keep to the days of their stages, and how far they are with what the stage requires."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.queries import workdays_between
from xiaocheng.selling.pipeline.models import Evidence, Opportunity
from xiaocheng.selling.pipeline.proofs import done_of, proofs_of
from xiaocheng.selling.pipeline.steps import StageStep, required


@dataclass(frozen=True)
class Pace:
    """How long an open opportunity has been in its stage, and since when nothing was done; the limits of the stage.

    And how many of the steps that the stage requires were done.
    """

    days_in_stage: int
    idle_workdays: int
    is_overdue: bool
    is_idle: bool
    required_steps: int
    done_steps: int


def pace_of(actor: Actor, rows: Iterable[Opportunity]) -> dict[int, Pace]:
    """How visible opportunities keep to the days and the required steps of their stages, by id."""
    shown = list(rows)
    today, zone = clock.today(), clock.zone()
    idle_since = cache(lambda day: workdays_between(day + dt.timedelta(days=1), today))
    steps = {row.pk: required(row.stage.checklist) for row in shown}
    proofs = proofs_of([pk for pk, asked in steps.items() if asked])
    return {row.pk: _pace(row, today, zone, idle_since, steps[row.pk], proofs.get(row.pk, ())) for row in shown}


def _pace(
    row: Opportunity,
    today: dt.date,
    zone: dt.tzinfo,
    idle_since: Callable[[dt.date], int],
    steps: Sequence[StageStep],
    proofs: Sequence[Evidence],
) -> Pace:
    stage, entered = row.stage, row.entered_stage_at.astimezone(zone).date()
    days = (today - entered).days
    idle = idle_since(max(entered, row.last_activity_at.astimezone(zone).date())) if row.is_open else 0
    waits = row.next_step_on is not None and row.next_step_on >= today
    return Pace(
        days,
        idle,
        row.is_open and stage.expected_days is not None and days > stage.expected_days,
        row.is_open and stage.idle_days is not None and idle > stage.idle_days and not waits,
        len(steps),
        len(done_of(steps, proofs)),
    )
