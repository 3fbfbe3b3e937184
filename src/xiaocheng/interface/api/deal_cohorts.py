"""Cohorts of deals: of those opened in a period, how many are won, and how long after."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ninja import Query, Router
from ninja import Schema as Answer

from xiaocheng.insight import queries
from xiaocheng.insight.queries import By, DealCohort

from .auth import ApiRequest
from .insight import Asked, figure_out, selected, short
from .insight_shapes import FigureOut, Scope

router = Router(tags=["insight"])


class WonWithin(Answer):
    """The share won within so many days of the opening."""

    days: int
    share: FigureOut


class CohortPoint(Answer):
    """The shares won and lost so many days after the opening."""

    days: int
    won: Decimal
    lost: Decimal


class DealCohortFigures(Answer):
    """What became of the deals opened in a period; of `undecided` nobody can tell the end yet."""

    deals: FigureOut
    won: FigureOut
    lost: FigureOut
    open: FigureOut
    within: list[WonWithin]
    final: FigureOut
    time: FigureOut
    undecided: Decimal | None


class DealCohortLineOut(Answer):
    """The cohort of one month (202601), team, person, product or source (its code); id 0 or "" is "none"."""

    id: int | str
    name: str
    cohort: DealCohortFigures


class DealCohortsOut(Answer):
    """The whole with its curve, and its lines when `by` was asked for."""

    scope: Scope
    whole: DealCohortFigures
    curve: list[CohortPoint]
    lines: list[DealCohortLineOut]


@router.get("/insight/deal-cohorts", response=DealCohortsOut)
def deal_cohorts(request: ApiRequest, asked: Query[Asked], by: By | None = None) -> DealCohortsOut:
    """Deals opened in the period, followed until now, perhaps by month, team, person, product or source."""
    selection, scope = selected(request.actor, asked)
    whole = queries.deal_cohort(request.actor, selection)
    lines = queries.deal_cohorts_by(request.actor, selection, by) if by else []
    return DealCohortsOut(
        scope=scope,
        whole=DealCohortFigures(**_figures(whole)),
        curve=[CohortPoint(days=point.days, won=point.won, lost=point.lost) for point in whole.curve],
        lines=[
            DealCohortLineOut(id=line.id, name=line.name, cohort=DealCohortFigures(**_figures(line.cohort)))
            for line in lines
        ],
    )


def _figures(found: DealCohort) -> dict[str, Any]:
    return {
        "deals": figure_out(found.deals),
        "won": figure_out(found.won),
        "lost": figure_out(found.lost),
        "open": figure_out(found.still),
        "within": [WonWithin(days=days, share=figure_out(share)) for days, share in found.within.items()],
        "final": figure_out(found.final),
        "time": figure_out(found.time),
        "undecided": short(found.undecided),
    }
