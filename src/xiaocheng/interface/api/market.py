"""What the field reports about the market: events with their sources, taken up, merged, closed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.selling.fieldwork import commands, queries
from xiaocheng.selling.fieldwork.commands import MarketText
from xiaocheng.selling.fieldwork.queries import MarketReport

from .auth import ApiRequest
from .complaints import Severity
from .schemas import Body, Id, Page, Paging, page_of, shaped

router = Router(tags=["fieldwork"])
Kind = Literal["opinion", "promotion", "new_product", "grievance", "personnel", "other"]


class MarketReportOut(Answer):
    """A report: open, in_work or closed; one with `merged_into_id` is a source of that event."""

    id: int
    kind: str
    severity: str
    description: str
    area: str
    competitor_id: int | None
    product_id: int | None
    customer_id: int | None
    visit_id: int | None
    merged_into_id: int | None
    state: str
    occurred_at: dt.datetime
    taken_up_at: dt.datetime | None
    closed_at: dt.datetime | None
    measures: str
    credit_person_id: int
    credit_department_id: int
    version: int


class MarketAsked(Body):
    """Which events: open ones, all, or what the caller reported himself."""

    view: Literal["open", "mine", "all"] = "all"


class MarketIn(Body):
    """What is reported."""

    kind: Kind
    severity: Severity = "normal"
    description: Annotated[str, Field(max_length=4000)]
    area: Annotated[str, Field(max_length=80)] = ""
    competitor_id: Id | None = None
    product_id: Id | None = None
    customer_id: Id | None = None


class NewMarketReport(MarketIn):
    """A report, perhaps of something heard on a visit."""

    visit_id: Id | None = None


class MarketEdit(MarketIn):
    """The whole of what a report says; `version` is the one that the edit started from."""

    version: Id


class Measures(Body):
    """What was done about an event."""

    measures: Annotated[str, Field(max_length=4000)]
    version: Id


class ReopenMarket(Body):
    """The version that was seen."""

    version: Id


class Sources(Body):
    """The reports that are about the same event."""

    report_ids: Annotated[list[Id], Field(min_length=1, max_length=50)]


class RivalMovesOut(Answer):
    """What was reported of a competitor since a day."""

    competitor_id: int
    name: str
    by_kind: dict[str, int]
    reports: int
    urgent: int
    last_at: dt.datetime


class Since(Body):
    """From which day on."""

    since: dt.date


@router.get("/market-reports", response=Page[MarketReportOut])
def market_reports(request: ApiRequest, paging: Query[Paging], asked: Query[MarketAsked]) -> Page[MarketReportOut]:
    """The events that one sees."""
    rows = queries.market_events(request.actor, asked.view).select_related(None)
    return page_of(rows, paging, _report)


@router.get("/market-reports/{market_report_id}", response=MarketReportOut)
def market_report(request: ApiRequest, market_report_id: Id) -> MarketReportOut:
    """One report."""
    return _report(queries.market_report(request.actor, market_report_id))


@router.get("/market-reports/{market_report_id}/sources", response=list[MarketReportOut])
def market_sources(request: ApiRequest, market_report_id: Id) -> list[MarketReportOut]:
    """The reports that were merged into an event."""
    row = queries.market_report(request.actor, market_report_id)
    return [_report(source) for source in queries.market_sources(request.actor, row.pk)]


@router.get("/competitor-moves", response=list[RivalMovesOut])
def competitor_moves(request: ApiRequest, asked: Query[Since]) -> list[RivalMovesOut]:
    """What was reported of each competitor since a day."""
    return [shaped(RivalMovesOut, line) for line in queries.rival_moves(request.actor, asked.since)]


@router.post("/market-reports", response=MarketReportOut)
def report_market(request: ApiRequest, body: NewMarketReport) -> MarketReportOut:
    """Report something; what affects sales is told to the supervisor at once."""
    text = MarketText(**body.model_dump(exclude={"visit_id"}))
    return _report(commands.report_market(request.actor, text, body.visit_id))


@router.put("/market-reports/{market_report_id}", response=MarketReportOut)
def edit_market(request: ApiRequest, market_report_id: Id, body: MarketEdit) -> MarketReportOut:
    """Change what a report says."""
    text = MarketText(**body.model_dump(exclude={"version"}))
    return _report(commands.edit_market(request.actor, market_report_id, body.version, text))


@router.post("/market-reports/{market_report_id}/take-up", response=MarketReportOut)
def take_up_market(request: ApiRequest, market_report_id: Id) -> MarketReportOut:
    """Begin to deal with an event."""
    return _report(commands.take_up_market(request.actor, market_report_id))


@router.post("/market-reports/{market_report_id}/close", response=MarketReportOut)
def close_market(request: ApiRequest, market_report_id: Id, body: Measures) -> MarketReportOut:
    """Close an event with the measures that were taken."""
    return _report(commands.close_market(request.actor, market_report_id, body.version, body.measures))


@router.post("/market-reports/{market_report_id}/reopen", response=MarketReportOut)
def reopen_market(request: ApiRequest, market_report_id: Id, body: ReopenMarket) -> MarketReportOut:
    """Deal with an event again."""
    return _report(commands.reopen_market(request.actor, market_report_id, body.version))


@router.post("/market-reports/{market_report_id}/merge", response=MarketReportOut)
def merge_market(request: ApiRequest, market_report_id: Id, body: Sources) -> MarketReportOut:
    """Make other reports sources of this event."""
    return _report(commands.merge_market(request.actor, market_report_id, body.report_ids))


@router.post("/market-reports/{market_report_id}/unmerge", response=MarketReportOut)
def unmerge_market(request: ApiRequest, market_report_id: Id) -> MarketReportOut:
    """Take a source out: it is an event of its own again."""
    return _report(commands.unmerge_market(request.actor, market_report_id))


def _report(row: MarketReport) -> MarketReportOut:
    return shaped(MarketReportOut, row, version=row.edit_version)
