"""The present decision about each customer, kept beside its value and as a gauge."""

from __future__ import annotations

from collections.abc import Collection

from xiaocheng.foundation.kernel.measures import drop_gauge, gauge, put_gauge

from .measures import DECISION
from .models import CustomerValue, Decision

HELD = "the decision about a customer is kept beside its value, whoever looks"


def hold(decisions: Collection[Decision]) -> None:
    """Let new decisions, one for each customer, be the present ones."""
    ids = [row.customer_id for row in decisions]
    values = CustomerValue.objects.beyond_sight(because=HELD)
    there = set(values.filter(customer__in=ids).values_list("customer_id", flat=True))
    CustomerValue.objects.add_many([CustomerValue(customer_id=pk) for pk in ids if pk not in there])
    by_customer = {row.customer_id: row for row in decisions}
    rows = list(values.filter(customer__in=ids))
    for row in rows:
        made = by_customer[row.customer_id]
        row.decision, row.review_on = made.verdict, made.review_on
        row.decided_klass, row.decided_loyalty, row.decided_potential = made.klass, made.loyalty, made.potential
    values.bulk_update(rows, DECIDED, batch_size=500)
    put_gauge(DECISION, {pk: gauge(DECISION).number_of(row.verdict) for pk, row in by_customer.items()})


def hold_again(customers: Collection[int]) -> None:
    """Find the newest decision of each of a few customers, after decisions moved from one to another."""
    newest = Decision.objects.beyond_sight(because=HELD).filter(customer__in=customers).order_by("pk")
    found = {row.customer_id: row for row in newest}
    none = [pk for pk in customers if pk not in found]
    CustomerValue.objects.beyond_sight(because=HELD).filter(customer__in=none).update(**NOTHING)
    drop_gauge(DECISION, none)
    hold(list(found.values()))


DECIDED = ("decision", "review_on", "decided_klass", "decided_loyalty", "decided_potential")
NOTHING = {name: None if name == "review_on" else "" for name in DECIDED}
