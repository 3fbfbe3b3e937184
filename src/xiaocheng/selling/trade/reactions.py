"""What trade knows when a lower module's event happens."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import reacts
from xiaocheng.selling.customers.commands import note_first_deals
from xiaocheng.selling.customers.events import FirstDealUndone

from .firsts import first_sales


@reacts(FirstDealUndone)
def stay_a_customer(actor: Actor, events: Sequence[FirstDealUndone]) -> None:
    """Who bought something stays a customer without the deal that was none."""
    note_first_deals(actor, first_sales({event.customer_id for event in events}))
