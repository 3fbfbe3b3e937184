"""Every way to look at what was sold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.money import unscaled
from xiaocheng.foundation.kernel.periods import Period, year_before
from xiaocheng.selling.customers.queries import customer, customers

from .debts import Debt, debts
from .measures import PROFIT, exact
from .models import Order as Order
from .models import Receipt as Receipt
from .models import SaleLine as SaleLine
from .options import MEANS as MEANS

MOST_PRODUCTS = 12
FEWEST_ORDER_DAYS = 3  # of fewer no rhythm is told


def sales(actor: Actor, search: str = "", *, customer_id: int | None = None) -> QuerySet[SaleLine]:
    """The lines that the actor sees, the latest first; found by the document's number or the customer's name."""
    rows: QuerySet[SaleLine] = SaleLine.objects.visible_to(actor).select_related("customer", "credit_person", "product")
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if search.strip():
        named = Q(customer__in=customers(actor, "all", search).order_by().values("pk"))
        rows = rows.filter(named | Q(number=search.strip()))
    return rows.order_by("-occurred_on", "-pk")


def counted_sales(actor: Actor, measure: str, period: Period, person_id: int | None = None) -> QuerySet[SaleLine]:
    """The lines that a measure counts in a period, of one person or of everybody whose figures the actor sees.

    Figures go by the credit alone: who has a customer now sees what it bought before, but that is not his.
    """
    rows = _credited(actor, sales(actor), period, person_id).filter(credit_person__isnull=False)
    return rows.exclude(profit=None) if measure == PROFIT else rows


def _credited(actor: Actor, rows: QuerySet[Any], period: Period, person_id: int | None) -> QuerySet[Any]:
    rows = rows.filter(booked_on__range=(period.first, period.last))
    if not actor.sight.everyone:
        rows = rows.filter(
            Q(credit_person__in=sorted(actor.sight.people)) | Q(credit_department__in=sorted(actor.sight.departments))
        )
    return rows if person_id is None else rows.filter(credit_person_id=person_id)


def receipts(
    actor: Actor,
    search: str = "",
    *,
    customer_id: int | None = None,
    opportunity_id: int | None = None,
    visit_id: int | None = None,
) -> QuerySet[Receipt]:
    """The receipts that the actor sees, the latest first; found by the document's number or the customer's name."""
    rows: QuerySet[Receipt] = Receipt.objects.visible_to(actor).select_related(
        "customer", "opportunity", "credit_person", "entered_by"
    )
    asked = {"customer_id": customer_id, "opportunity_id": opportunity_id, "visit_id": visit_id}
    rows = rows.filter(**{name: value for name, value in asked.items() if value is not None})
    if search.strip():
        named = Q(customer__in=customers(actor, "all", search).order_by().values("pk"))
        rows = rows.filter(named | Q(number=search.strip()))
    return rows.order_by("-received_on", "-pk")


def receipt(actor: Actor, receipt_id: int) -> Receipt:
    """One receipt with what it is about."""
    row: Receipt = Receipt.objects.one(
        actor, receipt_id, "customer", "opportunity", "visit", "credit_person", "entered_by", "reverses"
    )
    return row


def reversal_of(actor: Actor, receipt_id: int) -> Receipt | None:
    """What took a receipt back, if anything did."""
    return Receipt.objects.visible_to(actor).filter(reverses=receipt_id).first()


def counted_receipts(actor: Actor, period: Period, person_id: int | None = None) -> QuerySet[Receipt]:
    """The receipts that the measure counts in a period, of one person or of everybody whose figures the actor sees."""
    return _credited(actor, receipts(actor), period, person_id)


def orders(
    actor: Actor,
    search: str = "",
    *,
    customer_id: int | None = None,
    opportunity_id: int | None = None,
    visit_id: int | None = None,
) -> QuerySet[Order]:
    """The orders that the actor sees, the latest first; found by their number or the customer's name."""
    rows: QuerySet[Order] = Order.objects.visible_to(actor).select_related(
        "customer", "opportunity", "credit_person", "reverses"
    )
    asked = {"customer_id": customer_id, "opportunity_id": opportunity_id, "visit_id": visit_id}
    rows = rows.filter(**{name: value for name, value in asked.items() if value is not None})
    if search.strip():
        named = Q(customer__in=customers(actor, "all", search).order_by().values("pk"))
        rows = rows.filter(named | Q(number=search.strip()))
    return rows.order_by("-ordered_on", "-pk")


def order(actor: Actor, order_id: int) -> Order:
    """One order with its lines and what it is about."""
    row: Order = Order.objects.one(
        actor, order_id, "customer", "opportunity", "visit", "credit_person", "entered_by", "reverses"
    )
    return row


def cancellation_of(actor: Actor, order_id: int) -> Order | None:
    """What took an order back, if anything did."""
    return Order.objects.visible_to(actor).filter(reverses=order_id).first()


def counted_orders(actor: Actor, period: Period, person_id: int | None = None) -> QuerySet[Order]:
    """The orders that the measures count in a period, of one person or of everybody whose figures the actor sees."""
    return _credited(actor, orders(actor), period, person_id)


@dataclass(frozen=True)
class Money:
    """What one customer has won with us, paid and still owes; all receipts count, whoever entered them."""

    won: Decimal
    received: Decimal
    left: Decimal
    debt: Debt


def money_of(actor: Actor, customer_id: int) -> Money:
    """The sums over a customer's receipts and over its deals won here; for whoever decides about the customer."""
    row = customer(actor, customer_id)
    if not row.is_decided_by(actor):
        raise NotFound
    debt = debts([row.pk]).get(row.pk, Debt())
    total = Receipt.objects.visible_to(actor).filter(customer=row).aggregate(n=Sum(exact("amount")))["n"]
    return Money(won=debt.won, received=unscaled(total or 0), left=debt.left, debt=debt)


def received_for(actor: Actor, opportunity_id: int) -> Decimal:
    """What came in for one deal that the actor sees."""
    rows = Receipt.objects.visible_to(actor).filter(opportunity=opportunity_id)
    return unscaled(rows.aggregate(n=Sum(exact("amount")))["n"] or 0)


@dataclass(frozen=True)
class Bought:
    """What was bought in a year, or of a product: lines, documents, quantity, amount, profit."""

    name: str
    lines: int
    orders: int
    quantity: Decimal
    amount: Decimal
    profit: Decimal | None
    product_id: int | None = None


NOTHING = Bought("", 0, 0, Decimal(0), Decimal(0), None)


def sold_to(actor: Actor, buyers: Q, period: Period) -> Bought:
    """What some customers bought in a period, as far as the actor sees it.

    `buyers` is a condition on lines: Q(customer=5), Q(customer__in=...).
    """
    rows = SaleLine.objects.visible_to(actor).filter(buyers, occurred_on__range=(period.first, period.last))
    found = rows.aggregate(sold=Sum(exact("amount")), gained=Sum(exact("profit")), n=Count("pk"))
    profit = None if found["gained"] is None else unscaled(found["gained"])
    return Bought("", found["n"], 0, Decimal(0), unscaled(found["sold"] or 0), profit)


@dataclass(frozen=True)
class History:
    """What one customer bought, as far as the actor sees it: by year, by product, in the last 12 months, how often."""

    years: list[Bought] = field(default_factory=list)
    products: list[Bought] = field(default_factory=list)
    total: Bought = NOTHING
    lately: Bought = NOTHING
    last_on: dt.date | None = None
    gap: int | None = None  # median days from one day with an order to the next


def history(actor: Actor, customer_id: int) -> History:
    """The sums over a customer's lines."""
    rows: QuerySet[SaleLine] = SaleLine.objects.visible_to(actor).filter(customer_id=customer_id).order_by()
    days = list(rows.filter(amount__gt=0).values_list("occurred_on", flat=True).distinct().order_by("occurred_on"))
    years = _sums(rows.annotate(year=ExtractYear("occurred_on")), "year", order="-year")
    if not years:
        return History()
    since = year_before(clock.today())
    lately = _sums(rows.filter(occurred_on__gt=since), "customer_id", order="customer_id")
    products = _sums(rows, "product_text", "product_id", order="-sold")
    gaps = [(after - before).days for before, after in pairwise(days)]
    return History(
        years=years,
        products=products[:MOST_PRODUCTS],
        total=_total(years),
        lately=lately[0] if lately else NOTHING,
        last_on=days[-1] if days else None,
        gap=round(median(gaps)) if len(days) >= FEWEST_ORDER_DAYS else None,
    )


def _sums(rows: QuerySet[Any], *columns: str, order: str) -> list[Bought]:
    """Groups with their sums; the first column names a group, the second, if any, is the product."""
    summed = rows.values_list(*columns).annotate(
        n=Count("pk"),
        orders=Count("number", distinct=True),
        pieces=Sum(exact("quantity")),
        sold=Sum(exact("amount")),
        gained=Sum(exact("profit")),
    )
    groups: list[tuple[Any, ...]] = list(summed.order_by(order))
    return [
        Bought(
            name=str(name),
            lines=lines,
            orders=orders,
            quantity=unscaled(pieces),
            amount=unscaled(sold),
            profit=None if gained is None else unscaled(gained),
            product_id=rest[0] if rest else None,
        )
        for name, *rest, lines, orders, pieces, sold, gained in groups
    ]


def _total(parts: list[Bought]) -> Bought:
    profits = [part.profit for part in parts if part.profit is not None]
    return Bought(
        name="",
        lines=sum(part.lines for part in parts),
        orders=sum(part.orders for part in parts),
        quantity=sum((part.quantity for part in parts), Decimal(0)),
        amount=sum((part.amount for part in parts), Decimal(0)),
        profit=sum(profits, Decimal(0)) if profits else None,
    )
