"""What customers are worth, and the hours that they take."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query, Router, Schema
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.periods import Period, months_back
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.queries import MatrixView, ValueBy
from xiaocheng.insight.rules import MOST_MONTHS
from xiaocheng.selling.trade.access import SEE as SEE_SALES

from .auth import ApiRequest
from .schemas import Id, Page, Paging, page_of, shaped

router = Router(tags=["insight"])
ValueView = Literal["all", "top", "middle", "bottom", "none", "neglected", "costly"]


class ValuedCustomerOut(Answer):
    """A customer with what it brought in the period, and its class (empty where they are too few)."""

    customer_id: int
    name: str
    value: Decimal
    sales: Decimal
    profit: Decimal | None
    orders: int
    last_on: dt.date
    klass: str


class ValueClassOut(Answer):
    """The customers of a class, what they bring together, and its share."""

    klass: str
    count: int
    value: Decimal
    share: Decimal | None


class ValueTraitOut(Answer):
    """How many of the top, and of all others, have a code of an option list."""

    kind: str
    code: str
    top: int
    top_of: int
    rest: int
    rest_of: int


class ValueOut(Answer):
    """How the value of customers is spread; `curve` is the share that the first tenth, two tenths … bring."""

    by: str
    top_percent: int
    top_share: Decimal | None
    customers_for_80_percent: int | None
    largest_share: Decimal | None
    curve: list[Decimal]
    classes: list[ValueClassOut]
    traits: list[ValueTraitOut]
    customers: list[ValuedCustomerOut]


class CustomerValueOut(Answer):
    """What one customer was worth and took of our time at the last count; null is what is not known."""

    customer_id: int
    klass: str
    score: Decimal | None
    value: Decimal
    sales: Decimal
    profit: Decimal | None
    orders: int
    products: int
    last_on: dt.date | None
    minutes: int
    visits: int
    contacts: int
    loyalty: str
    keeps_rhythm: bool | None
    pays_in_full: bool | None
    is_long: bool | None
    is_price_led: bool
    decision: str
    review_on: dt.date | None


class EffortOut(Answer):
    """The customers of one class: hours planned and spent, visits, other contacts, sales and profit."""

    klass: str
    count: int
    planned: Decimal
    hours: Decimal
    visits: int
    contacts: int
    sales: Decimal
    profit: Decimal


class CellOut(Answer):
    """The customers of one class of each axis; an empty class is what is not known, `suggested` counts customers."""

    row: str
    column: str
    count: int
    sales: Decimal
    profit: Decimal
    planned: Decimal
    hours: Decimal
    suggested: dict[str, int]


class MatrixOut(Answer):
    """The cells that have customers, over a period; classes and loyalty are those of the last count."""

    rows: str
    columns: str
    first: dt.date
    last: dt.date
    months: int
    counted_on: dt.date
    cells: list[CellOut]


class ValueAsked(Schema):
    """Over how many months up to today, by profit or by sales."""

    months: Annotated[int, Field(ge=1, le=120)] = 12
    by: ValueBy = "profit"


class MatrixAsked(Schema):
    """Which grid, over the counted period or so many months, of a department with those below or of one person."""

    view: MatrixView = "value"
    months: Annotated[int, Field(ge=1, le=MOST_MONTHS)] | None = None
    team_id: Id | None = None
    person_id: Id | None = None


@router.get("/insight/value", response=ValueOut)
def value(request: ApiRequest, asked: Query[ValueAsked]) -> ValueOut:
    """The value of the customers whose owners one sees: classes, the real curve, by what the top differs."""
    request.actor.require(SEE, SEE_SALES)
    today = clock.today()
    found = queries.worth(request.actor, Period(months_back(today, asked.months), today), asked.by)
    return ValueOut(
        by=found.by,
        top_percent=found.top_percent,
        top_share=found.top_share,
        customers_for_80_percent=found.for_most,
        largest_share=found.largest_share,
        curve=found.curve,
        classes=[shaped(ValueClassOut, part) for part in found.classes],
        traits=[shaped(ValueTraitOut, trait) for trait in found.traits],
        customers=[shaped(ValuedCustomerOut, row) for row in found.customers],
    )


@router.get("/insight/values", response=Page[CustomerValueOut])
def values(request: ApiRequest, paging: Query[Paging], view: ValueView = "all") -> Page[CustomerValueOut]:
    """What each customer was worth and took of our time at the last count; hours are those of visits."""
    found = queries.values(request.actor, view).order_by("-pk")
    return page_of(found, paging, lambda row: shaped(CustomerValueOut, row))


@router.get("/insight/matrix", response=MatrixOut)
def matrix(request: ApiRequest, asked: Query[MatrixAsked]) -> MatrixOut:
    """Customers by value and loyalty, potential and loyalty, or potential and value; 404 before the first count."""
    found = queries.matrix(request.actor, **asked.model_dump())
    if found is None:
        raise NotFound
    rows, columns = queries.MATRICES[found.view]
    cells = [CellOut(row=row, column=column, **vars(cell)) for (row, column), cell in sorted(found.cells.items())]
    return MatrixOut(
        rows=rows,
        columns=columns,
        first=found.period.first,
        last=found.period.last,
        months=found.months,
        counted_on=found.counted_on,
        cells=cells,
    )


@router.get("/insight/efforts", response=list[EffortOut])
def efforts(request: ApiRequest) -> list[EffortOut]:
    """Planned and actual hours, sales and profit of each class; without a class: those who bought nothing."""
    return [shaped(EffortOut, line) for line in queries.efforts(request.actor)]
