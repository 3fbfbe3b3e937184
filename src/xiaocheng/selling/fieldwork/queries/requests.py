"""Requests about attendance as people look at them."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from xiaocheng.foundation.approvals.queries import Paper, waiting_for
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.fieldwork.models import AttendanceRequest, RequestKind, RequestState
from xiaocheng.selling.fieldwork.rules import AttendanceRules


def attendance_requests(actor: Actor, view: str = "all") -> QuerySet[AttendanceRequest]:
    """The requests that the actor sees, the latest first; `view`: "all", "mine" or "team"."""
    rows: QuerySet[AttendanceRequest] = AttendanceRequest.objects.visible_to(actor)
    rows = rows.select_related("person", "decided_by").order_by("-first_at", "-pk")
    me = actor.person_id or 0
    return {"mine": rows.filter(person_id=me), "team": rows.exclude(person_id=me)}.get(view, rows)


def attendance_request(actor: Actor, request_id: int) -> AttendanceRequest:
    """One request that the actor may see."""
    row: AttendanceRequest = AttendanceRequest.objects.one(actor, request_id, "person", "decided_by")
    return row


def waiting_requests(actor: Actor) -> list[AttendanceRequest]:
    """The requests that wait for the actor's signature, the one that begins first on top."""
    rows = attendance_requests(actor, "team").filter(state=RequestState.SUBMITTED)
    papers = list(rows.order_by("first_at", "pk"))
    mine = waiting_for(actor, [Paper(row.pk, row.person_id, row.sent_at) for row in papers])
    return [row for row in papers if row.pk in mine]


def on_leave(actor: Actor, day: dt.date) -> set[int]:
    """Those whom the actor sees and who have leave for the whole working time of a day: they owe nothing on it."""
    limits = rules(AttendanceRules, day)
    begins, ends = clock.instant(day, limits.begins_at), clock.instant(day, limits.ends_at)
    rows = AttendanceRequest.objects.visible_to(actor).filter(kind=RequestKind.LEAVE, state=RequestState.SIGNED)
    return set(rows.filter(first_at__lte=begins, until_at__gte=ends).values_list("person_id", flat=True))


def held_requests(actor: Actor, ids: list[int], first: dt.date, last: dt.date) -> dict[int, list[AttendanceRequest]]:
    """What was granted to people for some days, by person."""
    begins, ends = clock.bounds(first, last)
    rows = AttendanceRequest.objects.visible_to(actor).filter(person_id__in=ids, state=RequestState.SIGNED)
    found: dict[int, list[AttendanceRequest]] = {}
    for row in rows.filter(first_at__lt=ends, until_at__gt=begins).order_by("pk"):
        found.setdefault(row.person_id, []).append(row)
    return found
