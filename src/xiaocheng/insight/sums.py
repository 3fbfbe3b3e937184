"""Sums over rollups where they are kept at that grain, over the facts themselves where they are not."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet, Sum

from xiaocheng.foundation.kernel.actor import Actor

from .counting import CLOSING_COLUMNS, grouped, summed
from .models import COMPANY, DepartmentStageMonth, OfferStageMonth, PersonStageMonth, StageMonth
from .selection import Selection

Sums = dict[tuple[Any, ...], Counter[str]]


def sums(actor: Actor, selection: Selection, columns: tuple[str, ...], by: tuple[str, ...] = ()) -> Sums:
    """Columns of the rollups summed by others of theirs; whole months from the tables, single days from the facts."""
    found: Sums = defaultdict(Counter)
    months, days = selection.period.whole_months()
    table = rollup(actor, selection, by)
    parts = days if table is not None else [selection.period]
    if table is not None and months is not None:
        rows = table.filter(month__range=(months.first_month, months.last_month), **selection.stages())
        for row in summed(rows, by, {f"sum_{name}": Sum(name) for name in columns}):
            found[tuple(row[name] for name in by)].update({name: int(row[f"sum_{name}"] or 0) for name in columns})
    for part in parts:
        asked = replace(selection, period=part)
        facts: QuerySet[Any] = asked.closings(actor) if columns[0] in CLOSING_COLUMNS else asked.spans(actor)
        for at, values in grouped(facts, by):
            found[at].update({name: values[name] for name in columns})
    return found


def rollup(actor: Actor, selection: Selection, by: tuple[str, ...]) -> QuerySet[StageMonth] | None:
    """The smallest rollup that can answer, narrowed to whose it is; None when only the facts can."""
    offer = selection.is_of_offer or "product_id" in by or "source" in by
    departments = selection.whose.departments_only(actor)
    if departments is None or "person_id" in by:
        return None if offer else PersonStageMonth.objects.filter(selection.whose.condition(actor))
    if selection.whose.departments is None:
        company = Q(department_id=COMPANY)
        departments = ~company if "department_id" in by else company
    if offer:
        return OfferStageMonth.objects.filter(departments, **selection.of_offer())
    return DepartmentStageMonth.objects.filter(departments)
