"""From facts to counted paths: which way deals went until they were closed, and the same by grouped queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet, Sum

from xiaocheng.foundation.kernel.measures import add_rows
from xiaocheng.foundation.kernel.periods import month_key
from xiaocheng.selling.pipeline.models import Closing
from xiaocheng.selling.pipeline.models.facts import INVALID
from xiaocheng.selling.pipeline.models.processes import LOST

from .aging import add_to_cells, age_of, aged_by, cells_of_month
from .counting import PATH_ROWS, Rows
from .models import DepartmentPath

KEY = ("department_id", "period", "stage_id", "path", "verdict", "age")
COLUMNS = ("n",)
UNTIMED = -1  # as an age: opened on a day that nobody recorded


def is_judged(closing: Closing) -> bool:
    """True for a win or loss whose path is known and counts."""
    return bool(closing.path) and not (closing.verdict == LOST and closing.reason == INVALID)


def path_rows(closings: Iterable[Closing], sign: int = 1) -> Rows:
    """What wins, losses and reversals add to the rollup; with sign -1, what deleting them takes off."""
    rows: Rows = defaultdict(Counter)
    for item in closings:
        if is_judged(item):
            age = UNTIMED if item.cycle_seconds is None else age_of(item.cycle_seconds)
            at = (item.credit_department_id, item.stage_id, item.path, item.verdict, age)
            add_to_cells(rows, month_key(item.booked_on), at, sign * item.sign)
    return rows


def write_paths(sums: Mapping[tuple[Any, ...], Counter[str]]) -> None:
    """Add rows to the rollup of paths."""
    rows = [(*at, values["n"]) for at, values in sums.items() if values["n"]]
    add_rows(DepartmentPath, (*KEY, *COLUMNS), KEY, rows)


def pathed(closings: QuerySet[Closing], by: Sequence[str]) -> Counter[tuple[Any, ...]]:
    """Wins and losses grouped: (columns of `by`, path, verdict, age) -> how many, reversals taken off."""
    found: Counter[tuple[Any, ...]] = Counter()
    rows = closings.filter(PATH_ROWS["judged"]).order_by().annotate(age=aged_by("cycle_seconds"))
    for *at, age, n in rows.values_list(*by, "path", "verdict", "age").annotate(n=Sum("sign")):
        found[(*at, UNTIMED if age is None else age)] += n
    return found


def paths_of_month(closings: QuerySet[Closing], month: int) -> Rows:
    """The rows of the rollup for the wins and losses booked in one month, from the facts."""
    return cells_of_month(pathed(closings, ("credit_department_id", "stage_id")), month)
