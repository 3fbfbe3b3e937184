"""Whom one might visit, and why: the plan makes itself, the rep strikes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.fieldwork.models import PlanLine, Purpose
from xiaocheng.selling.fieldwork.rules import FieldworkRules
from xiaocheng.selling.pipeline import queries as pipeline
from xiaocheng.selling.tasks import queries as tasks

MOST = 12


@dataclass(frozen=True)
class Suggestion:
    """A customer to visit, with the reason in a sentence."""

    customer_id: int
    customer: str
    reason: str
    purpose: str
    opportunity_id: int | None = None


def suggest_lines(actor: Actor, day: dt.date) -> list[Suggestion]:
    """Customers to put on one's plan of a day, the most urgent reason first, those already on it left out."""
    planned = PlanLine.objects.visible_to(actor).filter(plan__person_id=actor.person_id, plan__day=day)
    there = set(planned.values_list("customer_id", flat=True))
    found: dict[int, Suggestion] = {}
    for source in (_lapsing, _agreed, _tasks, _next_steps, _neglected):
        for item in source(actor, day):
            if item.customer_id not in there:
                found.setdefault(item.customer_id, item)
        if len(found) >= MOST:
            break
    return list(found.values())[:MOST]


def _lapsing(actor: Actor, day: dt.date) -> Iterator[Suggestion]:
    """Customers who will be somebody else's if nobody is in touch with them."""
    near = customers.near_lapse(actor, day).values_list(
        "pk", "name", "clock_since", "level", "extended_to", "unpaid_since"
    )
    for pk, name, since, level, extended_to, unpaid_since in near[:MOST]:
        limit = customers.limit_of(since, level, extended_to, unpaid_since)
        if limit is not None:
            yield Suggestion(pk, name, _("首问时限:%(day)s 零点失效") % {"day": limit.on.isoformat()}, Purpose.SERVICE)


def _agreed(actor: Actor, day: dt.date) -> Iterator[Suggestion]:
    """Customers with whom a date was agreed."""
    rows = customers.customers(actor, "mine").filter(next_contact_on__lte=day).order_by("next_contact_on", "pk")
    for pk, name, on in rows.values_list("pk", "name", "next_contact_on")[: 2 * MOST]:
        late = (day - on).days if on else 0
        reason = (
            ngettext("约定的跟进已过 %(days)s 天", "约定的跟进已过 %(days)s 天", late) % {"days": late}
            if late
            else _("约定当天跟进")
        )
        yield Suggestion(pk, name, reason, Purpose.SERVICE)


def _tasks(actor: Actor, day: dt.date) -> Iterator[Suggestion]:
    """Customers about whom something is to be done."""
    rows = tasks.due(actor, day).filter(customer__isnull=False)
    for customer, name, title in rows.values_list("customer_id", "customer__name", "title")[: 2 * MOST]:
        yield Suggestion(customer, name, _("待办:%(title)s") % {"title": title}, Purpose.SERVICE)


def _next_steps(actor: Actor, day: dt.date) -> Iterator[Suggestion]:
    """Open opportunities whose next step falls due."""
    rows = pipeline.opportunities(actor, "mine").filter(state="open", next_step_on__lte=day, customer__isnull=False)
    columns = ("pk", "customer_id", "customer__name", "next_step", "name")
    for pk, customer, name, step, deal in rows.order_by("next_step_on", "pk").values_list(*columns)[: 2 * MOST]:
        reason = _("商机「%(deal)s」下一步:%(step)s") % {"deal": deal, "step": step or _("跟进")}
        yield Suggestion(customer, name, reason, Purpose.ORDER, pk)


def _neglected(actor: Actor, day: dt.date) -> Iterator[Suggestion]:
    """One's own customers who have not been contacted for long."""
    before = clock.instant(day - dt.timedelta(days=rules(FieldworkRules, day).idle_days))
    rows = customers.customers(actor, "mine").filter(Q(last_contact_at__lt=before) | Q(last_contact_at=None))
    rows = rows.order_by(F("last_contact_at").asc(nulls_last=True), "pk")
    for pk, name, last in rows.values_list("pk", "name", "last_contact_at")[: 2 * MOST]:
        if last is None:
            yield Suggestion(pk, name, _("还没有联系过"), Purpose.DEVELOP)
        else:
            days = (day - clock.day_of(last)).days
            reason = ngettext("已有 %(days)s 天没有联系", "已有 %(days)s 天没有联系", days) % {"days": days}
            yield Suggestion(pk, name, reason, Purpose.SERVICE)
