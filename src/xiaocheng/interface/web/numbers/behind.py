"""Where the rows behind a measure are listed."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from xiaocheng.foundation.kernel.periods import Period

LISTS = {
    "fieldwork.planned": "lines",
    "fieldwork.plan_done": "lines",
    "fieldwork.visited": "visits",
    "fieldwork.effective": "visits",
    "fieldwork.off_plan": "visits",
    "fieldwork.calls": "visits",
    "customers.registered": "customers",
    "customers.received": "receptions",
    "pipeline.opened": "opened",
    "pipeline.won": "closings",
    "pipeline.won_amount": "closings",
    "trade.sales": "sales",
    "trade.profit": "sales",
    "trade.received": "receipts",
    "trade.orders": "orders",
    "trade.order_amount": "orders",
    "expenses.amount": "expenses",
    "service.raised": "complaints",
    "service.closed": "settled",
}


def rows_behind(key: str, period: Period, person_id: int | None = None) -> str:
    """The address of what a measure counts in a period: of one person, or of everybody whom the reader sees."""
    asked = {"key": key, "first": period.first.isoformat(), "last": period.last.isoformat()}
    if person_id is not None:
        asked["person"] = str(person_id)
    return f"{reverse(f'numbers:{LISTS[key]}')}?{urlencode(asked)}"
