"""What people agreed to and refused: of everything that was noted, the last word on each way of being reached."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.prepared import Prepared
from xiaocheng.selling.customers.consenting import last_words
from xiaocheng.selling.customers.models import Consent, Customer

from .readable import readable

Words = Mapping[str, Consent]


def consents(actor: Actor, customer_id: int, contact_id: int | None = None) -> Words:
    """What a customer, or one of its contacts, last agreed to or refused, by channel."""
    rows: QuerySet[Consent] = Consent.objects.visible_to(actor).filter(customer_id=customer_id, contact_id=contact_id)
    return last_words(rows.order_by("pk"))


def consents_at(actor: Actor, customer_id: int) -> dict[int | None, Words]:
    """What everybody at a customer last agreed to or refused: by contact, None being the customer himself."""
    return consents_among(actor, [customer_id]).get(customer_id, {})


def consents_among(actor: Actor, customer_ids: Collection[int]) -> dict[int, dict[int | None, Words]]:
    """The same of each of some customers at which anybody said anything."""
    found: dict[int, dict[int | None, dict[str, Consent]]] = {}
    for row in _AT.of(readable(actor, customer_ids)):
        found.setdefault(row.customer_id, {}).setdefault(row.contact_id, {})[row.channel] = row
    return {customer: dict(said) for customer, said in found.items()}


_AT = Prepared(
    lambda *customers: (
        Consent.objects.beyond_sight(because="the actor sees their customers")
        .filter(customer__pk__in=customers)  # an id, as a prepared read takes no row in its place
        .select_related("contact", "customer")
        .order_by("pk")
    )
)


def with_consents(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Contacts, or customers who are persons, each with what was noted of himself as `said`, the last word last."""
    said = Consent.objects.visible_to(actor).order_by("pk")
    own = said.filter(contact=None) if rows.model is Customer else said
    return rows.prefetch_related(Prefetch("consents", own, to_attr="said"))
