"""What upper modules tell a customer: somebody was in touch, a first deal was made."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.bulk import update_many
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import Delegation, deputies_of
from xiaocheng.selling.customers.conversions import CONVERTED, first_deal_undone, stages_before
from xiaocheng.selling.customers.events import CustomerContacted, FirstDealMade
from xiaocheng.selling.customers.first_contact import VISIT, FirstContactRules
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.customers.models.customers import CUSTOMER
from xiaocheng.selling.customers.queries import team_mates
from xiaocheng.selling.customers.sleeping import is_asleep

ALLOWED = "the visit, call or deal was allowed; this is its consequence"
TOUCHED = ("last_contact_at", "next_contact_on", "clock_since", "unpaid_since")


@dataclass(frozen=True)
class Contacted:
    """Somebody was in touch with a customer; `valid` if it went both ways; `next_on` if a date was agreed.

    `kind` is how (visit, call, message, demo, other): a company may say which kinds keep the time limit. `queued_at`
    is when a device without connection recorded it: it arrives only now.
    """

    customer_id: int
    person_id: int
    at: dt.datetime
    valid: bool = True
    next_on: dt.date | None = None
    kind: str = VISIT
    queued_at: dt.datetime | None = None


def note_contacts(actor: Actor, contacts: Collection[Contacted]) -> None:
    """Customers were contacted; what is older than the last contact known changes nothing in the row.

    The time limit begins anew with a valid contact of the owner, his deputy of that day or his team.
    """
    by_customer: dict[int, list[Contacted]] = defaultdict(list)
    for item in sorted(contacts, key=lambda item: item.at):
        by_customer[item.customer_id].append(item)
    with transaction.atomic():
        rows = Customer.objects.beyond_sight(because=ALLOWED).filter(pk__in=list(by_customer)).order_by("pk")
        found = list(rows.select_for_update(of=("self",)))
        deputies = deputies_of({row.owner_id for row in found if row.owner_id})
        mates = team_mates(actor, [row.pk for row in found if row.is_shared]) if any(r.is_shared for r in found) else {}
        changed = [row for row in found if _touch(row, by_customer[row.pk], deputies, mates.get(row.pk, set()))]
        Customer.objects.beyond_sight(because=ALLOWED).bulk_update(changed, TOUCHED)
        record(
            actor, *(CustomerContacted(customer_id=item.customer_id, at=item.at, valid=item.valid) for item in contacts)
        )


def _touch(row: Customer, contacts: list[Contacted], deputies: Sequence[Delegation], mates: set[int]) -> bool:
    """Bring a customer up to date with its contacts, oldest first; a date agreed before stays if still to come."""
    before = [getattr(row, name) for name in TOUCHED]
    for item in contacts:
        if item.valid and _is_the_owners(item, row, deputies, mates):
            _begin_anew(row, item.at)
        if row.last_contact_at is not None and item.at < row.last_contact_at:
            continue
        if item.next_on is not None:
            row.next_contact_on = item.next_on
        elif item.valid and row.next_contact_on is not None and row.next_contact_on <= clock.day_of(item.at):
            row.next_contact_on = None
        if item.valid:
            row.last_contact_at = item.at
    return before != [getattr(row, name) for name in TOUCHED]


def _begin_anew(row: Customer, at: dt.datetime) -> None:
    if row.clock_since is None and row.unpaid_since is not None:
        row.unpaid_since = max(at, row.unpaid_since)
    else:
        row.clock_since = max(at, row.clock_since or at)


def _is_the_owners(item: Contacted, row: Customer, deputies: Sequence[Delegation], mates: set[int]) -> bool:
    """True for what keeps the time limit: a kind that counts, by the owner, his deputy or his team, while it runs."""
    day = clock.day_of(item.at)
    runs = row.clock_since is not None or row.unpaid_since is not None or is_asleep(row)
    if row.owner_id is None or not runs or not rules(FirstContactRules, day).keeps(item.kind):
        return False
    return (
        item.person_id == row.owner_id
        or item.person_id in mates
        or any(
            it.person_id == row.owner_id
            and it.deputy_id == item.person_id
            and it.since <= day
            and (it.until is None or it.until >= day)
            for it in deputies
        )
    )


@dataclass(frozen=True)
class Deal:
    """A won deal or a sale: the day it was made and whom it is credited to, where that is known."""

    day: dt.date
    person_id: int | None
    department_id: int | None


def note_debts(actor: Actor, owing: Collection[int], settled: Collection[int]) -> None:
    """Won deals of some customers are not paid in full, those of others are: read strictly, their time limit runs."""
    rows = Customer.objects.beyond_sight(because=ALLOWED)
    rows.filter(pk__in=owing, unpaid_since=None).update(unpaid_since=clock.now())
    rows.filter(pk__in=settled).exclude(unpaid_since=None).update(unpaid_since=None)


def note_first_deals(actor: Actor, deals: Mapping[int, Deal]) -> None:
    """Customers (by id) made a deal; the first one turns a prospect into a customer.

    One that is told later but was made earlier takes the place of the first, unless that stands in a closed period.
    """
    with transaction.atomic():
        booked = {pk: booking_day(deal.day) for pk, deal in deals.items()}
        rows = Customer.objects.beyond_sight(because=ALLOWED).filter(pk__in=list(deals)).order_by("pk")
        rows = rows.select_for_update(of=("self",)).only("stage", *CONVERTED)
        found = [row for row in rows if _is_earlier(row, booked[row.pk])]
        undone = [first_deal_undone(row) for row in found if row.became_customer_on is not None]
        former = stages_before([event.customer_id for event in undone])
        made = [_first_deal(row, deals[row.pk], booked[row.pk], former.get(row.pk, row.stage)) for row in found]
        update_many(found, "stage", *CONVERTED)
        record(actor, *undone, *made)


def _is_earlier(row: Customer, day: dt.date) -> bool:
    first = row.became_customer_on
    return first is None or (day < first and booking_day(first) == first)


def _first_deal(row: Customer, deal: Deal, day: dt.date, former_stage: str) -> FirstDealMade:
    """Make the row a customer's; its time limit stands still from now on."""
    row.stage, row.became_customer_on, row.clock_since = CUSTOMER, day, None
    row.converted_by_id, row.converted_department_id = deal.person_id, deal.department_id
    return FirstDealMade(
        customer_id=row.pk,
        credit_person_id=deal.person_id,
        credit_department_id=deal.department_id,
        booked_on=day,
        former_stage=former_stage,
    )
