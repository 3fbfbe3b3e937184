"""What the people of the demo company spent on their latest visits; one was entered by mistake."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.queries import actor_for
from xiaocheng.selling.expenses.commands import ExpenseDraft, cancel_expense, record_expense
from xiaocheng.selling.fieldwork.queries import Kind, visits

MOST = 60
# kind, how often, from and to how much, what for
SPENT = (
    ("transport", 8, 18, 90, "打车往返"),
    ("transport", 4, 60, 320, "高铁票"),
    ("meals", 4, 25, 60, "误餐"),
    ("gifts", 1, 80, 300, "样品册与小礼品"),
    ("entertainment", 2, 180, 680, "与客户午餐"),
    ("lodging", 1, 220, 420, ""),
)


def spend(first: dt.date, last: dt.date, seed: int) -> None:
    """Record what was spent on the latest visits of some days, each by whoever made the visit."""
    dice = random.Random(f"{seed} spent {first}")  # noqa: S311 - the demo company shall be the same each time
    made = visits(SYSTEM).filter(kind=Kind.VISIT, completed_at__isnull=False, booked_on__range=(first, last))
    for count, visit in enumerate(made.select_related("credit_person")[:MOST]):
        kind, _often, least, most, note = dice.choices(SPENT, [it[1] for it in SPENT])[0]
        day = clock.day_of(visit.occurred_at)
        amount = Decimal(dice.randrange(least, most))
        draft = ExpenseDraft(spent_on=day, kind=kind, amount=amount, visit_id=visit.pk, note=note)
        actor = actor_for(visit.credit_person)
        with clock.as_of(max(visit.occurred_at, min(clock.instant(day, dt.time(18)), clock.now()))):
            row = record_expense(actor, draft)
            if count == MOST // 2:
                cancel_expense(actor, row.pk, row.edit_version, "重复登记")
