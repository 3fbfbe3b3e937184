"""Whom one might visit, and why: the plan makes itself, the rep strikes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.fieldwork.models import LineOutcome, PlanLine, Purpose, Visit
from xiaocheng.selling.fieldwork.rules import FieldworkRules
from xiaocheng.selling.pipeline import queries as pipeline
from xiaocheng.selling.tasks import queries as tasks

MOST = 12
COMPLAINTS, MONEY = "service.", "trade."  # the kinds of tasks that upper modules push


@dataclass(frozen=True)
class Suggestion:
    """A customer to visit, with the reason in a sentence."""

    customer_id: int
    customer: str
    reason: str
    purpose: str
    opportunity_id: int | None = None


def suggest_lines(actor: Actor, day: dt.date, most: int = MOST) -> list[Suggestion]:
    """One's own customers to put on the plan of a day, the most urgent reason first.

    Left out is who is on that plan already, and whom one means to visit on another day to come.
    """
    left_out = set(_planned(actor, day))
    found: dict[int, Suggestion] = {}
    for source in SOURCES:
        for item in source(actor, day):
            if item.customer_id not in left_out:
                found.setdefault(item.customer_id, item)
        if len(found) >= most:
            break
    return list(found.values())[:most]


def _planned(actor: Actor, day: dt.date) -> QuerySet[PlanLine, int | None]:
    mine = PlanLine.objects.visible_to(actor).filter(plan__person_id=actor.person_id, customer__isnull=False)
    coming = Q(plan__day__gte=clock.today(), outcome=LineOutcome.PLANNED)
    return mine.filter(Q(plan__day=day) | coming).values_list("customer_id", flat=True)


def _mine(actor: Actor) -> QuerySet[Any, Any]:
    """Nobody plans visits to others' customers by one tap, whatever he has to do with them."""
    return customers.customers(actor, "mine").order_by().values("pk")


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


def _complaints(actor: Actor, day: dt.date) -> Iterator[Suggestion]:
    """Customers whose complaint somebody passed on to the actor."""
    return _pushed(actor, day, COMPLAINTS, Purpose.COMPLAINT)


def _owing(actor: Actor, day: dt.date) -> Iterator[Suggestion]:
    """Customers who have not paid in time."""
    return _pushed(actor, day, MONEY, Purpose.COLLECT)


def _pushed(actor: Actor, day: dt.date, kind: str, purpose: str) -> Iterator[Suggestion]:
    rows = tasks.due(actor, day).filter(kind__startswith=kind, customer__in=_mine(actor))
    for customer, name, title in rows.values_list("customer_id", "customer__name", "title")[: 2 * MOST]:
        yield Suggestion(customer, name, title, purpose)


def _birthdays(actor: Actor, day: dt.date) -> Iterator[Suggestion]:
    """Customers with a birthday in the next days, their own or of somebody there, by either calendar."""
    last = day + dt.timedelta(days=rules(FieldworkRules, day).birthday_days)
    for item in customers.own_birthdays(actor, day, last)[: 2 * MOST]:
        said = _("%(name)s农历生日:%(day)s") if item.is_lunar else _("%(name)s生日:%(day)s")
        reason = said % {"name": item.person, "day": item.on.isoformat()}
        yield Suggestion(item.customer_id, item.customer, reason, Purpose.SERVICE)


def _tasks(actor: Actor, day: dt.date) -> Iterator[Suggestion]:
    """Customers about whom something is to be done."""
    rows = tasks.due(actor, day).filter(customer__in=_mine(actor))
    for customer, name, title in rows.values_list("customer_id", "customer__name", "title")[: 2 * MOST]:
        yield Suggestion(customer, name, _("待办:%(title)s") % {"title": title}, Purpose.SERVICE)


def _promised(actor: Actor, day: dt.date) -> Iterator[Suggestion]:
    """Customers to whom a next step was promised at the last contact."""
    rows = Visit.objects.visible_to(actor).filter(credit_person_id=actor.person_id or 0, next_on__lte=day)
    rows = rows.exclude(next_step="").filter(customer__in=_mine(actor))
    rows = rows.filter(customer__last_contact_at__lte=F("occurred_at")).order_by("next_on", "pk")
    for customer, name, step in rows.values_list("customer_id", "customer__name", "next_step")[: 2 * MOST]:
        yield Suggestion(customer, name, _("约定的下一步:%(step)s") % {"step": step}, Purpose.SERVICE)


def _next_steps(actor: Actor, day: dt.date) -> Iterator[Suggestion]:
    """Open opportunities whose next step falls due."""
    rows = pipeline.opportunities(actor, "mine").filter(state="open", next_step_on__lte=day, customer__in=_mine(actor))
    columns = ("pk", "customer_id", "customer__name", "next_step", "name")
    for pk, customer, name, step, deal in rows.order_by("next_step_on", "pk").values_list(*columns)[: 2 * MOST]:
        reason = _("商机「%(deal)s」下一步:%(step)s") % {"deal": deal, "step": step or _("跟进")}
        yield Suggestion(customer, name, reason, Purpose.ORDER, pk)


def _neglected(actor: Actor, day: dt.date) -> Iterator[Suggestion]:
    """One's own customers who have not been contacted for longer than their level allows."""
    own = rules(FieldworkRules, day).revisit_days()
    due = _not_since(day, rules(FieldworkRules, day).idle_days) & ~Q(level__in=list(own))
    for level, days in own.items():
        due |= _not_since(day, days) & Q(level=level)
    rows = customers.customers(actor, "mine").filter(due | Q(last_contact_at=None))
    rows = rows.order_by(F("last_contact_at").asc(nulls_last=True), "pk")
    for pk, name, last in rows.values_list("pk", "name", "last_contact_at")[: 2 * MOST]:
        if last is None:
            yield Suggestion(pk, name, _("还没有联系过"), Purpose.DEVELOP)
        else:
            days = (day - clock.day_of(last)).days
            reason = ngettext("已有 %(days)s 天没有联系", "已有 %(days)s 天没有联系", days) % {"days": days}
            yield Suggestion(pk, name, reason, Purpose.SERVICE)


def _not_since(day: dt.date, days: int) -> Q:
    return Q(last_contact_at__lt=clock.instant(day - dt.timedelta(days=days)))


SOURCES = (
    _lapsing, _complaints, _owing, _birthdays, _promised, _agreed, _tasks, _next_steps, _neglected,
)  # fmt: skip
