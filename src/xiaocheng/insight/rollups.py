"""The rollups as a whole: counted again from the facts, and compared with what was kept.

One month at a time, so that memory does not grow with the years.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet

from xiaocheng.foundation.kernel.periods import day_of_key, month_key, period
from xiaocheng.selling.pipeline.models import Closing, ClosingShare, Stage, StageSpan
from xiaocheng.selling.pipeline.models.processes import LOST, WON

from . import aging, moving, pathing, stepping
from .aging import ages_of_month, write_ages
from .cohorting import cohorts_of_month, write_cohorts
from .counting import COLUMNS, PATH_ROWS, TABLES, Rows, grouped, write
from .models import COMPANY, DepartmentCohort, DepartmentPath, DepartmentStageAge, DepartmentStageStep, PipelineDay
from .moving import days_of_facts, fill_changes, rebuild_days, wrong_stands
from .pathing import paths_of_month, write_paths
from .stepping import steps_of_month, write_steps

LEFT = 2  # the place of the spans that were left among the facts of a month
BECAUSE = "rollups are counted again over all facts"


def rebuild() -> int:
    """Replace what the tables hold by what the facts give; gives the number of rows."""
    for model, _key in TABLES:
        model._default_manager.all().delete()
    number = sum(map(_count_anew, BY_MONTH)) + rebuild_days()
    for month in _months():
        tables = counted(month)
        write(tables)
        number += sum(map(len, tables))
    return number


def fill() -> int:
    """Count what there is none of yet, as after the version that brought it; gives how many rows.

    With the paths the other tables got new columns: all of them are counted again.
    """
    if not DepartmentPath.objects.exists() and _all_facts()[1].filter(PATH_ROWS["judged"]).exists():
        return rebuild()
    tables = (DepartmentStageAge, DepartmentStageStep, DepartmentCohort)
    empty = [model for model in tables if not model._default_manager.exists()]
    return sum(map(_count_anew, empty)) + fill_changes()


def _ages(month: int) -> Rows:
    return ages_of_month(_facts(month)[0], month)


def _steps(month: int) -> Rows:
    return steps_of_month(_facts(month)[0], month)


def _cohorts(month: int) -> Rows:
    return cohorts_of_month(_facts(month)[0], month)


def _paths(month: int) -> Rows:
    return paths_of_month(_facts(month)[1], month)


BY_MONTH: dict[type[Model], tuple[Callable[[int], Rows], Callable[[Rows], None]]] = {
    DepartmentStageAge: (_ages, write_ages),
    DepartmentStageStep: (_steps, write_steps),
    DepartmentPath: (_paths, write_paths),
    DepartmentCohort: (_cohorts, write_cohorts),
}


def _count_anew(model: type[Model]) -> int:
    """Count one of these tables again from the facts; gives the number of rows."""
    of_month, write_rows = BY_MONTH[model]
    model._default_manager.all().delete()
    number = 0
    for month in _months():
        rows = of_month(month)
        write_rows(rows)
        number += len(rows)
    return number


def counted(month: int) -> tuple[Rows, Rows, Rows]:
    """The rows of the three tables for one month, from the facts."""
    facts = _facts(month)
    people, offers = _grouped(facts, TABLES[0][1], month), _grouped(facts, TABLES[2][1], month)
    departments: Rows = defaultdict(Counter)
    for (_person, unit, _month, stage), values in people.items():
        departments[unit, month, stage].update(values)
        departments[COMPANY, month, stage].update(values)
    for (_unit, *at), values in list(offers.items()):
        offers[COMPANY, *at].update(values)
    return people, departments, offers


def differences() -> list[str]:
    """Where what was kept differs from what the facts give; empty when all is well."""
    wrong = []
    for month in _months():
        for (model, key), facts in zip(TABLES, counted(month), strict=True):
            wrong += _compared(model, {"month": month}, key, COLUMNS, facts)
        wrong += _compared(DepartmentStageStep, {"month": month}, stepping.KEY, stepping.COLUMNS, _steps(month))
    wrong += _compared(PipelineDay, {}, moving.KEY, moving.COLUMNS, days_of_facts()) + wrong_stands()
    wrong += _wrong_periods(DepartmentStageAge, aging.KEY, _ages)
    wrong += _wrong_periods(DepartmentCohort, aging.KEY, _cohorts)
    return wrong + _wrong_periods(DepartmentPath, pathing.KEY, _paths)


def _wrong_periods(model: type[Model], key: tuple[str, ...], of_facts: Callable[[int], Rows]) -> list[str]:
    """Where ages or paths differ: each month by itself, each year once its months are known."""
    wrong: list[str] = []
    years: dict[int, Rows] = defaultdict(lambda: defaultdict(Counter))
    for month in _months():
        rows = of_facts(month)
        of_month = {at: values for at, values in rows.items() if at[1] == month}
        for at in rows.keys() - of_month.keys():
            years[month // 100][at].update(rows[at])
        wrong += _compared(model, {"period": month}, key, ("n",), of_month)
    for year in sorted({month // 100 for month in _months()}):
        wrong += _compared(model, {"period": year}, key, ("n",), years[year])
    return wrong


def _compared(
    model: type[Model], of: dict[str, int], key: tuple[str, ...], columns: tuple[str, ...], facts: Rows
) -> list[str]:
    """Where the rows of one table, of one month or year, differ from the facts."""
    rows = model._default_manager.filter(**of).values_list(*key, *columns)
    kept = {row[: len(key)]: row[len(key) :] for row in rows}
    nothing = (0,) * len(columns)
    right = {at: tuple(values[name] for name in columns) for at, values in facts.items()}
    return [
        f"{model.__name__} {at}: kept {kept.get(at)}, facts give {right.get(at)}"
        for at in sorted(kept.keys() | right.keys())
        if kept.get(at, nothing) != right.get(at, nothing)
    ]


def _months() -> list[int]:
    """Every month in which something is counted, or is kept."""
    spans, closings = _all_facts()
    months = set(spans.order_by().values_list("entered_ym", flat=True).distinct())
    months |= {month_key(day) for day in closings.order_by().values_list("booked_on", flat=True).distinct()}
    left = spans.filter(left_ym__isnull=False).order_by().values_list("left_ym", flat=True).distinct()
    months |= {month for month in left if month is not None}
    for periods in (DepartmentStageAge.objects, DepartmentCohort.objects, DepartmentPath.objects):
        for kept in periods.values_list("period", flat=True).distinct():
            months.add(kept if kept > 9999 else kept * 100 + 1)
    months |= set(DepartmentStageStep.objects.values_list("month", flat=True).distinct())
    for model, _key in TABLES:
        months |= set(model._default_manager.values_list("month", flat=True).distinct())
    return sorted(months)


def _all_facts() -> tuple[QuerySet[StageSpan], QuerySet[Closing]]:
    return StageSpan.objects.beyond_sight(because=BECAUSE), Closing.objects.beyond_sight(because=BECAUSE)


def _facts(month: int) -> tuple[QuerySet[Any], ...]:
    """The spans entered in one month, closings booked and spans left in it, shares of those closings."""
    days = period("month", day_of_key(month))
    stages = list(Stage.objects.values_list("pk", flat=True))
    spans, closings = _all_facts()
    return (
        spans.filter(stage_id__in=stages, entered_ym=month),
        closings.filter(verdict__in=[WON, LOST], booked_on__range=(days.first, days.last)),
        spans.filter(left_ym=month, required_steps__gt=0),
        ClosingShare.objects.beyond_sight(because=BECAUSE).filter(booked_on__range=(days.first, days.last)),
    )


def _grouped(facts: tuple[QuerySet[Any], ...], key: tuple[str, ...], month: int) -> Rows:
    """Facts of one month as rows of a table with this key."""
    place = key.index("month")
    by = (*key[:place], *key[place + 1 :])
    found: Rows = defaultdict(Counter)
    for number, rows in enumerate(facts):
        for at, values in grouped(rows, by, left=number == LEFT):
            found[(*at[:place], month, *at[place:])].update(values)
    return found
