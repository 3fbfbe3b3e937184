"""What people themselves say will be won in a month."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from ninja import Query, Router, Schema
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.kernel import clock
from xiaocheng.insight import commands, queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.commands import CallDraft
from xiaocheng.insight.queries import LONGEST_NOTE

from .auth import ApiRequest
from .insight import figure_out
from .insight_shapes import FigureOut
from .schemas import Body, Day, Id, Page, Paging, page_of, shaped

router = Router(tags=["insight"])


class ForecastCallOut(Answer):
    """One number for the month that begins on `month`; without ids it is of the company."""

    id: int
    month: dt.date
    department_id: int | None
    person_id: int | None
    led_by_id: int | None
    amount: Decimal
    note: str
    author_id: int
    given_at: dt.datetime


class CategorySumOut(Answer):
    """Open deals expected to close in the month whose stage has a forecast category."""

    category: str
    deals: int
    amount: Decimal


class CalledOut(Answer):
    """What stands for a month, what stood on its third day, what those beneath say, how near earlier calls came."""

    month: dt.date
    department_id: int | None
    person_id: int | None
    led_by_id: int | None
    stands: ForecastCallOut | None
    at_start: ForecastCallOut | None
    beneath: list[ForecastCallOut]
    is_judged: bool
    wape: FigureOut
    bias: FigureOut
    categories: list[CategorySumOut]


class ForecastCallIn(Body):
    """What will be won in this month or the next; `is_own`: by the caller alone, else in what he is usually shown."""

    month: Day
    amount: Annotated[Decimal, Field(ge=0, le=10**14 - 1)]
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""
    is_own: bool = False


class CalledAsked(Schema):
    """Which month (any day of it; this one without), of a department with those below or of one person."""

    month: Day | None = None
    team_id: Id | None = None
    person_id: Id | None = None


@router.get("/insight/forecast-calls", response=Page[ForecastCallOut])
def forecast_calls(request: ApiRequest, paging: Query[Paging], month: Day | None = None) -> Page[ForecastCallOut]:
    """Every call that one sees, perhaps of one month, the newest first."""
    request.actor.require(SEE)
    return page_of(queries.forecast_calls(request.actor, month), paging, lambda row: shaped(ForecastCallOut, row))


@router.get("/insight/forecast-calls/standing", response=CalledOut)
def standing_forecast_calls(request: ApiRequest, asked: Query[CalledAsked]) -> CalledOut:
    """What stands for a month, of what one is usually shown where nobody is asked for."""
    request.actor.require(SEE)
    scope = queries.ForecastScope(None if asked.person_id else asked.team_id, asked.person_id)
    if scope == queries.ForecastScope():
        scope = queries.usual_scope(request.actor)
    found = queries.called(request.actor, scope, asked.month or clock.today())
    return CalledOut(
        month=found.month,
        department_id=scope.department_id,
        person_id=scope.person_id,
        led_by_id=scope.led_by_id,
        stands=shaped(ForecastCallOut, found.stands) if found.stands else None,
        at_start=shaped(ForecastCallOut, found.at_start) if found.at_start else None,
        beneath=[shaped(ForecastCallOut, row) for row in found.beneath],
        is_judged=found.is_judged,
        wape=figure_out(found.wape),
        bias=figure_out(found.bias),
        categories=[shaped(CategorySumOut, line) for line in found.categories],
    )


@router.post("/insight/forecast-calls", response=ForecastCallOut)
def call_forecast(request: ApiRequest, body: ForecastCallIn) -> ForecastCallOut:
    """Say it in one number; what was said before stays, the newest stands."""
    return shaped(ForecastCallOut, commands.call_forecast(request.actor, CallDraft(**body.model_dump())))
