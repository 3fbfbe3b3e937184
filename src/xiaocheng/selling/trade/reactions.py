"""What trade knows when a lower module's event happens."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import reacts
from xiaocheng.selling.customers.commands import note_first_deals
from xiaocheng.selling.customers.events import FirstDealUndone, PersonalDataErased

from .firsts import first_sales
from .models import SaleLine


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
