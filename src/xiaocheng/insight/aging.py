"""From facts to counted ages: what one stay adds to the rollup of ages, and the same by grouped queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, Q, QuerySet, When

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.measures import add_rows
from xiaocheng.foundation.kernel.periods import day_key, day_of_key
from xiaocheng.selling.pipeline.models import StageSpan
from xiaocheng.selling.pipeline.models.facts import INVALID
from xiaocheng.selling.pipeline.spans import OPEN_EXIT, SpanCount

from .counting import EXIT_COLUMNS, NOW, Ends, Rows
from .models import COMPANY, DepartmentStageAge
from .models.rollups import StageAge

KEY = ("department_id", "period", "stage_id", "exit", "age", "entered_on")
COLUMNS = ("n",)
STAYING = EXIT_COLUMNS[OPEN_EXIT]
TENTH = 8_640  # seconds
STEPS = (  # under so many tenths of a day an age is rounded to so many: what is shown is right to 5 %
    (20, 1),
    (50, 2),
    (100, 5),
    (200, 10),
    (500, 20),
    (1000, 50),
    (2000, 100),
    (5000, 200),
)
LAST_STEP = 500
TENS_FROM, MONTHS_FROM = 100, 300  # days: what has been there longer is as old as its ten days, then as its month


def age_of(seconds: int) -> int:
    """An age in tenths of a day, rounded by steps of 1, 2 and 5: 1.2 days, 3.4, 12, 22, 120 days."""
    step = next((step for end, step in STEPS if seconds < end * TENTH), LAST_STEP)
    return (seconds + step * TENTH // 2) // (step * TENTH) * step


def aged_by(column: str) -> Case:
    """The same of a column of seconds, by the database; without a value there is none."""

    def rounded(step: int) -> Any:
        return (F(column) + step * TENTH // 2) / (step * TENTH) * step

    return Case(
        *(When(**{f"{column}__lt": end * TENTH}, then=rounded(step)) for end, step in STEPS),
        default=rounded(LAST_STEP),
        output_field=BigIntegerField(),
    )


@dataclass(frozen=True)
class Entry:
    """The days of entry as they are told apart on a day: 20260131 a day, 2026013 from 30 January on, 202601 a month."""

    today: dt.date

    @property
    def limits(self) -> tuple[int, int]:
        """Entries before the first day are told apart by month, those before the second by ten days."""
        return day_key(self.today - dt.timedelta(MONTHS_FROM)), day_key(self.today - dt.timedelta(TENS_FROM))

    def column(self) -> Case:
        """The same, by the database."""
        by_month, by_tens = self.limits
        return Case(
            When(entered_on__lt=by_month, then=F("entered_on") / 100),
            When(entered_on__lt=by_tens, then=F("entered_on") / 10),
            default=F("entered_on"),
            output_field=BigIntegerField(),
        )

    def key(self, entered_on: int) -> int:
        """How a day of entry is told apart."""
        by_month, by_tens = self.limits
        return entered_on // 100 if entered_on < by_month else entered_on // 10 if entered_on < by_tens else entered_on

    def age(self, key: int) -> float:
        """The age today in days; of ten days and of months that of the middle."""
        if key < 1_000_000:
            key = key * 100 + 15
        elif key < 10_000_000:
            key = key * 10 + (5 if key % 10 < 3 else 0)
        return max(0.0, float((self.today - day_of_key(key)).days))


def age_rows(counts: Iterable[SpanCount]) -> Rows:
    """What stays, one more or one less each, add to the rollup; those without recorded times, or invalid, nothing."""
    rows: Rows = defaultdict(Counter)
    for item in counts:
        if item.exit == INVALID:
            continue
        if item.exit == OPEN_EXIT and item.entered_on is not None:
            at = (0, day_key(item.entered_on))
        elif item.exit != OPEN_EXIT and item.dwell_seconds is not None:
            at = (age_of(item.dwell_seconds), 0)
        else:
            continue
        add_to_cells(
            rows, item.entered_ym, (item.department_id, item.stage_id, EXIT_COLUMNS[item.exit], *at), item.sign
        )
    return rows


def add_to_cells(rows: Rows, month: int, at: tuple[Any, ...], n: int) -> None:
    """Add so many of (department, …) to the cells of month and year, of the department and the company."""
    unit, *rest = at
    for department in (unit, COMPANY):
        for period in (month, month // 100):
            rows[department, period, *rest]["n"] += n


def cells_of_month(counts: Mapping[tuple[Any, ...], int], month: int) -> Rows:
    """The rows of a rollup for what was counted of one month: (department, …) -> how many."""
    rows: Rows = defaultdict(Counter)
    for at, n in counts.items():
        add_to_cells(rows, month, at, n)
    return rows


def write_ages(sums: Mapping[tuple[Any, ...], Counter[str]], model: type[StageAge] = DepartmentStageAge) -> None:
    """Add rows to a rollup of ages."""
    rows = [(*at, values["n"]) for at, values in sums.items() if values["n"]]
    add_rows(model, (*KEY, *COLUMNS), KEY, rows)


def aged(stays: QuerySet[StageSpan], by: Sequence[str], ends: Ends = NOW) -> Counter[tuple[Any, ...]]:
    """Stays with recorded times, grouped: (columns of `by`, exit, age, day of entry) -> how many.

    The day of what is still there is found here, not by the database: its instant lies in the company's zone.
    """
    found: Counter[tuple[Any, ...]] = Counter()
    left = stays.filter(**{f"{ends.dwell}__isnull": False}).exclude(exit_kind=INVALID).order_by()
    columns = (*by, "exit_kind", "age")  # of what had been left then the same is known today
    rows = left.annotate(age=aged_by("dwell_seconds")).values_list(*columns).annotate(n=Count("pk"))
    for *at, kind, age, n in rows:
        found[(*at, EXIT_COLUMNS[kind], age, 0)] += n
    still = stays.filter(**{ends.exit: ""}, is_invented=False).order_by()
    for *at, entered in still.values_list(*by, "occurred_at").iterator(chunk_size=5000):
        found[(*at, STAYING, 0, day_key(clock.day_of(entered)))] += 1
    return found


def ages_of_month(stays: QuerySet[StageSpan], month: int) -> Rows:
    """The rows of the rollup for the stays entered in one month, from the facts."""
    return cells_of_month(aged(stays, ("credit_department_id", "stage_id")), month)


def in_months(first: int, last: int) -> Q:
    """The filter on months from first to last, both included, by the years that lie wholly inside where some do."""
    from_year, to_year = first // 100 + (first % 100 != 1), last // 100 - (last % 100 != 12)
    if from_year > to_year:
        return Q(period__range=(first, last))
    found = Q(period__range=(from_year, to_year))
    if first // 100 < from_year:
        found |= Q(period__range=(first, first // 100 * 100 + 12))
    if last // 100 > to_year:
        found |= Q(period__range=(last // 100 * 100 + 1, last))
    return found
