"""Of which decisions the day of review has come: who hears of it, each once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.journal import entries_of
from xiaocheng.foundation.org.queries import actor_for, people
from xiaocheng.selling.customers.models import Customer

from .events import ReviewDue
from .models import CustomerValue, Decision

MADE_GOOD = dt.timedelta(days=14)  # a day that the worker missed is told of this long after it
REMINDED = "owners and those who decided are reminded, whoever they are"


def due_reviews(today: dt.date) -> list[ReviewDue]:
    """The decisions about customers with an owner whose day of review has come and was not told of."""
    rows = CustomerValue.objects.beyond_sight(because=REMINDED).exclude(decision="")
    rows = rows.filter(review_on__gt=today - MADE_GOOD, review_on__lte=today, customer__owner__isnull=False)
    columns = ("customer_id", "customer__owner_id", "decision", "review_on")
    told = _told(today)
    new = [row for row in rows.order_by("pk").values_list(*columns) if (row[0], row[3]) not in told]
    deciders = _deciders([row[0] for row in new])
    return [
        ReviewDue(customer_id=pk, owner_id=owner, decided_by_id=deciders.get(pk), verdict=verdict, review_on=day)
        for pk, owner, verdict, day in new
    ]


def _told(today: dt.date) -> set[tuple[int, dt.date]]:
    since = clock.instant(today - MADE_GOOD)
    found = entries_of([ReviewDue]).filter(at__gte=since).values_list("data", flat=True)
    return {(data["customer_id"], dt.date.fromisoformat(data["review_on"])) for data in found}


def _deciders(customer_ids: list[int]) -> Mapping[int, int]:
    """Who made the decision that stands about each customer, if he is still here and sees the customer."""
    made = Decision.objects.beyond_sight(because=REMINDED).filter(customer__in=customer_ids).order_by("pk")
    latest = dict(made.values_list("customer_id", "decided_by_id"))
    by_person: dict[int, list[int]] = defaultdict(list)
    for customer, person in latest.items():
        if person is not None:
            by_person[person].append(customer)
    return dict(_in_sight(by_person)) if by_person else {}


def _in_sight(by_person: Mapping[int, list[int]]) -> Iterator[tuple[int, int]]:
    for person in people(SYSTEM).select_related("role", "department").filter(pk__in=by_person):
        seen = Customer.objects.visible_to(actor_for(person).in_own_right()).filter(pk__in=by_person[person.pk])
        yield from ((pk, person.pk) for pk in seen.values_list("pk", flat=True))
