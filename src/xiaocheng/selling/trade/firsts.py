"""The first sale to each customer or its first order: what made it one."""

from __future__ import annotations

from collections.abc import Collection

from xiaocheng.selling.customers.commands import Deal

from .models import Order, SaleLine

BECAUSE = "a customer is one whoever made the first sale"
CREDIT = ("credit_person_id", "credit_department_id")


def first_sales(customer_ids: Collection[int]) -> dict[int, Deal]:
    """The first sale or order of each of some customers, what came back and what was cancelled left out."""
    sold = SaleLine.objects.beyond_sight(because=BECAUSE).filter(customer__in=customer_ids, amount__gt=0)
    ordered = Order.objects.beyond_sight(because=BECAUSE).filter(customer__in=customer_ids, reverses=None)
    bought = [
        *sold.values_list("customer_id", "occurred_on", *CREDIT).order_by("occurred_on", "pk"),
        *ordered.filter(reversal=None).values_list("customer_id", "ordered_on", *CREDIT).order_by("ordered_on", "pk"),
    ]
    latest_first = sorted(bought, key=lambda found: found[1], reverse=True)
    return {customer: Deal(day, person, unit) for customer, day, person, unit in latest_first}
