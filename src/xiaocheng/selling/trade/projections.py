"""From what was sold to what is counted about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from xiaocheng.foundation.kernel.journal import projects
from xiaocheng.foundation.kernel.measures import Bump, bump

from .events import (
    OrderCancelled,
    OrderPlaced,
    OrderUndone,
    ReceiptEntered,
    ReceiptReversed,
    ReceiptUndone,
    SalesRecorded,
    SalesUndone,
)
from .measures import bumps_of, order_bumps, receipt_bumps


@projects(SalesRecorded)
def count_sales(events: Sequence[SalesRecorded]) -> None:
    """Add up sales for whom they are credited to."""
    bump(item for event in events for item in bumps_of(event.rows, 1))


@projects(SalesUndone)
def take_back_sales(events: Sequence[SalesUndone]) -> None:
    """What was never sold counts nowhere."""
    bump(item for event in events for item in bumps_of(event.rows, -1))


@projects(ReceiptEntered, ReceiptReversed)
def count_receipts(events: Sequence[ReceiptEntered | ReceiptReversed]) -> None:
    """Add up money received for whom it is credited to; a reversal is less than zero."""
    bump(item for event in events for item in receipt_bumps(event.rows))


@projects(OrderPlaced, OrderCancelled)
def count_orders(events: Sequence[OrderPlaced | OrderCancelled]) -> None:
    """Add up orders for whom they are credited to; one that is cancelled counts the other way."""
    bump(item for event in events for item in order_bumps(event.rows))


@projects(ReceiptUndone)
def take_back_receipts(events: Sequence[ReceiptUndone]) -> None:
    """Money that never came counts nowhere."""
    bump(item for event in events for item in _opposite(receipt_bumps(event.rows)))


@projects(OrderUndone)
def take_back_orders(events: Sequence[OrderUndone]) -> None:
    """What was never ordered counts nowhere."""
    bump(item for event in events for item in _opposite(order_bumps(event.rows)))


def _opposite(items: Iterable[Bump]) -> Iterator[Bump]:
    return (replace(item, value=-item.value) for item in items)
