"""What is known about the market: events with their sources, and who does what against us."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Max, Q, QuerySet

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.fieldwork.models import MarketReport
from xiaocheng.selling.fieldwork.states import CLOSED, URGENT

SHOWN = ("competitor", "product", "customer", "credit_person")


def market_events(actor: Actor, view: str = "all", search: str = "") -> QuerySet[MarketReport]:
    """The events that the actor sees, the newest first, with how many sources each has besides.

    `view`: "open", "mine" (reported by himself, merged ones too) or "all". Found by words, competitor or customer.
    """
    rows: QuerySet[MarketReport] = MarketReport.objects.visible_to(actor).select_related(*SHOWN)
    rows = rows.filter(credit_person_id=actor.person_id or 0) if view == "mine" else rows.filter(merged_into=None)
    if view == "open":
        rows = rows.exclude(state=CLOSED)
    if text := search.strip():
        named = customers.customers(actor, "all", text).order_by().values("pk")
        rows = rows.filter(Q(description__icontains=text) | Q(competitor__name__icontains=text) | Q(customer__in=named))
    return rows.annotate(more=Count("sources")).order_by("-occurred_at", "-pk")


def market_report(actor: Actor, report_id: int) -> MarketReport:
    """One report with what it is about."""
    row: MarketReport = MarketReport.objects.one(actor, report_id, *SHOWN, "visit", "merged_into")
    return row


def market_sources(actor: Actor, report_id: int) -> list[MarketReport]:
    """The reports that were merged into an event, as far as the actor sees them."""
    rows = MarketReport.objects.visible_to(actor).filter(merged_into=report_id)
    return list(rows.select_related(*SHOWN).order_by("occurred_at", "pk"))


def market_of_day(actor: Actor, person_id: int, day: dt.date) -> list[MarketReport]:
    """What a person reported about the market on a day."""
    first, end = clock.bounds(day, day)
    rows = MarketReport.objects.visible_to(actor).select_related(*SHOWN).filter(credit_person_id=person_id)
    return list(rows.filter(occurred_at__gte=first, occurred_at__lt=end).order_by("occurred_at", "pk"))


@dataclass(frozen=True)
class RivalMoves:
    """What was reported of a competitor since a day: reports by kind, how many affect sales, the last one."""

    competitor_id: int
    name: str
    by_kind: dict[str, int]
    reports: int
    urgent: int
    last_at: dt.datetime


def rival_moves(actor: Actor, since: dt.date) -> list[RivalMoves]:
    """The competitors of whom something was reported since a day, as far as the actor sees it; the busiest first."""
    rows = MarketReport.objects.visible_to(actor).filter(
        competitor__isnull=False, occurred_at__gte=clock.instant(since)
    )
    kinds: dict[int, dict[str, int]] = {}
    for pk, kind, n in rows.values_list("competitor", "kind").annotate(n=Count("pk")).order_by():
        kinds.setdefault(pk, {})[kind] = n
    summed = rows.values("competitor").annotate(
        name=F("competitor__name"),
        n=Count("pk"),
        urgent=Count("pk", filter=Q(severity__in=URGENT)),
        last=Max("occurred_at"),
    )
    return [
        RivalMoves(it["competitor"], it["name"], kinds[it["competitor"]], it["n"], it["urgent"], it["last"])
        for it in summed.order_by("-n", "-last")
    ]
