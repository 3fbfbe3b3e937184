"""Campaigns, fairs and holidays as factors of how many deals come in."""

from __future__ import annotations

import datetime as dt

import numpy as np

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.queries import people as all_people
from xiaocheng.insight.models import ExpectedChange

from .drawing import ARRIVAL_DAYS, Expected
from .hazards import Floats


def expected(people: list[int], day: dt.date, days: int) -> Expected:
    """The factors around a day: of the days from which the usual rate is taken, and of so many days from it on."""
    found = _factors(people, day - dt.timedelta(days=ARRIVAL_DAYS), ARRIVAL_DAYS + days)
    return Expected(found[:, :ARRIVAL_DAYS], found[:, ARRIVAL_DAYS:])


def _factors(people: list[int], first: dt.date, days: int) -> Floats:
    found = np.ones((len(people), days))
    last = first + dt.timedelta(days=days - 1)
    changes = list(ExpectedChange.objects.filter(first__lte=last, last__gte=first))
    if not changes:
        return found
    paths = dict(all_people(SYSTEM, active=None).filter(pk__in=people).values_list("pk", "department__path"))
    for change in changes:
        who = [
            change.department_id is None or f"/{change.department_id}/" in paths.get(person, "") for person in people
        ]
        since, until = (change.first - first).days, (change.last - first).days + 1
        found[who, max(since, 0) : until] *= 1 + change.percent / 100
    return found
