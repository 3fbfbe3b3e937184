"""A guest becomes a customer: the consequence of a reception, which was allowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.queries import usable
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.phones import phone_key
from xiaocheng.selling.customers.drafts import CustomerDraft
from xiaocheng.selling.customers.events import ContactAdded
from xiaocheng.selling.customers.models import Contact, Customer, Reception
from xiaocheng.selling.customers.models.reception import Channel
from xiaocheng.selling.customers.options import LISTS
from xiaocheng.selling.customers.tokens import index_contacts

from .register import RECEPTION, register_many

ENTERED = "the customer was registered by this reception"
SOURCE = {Channel.WALK_IN: "reception", Channel.HOTLINE: "hotline"}
WAY = {Channel.WALK_IN: "visit", Channel.HOTLINE: "phone"}


@dataclass(frozen=True)
class ContactOfGuest:
    """Somebody to talk to at the new customer."""

    name: str
    phone: str


def enter(actor: Actor, row: Reception) -> Customer:
    """Register who came in as the receiver's customer: the company, or the person."""
    channel = Channel(row.channel)
    [outcome] = register_many(
        actor,
        [
            CustomerDraft(
                name=row.company or row.name or str(_("来客 %(phone)s") % {"phone": row.phone}),
                phone=row.phone,
                is_person=not row.company,
                source=_if_usable("source", SOURCE[channel]),
                channel=_if_usable("channel", WAY[channel]),
                owner_id=row.credit_person_id,
                next_contact_on=row.next_on,
                registered_on=row.booked_on,
                despite_duplicates=True,  # whoever is known was found before
            )
        ],
        cause=RECEPTION,
    )
    if outcome.refusal is not None:
        raise outcome.refusal
    rows = Customer.objects.beyond_sight(because=ENTERED)
    found: Customer = rows.get(pk=outcome.row_id)
    return found


def enter_contacts(actor: Actor, customer_id: int, guests: Sequence[ContactOfGuest]) -> int | None:
    """Note whom one talks to at the new customer; gives the first one."""
    rows = [
        Contact(customer_id=customer_id, name=item.name, phone=item.phone, phone_key=phone_key(item.phone))
        for item in guests
    ]
    for row in rows:
        check_columns(row)
    kept = Contact.objects.add_many(rows)
    index_contacts(kept)
    record(actor, *(ContactAdded(customer_id=customer_id, contact_id=row.pk, name=row.name) for row in kept))
    return kept[0].pk if kept else None


def _if_usable(column: str, code: str) -> str:
    return code if usable(LISTS[column], [code]) else ""
