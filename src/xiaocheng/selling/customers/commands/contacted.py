"""What upper modules tell a customer: somebody was in touch, a first deal was made."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.selling.customers.events import CustomerContacted, FirstDealMade
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.customers.models.customers import CUSTOMER

ALLOWED = "the visit, call or deal was allowed; this is its consequence"


@dataclass(frozen=True)
class Contacted:
    """Somebody was in touch with a customer; `valid` if it went both ways; `next_on` if a date was agreed."""

    customer_id: int
    at: dt.datetime
    valid: bool = True
    next_on: dt.date | None = None


def note_contact(
    actor: Actor, customer_id: int, at: dt.datetime, *, valid: bool = True, next_on: dt.date | None = None
) -> None:
    """A customer was contacted at an instant, perhaps with a date agreed for the next time."""
    note_contacts(actor, [Contacted(customer_id, at, valid, next_on)])


def note_contacts(actor: Actor, contacts: Collection[Contacted]) -> None:
    """Customers were contacted; what is older than the last contact known changes nothing in the row."""
    by_customer: dict[int, list[Contacted]] = defaultdict(list)
    for item in sorted(contacts, key=lambda item: item.at):
        by_customer[item.customer_id].append(item)
    with transaction.atomic():
        rows = Customer.objects.beyond_sight(because=ALLOWED).filter(pk__in=list(by_customer)).order_by("pk")
        changed = [row for row in rows.select_for_update(of=("self",)) if _touch(row, by_customer[row.pk])]
        Customer.objects.beyond_sight(because=ALLOWED).bulk_update(changed, ["last_contact_at", "next_contact_on"])
        record(
            actor, *(CustomerContacted(customer_id=item.customer_id, at=item.at, valid=item.valid) for item in contacts)
        )


def _touch(row: Customer, contacts: list[Contacted]) -> bool:
    """Bring a customer up to date with its contacts, oldest first; a date agreed before stays if still to come."""
    before = row.last_contact_at, row.next_contact_on
    for item in contacts:
        if row.last_contact_at is not None and item.at < row.last_contact_at:
            continue
        if item.next_on is not None:
            row.next_contact_on = item.next_on
        elif item.valid and row.next_contact_on is not None and row.next_contact_on <= clock.day_of(item.at):
            row.next_contact_on = None
        if item.valid:
            row.last_contact_at = item.at
    return before != (row.last_contact_at, row.next_contact_on)


@dataclass(frozen=True)
class Deal:
    """A won deal: the day it was won and whom it is credited to."""

    day: dt.date
    person_id: int
    department_id: int


def note_first_deals(actor: Actor, deals: Mapping[int, Deal]) -> None:
    """Customers (by id) made a deal; the first one turns a prospect into a customer."""
    with transaction.atomic():
        fresh = Customer.objects.beyond_sight(because=ALLOWED).filter(pk__in=list(deals), became_customer_on=None)
        alike: dict[Deal, list[int]] = defaultdict(list)
        stages = dict(fresh.values_list("pk", "stage"))
        for pk in stages:
            alike[deals[pk]].append(pk)
        events = []
        for deal, ids in alike.items():
            day = booking_day(deal.day)
            rows = Customer.objects.beyond_sight(because=ALLOWED).filter(pk__in=ids)
            rows.update(
                stage=CUSTOMER,
                became_customer_on=day,
                converted_by_id=deal.person_id,
                converted_department_id=deal.department_id,
            )
            events += [
                FirstDealMade(
                    customer_id=pk,
                    credit_person_id=deal.person_id,
                    credit_department_id=deal.department_id,
                    booked_on=day,
                    former_stage=stages[pk],
                )
                for pk in ids
            ]
        record(actor, *events)
