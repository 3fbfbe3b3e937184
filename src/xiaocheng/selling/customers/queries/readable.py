"""Which customers somebody reads with the people there: the rule of the scope of contacts, for rows by their ids."""

from __future__ import annotations

from collections.abc import Collection

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.selling.customers.models import Customer


def readable(actor: Actor, customer_ids: Collection[int]) -> list[int]:
    """Those that the actor sees unmasked: none that is hidden, and in a pool nobody's."""
    seen = Customer.objects.among(actor, customer_ids, "owner")
    return [row.pk for row in seen if row.owner_id or actor.sight.everyone]
