"""What happens to expenses when a lower module's event happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xiaocheng.foundation.files.commands import discard
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import Moved, forget, reacts
from xiaocheng.foundation.kernel.measures import bump
from xiaocheng.selling.customers.events import CustomersMerged, MergeUndone, PersonalDataErased, erased_customers

from .measures import expense_bumps
from .models import Expense

KIND = "expenses.expense"


@reacts(CustomersMerged, MergeUndone, moves=("expenses.Expense.customer",))
def follow_the_merge(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """What was spent for a merged customer was spent for the survivor, until that is undone."""
    moved: list[int] = []
    for event in events:
        rows = Expense.objects.beyond_sight(
            because="what a merged customer cost, the surviving one cost, whoever looks"
        )
        ids, route = event.carry(rows), event.route()
        standing = rows.filter(pk__in=ids, cancelled_at=None)
        bump(
            replace(item, subjects=(("customer", customer),), value=sign * item.value)
            for item in expense_bumps(standing, 1)
            for customer, sign in zip(route, (-1, 1), strict=True)
        )
        moved += ids
    return Moved(KIND, tuple(moved))


@reacts(PersonalDataErased)
def erase_notes(actor: Actor, events: Sequence[PersonalDataErased]) -> Moved | None:
    """Expenses for a person who is erased keep day, kind and amount, and lose notes, reasons and receipts."""
    rows = Expense.objects.beyond_sight(because="what tells of an erased person goes, whoever spent it")
    rows = rows.filter(customer__in=erased_customers(events))
    ids = list(rows.values_list("pk", flat=True))
    for name in ("note", "reason"):
        rows.exclude(**{name: ""}).update(**{name: "—"})
    discard(actor, KIND, ids)
    forget(KIND, ids)
    return Moved(KIND, tuple(ids))
