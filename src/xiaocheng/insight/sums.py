"""Sums over rollups where they are kept at that grain, over the facts themselves where they are not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet, Sum

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.expressions import Whole
from xiaocheng.selling.pipeline.models.facts import MOVED_PROCESS

from .aging import STAYING, Entry, aged, in_months
from .counting import CLOSING_COLUMNS, EXIT_COLUMNS, LEFT_COLUMNS, SPAN_COLUMNS, grouped, summed
from .models import (
    COMPANY,
    DepartmentPath,
    DepartmentStageAge,
    DepartmentStageMonth,
    DepartmentStageStep,
    OfferStageMonth,
    PersonStageMonth,
    StageMonth,
)
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
                for at, values in (line for rows in facts for line in grouped(rows, by, left=left)):
                    found[at].update({name: values[name] for name in wanted})
    return found


def rollup(actor: Actor, selection: Selection, by: tuple[str, ...]) -> QuerySet[StageMonth] | None:
    """The smallest rollup that can answer, narrowed to whose it is; None when only the facts can."""
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
    """The stays of stages whose times are recorded: (age in days, exit) -> how many; no exit is still there today.

    Whole months of departments and of the company from the rollup; people, products, sources and single days from the
    facts. What went on in another process is known to have lasted so long, and no more.
    """
    months, days = selection.period.whole_months()
    departments = None if selection.is_of_offer else of_departments(actor, selection)
    parts = days if departments is not None else [selection.period]
    found, entry = _Aged(), Entry(clock.today())
    if departments is not None and months is not None:
        rows = DepartmentStageAge.objects.filter(
            departments, in_months(months.first_month, months.last_month), stage_id__in=sorted(stages)
        ).order_by()
        left = rows.exclude(exit=STAYING).values_list("stage_id", "exit", "age").annotate(sum_n=Whole("n"))
        still = rows.filter(exit=STAYING).annotate(since=entry.column()).values_list("stage_id", "since")
        found.add_left(left)
        found.add_still(entry, still.annotate(sum_n=Whole("n")))
    for part in parts:
        stays = replace(selection, period=part).spans(actor).filter(stage__in=sorted(stages))
        for (stage, how, age, since), n in aged(stays, ("stage_id",)).items():
            if how == STAYING:
                found.add_still(entry, [(stage, entry.key(since), n)])
            else:
                found.add_left([(stage, how, age, n)])
    return found


def steps(actor: Actor, selection: Selection, stages: Collection[int]) -> Counter[tuple[int, int]]:
    """How often stages were left for which others: (stage, next stage) -> how many; read like `ages`."""
    months, days = selection.period.whole_months()
    departments = None if selection.is_of_offer else of_departments(actor, selection)
    parts = days if departments is not None else [selection.period]
    found: Counter[tuple[int, int]] = Counter()
    if departments is not None and months is not None:
        rows = DepartmentStageStep.objects.filter(
            departments, month__range=(months.first_month, months.last_month), stage_id__in=sorted(stages)
        )
        kept = rows.order_by().values_list("stage_id", "next_stage_id")
        for stage, to, n in kept.annotate(sum_n=Sum("n")):
            found[stage, to] += n
    for part in parts:
        stays = replace(selection, period=part).spans(actor).filter(stage__in=sorted(stages))
        for (stage, to), n in stepped(stays, ()).items():
            found[stage, to] += n
    return found


def paths(actor: Actor, selection: Selection) -> Counter[tuple[int, str, str, int]]:
    """The ways of deals closed in the period: (stage closed from, path, verdict, age) -> how many; read like `ages`."""
    months, days = selection.period.whole_months()
    departments = None if selection.is_of_offer else of_departments(actor, selection)
    parts = days if departments is not None else [selection.period]
    found: Counter[tuple[int, str, str, int]] = Counter()
    if departments is not None and months is not None:
        rows = DepartmentPath.objects.filter(
            departments, in_months(months.first_month, months.last_month), **selection.stages()
        )
        kept = rows.order_by().values_list("stage_id", "path", "verdict", "age")
        for stage, path, verdict, age, n in kept.annotate(sum_n=Sum("n")):
            found[stage, path, verdict, age] += n
    for part in parts:
        for (stage, path, verdict, age), n in pathed(
            replace(selection, period=part).closings(actor), ("stage_id",)
        ).items():
            found[stage, path, verdict, age] += n
    return found


class _Aged(dict[int, Counter[tuple[float, str]]]):
    """Stays by stage: (age in days, exit) -> how many."""

    def __missing__(self, stage: int) -> Counter[tuple[float, str]]:
        self[stage] = Counter()
        return self[stage]

    def add_left(self, rows: Iterable[tuple[int, str, int, int]]) -> None:
        """Add (stage, exit, age in tenths of a day, how many)."""
        moved = EXIT_COLUMNS[MOVED_PROCESS]
        for stage, how, age, n in rows:
            self[stage][age / 10, "" if how == moved else how] += n

    def add_still(self, entry: Entry, rows: Iterable[tuple[int, int, int]]) -> None:
        """Add (stage, entry, how many) of what is still there, as old as it is today."""
        ages = {}
        for stage, since, n in rows:
            if since not in ages:
                ages[since] = entry.age(since)
            self[stage][ages[since], ""] += n
