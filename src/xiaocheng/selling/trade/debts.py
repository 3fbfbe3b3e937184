"""What customers still owe for deals won here: asked of the rows for a set of customers at once, never kept."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum

from xiaocheng.foundation.kernel.money import unscaled

from .measures import exact
from .models import Receipt, Receivable

WHOLE = "whether a customer has paid is a question of all receipts, whoever entered them"
ZERO = Decimal(0)


@dataclass(frozen=True)
class Due:
    """A won deal with what came in for it."""

    opportunity_id: int
    name: str
    owner_id: int
    amount: Decimal
    received: Decimal
    since: dt.datetime

    @property
    def left(self) -> Decimal:
        """What is still to come."""
        return max(ZERO, self.amount - self.received)


@dataclass
class Debt:
    """The won deals of one customer, and what was received without saying for which."""

    deals: list[Due] = field(default_factory=list)
    free: Decimal = ZERO

    @property
    def won(self) -> Decimal:
        """What the deals are worth."""
        return sum((deal.amount for deal in self.deals), ZERO)

    @property
    def left(self) -> Decimal:
        """What the customer still owes: what was received for no deal in particular counts for any."""
        return max(ZERO, sum((deal.left for deal in self.deals), ZERO) - self.free)

    def unpaid(self) -> Iterator[Due]:
        """The deals that are not paid; money for no deal in particular pays the oldest first."""
        free = self.free
        for deal in sorted(self.deals, key=lambda deal: (deal.since, deal.opportunity_id)):
            if deal.left > max(free, ZERO):
                yield deal
            free -= deal.left


def debts(customer_ids: Collection[int]) -> dict[int, Debt]:
    """What each of some customers has won and paid; two statements for all of them."""
    found: dict[int, Debt] = defaultdict(Debt)
    received: Counter[int] = Counter()
    rows = Receipt.objects.beyond_sight(because=WHOLE).filter(customer__in=customer_ids).order_by()
    for customer, deal, total in rows.values_list("customer", "opportunity").annotate(n=Sum(exact("amount"))):
        if deal is None:
            found[customer].free += unscaled(total)
        else:
            received[deal] += total
    for row in _deals(customer_ids):
        deal = row.opportunity
        due = Due(deal.pk, deal.name, deal.owner_id, deal.amount or ZERO, unscaled(received.pop(deal.pk, 0)), row.since)
        found[deal.customer_id or 0].deals.append(due)
    return found


def _deals(customer_ids: Collection[int]) -> Collection[Receivable]:
    awaited = Receivable.objects.filter(opportunity__customer__in=customer_ids).select_related("opportunity")
    names = ("name", "owner", "customer", "amount")
    return awaited.only("since", *(f"opportunity__{name}" for name in names)).order_by("pk")
