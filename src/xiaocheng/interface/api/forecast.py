"""What will come in, as it was foretold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query, Router, Schema
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE

from .auth import ApiRequest
from .insight import figure_out
from .insight_shapes import FigureOut
from .schemas import Id, shaped

router = Router(tags=["insight"])


class PastForecastOut(Answer):
    """One earlier forecast of thirty days whose window has passed; `is_live` false: made later from what was known."""

    as_of: dt.date
    is_live: bool
    low: Decimal
    middle: Decimal
    high: Decimal
    came: Decimal | None


class AccuracyOut(Answer):
    """How far one way of foretelling was off: the model, the mean of former windows, the weighted pipeline."""

    way: str
    wape: FigureOut
    bias: FigureOut


class ForecastOut(Answer):
    """What will come in within a window, with the 80 % interval, its parts, and how earlier forecasts did.

    Of the company, of a department with those below, of a person, or of the people whom somebody leads.
    """

    horizon: str
    as_of: dt.date
    first: dt.date
    last: dt.date
    department_id: int | None
    person_id: int | None
    led_by_id: int | None
    total: FigureOut
    low: Decimal
    high: Decimal
    won: FigureOut
    existing: FigureOut
    new: FigureOut
    run_rate: FigureOut
    weighted: FigureOut
    leads_run_rate: bool
    chance: Decimal | None
    past: list[PastForecastOut]
    accuracies: list[AccuracyOut]
    coverage: FigureOut


class ForecastAsked(Schema):
    """Which window, of a department with those below or of one person; without both the most that one sees.

    With a `target`, `chance` says how likely it is to be reached.
    """

    horizon: Literal["month", "quarter", "30d"] = "month"
    team_id: Id | None = None
    person_id: Id | None = None
    target: Annotated[Decimal, Field(ge=0, le=10**14)] | None = None


@router.get("/insight/forecast", response=ForecastOut)
def forecast(request: ApiRequest, asked: Query[ForecastAsked]) -> ForecastOut:
    """The newest stored forecast; 404 where none was made, or where more is asked for than one sees."""
    request.actor.require(SEE)
    scope = queries.ForecastScope(None if asked.person_id else asked.team_id, asked.person_id)
    if scope == queries.ForecastScope():
        scope = queries.usual_scope(request.actor)
    found = queries.forecast(request.actor, scope, asked.horizon)
    if found is None:
        raise NotFound
    names = ("total", "won", "existing", "new", "run_rate", "weighted", "coverage")
    return ForecastOut(
        horizon=found.horizon,
        as_of=found.run.as_of,
        first=found.run.first_on,
        last=found.run.last_on,
        department_id=scope.department_id,
        person_id=scope.person_id,
        led_by_id=scope.led_by_id,
        low=found.run.low,
        high=found.run.high,
        leads_run_rate=found.leads_run_rate,
        chance=None if asked.target is None else found.chance_to_reach(asked.target),
        past=[shaped(PastForecastOut, run) for run in found.past],
        accuracies=[
            AccuracyOut(way=line.way, wape=figure_out(line.wape), bias=figure_out(line.bias))
            for line in found.accuracies
        ],
        **{name: figure_out(getattr(found, name)) for name in names},
    )
