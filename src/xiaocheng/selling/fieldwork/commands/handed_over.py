"""Visits that somebody planned for coming days go with their customers into other people's plans."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.queries import credited_departments
from xiaocheng.selling.fieldwork.models import LineOutcome, PlanLine, VisitPlan

from .lines import note_change

FOLLOWS = "planned visits follow their customers, whoever hands them over"


def hand_over_lines(actor: Actor, routes: Mapping[int, tuple[int, int]]) -> tuple[int, ...]:
    """Move what is planned after today to the plans of whoever gets the customers: by customer, from whom to whom."""
    with transaction.atomic():
        rows = PlanLine.objects.beyond_sight(because=FOLLOWS).filter(
            plan__day__gt=clock.today(), outcome=LineOutcome.PLANNED,
            plan__person__in={giver for giver, _taker in routes.values()}, customer__isnull=False,
        )  # fmt: skip
        lines = [
            line
            for line in rows.select_related("plan").order_by("plan__day", "plan", "position")
            if line.customer_id in routes and line.plan.person_id == routes[line.customer_id][0]
        ]
        parts: dict[tuple[int, dt.date], list[PlanLine]] = defaultdict(list)
        for line in lines:
            parts[routes[line.customer_id][1], line.plan.day].append(line)
        left = {line.plan_id: line.plan for line in lines}
        counts = Counter(line.plan_id for line in lines)
        for (taker, day), part in parts.items():
            _put(actor, _plan_of(taker, day), part)
        for pk, count in counts.items():
            note_change(actor, left[pk], added=-count)
    return tuple(line.pk for line in lines)


def _plan_of(person_id: int, day: dt.date) -> VisitPlan:
    plans = VisitPlan.objects.beyond_sight(because=FOLLOWS).filter(person_id=person_id, day=day)
    plan: VisitPlan | None = plans.select_for_update().first()
    if plan is None:
        department = credited_departments([person_id], day)[person_id]
        plan = VisitPlan(person_id=person_id, department_id=department, day=day)
        VisitPlan.objects.add(plan)
    return plan


def _put(actor: Actor, plan: VisitPlan, lines: list[PlanLine]) -> None:
    last = plan.lines.aggregate(last=Max("position"))["last"] or 0
    for position, line in enumerate(lines, start=last + 1):
        line.plan, line.position = plan, position
        line.is_signed, line.former = False, {}
    PlanLine.objects.beyond_sight(because=FOLLOWS).bulk_update(lines, ["plan", "position", "is_signed", "former"])
    note_change(actor, plan, added=len(lines))
