"""Opportunities that stick: too long in their stage (超期), idle (闲置), stagnant (停滞), or without a quote (漏报价).

Idle are those with which nothing was done for some working days and nothing is planned; stagnant those with which
nothing was done for longer than nearly all stay in the stage. The same rules as `pace_of`, as conditions of a queryset:
one for each limit that stages have.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import workdays_between
from xiaocheng.selling.pipeline.models import Evidence, Opportunity, Stage
from xiaocheng.selling.pipeline.models.processes import OPEN
from xiaocheng.selling.pipeline.rules import PipelineRules

from .lists import opportunities
from .pace import MISSED_QUOTE, QUOTE, asks_for_quote, stale_limit

LIMITS = ("code", "expected_days", "idle_days", "stale_days", "steps")
LONGEST = 3_650  # days: a longer limit counts as this one
OVERDUE, IDLE, STALE, STUCK, NO_STEP = "overdue", "idle", "stale", "stuck", "no_step"
PACES = {
    STUCK: _("卡住(超期、闲置、停滞或漏报价)"),
    OVERDUE: _("超期"),
    IDLE: _("闲置"),
    STALE: _("停滞"),
    MISSED_QUOTE: _("漏报价"),
    NO_STEP: _("缺下一步"),
}


def of_pace(actor: Actor, pace: str) -> Q:
    """The condition for the open opportunities that are late in one way, or in any (STUCK), or lack a next step."""
    today, late = clock.today(), Q(pk__in=[])
    no_date = Q(next_step_on__isnull=True) | Q(next_step_on__lt=today)
    if pace == NO_STEP:
        return Q(state=OPEN) & no_date
    stages = list(Stage.objects.filter(kind=OPEN).only(*LIMITS).order_by())
    if pace in {STUCK, OVERDUE}:
        for days, ids in _by_limit((stage.pk, stage.expected_days) for stage in stages).items():
            late |= Q(stage__in=ids, entered_stage_at__lt=clock.instant(today - dt.timedelta(days=days)))
    if pace in {STUCK, IDLE}:
        for days, ids in _by_limit((stage.pk, stage.idle_days) for stage in stages).items():
            before = clock.instant(_workdays_ago(today, days))
            late |= Q(no_date, stage__in=ids, entered_stage_at__lt=before, last_activity_at__lt=before)
    if pace in {STUCK, STALE}:
        least = rules(PipelineRules, today).stale_days
        for days, ids in _by_limit((stage.pk, stale_limit(stage, least)) for stage in stages).items():
            before = clock.instant(today - dt.timedelta(days=days))
            late |= Q(stage__in=ids, entered_stage_at__lt=before, last_activity_at__lt=before)
    if pace in {STUCK, MISSED_QUOTE}:
        late |= _without_quote([stage.pk for stage in stages if asks_for_quote(stage)], today)
    return Q(state=OPEN) & late


def _without_quote(stage_ids: Collection[int], today: dt.date) -> Q:
    """Those that have been in stages of quoting for longer than the rule says, without any evidence of a quote."""
    days = rules(PipelineRules, today).quote_days
    if not days or not stage_ids:
        return Q(pk__in=[])
    quoted = Evidence.objects.filter(opportunity=OuterRef("pk"), kind=QUOTE)
    before = clock.instant(_workdays_ago(today, days))
    return Q(~Exists(quoted), stage__in=stage_ids, entered_stage_at__lt=before)


def stuck(actor: Actor) -> QuerySet[Opportunity]:
    """The stuck opportunities of the actor's team, the longest in its stage first."""
    return opportunities(actor, "team").filter(of_pace(actor, STUCK)).order_by("entered_stage_at", "pk")


def without_next_step(actor: Actor) -> int:
    """How many open opportunities that the actor answers for have no next step to come."""
    return opportunities(actor, "mine").filter(of_pace(actor, NO_STEP)).count()


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
