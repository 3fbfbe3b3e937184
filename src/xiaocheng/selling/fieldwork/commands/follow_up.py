"""What a contact means for the customer below: the clock of the last contact, the date agreed for the next one."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.fieldwork.models import Outcome, Visit


def after_contacts(actor: Actor, visits: Sequence[Visit]) -> None:
    """Tell the customers that they were contacted; a contact in which nobody was reached is not a valid one."""
    contacts = [
        customers.Contacted(
            visit.customer_id,
            visit.credit_person_id,
            visit.occurred_at,
            valid=visit.outcome != Outcome.NOT_MET,
            next_on=visit.next_on,
            kind=visit.kind,
            queued_at=visit.queued_at,
        )
        for visit in visits
        if visit.customer_id is not None
    ]
    customers.note_contacts(actor, contacts)
    customers.offer_restores(actor, contacts)
