"""What the customers of the demo company paid for what they bought: most in full, some in part, a few nothing yet."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.pipeline.queries import opportunities
from xiaocheng.selling.trade.commands import ReceiptDraft, enter_receipt, remind_unpaid

MEANS = ("transfer", "transfer", "transfer", "acceptance", "cheque")
PARTS = (Decimal(1), Decimal(1), Decimal(1), Decimal(1), Decimal("0.5"), Decimal(0))


def pay(today: dt.date, seed: int) -> None:
    """Enter what came in until a day for the deals that were won."""
    dice = random.Random(f"{seed} paid")  # noqa: S311 - the demo company shall be the same each time
    won = opportunities(SYSTEM, "all").filter(state="won", amount__gt=0, customer__isnull=False).order_by("pk")
    for deal in list(won):
        part, means = dice.choice(PARTS), dice.choice(MEANS)
        on = clock.day_of(deal.closed_at or clock.now()) + dt.timedelta(days=dice.randrange(5, 40))
        if part and on <= today:
            draft = ReceiptDraft(
                customer_id=deal.customer_id or 0,
                opportunity_id=deal.pk,
                amount=((deal.amount or Decimal(0)) * part).quantize(Decimal("0.01")),
                received_on=on,
                means=means,
                number=f"SK{on:%y%m%d}-{deal.pk}",
            )
            with clock.as_of(clock.instant(on, dt.time(16))):
                enter_receipt(SYSTEM, draft)
    remind_unpaid(SYSTEM)
