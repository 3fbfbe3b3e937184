"""What was won and lost, how long it took, which customers are new, and the rows behind that."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Literal

from ninja import Query, Router
from ninja import Schema as Answer

from xiaocheng.insight import queries
from xiaocheng.insight.queries import By, CustomerCount, Figure
from xiaocheng.selling.pipeline.queries import stages_of

from .auth import ApiRequest
from .insight import Asked, days, figure_out, selected, short
from .insight_shapes import FigureOut, Scope
from .schemas import Page, Paging, page_of

router = Router(tags=["insight"])
Verdict = Literal["won", "lost", "invalid", "decided"]
PathWay = Literal["judged", "conforming", "straight", "breaching", "skipping", "returning"]


class ResultOut(Answer):
    """What was won and lost, less what was opened again."""

    orders: FigureOut
    revenue: FigureOut
    mean_order: FigureOut
    lost: FigureOut
    lost_amount: Decimal
    invalid: FigureOut
    win_rate: FigureOut
    win_rate_amount: FigureOut


class ResultLine(Answer):
    """The result of one month (202601), team, person, product or source (its code); id 0 or "" is "none"."""

    id: int | str
    name: str
    result: ResultOut


class ResultsOut(Answer):
    """The whole, and its lines when `by` was asked for."""

    scope: Scope
    result: ResultOut
    deals_per_order: FigureOut
    customers_per_deal: FigureOut
    lines: list[ResultLine]


class CycleFigures(Answer):
    """Days from the first contact to the win; `untimed` wins have no recorded start."""

    mean: FigureOut
    median: FigureOut
    quarter: Decimal | None
    three_quarters: Decimal | None
    untimed: int


class CycleLineOut(Answer):
    """The cycle of one month (202601), team, person, product or source (its code); id 0 or "" is "none"."""

    id: int | str
    name: str
    cycle: CycleFigures


class CycleOut(CycleFigures):
    """The whole, and its lines when `by` was asked for. A line by month is that month as it would stand alone.

    `velocity` is money a day, of the `qualified` deals that are open now beyond the first stage of their process.
    """

    scope: Scope
    velocity: FigureOut
    qualified: int
    lines: list[CycleLineOut]


class NewcomersOut(Answer):
    """Customers registered, new by their first deal, back after a year, and what the new ones bought in the period."""

    registered: FigureOut
    new: FigureOut
    returned: FigureOut
    amount: FigureOut


class NewcomerLineOut(Answer):
    """Those of one month (202601), source of the customer (its code), person or team; "" is "not recorded"."""

    id: int | str
    name: str
    newcomers: NewcomersOut


class NewcomerReport(Answer):
    """The whole, and its lines when `by` was asked for."""

    scope: Scope
    whole: NewcomersOut
    lines: list[NewcomerLineOut]


class SalesMemberOut(Answer):
    """The key indicators of one member, or of all (id 0); `open` is the open pipeline at the end of the period."""

    id: int
    name: str
    result: ResultOut
    cycle: FigureOut
    open: FigureOut
    opened: FigureOut
    new_customers: FigureOut
    visits: FigureOut
    calls: FigureOut


class SalesReport(Answer):
    """Each member who did or has something, and all together."""

    scope: Scope
    everybody: SalesMemberOut
    members: list[SalesMemberOut]


class ClosingOut(Answer):
    """A win or a loss; `sign` -1 takes one back that was opened again.

    `person_id` owned it; of one that several people share, `share` (of 1) and `amount` are what counts of it here.
    `path`: the codes of the stages it went through, empty where that is not known; `breaches`: gates passed over.
    """

    id: int
    opportunity_id: int
    opportunity: str
    verdict: str
    sign: int
    booked_on: dt.date
    person_id: int
    department_id: int
    product_id: int | None
    share: Decimal
    amount: Decimal | None
    reason: str
    path: list[str]
    breaches: int
    days: Decimal | None


class NewCustomerOut(Answer):
    """A customer that counts as new for somebody, by name."""

    id: int
    name: str
    day: dt.date
    person_id: int


@router.get("/insight/results", response=ResultsOut)
def results(request: ApiRequest, asked: Query[Asked], by: By | None = None) -> ResultsOut:
    """Win rate, revenue and the work per order, perhaps by month, team, person, product or source."""
    selection, scope = selected(request.actor, asked)
    lines = queries.results_by(request.actor, selection, by) if by else []
    return ResultsOut(
        scope=scope,
        result=_result(queries.result(request.actor, selection)),
        deals_per_order=figure_out(queries.deals_per_order(request.actor, selection)),
        customers_per_deal=figure_out(queries.customers_per_deal(request.actor, selection)),
        lines=[ResultLine(id=line.id, name=line.name, result=_result(line.result)) for line in lines],
    )


@router.get("/insight/cycle", response=CycleOut)
def cycle(request: ApiRequest, asked: Query[Asked], by: By | None = None) -> CycleOut:
    """The sales cycle of the deals won in the period, perhaps by month, team, person, product or source."""
    selection, scope = selected(request.actor, asked)
    lines = queries.cycle_by(request.actor, selection, by) if by else []
    whole = queries.cycle(request.actor, selection)
    made = queries.velocity(request.actor, selection, whole)
    return CycleOut(
        scope=scope,
        velocity=figure_out(made.velocity),
        qualified=made.qualified,
        lines=[CycleLineOut(id=line.id, name=line.name, cycle=CycleFigures(**_cycle(line.cycle))) for line in lines],
        **_cycle(whole),
    )


@router.get("/insight/new-customers", response=list[FigureOut])
def new_customers(request: ApiRequest, asked: Query[Asked]) -> list[FigureOut]:
    """Customers registered, and with their first deal, perhaps of a source; process and product do not narrow."""
    selection, _scope = selected(request.actor, asked)
    return [figure_out(figure) for figure in queries.new_customers(request.actor, selection).values()]


@router.get("/insight/new-customers/report", response=NewcomerReport)
def newcomer_report(
    request: ApiRequest, asked: Query[Asked], by: Literal["month", "source", "person", "team"] | None = None
) -> NewcomerReport:
    """New customers beside those registered and come back; `source` is that of the customer."""
    selection, scope = selected(request.actor, asked)
    lines = queries.newcomers_by(request.actor, selection, by) if by else []
    return NewcomerReport(
        scope=scope,
        whole=_newcomers(queries.newcomers(request.actor, selection)),
        lines=[NewcomerLineOut(id=line.id, name=line.name, newcomers=_newcomers(line.newcomers)) for line in lines],
    )


@router.get("/insight/rows/newcomer-wins", response=Page[ClosingOut])
def newcomer_wins(
    request: ApiRequest, asked: Query[Asked], paging: Query[Paging], of: Literal["new", "returned"] = "new"
) -> Page[ClosingOut]:
    """The wins of new customers, with reversals; or those with which old ones came back."""
    selection, _scope = selected(request.actor, asked)
    found = queries.returned_wins if of == "returned" else queries.wins_of_new
    return page_of(found(request.actor, selection), paging, closing_out)


@router.get("/insight/sales-report", response=SalesReport)
def sales_report(request: ApiRequest, asked: Query[Asked]) -> SalesReport:
    """What each member did in a period; process, product and source do not narrow it."""
    selection, scope = selected(request.actor, asked)
    everybody, lines = queries.members(request.actor, selection)
    return SalesReport(scope=scope, everybody=_member(everybody), members=[_member(line) for line in lines])


@router.get("/insight/rows/closings", response=Page[ClosingOut])
def closings(
    request: ApiRequest,
    asked: Query[Asked],
    paging: Query[Paging],
    verdict: Verdict | None = None,
    way: PathWay | None = None,
    path: str = "",
) -> Page[ClosingOut]:
    """The wins, losses and reversals behind a result: a count is the sum of their signs.

    `way`: only those whose path is known, and how it agrees with the process; `path`: of this path, its codes with ">".
    """
    selection, _scope = selected(request.actor, asked)
    rows = queries.closings(request.actor, selection, verdict or "", way=way or "", path=path)
    return page_of(rows, paging, closing_out)


@router.get("/insight/rows/wins", response=Page[ClosingOut])
def wins(
    request: ApiRequest, asked: Query[Asked], paging: Query[Paging], timed: bool | None = None
) -> Page[ClosingOut]:
    """The wins behind the sales cycle, perhaps only those whose start was recorded, or the others."""
    selection, _scope = selected(request.actor, asked)
    return page_of(queries.won_deals(request.actor, selection, timed=timed), paging, closing_out)


@router.get("/insight/rows/new-customers", response=Page[NewCustomerOut])
def new_customer_rows(
    request: ApiRequest, asked: Query[Asked], paging: Query[Paging], key: CustomerCount
) -> Page[NewCustomerOut]:
    """The customers behind a count of new ones."""
    selection, _scope = selected(request.actor, asked)
    person, _department, day = queries.CREDITED[key]

    def show(row: Any) -> NewCustomerOut:
        return NewCustomerOut(id=row.pk, name=row.name, day=getattr(row, day), person_id=getattr(row, f"{person}_id"))

    return page_of(queries.new_customer_rows(request.actor, selection, key), paging, show)


def _newcomers(found: queries.Newcomers) -> NewcomersOut:
    return NewcomersOut(**{name: figure_out(figure) for name, figure in vars(found).items()})


def _member(found: queries.Member) -> SalesMemberOut:
    opened, converted, visited, calls = (figure_out(found.counted[key]) for key in queries.COUNTED)
    return SalesMemberOut(
        id=found.id,
        name=found.name,
        result=_result(found.result),
        cycle=figure_out(found.cycle),
        open=figure_out(found.open),
        opened=opened,
        new_customers=converted,
        visits=visited,
        calls=calls,
    )


def _result(found: queries.Result) -> ResultOut:
    figures = {name: figure_out(value) for name, value in vars(found).items() if isinstance(value, Figure)}
    return ResultOut(lost_amount=found.lost_amount, **figures)


def _cycle(found: queries.Cycle) -> dict[str, Any]:
    return {
        "mean": figure_out(found.mean),
        "median": figure_out(found.median),
        "quarter": short(found.quarter),
        "three_quarters": short(found.three_quarters),
        "untimed": found.untimed,
    }


def closing_out(row: Any) -> ClosingOut:
    """A win, a loss, or one taken back."""
    part, amount = queries.counted(row)
    return ClosingOut(
        id=row.pk,
        opportunity_id=row.opportunity_id,
        opportunity=row.opportunity.name,
        verdict=row.verdict,
        sign=row.sign,
        booked_on=row.booked_on,
        person_id=row.credit_person_id,
        department_id=row.credit_department_id,
        product_id=row.product_id,
        share=part,
        amount=amount,
        reason=row.reason,
        path=stages_of(row.path),
        breaches=row.breaches,
        days=days(row.cycle_seconds),
    )
