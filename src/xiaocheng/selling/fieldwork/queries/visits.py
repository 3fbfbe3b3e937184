"""Visits and other contacts as people look at them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, Sentence
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.fieldwork.judging import rules_of, shortfalls_of
from xiaocheng.selling.fieldwork.measures import VISITS
from xiaocheng.selling.fieldwork.models import Kind, Visit
from xiaocheng.selling.fieldwork.rules import Shortfall

LACKING: dict[Shortfall, Sentence] = {
    Shortfall.CHECK_IN: _("没有现场签到"),
    Shortfall.PLACE: _("签到位置不在客户处"),
    Shortfall.PHOTO: _("填写结果之前没有拍照"),
    Shortfall.NOT_MET: _("没有见到人"),
    Shortfall.DECIDER: _("没有见到决策人"),
    Shortfall.RESULT: _("没有算作成果的结果"),
}
SHOWN = ("customer", "contact", "opportunity", "credit_person")


def visits(
    actor: Actor, search: str = "", *, customer_id: int | None = None, opportunity_id: int | None = None
) -> QuerySet[Visit]:
    """The contacts that the actor may see, newest first; found by the customer's name, pinyin, initials."""
    rows: QuerySet[Visit] = Visit.objects.visible_to(actor).select_related(*SHOWN)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if opportunity_id is not None:
        rows = rows.filter(opportunity_id=opportunity_id)
    if search.strip():
        rows = rows.filter(customer_id__in=customers.customers(actor, "all", search).values("pk"))
    return rows.order_by("-occurred_at", "-pk")


def visits_among(actor: Actor, ids: Collection[int]) -> list[Visit]:
    """The contacts with those ids that the actor may see, in any order."""
    return list(Visit.objects.visible_to(actor).filter(pk__in=ids))


def counted_visits(actor: Actor, measure: str, period: Period, person_id: int | None = None) -> QuerySet[Visit]:
    """The contacts that a measure counts in a period, of one person or of everybody whom the actor sees."""
    rows = visits(actor).filter(VISITS[measure], booked_on__range=(period.first, period.last))
    return rows if person_id is None else rows.filter(credit_person_id=person_id)


def visit(actor: Actor, visit_id: int) -> Visit:
    """One contact that the actor may see."""
    row: Visit | None = visits(actor).select_related(*SHOWN, "plan_line__plan").filter(pk=visit_id).first()
    if row is None:
        raise NotFound
    return row


@dataclass(frozen=True)
class Judgement:
    """One thing that a visit lacks to be effective, and how to say it."""

    code: str
    words: Sentence


def judgement(actor: Actor, visit_id: int) -> list[Judgement]:
    """Why a visit that is complete was not counted as effective, by the rules of its day; nothing if it was."""
    row = visit(actor, visit_id)
    if row.kind != Kind.VISIT or row.completed_at is None or row.is_effective:
        return []
    return [Judgement(item.value, _worded(item, row)) for item in shortfalls_of(actor, row, row)]


def _worded(shortfall: Shortfall, row: Visit) -> Sentence:
    if shortfall is not Shortfall.MINUTES:
        return LACKING[shortfall]
    stay = row.stay or dt.timedelta()
    numbers = {"minutes": stay // dt.timedelta(minutes=1), "least": rules_of(row).effective_minutes}
    return _("停留 %(minutes)s 分钟,不足 %(least)s 分钟") % numbers


def visit_under_way(actor: Actor) -> Visit | None:
    """Where the actor is checked in now."""
    mine = visits(actor).filter(credit_person_id=actor.person_id, checked_in_at__isnull=False)
    return mine.filter(checked_out_at=None).first()


def visits_of_day(actor: Actor, person_id: int, day: dt.date) -> list[Visit]:
    """What one person did on a company day, in the order in which it happened."""
    first, end = clock.bounds(day, day)
    rows = visits(actor).filter(credit_person_id=person_id, occurred_at__gte=first, occurred_at__lt=end)
    return list(rows.order_by("occurred_at", "pk"))


@dataclass(frozen=True)
class Spent:
    """What customers took of our time: visits, calls and other contacts, and the hours between check-in and out."""

    visits: int
    contacts: int
    hours: Decimal


def time_spent(actor: Actor, customers: Q, *runs: Period) -> list[Spent]:
    """What the customers took in each of some periods, by the visits and contacts that the actor may see.

    `customers` is a condition on visits: Q(customer=5), Q(customer__in=...).
    """
    rows = Visit.objects.visible_to(actor).filter(customers, completed_at__isnull=False)
    first, end = clock.bounds(min(run.first for run in runs), max(run.last for run in runs))
    rows = rows.filter(occurred_at__gte=first, occurred_at__lt=end)
    stay = ExpressionWrapper(F("checked_out_at") - F("checked_in_at"), output_field=DurationField())
    asked: dict[str, Any] = {}
    for place, run in enumerate(runs):
        begins, ends = clock.bounds(run.first, run.last)
        inside = Q(occurred_at__gte=begins, occurred_at__lt=ends)
        asked[f"visits{place}"] = Count("pk", filter=inside & Q(kind=Kind.VISIT))
        asked[f"contacts{place}"] = Count("pk", filter=inside & ~Q(kind=Kind.VISIT))
        asked[f"stay{place}"] = Sum(stay, filter=inside)
    found = rows.aggregate(**asked)
    return [
        Spent(found[f"visits{place}"], found[f"contacts{place}"], _hours(found[f"stay{place}"]))
        for place in range(len(runs))
    ]


def _hours(stay: dt.timedelta | None) -> Decimal:
    return Decimal(stay // dt.timedelta(minutes=1) if stay else 0) / 60


def last_contacts(actor: Actor, customer_ids: Sequence[int]) -> dict[int, dt.datetime]:
    """When each of the customers was last contacted, as far as the actor may see."""
    rows = Visit.objects.visible_to(actor).filter(customer_id__in=customer_ids, completed_at__isnull=False)
    return dict(rows.values_list("customer_id").annotate(last=Max("occurred_at")))
