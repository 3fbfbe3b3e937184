"""Where customers come from, what became of them, and the rows behind that."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from ninja import Query, Router
from ninja import Schema as Answer

from xiaocheng.insight import queries
from xiaocheng.insight.queries import Figure

from .auth import ApiRequest
from .insight import Asked, figure_out, selected
from .insight_shapes import FigureOut, Scope
from .results import ClosingOut, closing_out
from .schemas import Page, Paging, page_of

router = Router(tags=["insight"])
CohortRows = Literal[
    "known",
    "found",
    "contacted",
    "opened",
    "opened_30",
    "opened_60",
    "opened_90",
    "converted",
    "ripe",
    "in_time",
]


class CohortOut(Answer):
    """What became until now of customers registered in a period.

    `known` had bought before and count in no other number. `opening`, `conversion` and `in_time` are rates; `days` from
    the registration to the first deal. `opening_within`: the shares with an opportunity within 30, 60 and 90 days of
    the registration, estimated (Kaplan-Meier); null where nobody was followed so long.
    """

    registered: FigureOut
    known: int
    contacted: FigureOut
    opened: FigureOut
    opening: FigureOut
    opening_within: list[FigureOut]
    converted: FigureOut
    conversion: FigureOut
    in_time: FigureOut
    revenue: FigureOut
    mean_order: FigureOut
    days: FigureOut


class SourceLineOut(Answer):
    """The customers of one source; an empty `source` is "not recorded"."""

    source: str
    name: str
    cohort: CohortOut


class SourcesOut(Answer):
    """The whole, and every source: those in use without customers, too."""

    scope: Scope
    whole: CohortOut
    lines: list[SourceLineOut]


class SourceCustomerOut(Answer):
    """A customer registered in the period, by name, with its first deal if it has made one."""

    id: int
    name: str
    source: str
    registered_on: dt.date
    first_deal_on: dt.date | None
    person_id: int


@router.get("/insight/sources", response=SourcesOut)
def sources(request: ApiRequest, asked: Query[Asked]) -> SourcesOut:
    """What became until now of the customers registered in the period, by source; process and product do not narrow."""
    selection, scope = selected(request.actor, asked)
    whole, lines = queries.sources(request.actor, selection)
    return SourcesOut(
        scope=scope,
        whole=_cohort(whole),
        lines=[SourceLineOut(source=line.code, name=line.name, cohort=_cohort(line.cohort)) for line in lines],
    )


@router.get("/insight/rows/source-customers", response=Page[SourceCustomerOut])
def source_customers(
    request: ApiRequest, asked: Query[Asked], paging: Query[Paging], of: CohortRows | None = None
) -> Page[SourceCustomerOut]:
    """The customers behind a number of the sources: all that were registered, or those of them that it counts."""
    selection, _scope = selected(request.actor, asked)
    return page_of(queries.source_customers(request.actor, selection, of or ""), paging, _source_customer)


@router.get("/insight/rows/source-wins", response=Page[ClosingOut])
def source_wins(request: ApiRequest, asked: Query[Asked], paging: Query[Paging]) -> Page[ClosingOut]:
    """The wins until now of the customers registered in the period, and what was opened again."""
    selection, _scope = selected(request.actor, asked)
    return page_of(queries.source_wins(request.actor, selection), paging, closing_out)


def _cohort(found: queries.Cohort) -> CohortOut:
    figures = {name: figure_out(value) for name, value in vars(found).items() if isinstance(value, Figure)}
    return CohortOut(known=found.known, opening_within=list(map(figure_out, found.opening_within)), **figures)


def _source_customer(row: Any) -> SourceCustomerOut:
    return SourceCustomerOut(
        id=row.pk,
        name=row.name,
        source=row.source,
        registered_on=row.booked_on,
        first_deal_on=row.became_customer_on,
        person_id=row.credit_person_id,
    )
