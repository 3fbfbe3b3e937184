"""What the customers of the demo company ordered lately, most of it on visits; one order was cancelled."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.catalogue.queries import products
from xiaocheng.selling.fieldwork.queries import Result, visits
from xiaocheng.selling.trade.commands import OrderDraft, OrderLineDraft, cancel_order, place_order

MOST = 40
PIECES = (1, 2, 2, 5, 10)


def order(today: dt.date, seed: int) -> None:
    """Enter what was ordered on the latest visits that ended with an order."""
    dice = random.Random(f"{seed} ordered")  # noqa: S311 - the demo company shall be the same each time
    offered = list(products(SYSTEM, active_only=True).filter(list_price__gt=0)[:12])
    ended = visits(SYSTEM).filter(result=Result.ORDER, customer__owner__isnull=False, booked_on__lte=today)[:MOST]
    for count, visit in enumerate(list(ended) if offered else ()):
        on = clock.day_of(visit.occurred_at)
        chosen = dice.sample(offered, min(len(offered), dice.randrange(1, 4)))
        lines = [OrderLineDraft(product_id=it.pk, quantity=Decimal(dice.choice(PIECES))) for it in chosen]
        draft = OrderDraft(customer_id=visit.customer_id or 0, ordered_on=on, lines=lines, visit_id=visit.pk)
        with clock.as_of(clock.instant(on, dt.time(17))):
            row = place_order(SYSTEM, draft)
            if count == MOST // 2:
                cancel_order(SYSTEM, row.pk, "客户改型号,重新下单")
