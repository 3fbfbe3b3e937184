"""Whoever owns or shares an opportunity may open its customer, though the customer is somebody else's.

Each opportunity opens its customer by a reason of its own, so that one which moves on takes nothing from the others.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F

from xiaocheng.foundation.kernel.bulk import in_sets
from xiaocheng.foundation.kernel.prepared import Prepared
from xiaocheng.foundation.kernel.scope import open_instead

from .models import Opportunity, OpportunityMember

CUSTOMER = "customers.customer"
SET = 2000  # opportunities at once
BECAUSE = "whoever owns an opportunity may open its customer, whoever gave it to him"


def open_customers(opportunity_ids: Collection[int], before: Collection[int] = ()) -> None:
    """Open the customers of opportunities to their owners and co-owners, as things stand now.

    `before`: the customers opened until now.
    """
    found = _SOMEBODY_ELSES.of(opportunity_ids)
    theirs = [(pk, customer, holder, owner) for pk, customer, holder, owner, _shared in found]
    shared = {pk: (customer, holder) for pk, customer, holder, _owner, is_shared in found if is_shared}
    if shared:
        members = OpportunityMember.objects.beyond_sight(because=BECAUSE).filter(opportunity__in=shared, ended_at=None)
        theirs += [(pk, *shared[pk], person) for pk, person in members.values_list("opportunity", "person")]
    opened = [(customer, who, _reason(pk)) for pk, customer, holder, who in theirs if who != holder]
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
        .exclude(customer__owner__isnull=False, customer__owner=F("owner"), is_shared=False)
        .values_list("pk", "customer", "customer__owner", "owner", "is_shared")
    )
)


def _reason(opportunity_id: int) -> str:
    return f"opportunity:{opportunity_id}"
