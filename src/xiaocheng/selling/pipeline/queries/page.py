"""One opportunity with all that its page shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.selling.pipeline.access import BYPASS_GATES
from xiaocheng.selling.pipeline.gates import Gate, gates_between, role_gates, unmet
from xiaocheng.selling.pipeline.models import Evidence, Opportunity, Stage, StageSpan, StageTransition
from xiaocheng.selling.pipeline.models.facts import CORRECTION, UNDO
from xiaocheng.selling.pipeline.models.processes import LOST
from xiaocheng.selling.pipeline.proofs import done_in, done_of, proofs_of, proves
from xiaocheng.selling.pipeline.steps import StageStep

from .pace import Pace, pace_of
from .undo import may_undo

JOINED = ("customer", "product", "owner", "stage", "version__process")


@dataclass(frozen=True)
class Item:
    """A step of a stage, what proves that it was done, and whether that was noted only after the stage was left."""

    step: StageStep
    proof: Evidence | None
    is_late: bool = False


@dataclass(frozen=True)
class Stop:
    """One stage of the process as the opportunity passed it."""

    stage: Stage
    state: str  # past, now, won, lost, or empty: not reached
    visits: int
    days: int | None  # spent there in all, as far as times are known
    items: list[Item]


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
    proofs = proofs_of([row.pk])[row.pk]
    following = next((stage for stage in stages if stage.position > row.stage.position), None)
    moves = row.transitions.exclude(kind__in=[UNDO, CORRECTION]).select_related("from_stage", "to_stage", "by")
    history = list(moves.order_by("-pk"))
    return OpportunityPage(
        row,
        row.stage,
        _stops(row, stages, spans, proofs),
        [
            *role_gates(actor, following),
            *gates_between(row, row.stage, following, done_of(row.stage.checklist, proofs)),
        ]
        if following and row.is_open
        else [],
        following if row.is_open else None,
        pace_of(actor, [row])[row.pk],
        history,
        may_undo(actor, row, history[0] if history else None),
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
    return [*role_gates(actor, to), *(gates_between(row, row.stage, to, done_in(row.stage, row.pk)) if forward else [])]


def stages_to_reopen(actor: Actor, row: Opportunity) -> list[tuple[Stage, bool]]:
    """The stages in which a closed opportunity may go on; the flag marks where it stood before, else the last one."""
    stages = [stage for stage in Stage.objects.filter(version_id=row.version_id) if stage.is_open]
    been = list(row.spans.order_by("-seq").values_list("stage__code", flat=True))
    codes = [stage.code for stage in stages]
    last = next((code for code in been if code in codes), codes[-1])
    return [(stage, stage.code == last) for stage in stages]


def _stops(row: Opportunity, stages: list[Stage], spans: list[StageSpan], proofs: Sequence[Evidence]) -> list[Stop]:
    shown = [stage for stage in stages if stage.kind != "lost" or stage.pk == row.stage_id]
    if row.state == "lost":
        reached = max((span.stage.position for span in spans if span.stage.is_open), default=0)
        shown = [stage for stage in shown if stage.kind == "lost" or (stage.is_open and stage.position <= reached)]
    return [_stop(row, stage, [span for span in spans if span.stage.code == stage.code], proofs) for stage in shown]


def _stop(row: Opportunity, stage: Stage, spans: list[StageSpan], proofs: Sequence[Evidence]) -> Stop:
    known = [span.dwell_seconds for span in spans if span.dwell_seconds is not None]
    if stage.pk == row.stage_id:
        state = {"won": "won", "lost": "lost"}.get(stage.kind, "now")
    else:
        state = "past" if spans else ""
    days = round(sum(known) / 86_400) if known else None
    return Stop(stage, state, len(spans), days, [_item(step, spans, proofs) for step in stage.checklist])


def _item(step: StageStep, spans: Sequence[StageSpan], proofs: Sequence[Evidence]) -> Item:
    """What proves a step: anything while the opportunity is in the stage, what happened until then once it has left."""
    if not spans:
        return Item(step, None)
    left = spans[-1].left_at
    fitting = [p for p in proofs if proves(p, step) and (left is None or not p.kind or p.occurred_at <= left)]
    here = [proof for proof in fitting if proof.occurred_at >= spans[0].occurred_at]
    found = next(iter(here or fitting), None)
    return Item(step, found, found is not None and left is not None and found.recorded_at > left)
