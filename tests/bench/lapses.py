"""How long the sweep at midnight takes when many customers lapse at once."""

from __future__ import annotations

import datetime as dt
import time

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.customers.commands import lapse_overdue
from xiaocheng.selling.customers.models import Customer

LAPSES = 10_000


def sweep() -> float:
    """Seconds in which 10,000 customers lapse, with episodes, journal and what follows; none a second time."""
    running = Customer.rows.filter(owner__isnull=False, became_customer_on=None)
    running.update(clock_since=clock.now())
    ids = list(running.order_by("pk").values_list("pk", flat=True)[:LAPSES])
    Customer.rows.filter(pk__in=ids).update(clock_since=clock.now() - dt.timedelta(days=60))
    began = time.perf_counter()
    lapsed = lapse_overdue(SYSTEM)
    spent = time.perf_counter() - began
    assert (lapsed, lapse_overdue(SYSTEM)) == (len(ids), 0)
    return spent
