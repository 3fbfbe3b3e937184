"""Sums over rollups where they are kept at that grain, over the facts themselves where they are not."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet, Sum

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.expressions import Whole
from xiaocheng.selling.pipeline.models.facts import MOVED_PROCESS

from .aging import STAYING, Entry, aged, in_months
from .cohorting import cohorted
from .counting import CLOSING_COLUMNS, EXIT_COLUMNS, LEFT_COLUMNS, SPAN_COLUMNS, grouped, summed
from .models import (
    COMPANY,
    DepartmentCohort,
    DepartmentPath,
    DepartmentStageAge,
    DepartmentStageMonth,
    DepartmentStageStep,
    OfferStageMonth,
    PersonStageMonth,
    StageMonth,
)
from .models.rollups import StageAge
from .pathing import pathed
from .selection import Selection
from .stepping import stepped

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
        for own in (SPAN_COLUMNS, CLOSING_COLUMNS, LEFT_COLUMNS):
            wanted = [name for name in columns if name in own]
            if wanted:
                left = own is LEFT_COLUMNS
                facts: tuple[QuerySet[Any], ...]
                facts = asked.closed(actor) if own is CLOSING_COLUMNS else (asked.spans(actor, left=left),)
                for at, values in (line for rows in facts for line in grouped(rows, by, left=left, ends=asked.ends)):
                    found[at].update({name: values[name] for name in wanted})
    return found


def rollup(actor: Actor, selection: Selection, by: tuple[str, ...]) -> QuerySet[StageMonth] | None:
    """The smallest rollup that can answer, narrowed to whose it is; None when only the facts can.

    The rollups know nothing but the present.
    """
    if selection.as_of is not None:
        return None
    offer = selection.is_of_offer or "product_id" in by or "source" in by
    departments = of_departments(actor, selection, by)
    if departments is None or "person_id" in by:
        return None if offer else PersonStageMonth.objects.filter(selection.whose.condition(actor))
    if offer:
        return OfferStageMonth.objects.filter(departments, **selection.of_offer())
    return DepartmentStageMonth.objects.filter(departments)


def of_departments(actor: Actor, selection: Selection, by: tuple[str, ...] = ()) -> Q | None:
    """The filter of a rollup by department; None where people matter."""
    departments = selection.whose.departments_only(actor)
    if departments is not None and selection.whose.departments is None:
        company = Q(department_id=COMPANY)
        return ~company if "department_id" in by else company
    return departments


def ages(actor: Actor, selection: Selection, stages: Collection[int]) -> dict[int, Counter[tuple[float, str]]]:
    """The stays of stages whose times are recorded: (age in days, exit) -> how many; no exit is still there.

    Whole months of departments and of the company from the rollup; people, products, sources and single days from the
    facts. What went on in another process is known to have lasted so long, and no more.
    """
    departments = None if selection.needs_facts else of_departments(actor, selection)
    found = _Aged(selection.as_of)
    for rows in _kept(DepartmentStageAge, selection, departments):
        found.add_kept(rows.filter(stage_id__in=sorted(stages)), "stage_id")
    for asked in _of_facts(selection, departments):
        stays = asked.spans(actor).filter(stage__in=sorted(stages))
        found.add_facts(aged(stays, ("stage_id",), selection.ends))
    return found


def cohorts(actor: Actor, selection: Selection, by: str) -> dict[Any, Counter[tuple[float, str]]]:
    """What became of the deals opened in the period by a column of the rollups: (age in days, verdict) -> how many.

    No verdict is open today; read like `ages`. By month, department or stage from the rollup.
    """
    kept = not selection.is_of_offer and by in {"month", "department_id", "stage_id"}
    departments = of_departments(actor, selection, (by,)) if kept else None
    found = _Aged()
    for rows in _kept(DepartmentCohort, selection, departments, years=by != "month"):
        found.add_kept(rows.filter(**selection.stages()), "period" if by == "month" else by)
    column = {"month": "entered_ym", "department_id": "credit_department_id", "person_id": "credit_person_id"}
    for asked in _of_facts(selection, departments):
        found.add_facts(cohorted(asked.spans(actor), (column.get(by, by),)))
    return found


def steps(actor: Actor, selection: Selection, stages: Collection[int]) -> Counter[tuple[int, int]]:
    """How often stages were left for which others: (stage, next stage) -> how many; read like `ages`."""
    months, _days = selection.period.whole_months()
    departments = None if selection.needs_facts else of_departments(actor, selection)
    found: Counter[tuple[int, int]] = Counter()
    if departments is not None and months is not None:
        rows = DepartmentStageStep.objects.filter(
            departments, month__range=(months.first_month, months.last_month), stage_id__in=sorted(stages)
        )
        kept = rows.order_by().values_list("stage_id", "next_stage_id")
        for stage, to, n in kept.annotate(sum_n=Sum("n")):
            found[stage, to] += n
    for asked in _of_facts(selection, departments):
        for (stage, to), n in stepped(asked.spans(actor).filter(stage__in=sorted(stages)), ()).items():
            found[stage, to] += n
    return found


def paths(actor: Actor, selection: Selection) -> Counter[tuple[int, str, str, int]]:
    """The ways of deals closed in the period: (stage closed from, path, verdict, age) -> how many; read like `ages`."""
    months, _days = selection.period.whole_months()
    departments = None if selection.needs_facts else of_departments(actor, selection)
    found: Counter[tuple[int, str, str, int]] = Counter()
    if departments is not None and months is not None:
        rows = DepartmentPath.objects.filter(
            departments, in_months(months.first_month, months.last_month), **selection.stages()
        )
        kept = rows.order_by().values_list("stage_id", "path", "verdict", "age")
        for stage, path, verdict, age, n in kept.annotate(sum_n=Sum("n")):
            found[stage, path, verdict, age] += n
    for asked in _of_facts(selection, departments):
        for (stage, path, verdict, age), n in pathed(asked.closings(actor), ("stage_id",)).items():
            found[stage, path, verdict, age] += n
    return found


def _kept(
    model: type[StageAge], selection: Selection, departments: Q | None, *, years: bool = True
) -> list[QuerySet[StageAge]]:
    """The rows of a rollup of ages for the whole months of the period, none where only the facts can answer."""
    months, _days = selection.period.whole_months()
    if departments is None or months is None:
        return []
    ends = (months.first_month, months.last_month)
    periods = in_months(*ends) if years else Q(period__range=ends)
    return [model._default_manager.filter(departments, periods).order_by()]


def _of_facts(selection: Selection, departments: Q | None) -> list[Selection]:
    """The parts of the period that the facts have to answer: single days, or all of it."""
    parts = selection.period.whole_months()[1] if departments is not None else [selection.period]
    return [replace(selection, period=part) for part in parts]


class _Aged(dict[Any, Counter[tuple[float, str]]]):
    """What lasted how long: by some key, (age in days, how it ended) -> how many."""

    def __init__(self, as_of: dt.date | None = None) -> None:
        super().__init__()
        self.entry = Entry(as_of or clock.today())
        self.so_old: dict[int, float] = {}

    def __missing__(self, key: Any) -> Counter[tuple[float, str]]:
        self[key] = Counter()
        return self[key]

    def add_kept(self, rows: QuerySet[StageAge], by: str) -> None:
        """Add the rows of a rollup."""
        ended = rows.exclude(exit=STAYING).values_list(by, "exit", "age")
        for key, how, age, n in ended.annotate(sum_n=Whole("n")):
            self._add_ended(key, how, age, n)
        still = rows.filter(exit=STAYING).annotate(since=self.entry.column()).values_list(by, "since")
        for key, since, n in still.annotate(sum_n=Whole("n")):
            self._add_still(key, since, n)

    def add_facts(self, facts: Counter[tuple[Any, ...]]) -> None:
        """Add facts that were grouped: (key, how it ended, age, day on which it began) -> how many."""
        for (key, how, age, since), n in facts.items():
            if how == STAYING:
                self._add_still(key, self.entry.key(since), n)
            else:
                self._add_ended(key, how, age, n)

    def _add_ended(self, key: Any, how: str, age: int, n: int) -> None:
        self[key][age / 10, "" if how == EXIT_COLUMNS[MOVED_PROCESS] else how] += n

    def _add_still(self, key: Any, since: int, n: int) -> None:
        if since not in self.so_old:
            self.so_old[since] = self.entry.age(since)
        self[key][self.so_old[since], ""] += n
