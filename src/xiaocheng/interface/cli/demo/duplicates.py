"""Customers of the demo company that two colleagues have both registered, and the list that finds them."""

from __future__ import annotations

from dataclasses import replace

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.queries import actor_for
from xiaocheng.selling.customers.commands import CustomerDraft, find_duplicates, register
from xiaocheng.selling.customers.queries import customers

from .company import Staff

TWICE = 3


def register_twice(staff: Staff) -> None:
    """Three customers of one rep of the east stand with his colleague as well, written a little differently."""
    first, second = staff.reps["east"][:2]
    for number, row in enumerate(customers(actor_for(first), "mine").order_by("pk")[:TWICE]):
        draft = CustomerDraft(name=row.name, phone=row.phone, region=row.region, despite_duplicates=True)
        if number == 0:
            draft = replace(draft, name=row.name.replace("有限公司", "(有限公司)"), phone="")
        register(actor_for(second), draft)
    find_duplicates(SYSTEM)
