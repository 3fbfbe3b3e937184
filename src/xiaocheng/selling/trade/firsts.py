"""The first sale to each customer: what made it one."""

from __future__ import annotations

from collections.abc import Collection

from xiaocheng.selling.customers.commands import Deal

from .models import SaleLine


def first_sales(customer_ids: Collection[int]) -> dict[int, Deal]:
    """The first sale to each of some customers, what came back left out."""
    rows = SaleLine.objects.beyond_sight(because="a customer is one whoever made the first sale")
    bought = rows.filter(customer__in=customer_ids, amount__gt=0).order_by("-occurred_on", "-pk")
    columns = ("customer_id", "occurred_on", "credit_person_id", "credit_department_id")
    return {customer: Deal(day, person, unit) for customer, day, person, unit in bought.values_list(*columns)}
