"""What trade knows when a lower module's event happens."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import Moved, reacts
from xiaocheng.foundation.kernel.measures import bump
from xiaocheng.selling.customers.commands import note_first_deals
from xiaocheng.selling.customers.events import (
    CustomersMerged,
    FirstDealUndone,
    MergeUndone,
    PersonalDataErased,
    carry_all,
)

from .firsts import first_sales
from .measures import rerouted
from .models import CustomerNumber, SaleLine

FOLLOWS = "what a merged customer bought, the surviving one bought, whoever looks"


@reacts(FirstDealUndone)
def stay_a_customer(actor: Actor, events: Sequence[FirstDealUndone]) -> None:
    """Who bought something stays a customer without the deal that was none."""
    note_first_deals(actor, first_sales({event.customer_id for event in events}))


@reacts(PersonalDataErased)
def erase_notes(actor: Actor, events: Sequence[PersonalDataErased]) -> None:
    """Sales to a person who is erased keep days, products and amounts, and lose their notes."""
    erased = [event.customer_id for event in events if event.contact_id is None]
    rows = SaleLine.objects.beyond_sight(because="what tells of an erased person goes, whoever sold to him")
    rows.filter(customer__in=erased).exclude(note="").update(note="")


@reacts(CustomersMerged, MergeUndone, moves=("trade.SaleLine.customer",))
def follow_the_merge(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """Sales to a merged customer count as the survivor's, until that is undone."""
    moved: list[int] = []
    for event in events:
        rows = SaleLine.objects.beyond_sight(because=FOLLOWS)
        ids = event.carry(rows)
        bump(item for row in rows.filter(pk__in=ids) for item in rerouted(row, *event.route()))
        moved += ids
    return Moved("trade.saleline", tuple(moved))


@reacts(CustomersMerged, MergeUndone, moves=("trade.CustomerNumber.customer",))
def follow_the_merge_with_numbers(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """What the ERP calls a merged customer means the survivor."""
    return carry_all(events, CustomerNumber.objects.all())
