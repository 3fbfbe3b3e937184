"""Ways to look at tasks."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.prepared import Prepared

from .models import OPEN
from .models import Task as Task


def due(actor: Actor, until: dt.date | None = None) -> QuerySet[Task]:
    """The actor's own open tasks, the most urgent first; perhaps only those due by a day."""
    rows: QuerySet[Task] = Task.objects.visible_to(actor).filter(person_id=actor.person_id or 0, state=OPEN)
    if until is not None:
        rows = rows.filter(due_on__lte=until)
    return rows.select_related("customer").order_by("due_on", "pk")


def tasks(actor: Actor, view: str = "mine", *, state: str = OPEN) -> QuerySet[Task]:
    """Tasks in one state: the actor's own ("mine") or those of everybody he sees ("team"), the most urgent first."""
    rows: QuerySet[Task] = Task.objects.visible_to(actor).filter(state=state)
    if view == "mine":
        rows = rows.filter(person_id=actor.person_id or 0)
    return rows.select_related("customer", "person").order_by("due_on", "pk")


def of_customer(actor: Actor, customer_id: int) -> list[Task]:
    """The open tasks about one customer that the actor sees."""
    return Task.objects.shown(actor, _OF_CUSTOMER(customer_id))


_OF_CUSTOMER = Prepared(
    lambda customer: (
        Task.objects.beyond_sight(because="those that the actor does not see are left out")
        .filter(customer_id=customer, state=OPEN)
        .select_related("person")
        .order_by("due_on", "pk")
    )
)


def was_pushed(actor: Actor, kind: str, about: str, beginning: str) -> bool:
    """True when a task about a row was pushed for an occurrence that begins so, whatever became of it."""
    rows = Task.objects.beyond_sight(because="who pushes asks whether he has done so already")
    return rows.filter(kind=kind, about=about, occurrence__startswith=beginning).exists()
