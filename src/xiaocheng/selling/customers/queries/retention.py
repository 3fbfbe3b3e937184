"""Whose personal data was kept for longer than the company's rules say: what an administrator may erase."""

from __future__ import annotations

import datetime as dt

from django.db.models import OuterRef, Q, QuerySet, Subquery

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.models import JournalSubject
from xiaocheng.foundation.kernel.periods import months_after
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.customers.access import ERASE
from xiaocheng.selling.customers.events import (
    ConsentImported,
    ContactAdded,
    CustomerRegistered,
    DetailsRead,
    DuplicateShown,
    PersonalDataErased,
)
from xiaocheng.selling.customers.models import Contact, Customer, Reception
from xiaocheng.selling.customers.models.reception import UNKNOWN_GUEST
from xiaocheng.selling.customers.personal_data import PersonalDataRules

# Looked at, erased, or come in: of that the day of registration tells, which a file may know better than the journal.
IDLE = (ConsentImported, CustomerRegistered, DetailsRead, DuplicateShown, PersonalDataErased)
BY_HAND = ~Q(entry__kind=ContactAdded.kind()) | ~Q(entry__data__has_key="is_import") | Q(entry__data__is_import=False)
HAPPENED = ~Q(entry__kind__in=[event.kind() for event in IDLE]) & BY_HAND


def kept_too_long(actor: Actor) -> QuerySet[Customer]:
    """Customers who are persons, never bought, and not in touch for more whole months than they are kept."""
    actor.require(ERASE)
    since = _since(_rules().keep_months)
    rows: QuerySet[Customer] = Customer.objects.visible_to(actor)
    return _silent(rows, since).filter(is_person=True).order_by("pk") if since else rows.none()


def contacts_kept_too_long(actor: Actor) -> QuerySet[Contact]:
    """Contacts of companies that never bought, and with which nothing happened for more months than they are kept."""
    actor.require(ERASE)
    since = _since(_rules().keep_contact_months)
    rows: QuerySet[Contact] = Contact.objects.visible_to(actor).filter(erased_at=None)
    if since is None:
        return rows.none()
    expected = Q(next_contact_on__gte=clock.today())
    silent = _silent(Customer.objects.visible_to(actor), since).filter(is_person=False).exclude(expected)
    about = JournalSubject.objects.filter(kind="customers.customer", row_id=OuterRef("customer_id"))
    happened = about.filter(HAPPENED, entry__at__gte=since).values("pk")[:1]
    silent_ones = rows.filter(customer__in=silent.values("pk")).order_by("customer", "pk")
    # not by NOT EXISTS: PostgreSQL would join the whole journal first; so it is asked of the rows that are read
    return silent_ones.alias(happened=Subquery(happened)).filter(happened=None)


def guests_kept_too_long(actor: Actor) -> QuerySet[Reception]:
    """Receptions and calls of people who became no customer, and whose name was kept for more months than it may be."""
    actor.require(ERASE)
    since = _since(_rules().keep_guest_months)
    rows: QuerySet[Reception] = Reception.objects.visible_to(actor)
    return rows.filter(UNKNOWN_GUEST, occurred_at__lt=since).order_by("occurred_at", "pk") if since else rows.none()


def _rules() -> PersonalDataRules:
    return rules(PersonalDataRules, clock.today())


def _since(months: int) -> dt.datetime | None:
    """The instant after which there must have been something; None where the company has no limit."""
    first = months_after(clock.today(), -months)
    return clock.bounds(first, first)[0] if months else None


def _silent(rows: QuerySet[Customer], since: dt.datetime) -> QuerySet[Customer]:
    """Those of the customers who never bought, and were not in touch since; of nobody ever, not known since."""
    never = rows.filter(became_customer_on=None, erased_at=None)
    return never.filter(Q(last_contact_at__lt=since) | Q(last_contact_at=None, registered_at__lt=since))
