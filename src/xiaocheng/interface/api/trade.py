"""What was sold and paid: the lines of past sales, what one customer bought, money received."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.selling.customers.queries import customer
from xiaocheng.selling.trade import commands, queries
from xiaocheng.selling.trade.access import SEE
from xiaocheng.selling.trade.commands import OrderDraft, OrderLineDraft, ReceiptDraft
from xiaocheng.selling.trade.queries import Bought, Order, Receipt

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


class ReceiptOut(Answer):
    """Money received; less than zero where it takes another receipt (`reverses_id`) back."""

    id: int
    customer_id: int
    opportunity_id: int | None
    visit_id: int | None
    received_on: dt.date
    booked_on: dt.date
    amount: Decimal
    means: str
    number: str
    note: str
    credit_person_id: int
    credit_department_id: int
    entered_by_id: int | None
    reverses_id: int | None


class NewReceipt(Body):
    """Money from a customer, perhaps for one of its deals or on a visit; `means` is a code of the list trade.means."""

    customer_id: Id
    amount: Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=4)]
    received_on: Day
    opportunity_id: Id | None = None
    visit_id: Id | None = None
    means: Annotated[str, Field(max_length=40)] = ""
    number: Annotated[str, Field(max_length=60)] = ""
    note: Annotated[str, Field(max_length=1000)] = ""


class Mistake(Body):
    """Why a receipt is taken back."""

    reason: Annotated[str, Field(max_length=500)]


class ReceiptsAsked(Body):
    """Which receipts: of a customer, a deal or a visit."""

    customer_id: Id | None = None
    opportunity_id: Id | None = None
    visit_id: Id | None = None


class DueOut(Answer):
    """A won deal that is not paid."""

    opportunity_id: int
    name: str
    amount: Decimal
    received: Decimal
    left: Decimal


class MoneyOut(Answer):
    """What a customer has won with us, paid and still owes."""

    won: Decimal
    received: Decimal
    left: Decimal
    unpaid: list[DueOut]


@router.get("/receipts", response=Page[ReceiptOut])
def receipts(request: ApiRequest, paging: Query[Paging], asked: Query[ReceiptsAsked]) -> Page[ReceiptOut]:
    """The receipts that one sees."""
    request.actor.require(SEE)
    rows = queries.receipts(
        request.actor, customer_id=asked.customer_id, opportunity_id=asked.opportunity_id
    ).select_related(None)
    return page_of(rows, paging, _receipt)


@router.get("/receipts/{receipt_id}", response=ReceiptOut)
def receipt(request: ApiRequest, receipt_id: Id) -> ReceiptOut:
    """One receipt."""
    request.actor.require(SEE)
    return _receipt(queries.receipt(request.actor, receipt_id))


@router.post("/receipts", response=ReceiptOut)
def enter_receipt(request: ApiRequest, body: NewReceipt) -> ReceiptOut:
    """Enter money received."""
    return _receipt(commands.enter_receipt(request.actor, ReceiptDraft(**body.model_dump())))


@router.post("/receipts/{receipt_id}/reverse", response=ReceiptOut)
def reverse_receipt(request: ApiRequest, receipt_id: Id, body: Mistake) -> ReceiptOut:
    """Take a receipt back by its opposite, booked today; amounts are never edited."""
    return _receipt(commands.reverse_receipt(request.actor, receipt_id, body.reason))


@router.get("/customers/{customer_id}/money", response=MoneyOut)
def money(request: ApiRequest, customer_id: Id) -> MoneyOut:
    """What one customer has won with us, paid and still owes."""
    request.actor.require(SEE)
    found = queries.money_of(request.actor, customer_id)
    unpaid = [shaped(DueOut, deal) for deal in found.debt.unpaid()]
    return MoneyOut(won=found.won, received=found.received, left=found.left, unpaid=unpaid)


def _receipt(row: Receipt) -> ReceiptOut:
    return shaped(ReceiptOut, row)


class OrderLineOut(Answer):
    """So much of a product; less than zero in what cancels an order."""

    product_id: int
    quantity: Decimal
    price: Decimal
    amount: Decimal


class OrderOut(Answer):
    """What a customer ordered; less than zero where it cancels another order (`reverses_id`)."""

    id: int
    number: str
    customer_id: int
    opportunity_id: int | None
    visit_id: int | None
    ordered_on: dt.date
    booked_on: dt.date
    amount: Decimal
    note: str
    credit_person_id: int
    credit_department_id: int
    entered_by_id: int | None
    reverses_id: int | None


class OrderWithLines(OrderOut):
    """An order with its lines."""

    lines: list[OrderLineOut]


class NewOrderLine(Body):
    """So much of a product; without a price at its list price."""

    product_id: Id
    quantity: Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=4)]
    price: Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4)] | None = None


class NewOrder(Body):
    """What a customer ordered, perhaps on a visit or for one of its deals."""

    customer_id: Id
    ordered_on: Day
    lines: Annotated[list[NewOrderLine], Field(min_length=1, max_length=100)]
    opportunity_id: Id | None = None
    visit_id: Id | None = None
    note: Annotated[str, Field(max_length=1000)] = ""


class Cancellation(Body):
    """Why an order is cancelled."""

    reason: Annotated[str, Field(max_length=500)]


class OrdersAsked(Body):
    """Which orders: of a customer, a deal or a visit."""

    customer_id: Id | None = None
    opportunity_id: Id | None = None
    visit_id: Id | None = None


@router.get("/orders", response=Page[OrderOut])
def orders(request: ApiRequest, paging: Query[Paging], asked: Query[OrdersAsked]) -> Page[OrderOut]:
    """The orders that one sees, without their lines."""
    request.actor.require(SEE)
    rows = queries.orders(request.actor, **asked.model_dump()).select_related(None)
    return page_of(rows, paging, lambda row: shaped(OrderOut, row))


@router.get("/orders/{order_id}", response=OrderWithLines)
def order(request: ApiRequest, order_id: Id) -> OrderWithLines:
    """One order with its lines."""
    request.actor.require(SEE)
    return _order(queries.order(request.actor, order_id))


@router.post("/orders", response=OrderWithLines)
def place_order(request: ApiRequest, body: NewOrder) -> OrderWithLines:
    """Enter what a customer ordered; the company numbers it."""
    said = body.model_dump()
    lines = [OrderLineDraft(**line) for line in said.pop("lines")]
    return _order(commands.place_order(request.actor, OrderDraft(**said, lines=lines)))


@router.post("/orders/{order_id}/cancel", response=OrderWithLines)
def cancel_order(request: ApiRequest, order_id: Id, body: Cancellation) -> OrderWithLines:
    """Cancel an order by its opposite, booked today; orders are never edited."""
    return _order(commands.cancel_order(request.actor, order_id, body.reason))


def _order(row: Order) -> OrderWithLines:
    lines = [shaped(OrderLineOut, line) for line in row.lines.all()]
    return OrderWithLines(**shaped(OrderOut, row).model_dump(), lines=lines)
