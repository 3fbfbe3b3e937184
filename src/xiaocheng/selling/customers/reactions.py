"""What happens to customers when a lower module's event happens."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import Moved, reacts
from xiaocheng.foundation.org.events import PersonLeft

from .commands import hand_over, hand_over_groups


@reacts(PersonLeft, moves=("customers.Customer.owner",))
def hand_over_customers(actor: Actor, events: Sequence[PersonLeft]) -> Moved | None:
    """The customers of somebody who left go to the successor; without one they wait for the administrator."""
    ids = [
        pk
        for event in events
        if event.successor_id is not None
        for pk in hand_over(actor, event.person_id, event.successor_id)
    ]
    return Moved("customers.customer", tuple(ids)) if ids else None


@reacts(PersonLeft, moves=("customers.CustomerGroup.owner",))
def hand_over_their_groups(actor: Actor, events: Sequence[PersonLeft]) -> Moved | None:
    """The groups of somebody who left go to the successor, with their strategies."""
    ids = [
        pk
        for event in events
        if event.successor_id is not None
        for pk in hand_over_groups(actor, event.person_id, event.successor_id)
    ]
    return Moved("customers.customergroup", tuple(ids)) if ids else None
