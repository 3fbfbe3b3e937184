"""What insight does to its own rows when a lower module's event happens."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import Moved, reacts
from xiaocheng.foundation.kernel.measures import drop_gauge, put_gauge
from xiaocheng.selling.customers.events import CustomersMerged, MergeUndone

from .measures import COLUMNS, WALLET_SHARE, coded, wallet_shares
from .models import CustomerValue


@reacts(CustomersMerged, MergeUndone, moves=("insight.CustomerValue.customer",))
def follow_the_merge(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """What was counted of a merged customer is the survivor's if he has nothing; the night counts both anew."""
    moved: list[int] = []
    for event in events:
        source, target = event.route()
        rows = CustomerValue.objects.beyond_sight(because="values follow the customer, whoever looks")
        known = set(rows.filter(customer_id__in=[source, target]).values_list("customer_id", flat=True))
        if not known:
            continue
        if isinstance(event, CustomersMerged) and target in known:
            rows.filter(customer_id=source).delete()
        else:
            moved += event.carry(rows)
        for key, column in COLUMNS.items():
            drop_gauge(key, [source, target])
            there = rows.filter(customer_id__in=[source, target]).values_list("customer_id", column)
            put_gauge(key, dict(coded(key, there)))
        drop_gauge(WALLET_SHARE, [source, target])
        put_gauge(WALLET_SHARE, dict(wallet_shares([source, target])))
    return Moved("insight.customervalue", tuple(moved))
