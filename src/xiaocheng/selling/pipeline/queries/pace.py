"""How opportunities keep to the days of their stages, and how far they are with what the stage requires."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import workdays_between
from xiaocheng.selling.pipeline.models import Opportunity, Stage
from xiaocheng.selling.pipeline.proofs import done_of, proofs_of
from xiaocheng.selling.pipeline.rules import PipelineRules
from xiaocheng.selling.pipeline.steps import required

MISSED_QUOTE, QUOTE = "missed_quote", "quote"  # a value of pipeline.evidence, and the code of the stage


@dataclass(frozen=True)
class Pace:
    """How long an open opportunity has been in its stage, and since when nothing was done; the limits of the stage.

    And how many of the steps that the stage requires were done. Without `stale_days` nothing is named stagnant.
    """

    days_in_stage: int
    idle_workdays: int
    days_without_activity: int
    stale_days: int | None
    is_overdue: bool
    is_idle: bool
    is_stale: bool
    required_steps: int
    done_steps: int
    is_quote_missed: bool


def asks_for_quote(stage: Stage) -> bool:
    """True for a stage in which a quote is due: by one of its steps, or because it is the stage of quoting."""
    return stage.code == QUOTE or any(step.evidence == QUOTE for step in stage.checklist)


def stale_limit(stage: Stage, least: int) -> int | None:
    """After how many days without activity an opportunity is stagnant there: what is usual, but never under `least`."""
    return max(least, stage.stale_days or 0) if least else None


def pace_of(actor: Actor, rows: Iterable[Opportunity]) -> dict[int, Pace]:
    """How visible opportunities keep to the days and the required steps of their stages, by id."""
    shown = list(rows)
    today, zone = clock.today(), clock.zone()
    idle_since = cache(lambda day: workdays_between(day + dt.timedelta(days=1), today))
    limits = rules(PipelineRules, today)
    most = limits.quote_days
    steps = {row.pk: required(row.stage.checklist) for row in shown}
    waiting = {
        row.pk
        for row in shown
        if most and row.is_open and asks_for_quote(row.stage)
        and idle_since(row.entered_stage_at.astimezone(zone).date()) > most
    }  # fmt: skip
    proofs = proofs_of([row.pk for row in shown if steps[row.pk] or row.pk in waiting])
    missed = {pk for pk in waiting if all(proof.kind != QUOTE for proof in proofs[pk])}
    return {
        row.pk: _pace(
            row,
            today,
            zone,
            idle_since,
            stale_limit(row.stage, limits.stale_days) if row.is_open else None,
            required_steps=len(steps[row.pk]),
            done_steps=len(done_of(steps[row.pk], proofs.get(row.pk, ()))),
            is_quote_missed=row.pk in missed,
        )
        for row in shown
    }


def lacks_step(row: Opportunity) -> bool:
    """True for an open opportunity that has no next step to come."""
    return row.is_open and (row.next_step_on is None or row.next_step_on < clock.today())


def _pace(
    row: Opportunity,
    today: dt.date,
    zone: dt.tzinfo,
    idle_since: Callable[[dt.date], int],
    stale_days: int | None,
    **steps: Any,
) -> Pace:
    stage, entered = row.stage, row.entered_stage_at.astimezone(zone).date()
    days = (today - entered).days
    active = max(entered, row.last_activity_at.astimezone(zone).date())
    idle, without = (idle_since(active), (today - active).days) if row.is_open else (0, 0)
    waits = row.next_step_on is not None and row.next_step_on >= today
    return Pace(
        days,
        idle,
        without,
        stale_days,
        row.is_open and stage.expected_days is not None and days > stage.expected_days,
        row.is_open and stage.idle_days is not None and idle > stage.idle_days and not waits,
        stale_days is not None and without > stale_days,
        **steps,
    )
