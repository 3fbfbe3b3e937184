"""Every way to look at complaints."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.selling.customers.queries import customers
from xiaocheng.selling.fieldwork.states import Severity as Severity

from .models import Complaint as Complaint
from .models import ComplaintClosing as ComplaintClosing
from .models import Satisfaction as Satisfaction
from .options import COMPLAINT_KIND as COMPLAINT_KIND
from .states import CLOSED

SHOWN = ("customer", "contact", "product", "credit_person", "responsible")


def complaints(
    actor: Actor, view: str = "all", search: str = "", *, customer_id: int | None = None
) -> QuerySet[Complaint]:
    """The complaints that the actor sees, the newest first; found by the customer's name.

    `view`: "all", "open", "mine" (open, for which he is responsible) or "late" (open, past their day).
    """
    rows: QuerySet[Complaint] = Complaint.objects.visible_to(actor).select_related(*SHOWN)
    if view != "all":
        rows = rows.exclude(state=CLOSED)
    if view == "mine":
        rows = rows.filter(responsible_id=actor.person_id or 0)
    if view == "late":
        rows = rows.filter(due_on__lt=clock.today())
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if search.strip():
        rows = rows.filter(customer__in=customers(actor, "all", search).order_by().values("pk"))
    return rows.order_by("-occurred_at", "-pk")


def complaint(actor: Actor, complaint_id: int) -> Complaint:
    """One complaint with what it is about."""
    row: Complaint = Complaint.objects.one(actor, complaint_id, *SHOWN, "visit")
    return row


def handles(actor: Actor, row: Complaint, *, or_author: bool = False) -> bool:
    """True when the actor may handle a complaint that he sees, or took it down himself."""
    return actor.sight.sees_person(row.responsible_id) or (or_author and actor.person_id == row.credit_person_id)


def complaints_of_day(actor: Actor, person_id: int, day: dt.date) -> list[Complaint]:
    """What a person did about complaints on a day: took down, took up or closed."""
    first, end = clock.bounds(day, day)
    closed = ComplaintClosing.objects.visible_to(actor).filter(
        complaint=OuterRef("pk"), credit_person=person_id, occurred_at__gte=first, occurred_at__lt=end, sign=1
    )
    raised = Q(credit_person=person_id, occurred_at__gte=first, occurred_at__lt=end)
    taken_up = Q(responsible=person_id, taken_up_at__gte=first, taken_up_at__lt=end)
    return list(complaints(actor).filter(raised | taken_up | Exists(closed)).order_by("occurred_at", "pk"))


def counted_complaints(actor: Actor, period: Period, person_id: int | None = None) -> QuerySet[Complaint]:
    """The complaints that were taken down in a period, of one person or of everybody whose figures the actor sees."""
    return _credited(actor, complaints(actor), period, person_id)


def counted_closings(actor: Actor, period: Period, person_id: int | None = None) -> QuerySet[ComplaintClosing]:
    """The closings of a period and what took them back; the number is the sum of their signs."""
    rows = ComplaintClosing.objects.visible_to(actor).select_related("complaint__customer", "credit_person")
    return _credited(actor, rows.order_by("-occurred_at", "-pk"), period, person_id)


def _credited(actor: Actor, rows: QuerySet[Any], period: Period, person_id: int | None) -> QuerySet[Any]:
    rows = rows.filter(booked_on__range=(period.first, period.last))
    if not actor.sight.everyone:
        rows = rows.filter(
            Q(credit_person__in=sorted(actor.sight.people)) | Q(credit_department__in=sorted(actor.sight.departments))
        )
    return rows if person_id is None else rows.filter(credit_person_id=person_id)
