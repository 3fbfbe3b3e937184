"""What insight does to its own rows when a lower module's event happens."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import Moved, reacts
from xiaocheng.foundation.kernel.measures import drop_gauge, put_gauge
from xiaocheng.selling.customers.events import CustomersMerged, MergeUndone, PersonalDataErased, erased_customers

from .deciding import hold_again
from .measures import COLUMNS, WALLET_SHARE, coded, wallet_shares
from .models import CustomerValue, Decision


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


@reacts(CustomersMerged, MergeUndone, moves=("insight.Decision.customer",))
def follow_the_merge_with_decisions(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """What was decided about a merged customer was decided about the survivor; the newest holds."""
    moved: list[int] = []
    for event in events:
        moved += event.carry(Decision.objects.beyond_sight(because="decisions follow the customer, whoever looks"))
        hold_again(event.route())
    return Moved("insight.decision", tuple(moved))


@reacts(PersonalDataErased)
def erase_reasons(actor: Actor, events: Sequence[PersonalDataErased]) -> None:
    """What was decided about a person who is erased stays without the words."""
    erased = erased_customers(events)
    Decision.objects.beyond_sight(because="what tells of an erased person goes").filter(customer__in=erased).update(
        reason=""
    )
