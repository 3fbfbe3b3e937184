"""What happened in trade. `rows` are carried to the counts, not kept."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about, carried, personal

from .models import Order, Receipt, SaleLine


class SalesRecorded(Event):
    """Lines of past sales to a customer were taken in."""

    customer_id: int = about("customers.customer")
    lines: int
    amount: Decimal
    first_on: dt.date
    last_on: dt.date
    rows: tuple[SaleLine, ...] = carried()
    says = _("导入 %(lines)s 行销售记录,金额合计 %(amount)s(%(first_on)s 至 %(last_on)s)")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The amount as people write it."""
        return values | {"amount": f"{Decimal(values['amount']):,.2f}"}


class SalesUndone(Event):
    """Lines of past sales to a customer that were taken in by mistake are gone again."""

    customer_id: int = about("customers.customer")
    lines: int
    amount: Decimal
    rows: tuple[SaleLine, ...] = carried()
    takes_back = SalesRecorded
    says = _("撤销了 %(lines)s 行销售记录,金额合计 %(amount)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The amount as people write it."""
        return values | {"amount": f"{Decimal(values['amount']):,.2f}"}


class ReceiptEntered(Event):
    """Money came from a customer."""

    customer_id: int = about("customers.customer")
    opportunity_id: int | None = about("pipeline.opportunity")
    receipt_id: int = about("trade.receipt")
    amount: Decimal
    received_on: dt.date
    rows: tuple[Receipt, ...] = carried()
    says = _("登记回款 %(amount)s(%(received_on)s 收到)")

    @classmethod
    def of(cls, row: Receipt) -> ReceiptEntered:
        """What is told of a receipt."""
        return cls(
            customer_id=row.customer_id,
            opportunity_id=row.opportunity_id,
            receipt_id=row.pk,
            amount=row.amount,
            received_on=row.received_on,
            rows=(row,),
        )

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The amount as people write it."""
        return values | {"amount": f"{Decimal(values['amount']):,.2f}"}


class ReceiptReversed(Event):
    """Money that was entered by mistake is taken back by its opposite."""

    customer_id: int = about("customers.customer")
    opportunity_id: int | None = about("pipeline.opportunity")
    receipt_id: int = about("trade.receipt")
    amount: Decimal
    reason: str = personal()
    rows: tuple[Receipt, ...] = carried()
    says = _("冲销回款 %(amount)s:%(reason)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The amount as people write it."""
        return values | {"amount": f"{Decimal(values['amount']):,.2f}"}


class ReceiptUndone(Event):
    """Money that a file brought in by mistake is gone again."""

    customer_id: int = about("customers.customer")
    opportunity_id: int | None = about("pipeline.opportunity")
    receipt_id: int = about("trade.receipt")
    amount: Decimal
    rows: tuple[Receipt, ...] = carried()
    takes_back = ReceiptEntered
    says = _("撤销了导入的回款 %(amount)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The amount as people write it."""
        return values | {"amount": f"{Decimal(values['amount']):,.2f}"}


class OrderPlaced(Event):
    """A customer ordered something."""

    customer_id: int = about("customers.customer")
    opportunity_id: int | None = about("pipeline.opportunity")
    visit_id: int | None  # not in the story of the visit, which others may read
    order_id: int = about("trade.order")
    number: str
    amount: Decimal
    ordered_on: dt.date
    rows: tuple[Order, ...] = carried()
    says = _("登记订单 %(number)s,金额 %(amount)s(%(ordered_on)s 订货)")

    @classmethod
    def of(cls, row: Order) -> OrderPlaced:
        """What is told of an order."""
        return cls(
            customer_id=row.customer_id,
            opportunity_id=row.opportunity_id,
            visit_id=row.visit_id,
            order_id=row.pk,
            number=row.number,
            amount=row.amount,
            ordered_on=row.ordered_on,
            rows=(row,),
        )

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The amount as people write it."""
        return values | {"amount": f"{Decimal(values['amount']):,.2f}"}


class OrderCancelled(Event):
    """An order is taken back by its opposite."""

    customer_id: int = about("customers.customer")
    opportunity_id: int | None = about("pipeline.opportunity")
    visit_id: int | None  # not in the story of the visit, which others may read
    order_id: int = about("trade.order")
    number: str
    amount: Decimal
    reason: str = personal()
    rows: tuple[Order, ...] = carried()
    says = _("取消订单 %(number)s,金额 %(amount)s:%(reason)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The amount as people write it."""
        return values | {"amount": f"{Decimal(values['amount']):,.2f}"}


class OrderUndone(Event):
    """An order that a file brought in by mistake is gone again."""

    customer_id: int = about("customers.customer")
    order_id: int = about("trade.order")
    number: str
    amount: Decimal
    rows: tuple[Order, ...] = carried()
    takes_back = OrderPlaced
    says = _("撤销了导入的订单 %(number)s,金额 %(amount)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The amount as people write it."""
        return values | {"amount": f"{Decimal(values['amount']):,.2f}"}
