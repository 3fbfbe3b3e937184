"""Campaigns, fairs and holidays that the forecast counts with. They are no secret to whoever sees forecasts."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.org.queries import department_and_below, departments_above
from xiaocheng.insight.access import EXPECT, SEE
from xiaocheng.insight.models import ExpectedChange

from .forecast import ForecastScope


def expected_changes(actor: Actor) -> QuerySet[ExpectedChange]:
    """All, the newest first."""
    actor.require(SEE)
    return ExpectedChange.objects.select_related("department", "author").order_by("-first", "-pk")


def expected_change(actor: Actor, pk: int) -> ExpectedChange:
    """One of them."""
    found = expected_changes(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def may_expect(actor: Actor, department_id: int | None) -> bool:
    """True for whoever sees all that it is about: the company (no department), or a department with those below."""
    sees = actor.sight.everyone or (department_id is not None and department_id in actor.sight.departments)
    return actor.can(EXPECT) and sees


def changes_within(actor: Actor, scope: ForecastScope, first: dt.date, last: dt.date) -> list[ExpectedChange]:
    """What a forecast of these days counts with: of the company, and of departments above or below the asked one."""
    rows = expected_changes(actor).filter(first__lte=last, last__gte=first)
    if scope.department_id is not None:
        near = department_and_below(scope.department_id) | set(departments_above(scope.department_id))
        rows = rows.filter(Q(department=None) | Q(department__in=near))
    return list(rows.order_by("first", "pk"))
