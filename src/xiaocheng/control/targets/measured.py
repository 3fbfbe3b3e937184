"""Which measures a target can be set for, in the order in which they are shown."""

from __future__ import annotations

from xiaocheng.foundation.kernel import measures

MEASURES = (
    "pipeline.won_amount",
    "trade.order_amount",
    "trade.received",
    "fieldwork.visited",
    "fieldwork.effective",
    "customers.registered",
)


def offered() -> list[measures.Measure]:
    """Their declarations."""
    return [measures.measure(key) for key in MEASURES]
