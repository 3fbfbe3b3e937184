"""What changed the open pipeline from the beginning of a period to its end; the changes add up to the difference."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.expressions import Whole
from xiaocheng.foundation.kernel.money import unscaled
from xiaocheng.foundation.kernel.periods import day_key
from xiaocheng.insight.figures import Figure, plain
from xiaocheng.insight.measures import CHANGED_AMOUNT, CHANGED_DEALS, OPEN_AMOUNT, OPEN_DEALS
from xiaocheng.insight.models import NONE, PipelineChange, PipelineDay
from xiaocheng.insight.models.movement import CHANGES, CLOSING
from xiaocheng.insight.selection import Selection
from xiaocheng.insight.sums import of_departments

BEFORE = ""  # as a kind: whatever happened before the period
BECAUSE = "only whether there is a later change is asked, of a change in sight"


@dataclass(frozen=True)
class Stand:
    """The open pipeline at one moment."""

    deals: Figure
    amount: Figure


@dataclass(frozen=True)
class Change:
    """What one kind of change added or took: deals (a change of the amount alone is none) and money."""

    kind: str
    deals: Figure
    amount: Figure


@dataclass(frozen=True)
class Movement:
    """The open pipeline before the period, what changed it, and after."""

    start: Stand
    changes: tuple[Change, ...]
    end: Stand

    @property
    def is_empty(self) -> bool:
        """True when there was nothing, and nothing came."""
        stands = (self.start.deals, self.end.deals, *(change.deals for change in self.changes))
        return not any(figure.numerator for figure in stands) and not any(item.amount.n for item in self.changes)


def movement(actor: Actor, selection: Selection) -> Movement:
    """The changes of the open pipeline in a period, of everybody in sight or of whom is asked for."""
    deals: Counter[str] = Counter()
    amounts: Counter[str] = Counter()
    first, last = day_key(selection.period.first), day_key(selection.period.last)
    when = Case(When(day__lt=first, then=Value(BEFORE)), default="kind")
    rows = _days(actor, selection).filter(day__lte=last).order_by().annotate(when=when)
    for kind, n, amount in rows.values_list("when").annotate(sum_n=Whole("n"), sum_amount=Whole("amount")):
        deals[kind], amounts[kind] = n, amount
    changes = tuple(
        Change(
            kind,
            plain(CHANGED_DEALS, deals[kind], abs(deals[kind])),
            plain(CHANGED_AMOUNT, unscaled(amounts[kind]), abs(deals[kind]) or int(bool(amounts[kind]))),
        )
        for kind in CHANGES
    )
    return Movement(_stand(deals[BEFORE], amounts[BEFORE]), changes, _stand(sum(deals.values()), sum(amounts.values())))


def _stand(deals: int, amount: int) -> Stand:
    return Stand(plain(OPEN_DEALS, deals, deals), plain(OPEN_AMOUNT, unscaled(amount), deals))


def _days(actor: Actor, selection: Selection) -> QuerySet[PipelineDay]:
    """The sums of days that can answer: of departments or the company where people do not matter."""
    departments = of_departments(actor, selection)
    if departments is not None:
        return PipelineDay.objects.filter(departments, person_id=NONE)
    return PipelineDay.objects.filter(selection.whose.condition(actor)).exclude(person_id=NONE)


def change_rows(actor: Actor, selection: Selection, kind: str = "") -> QuerySet[PipelineChange]:
    """The changes behind a number: of one kind, or all."""
    period = selection.period
    rows = _rows(actor, selection).filter(booked_on__range=(period.first, period.last))
    return rows.filter(kind=kind) if kind else rows


def standing_rows(actor: Actor, selection: Selection, day: dt.date) -> QuerySet[PipelineChange]:
    """The deals that were open at the end of a day, each as its newest change until then says."""
    everything: QuerySet[Any] = PipelineChange.objects.beyond_sight(because=BECAUSE)
    later = everything.filter(opportunity=OuterRef("opportunity"), booked_on__lte=day, pk__gt=OuterRef("pk"))
    rows = _rows(actor, selection).filter(~Exists(later), booked_on__lte=day)
    return rows.exclude(kind__in=CLOSING)


def _rows(actor: Actor, selection: Selection) -> QuerySet[PipelineChange]:
    rows = PipelineChange.objects.visible_to(actor).select_related("opportunity", "credit_person")
    condition = Q()
    if selection.whose.people is not None:
        condition &= Q(credit_person__in=sorted(selection.whose.people))
    if selection.whose.departments is not None:
        condition &= Q(credit_department__in=sorted(selection.whose.departments))
    return rows.filter(condition)
