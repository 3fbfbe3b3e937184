"""What changed the open pipeline in a period, and the changes themselves."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Literal

from ninja import Query, Router
from ninja import Schema as Answer

from xiaocheng.insight import queries
from xiaocheng.insight.queries import Stand

from .auth import ApiRequest
from .insight import Asked, figure_out, selected
from .insight_shapes import FigureOut, Scope
from .schemas import Page, Paging, page_of

router = Router(tags=["insight"])
Kind = Literal["new", "reopened", "up", "down", "handed", "won", "lost"]


class PipelineStandOut(Answer):
    """The open pipeline at one moment."""

    deals: FigureOut
    amount: FigureOut


class MovementChangeOut(Answer):
    """What one kind of change added to the open pipeline (or took, below zero)."""

    kind: str
    deals: FigureOut
    amount: FigureOut


class MovementOut(Answer):
    """The open pipeline before the period, what changed it, and after; start and changes add up to the end."""

    scope: Scope
    start: PipelineStandOut
    changes: list[MovementChangeOut]
    end: PipelineStandOut


class PipelineChangeOut(Answer):
    """One change of one deal; `worth` is its amount afterwards."""

    id: int
    opportunity_id: int
    opportunity: str
    kind: str
    booked_on: dt.date
    person_id: int
    department_id: int
    n: int
    amount: Decimal
    worth: Decimal


@router.get("/insight/movement", response=MovementOut)
def movement(request: ApiRequest, asked: Query[Asked]) -> MovementOut:
    """What changed the open pipeline; process, product and source do not narrow it."""
    selection, scope = selected(request.actor, asked)
    found = queries.movement(request.actor, selection)
    return MovementOut(
        scope=scope,
        start=_stand(found.start),
        changes=[
            MovementChangeOut(kind=item.kind, deals=figure_out(item.deals), amount=figure_out(item.amount))
            for item in found.changes
        ],
        end=_stand(found.end),
    )


@router.get("/insight/rows/changes", response=Page[PipelineChangeOut])
def pipeline_changes(
    request: ApiRequest, asked: Query[Asked], paging: Query[Paging], change: Kind | None = None
) -> Page[PipelineChangeOut]:
    """The changes behind a number of the movement."""
    selection, _scope = selected(request.actor, asked)
    return page_of(queries.change_rows(request.actor, selection, change or ""), paging, _change)


@router.get("/insight/rows/standing", response=Page[PipelineChangeOut])
def standing_deals(
    request: ApiRequest, asked: Query[Asked], paging: Query[Paging], at: Literal["start", "end"] = "end"
) -> Page[PipelineChangeOut]:
    """The deals that were open before the period or at its end, each as its newest change until then."""
    selection, _scope = selected(request.actor, asked)
    period = selection.period
    day = period.last if at == "end" else period.first - dt.timedelta(days=1)
    return page_of(queries.standing_rows(request.actor, selection, day), paging, _change)


def _stand(found: Stand) -> PipelineStandOut:
    return PipelineStandOut(deals=figure_out(found.deals), amount=figure_out(found.amount))


def _change(row: Any) -> PipelineChangeOut:
    return PipelineChangeOut(
        id=row.pk,
        opportunity_id=row.opportunity_id,
        opportunity=row.opportunity.name,
        kind=row.kind,
        booked_on=row.booked_on,
        person_id=row.credit_person_id,
        department_id=row.credit_department_id,
        n=row.n,
        amount=row.amount,
        worth=row.worth,
    )
