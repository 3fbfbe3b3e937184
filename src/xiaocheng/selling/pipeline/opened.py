"""Whoever owns an opportunity may open its customer, though the customer is somebody else's.

Each opportunity opens its customer by a reason of its own, so that one which moves on takes nothing from the others.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F

from xiaocheng.foundation.kernel.bulk import in_sets
from xiaocheng.foundation.kernel.prepared import Prepared
from xiaocheng.foundation.kernel.scope import open_instead

from .models import Opportunity

CUSTOMER = "customers.customer"
SET = 2000  # opportunities at once
BECAUSE = "whoever owns an opportunity may open its customer, whoever gave it to him"


def open_customers(opportunity_ids: Collection[int], before: Collection[int] = ()) -> None:
    """Open the customers of opportunities to their owners, as things stand now; `before`: customers opened till now."""
    opened = [(customer, owner, _reason(pk)) for pk, customer, owner in _SOMEBODY_ELSES.of(opportunity_ids)]
    open_instead(CUSTOMER, before, [_reason(pk) for pk in opportunity_ids], opened)


def open_all() -> int:
    """Open the customers of all opportunities anew: for those of a time when nothing was opened; gives how many."""
    ids = list(Opportunity.objects.beyond_sight(because=BECAUSE).order_by("pk").values_list("pk", flat=True))
    for some in in_sets(ids, SET):
        customers = Opportunity.objects.beyond_sight(because=BECAUSE).filter(pk__in=some, customer__isnull=False)
        open_customers(some, set(customers.values_list("customer_id", flat=True)))
    return len(ids)


_SOMEBODY_ELSES = Prepared(
    lambda *ids: (
        Opportunity.objects.beyond_sight(because=BECAUSE)
        .filter(pk__in=ids, customer__isnull=False)
        .exclude(customer__owner__isnull=False, customer__owner=F("owner"))
        .values_list("pk", "customer", "owner")
    )
)


def _reason(opportunity_id: int) -> str:
    return f"opportunity:{opportunity_id}"
