"""What people may choose about being told: topics, and hours in which no e-mail comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock

from .models import NotificationChoice

TOPICS = {
    "daily": _("计划与日报"),
    "customers": _("客户与归属"),
    "process": _("商机与流程"),
    "company": _("代理、日历等公司事务"),
}
TOPIC_OF = {  # by the module whose event is told
    "fieldwork": "daily",
    "reports": "daily",
    "customers": "customers",
    "pipeline": "process",
    "service": "customers",
    "insight": "process",
    "org": "company",
}


def topic_of(kind: str) -> str:
    """The topic of an event."""
    return TOPIC_OF[kind.partition(".")[0]]


def choices_of(people: Iterable[int]) -> dict[int, NotificationChoice]:
    """How each of them wants to be told; as delivered for those who chose nothing."""
    asked = set(people)
    rows = NotificationChoice.objects.beyond_sight(because="the worker asks how each wants to be told")
    kept = {row.person_id: row for row in rows.filter(person_id__in=asked)}
    return {pk: kept.get(pk) or NotificationChoice(person_id=pk) for pk in asked}


def not_before(choice: NotificationChoice, now: dt.datetime) -> dt.datetime:
    """When an e-mail may go out: at once, or at the end of the person's quiet hours (the company's time zone)."""
    if choice.quiet_from is None or choice.quiet_until is None:
        return now
    local = now.astimezone(clock.zone())
    begins, ends, at = choice.quiet_from, choice.quiet_until, local.time()
    over_night = begins > ends
    if not (at >= begins or at < ends if over_night else begins <= at < ends):
        return now
    return clock.instant(local.date() + dt.timedelta(days=over_night and at >= begins), ends)
