"""From facts to counted steps: from which stage deals go to which, and the same by grouped queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, QuerySet

from xiaocheng.foundation.kernel.measures import add_rows
from xiaocheng.selling.pipeline.models import StageSpan
from xiaocheng.selling.pipeline.models.facts import INVALID
from xiaocheng.selling.pipeline.spans import SpanCount

from .counting import Rows
from .models import COMPANY, DepartmentStageStep

KEY = ("department_id", "month", "stage_id", "next_stage_id")
COLUMNS = ("n",)


def step_rows(counts: Iterable[SpanCount]) -> Rows:
    """What stays that were left, one more or one less each, add to the rollup; those that were invalid nothing."""
    rows: Rows = defaultdict(Counter)
    for item in counts:
        if item.next_stage_id is not None and item.exit != INVALID:
            for unit in (item.department_id, COMPANY):
                rows[unit, item.entered_ym, item.stage_id, item.next_stage_id]["n"] += item.sign
    return rows


def write_steps(sums: Mapping[tuple[Any, ...], Counter[str]]) -> None:
    """Add rows to the rollup of steps."""
    rows = [(*at, values["n"]) for at, values in sums.items() if values["n"]]
    add_rows(DepartmentStageStep, (*KEY, *COLUMNS), KEY, rows)


def stepped(stays: QuerySet[StageSpan], by: Sequence[str]) -> Counter[tuple[Any, ...]]:
    """Stays that were left, grouped: (columns of `by`, stage, next stage) -> how many."""
    left = stays.filter(next_stage__isnull=False).exclude(exit_kind=INVALID).order_by()
    rows = left.values_list(*by, "stage_id", "next_stage_id").annotate(n=Count("pk"))
    return Counter({tuple(at): n for *at, n in rows})


def steps_of_month(stays: QuerySet[StageSpan], month: int) -> Rows:
    """The rows of the rollup for the stays entered in one month, from the facts."""
    rows: Rows = defaultdict(Counter)
    for (unit, stage, to), n in stepped(stays, ("credit_department_id",)).items():
        for department in (unit, COMPANY):
            rows[department, month, stage, to]["n"] += n
    return rows
