"""What is counted about sales."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from django.db.models import BigIntegerField, Case, F, Sum, Value, When
from django.db.models.functions import Cast, Round
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.measures import Bump, Measure, declare
from xiaocheng.foundation.kernel.money import SCALE, unscaled

from .models import Order, Receipt, SaleLine

BY = frozenset({"product", "customer"})


def exact(column: str) -> Cast:
    """A column in ten-thousandths, so that SQLite adds it up exactly."""
    return Cast(Round(F(column) * SCALE), BigIntegerField())


def _facts(key: str, column: str) -> Iterator[Bump]:
    rows = SaleLine.objects.beyond_sight(because="measures are rebuilt from all rows")
    rows = rows.filter(credit_person__isnull=False, **{f"{column}__isnull": False})
    grouped = rows.values_list("credit_person", "credit_department", "booked_on", "customer", "product")
    for person, unit, day, customer, product, total in grouped.annotate(n=Sum(exact(column))).order_by():
        yield Bump(key, person, unit, day, unscaled(total), subjects(customer, product))


def subjects(customer: int, product: int | None) -> tuple[tuple[str, int], ...]:
    """By what sales are counted beside people and days."""
    return (("customer", customer), *([("product", product)] if product is not None else []))


def bumps_of(rows: Iterable[SaleLine], sign: int) -> Iterator[Bump]:
    """What lines add to the measures; those credited to nobody add nothing."""
    for row in rows:
        if row.credit_person_id is None or row.credit_department_id is None:
            continue
        about = subjects(row.customer_id, row.product_id)
        for key, value in ((SALES, row.amount), (PROFIT, row.profit)):
            if value:
                yield Bump(key, row.credit_person_id, row.credit_department_id, row.booked_on, sign * value, about)


def rerouted(row: SaleLine, source: int, target: int) -> Iterator[Bump]:
    """What changes in the measures when a line that was one customer's is another's."""
    for item in bumps_of([row], 1):
        others = tuple(about for about in item.subjects if about[0] != "customer")
        for customer, sign in ((source, -1), (target, 1)):
            yield replace(item, value=sign * item.value, subjects=(*others, ("customer", customer)))


SALES = declare(
    Measure(
        key="trade.sales",
        name=_("销售额(销售记录)"),
        unit="money",
        formula=_("期间内导入的销售记录的金额合计,退货为负;记在业务员名下,没有业务员的不计"),
        facts=partial(_facts, "trade.sales", "amount"),
        by=BY,
    )
)
PROFIT = declare(
    Measure(
        key="trade.profit",
        name=_("毛利(销售记录)"),
        unit="money",
        formula=_("期间内导入的销售记录的毛利合计,退货为负;记在业务员名下,没有业务员或没有毛利的不计"),
        facts=partial(_facts, "trade.profit", "profit"),
        by=BY,
    )
)


def _receipts() -> Iterator[Bump]:
    rows = Receipt.objects.beyond_sight(because="measures are rebuilt from all rows")
    grouped = rows.values_list("credit_person", "credit_department", "booked_on", "customer")
    for person, unit, day, customer, total in grouped.annotate(n=Sum(exact("amount"))).order_by():
        yield Bump(RECEIVED, person, unit, day, unscaled(total), (("customer", customer),))


def receipt_bumps(rows: Iterable[Receipt]) -> Iterator[Bump]:
    """What receipts add to the measure."""
    for row in rows:
        about = (("customer", row.customer_id),)
        yield Bump(RECEIVED, row.credit_person_id, row.credit_department_id, row.booked_on, row.amount, about)


def rerouted_receipt(row: Receipt, source: int, target: int) -> Iterator[Bump]:
    """What changes in the measure when a receipt that was one customer's is another's."""
    for item in receipt_bumps([row]):
        for customer, sign in ((source, -1), (target, 1)):
            yield replace(item, value=sign * item.value, subjects=(("customer", customer),))


RECEIVED = declare(
    Measure(
        key="trade.received",
        name=_("回款额"),
        unit="money",
        formula=_("期间内登记的回款合计,冲销为负;记在商机或客户的负责人名下"),
        facts=_receipts,
        by=frozenset({"customer"}),
    )
)


def _orders(key: str) -> Iterator[Bump]:
    rows = Order.objects.beyond_sight(because="measures are rebuilt from all rows")
    grouped = rows.values_list("credit_person", "credit_department", "booked_on", "customer")
    one = Case(When(reverses=None, then=Value(1)), default=Value(-1))
    summed = grouped.annotate(count=Sum(one), total=Sum(exact("amount"))).order_by()
    for person, unit, day, customer, count, total in summed:
        value = count if key == ORDERS else unscaled(total)
        yield Bump(key, person, unit, day, value, (("customer", customer),))


def order_bumps(rows: Iterable[Order]) -> Iterator[Bump]:
    """What orders add to the measures; what cancels one takes one away."""
    for row in rows:
        about = (("customer", row.customer_id),)
        for key, value in ((ORDERS, 1 if row.reverses_id is None else -1), (ORDERED, row.amount)):
            yield Bump(key, row.credit_person_id, row.credit_department_id, row.booked_on, value, about)


def rerouted_order(row: Order, source: int, target: int) -> Iterator[Bump]:
    """What changes in the measures when an order that was one customer's is another's."""
    for item in order_bumps([row]):
        for customer, sign in ((source, -1), (target, 1)):
            yield replace(item, value=sign * item.value, subjects=(("customer", customer),))


ORDERS = declare(
    Measure(
        key="trade.orders",
        name=_("订单数"),
        unit="count",
        formula=_("期间内登记的订单数,取消的在取消当天减去;记在商机或客户的负责人名下"),
        facts=partial(_orders, "trade.orders"),
        by=frozenset({"customer"}),
    )
)
ORDERED = declare(
    Measure(
        key="trade.order_amount",
        name=_("订货额"),
        unit="money",
        formula=_("期间内登记的订单金额合计,取消的在取消当天减去;记在商机或客户的负责人名下"),
        facts=partial(_orders, "trade.order_amount"),
        by=frozenset({"customer"}),
    )
)
