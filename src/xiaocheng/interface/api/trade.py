"""What was sold: the lines of past sales, and what one customer bought. They come in by the imports."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ninja import Query, Router
from ninja import Schema as Answer

from xiaocheng.selling.customers.queries import customer
from xiaocheng.selling.trade import queries
from xiaocheng.selling.trade.access import SEE
from xiaocheng.selling.trade.queries import Bought

from .auth import ApiRequest
from .schemas import Body, Day, Id, Page, Paging, page_of, shaped

router = Router(tags=["trade"])


class SaleOut(Answer):
    """A line of a document; less than zero for what came back. `discount` 0.2 is a fifth off."""

    id: int
    occurred_on: dt.date
    booked_on: dt.date
    number: str
    line: str
    customer_id: int
    product_id: int | None
    product_text: str
    quantity: Decimal | None
    amount: Decimal
    profit: Decimal | None
    discount: Decimal | None
    note: str
    credit_person_id: int | None
    credit_department_id: int | None


class BoughtOut(Answer):
    """What was bought in a year, or of a product."""

    name: str
    product_id: int | None
    lines: int
    orders: int
    quantity: Decimal
    amount: Decimal
    profit: Decimal | None


class HistoryOut(Answer):
    """What one customer bought, as far as one sees it; `gap` is the median number of days between two order days."""

    years: list[BoughtOut]
    products: list[BoughtOut]
    total: BoughtOut
    last_12_months: BoughtOut
    last_on: dt.date | None
    gap: int | None


class SalesAsked(Body):
    """Which lines: of a customer, from a day, up to a day."""

    customer_id: Id | None = None
    since: Day | None = None
    until: Day | None = None


@router.get("/sales", response=Page[SaleOut])
def sales(request: ApiRequest, paging: Query[Paging], asked: Query[SalesAsked]) -> Page[SaleOut]:
    """The lines that one sees."""
    request.actor.require(SEE)
    rows = queries.sales(request.actor, customer_id=asked.customer_id)
    if asked.since is not None:
        rows = rows.filter(occurred_on__gte=asked.since)
    if asked.until is not None:
        rows = rows.filter(occurred_on__lte=asked.until)
    return page_of(rows.select_related(None), paging, lambda row: shaped(SaleOut, row))


@router.get("/customers/{customer_id}/sales", response=HistoryOut)
def history(request: ApiRequest, customer_id: Id) -> HistoryOut:
    """What one customer bought: by year, by product, in the last 12 months, how often."""
    request.actor.require(SEE)
    found = queries.history(request.actor, customer(request.actor, customer_id).pk)
    return HistoryOut(
        years=[_bought(part) for part in found.years],
        products=[_bought(part) for part in found.products],
        total=_bought(found.total),
        last_12_months=_bought(found.lately),
        last_on=found.last_on,
        gap=found.gap,
    )


def _bought(part: Bought) -> BoughtOut:
    return shaped(BoughtOut, part)
