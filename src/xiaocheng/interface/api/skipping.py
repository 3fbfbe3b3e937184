"""What leaving out a stage changed, as it was estimated."""

from __future__ import annotations

import datetime as dt

from ninja import Query, Router, Schema
from ninja import Schema as Answer

from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE

from .auth import ApiRequest
from .insight import figure_out
from .insight_shapes import FigureOut
from .schemas import Id

router = Router(tags=["insight"])


class SkipEffectOut(Answer):
    """The adjusted difference in one outcome between deals that left a stage out and those that entered it.

    `difference` has no value where fewer than 30 of either are comparable; of `won` it is a share, of `days` days. It
    is associated with skipping, not necessarily caused by it: `e_value` says how strong an unknown cause would have to
    be to explain it away (1: not at all).
    """

    outcome: str
    difference: FigureOut
    skipped: int
    comparable: int
    e_value: float | None
    is_sure: bool


class SkippedStageOut(Answer):
    """A stage that was left out."""

    code: str
    name: str
    effects: list[SkipEffectOut]


class SkippingOut(Answer):
    """The newest estimates of a process, of the company or of a department with those below."""

    as_of: dt.date
    within_days: int
    department_id: int | None
    stages: list[SkippedStageOut]


class SkippingAsked(Schema):
    """Of which process, and of which department with those below; without one the most that one sees."""

    process_id: Id
    team_id: Id | None = None


@router.get("/insight/skipping", response=SkippingOut)
def skipping(request: ApiRequest, asked: Query[SkippingAsked]) -> SkippingOut:
    """The newest stored estimates; 404 where none were made, of single people, or of more than one sees."""
    request.actor.require(SEE)
    own = queries.usual_scope(request.actor)
    scope = own if asked.team_id is None else queries.ForecastScope(department_id=asked.team_id)
    found = queries.skip_effects(request.actor, scope, asked.process_id)
    if found is None:
        raise NotFound
    return SkippingOut(
        as_of=found.as_of,
        within_days=found.within_days,
        department_id=scope.department_id,
        stages=[
            SkippedStageOut(
                code=stage.code,
                name=stage.name,
                effects=[
                    SkipEffectOut(
                        outcome=effect.outcome.key,
                        difference=figure_out(effect.difference),
                        skipped=effect.skipped,
                        comparable=effect.comparable,
                        e_value=effect.e_value,
                        is_sure=effect.is_sure,
                    )
                    for effect in stage.effects
                ],
            )
            for stage in found.stages
        ],
    )
