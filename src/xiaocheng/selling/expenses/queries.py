"""Every way to look at expenses."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.selling.customers.queries import customers

from .models import Expense as Expense
from .options import EXPENSE_KIND as EXPENSE_KIND

SHOWN = ("customer", "visit", "credit_person")


def expenses(
    actor: Actor,
    view: str = "all",
    search: str = "",
    *,
    customer_id: int | None = None,
    visit_id: int | None = None,
) -> QuerySet[Expense]:
    """The expenses that the actor sees, the latest first; found by the customer's name.

    `view`: "all", "mine" (the actor's own that stand) or "standing" (what is not cancelled).
    """
    rows: QuerySet[Expense] = Expense.objects.visible_to(actor).select_related(*SHOWN)
    if view != "all":
        rows = rows.filter(cancelled_at=None)
    if view == "mine":
        rows = rows.filter(credit_person_id=actor.person_id or 0)
    asked = {"customer_id": customer_id, "visit_id": visit_id}
    rows = rows.filter(**{name: value for name, value in asked.items() if value is not None})
    if search.strip():
        rows = rows.filter(customer__in=customers(actor, "all", search).order_by().values("pk"))
    return rows.order_by("-spent_on", "-pk")


def expense(actor: Actor, expense_id: int) -> Expense:
    """One expense with what it is about."""
    row: Expense = Expense.objects.one(actor, expense_id, *SHOWN)
    return row


def counted_expenses(actor: Actor, period: Period, person_id: int | None = None) -> QuerySet[Expense]:
    """The expenses that the measure counts in a period, of one person or of everybody whose figures the actor sees."""
    rows: QuerySet[Any] = expenses(actor, "standing").filter(booked_on__range=(period.first, period.last))
    if not actor.sight.everyone:
        rows = rows.filter(
            Q(credit_person__in=sorted(actor.sight.people)) | Q(credit_department__in=sorted(actor.sight.departments))
        )
    return rows if person_id is None else rows.filter(credit_person_id=person_id)
