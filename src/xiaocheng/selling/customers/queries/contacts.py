"""The people one talks to: of one customer, and all of them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.phones import phone_key
from xiaocheng.foundation.kernel.prepared import Prepared
from xiaocheng.foundation.kernel.scope import granted_ids
from xiaocheng.selling.customers.access import READ_DETAILS
from xiaocheng.selling.customers.duplicates import is_full_phone
from xiaocheng.selling.customers.models import Contact, Customer, contact_index

from .consents import with_consents
from .readable import readable

SHOWN = ("name", "position", "phone", "phone_key", "is_decision_maker", "customer__name", "customer__owner__name")


def contact(actor: Actor, contact_id: int) -> Contact:
    """One contact of a customer whose details the actor sees, with the customer and its owner."""
    row: Contact = Contact.objects.one(actor, contact_id, "customer__owner")
    return row


def contacts(actor: Actor, customer_id: int) -> list[Contact]:
    """The contacts of one customer, decision-makers first; none of one that is hidden, and in a pool nobody's."""
    return _OF_CUSTOMER(customer_id) if readable(actor, [customer_id]) else []


_OF_CUSTOMER = Prepared(
    lambda customer: (
        Contact.objects.beyond_sight(because="the actor sees their customer")
        .filter(customer_id=customer)
        .order_by("-is_decision_maker", "pk")
    )
)


def all_contacts(actor: Actor, view: str = "all", search: str = "", more: Collection[str] = ()) -> QuerySet[Contact]:
    """The contacts of the customers that the actor sees, the newest first: his own ones', his team's, or all.

    `more` names columns that are read beyond the usual ones.
    """
    rows: QuerySet[Contact] = Contact.objects.visible_to(actor)
    if view in {"mine", "team"}:
        owned = Customer.objects.visible_to(actor, by="owner")
        mine = owned.filter(owner_id=actor.person_id or 0) if view == "mine" else owned
        rows = rows.filter(customer__in=mine.values("pk"))
    if search.strip():
        rows = contact_index.matching(rows, search, _readable_by(actor))
    return rows.select_related("customer__owner").only(*SHOWN, *more).order_by("-pk")


def _readable_by(actor: Actor) -> Q:
    """Whose phones the actor may read: not by digits either does anybody else find them."""
    if actor.can(READ_DETAILS):
        return Q()  # a pool's contacts are not in sight
    return Q(customer__owner=actor.person_id or 0) | Q(customer__in=granted_ids(actor, Customer))


def found_contacts(actor: Actor, search: str) -> QuerySet[Contact]:
    """The contacts that fit what is searched, with their customers, the newest first; nothing searched, none found."""
    return all_contacts(actor, search=search) if search.strip() else Contact.objects.visible_to(actor).none()


def same_phone(actor: Actor, phone: str, *, but: int | None = None) -> list[Contact]:
    """The contacts in sight, but for one, that have a phone; half a phone proves nothing."""
    key = phone_key(phone)
    if not is_full_phone(key):
        return []
    rows = Contact.objects.visible_to(actor).filter(phone_key=key).exclude(pk=but)
    found = rows.select_related("customer").only("name", "customer__name", "customer__owner").order_by("pk")
    return list(with_consents(actor, found)[:5])
