"""Opportunities that stick: too long in their stage (超期), or too long without activity (闲置).

The same rules as `pace_of`, as conditions of a queryset: one for each limit that stages have.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.queries import workdays_between
from xiaocheng.selling.pipeline.models import Opportunity, Stage
from xiaocheng.selling.pipeline.models.processes import OPEN

from .lists import opportunities

LONGEST = 3_650  # days: a longer limit counts as this one
OVERDUE, IDLE, STUCK = "overdue", "idle", "stuck"
PACES = {STUCK: _("停滞(超期或闲置)"), OVERDUE: _("超期"), IDLE: _("闲置")}


def of_pace(actor: Actor, pace: str) -> Q:
    """The condition for the open opportunities that are overdue, idle, or either of both."""
    stages = list(Stage.objects.filter(kind=OPEN).values_list("pk", "expected_days", "idle_days"))
    today, late = clock.today(), Q(pk__in=[])
    if pace != IDLE:
        for days, ids in _by_limit((pk, expected) for pk, expected, _idle in stages).items():
            late |= Q(stage__in=ids, entered_stage_at__lt=clock.instant(today - dt.timedelta(days=days)))
    if pace != OVERDUE:
        no_date = Q(next_step_on__isnull=True) | Q(next_step_on__lt=today)
        for days, ids in _by_limit((pk, idle) for pk, _expected, idle in stages).items():
            before = clock.instant(_workdays_ago(today, days))
            late |= Q(no_date, stage__in=ids, entered_stage_at__lt=before, last_activity_at__lt=before)
    return Q(state=OPEN) & late


def stuck(actor: Actor) -> QuerySet[Opportunity]:
    """The stuck opportunities of the actor's team, the longest in its stage first."""
    return opportunities(actor, "team").filter(of_pace(actor, STUCK)).order_by("entered_stage_at", "pk")


def _by_limit(limits: Iterable[tuple[int, int | None]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for pk, days in limits:
        if days is not None:
            found[min(days, LONGEST)].append(pk)
    return found


def _workdays_ago(today: dt.date, days: int) -> dt.date:
    """The latest day from which on, today included, there were more than so many working days."""
    back = (today - dt.timedelta(days=n) for n in range(LONGEST))
    return next((day for day in back if workdays_between(day, today) > days), today - dt.timedelta(days=LONGEST))
