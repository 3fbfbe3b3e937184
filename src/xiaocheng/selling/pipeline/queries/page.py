"""One opportunity with all that its page shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.org.queries import workdays_between
from xiaocheng.selling.pipeline.access import BYPASS_GATES
from xiaocheng.selling.pipeline.gates import Gate, gates_between, role_gates, unmet
from xiaocheng.selling.pipeline.models import Evidence, Opportunity, Stage, StageSpan, StageTransition
from xiaocheng.selling.pipeline.models.facts import CORRECTION, UNDO
from xiaocheng.selling.pipeline.models.processes import LOST

from .undo import undoable

JOINED = ("customer", "product", "owner", "stage", "version__process")


@dataclass(frozen=True)
class Pace:
    """How long an open opportunity has been in its stage, and since when nothing was done; the limits of the stage."""

    days_in_stage: int
    idle_workdays: int
    is_overdue: bool
    is_idle: bool


@dataclass(frozen=True)
class Stop:
    """One stage of the process as the opportunity passed it."""

    stage: Stage
    state: str  # past, now, won, lost, or empty: not reached
    visits: int
    days: int | None  # spent there in all, as far as times are known


@dataclass(frozen=True)
class OpportunityPage:
    """What the page of an opportunity shows."""

    opportunity: Opportunity
    here: Stage
    stops: list[Stop]
    gates: list[Gate]  # what the next stage asks for
    following: Stage | None
    pace: Pace
    history: list[StageTransition]
    may_undo: bool
    barred: dict[Stage, str]  # stages into which the reader may not move it: by whom it is done


def opportunity(actor: Actor, opportunity_id: int) -> Opportunity:
    """One opportunity with customer, product, owner and stage."""
    row: Opportunity = Opportunity.objects.one(actor, opportunity_id, *JOINED)
    return row


def opportunity_page(actor: Actor, opportunity_id: int) -> OpportunityPage:
    """One opportunity with its way through the process, what comes next and what that asks for."""
    row = opportunity(actor, opportunity_id)
    spans = list(row.spans.select_related("stage").order_by("seq"))
    stages = list(Stage.objects.filter(version_id=row.version_id))
    following = next((stage for stage in stages if stage.position > row.stage.position), None)
    done = _done(row)
    history = row.transitions.exclude(kind__in=[UNDO, CORRECTION]).select_related("from_stage", "to_stage", "by")
    return OpportunityPage(
        row,
        row.stage,
        _stops(row, stages, spans),
        [*role_gates(actor, following), *gates_between(row, row.stage, following, done)]
        if following and row.is_open
        else [],
        following if row.is_open else None,
        pace_of(actor, [row])[row.pk],
        list(history.order_by("-pk")),
        undoable(actor, row) is not None,
        _barred(actor, stages),
    )


def _barred(actor: Actor, stages: Iterable[Stage]) -> dict[Stage, str]:
    """The stages into which somebody may not move an opportunity, with the words that say who may."""
    if actor.can(BYPASS_GATES):
        return {}
    found = ((stage, gate) for stage in stages for gate in role_gates(actor, stage))
    return {stage: gate.name for stage, gate in found if not gate.is_met}


def role_missing(actor: Actor, stage: Stage) -> list[Gate]:
    """The role that somebody lacks to move an opportunity into a stage, if it takes one."""
    return unmet(role_gates(actor, stage))


def gates_to(actor: Actor, opportunity_id: int, stage_id: int) -> list[Gate]:
    """What going to a stage of its own process asks for, met or not; on the way back or to a loss but the role."""
    row = opportunity(actor, opportunity_id)
    to = Stage.objects.filter(pk=stage_id, version_id=row.version_id).first()
    if to is None:
        raise NotFound
    forward = row.is_open and to.kind != LOST and to.position > row.stage.position
    return [*role_gates(actor, to), *(gates_between(row, row.stage, to, _done(row)) if forward else [])]


def pace_of(actor: Actor, rows: Iterable[Opportunity]) -> dict[int, Pace]:
    """How visible opportunities keep to the days of their stages, by id."""
    today, zone = clock.today(), clock.zone()
    idle_since = cache(lambda day: workdays_between(day + dt.timedelta(days=1), today))
    return {row.pk: _pace(row, today, zone, idle_since) for row in rows}


def _pace(row: Opportunity, today: dt.date, zone: dt.tzinfo, idle_since: Callable[[dt.date], int]) -> Pace:
    stage, entered = row.stage, row.entered_stage_at.astimezone(zone).date()
    days = (today - entered).days
    idle = idle_since(max(entered, row.last_activity_at.astimezone(zone).date())) if row.is_open else 0
    waits = row.next_step_on is not None and row.next_step_on >= today
    return Pace(
        days,
        idle,
        row.is_open and stage.expected_days is not None and days > stage.expected_days,
        row.is_open and stage.idle_days is not None and idle > stage.idle_days and not waits,
    )


def _done(row: Opportunity) -> set[str]:
    if not row.stage.required_activities:
        return set()
    return set(Evidence.objects.filter(opportunity=row).values_list("kind", flat=True))


def _stops(row: Opportunity, stages: list[Stage], spans: list[StageSpan]) -> list[Stop]:
    shown = [stage for stage in stages if stage.kind != "lost" or stage.pk == row.stage_id]
    if row.state == "lost":
        reached = max((span.stage.position for span in spans if span.stage.is_open), default=0)
        shown = [stage for stage in shown if stage.kind == "lost" or (stage.is_open and stage.position <= reached)]
    return [_stop(row, stage, [span for span in spans if span.stage.code == stage.code]) for stage in shown]


def _stop(row: Opportunity, stage: Stage, spans: list[StageSpan]) -> Stop:
    known = [span.dwell_seconds for span in spans if span.dwell_seconds is not None]
    if stage.pk == row.stage_id:
        state = {"won": "won", "lost": "lost"}.get(stage.kind, "now")
    else:
        state = "past" if spans else ""
    return Stop(stage, state, len(spans), round(sum(known) / 86_400) if known else None)
