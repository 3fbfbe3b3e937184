"""From facts to counted cohorts: when deals were opened and what became of them, and the same by grouped queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.periods import day_key
from xiaocheng.selling.pipeline.models import Closing, StageSpan
from xiaocheng.selling.pipeline.models.facts import INVALID
from xiaocheng.selling.pipeline.models.processes import LOST, OPEN, WON
from xiaocheng.selling.pipeline.spans import SpanCount

from .aging import STAYING, add_to_cells, age_of, aged_by, cells_of_month, write_ages
from .counting import Rows
from .models import DepartmentCohort

BECAUSE = "an opening counts for whom it was credited to, whoever closes the deal"
STANDING = {"sign": 1, "reversed_on__isnull": True, "cycle_seconds__isnull": False}  # a closing, both times recorded
CLOSED = ("verdict", "reason", "cycle_seconds")
OPENED = Q(is_opening=True)
TIMED = Exists(
    Closing.objects.beyond_sight(because="only whether the times of both ends are known").filter(
        opportunity=OuterRef("opportunity"), **STANDING
    )
)
COHORT_STAYS: dict[str, Q] = {  # the first stays of deals opened, by what became of them
    "cohort_won": OPENED & Q(TIMED, opportunity__state=WON),
    "cohort_lost": OPENED & Q(TIMED, opportunity__state=LOST) & ~Q(opportunity__close_reason=INVALID),
    "cohort_open": OPENED & Q(opportunity__state=OPEN),
}
COHORT_STAYS["cohort"] = COHORT_STAYS["cohort_won"] | COHORT_STAYS["cohort_lost"] | COHORT_STAYS["cohort_open"]


class Opening(NamedTuple):
    """Where a deal stands among the cohorts."""

    department_id: int
    month: int
    stage_id: int
    day: int


def opened_rows(counts: Iterable[SpanCount]) -> Rows:
    """What openings, one more or one less each, add to the rollup: deals that are open."""
    rows: Rows = defaultdict(Counter)
    for item in counts:
        opening = opening_of([item])
        if opening is not None:
            _add(rows, opening, STAYING, 0, opening.day, item.sign)
    return rows


def closed_rows(closings: Iterable[Closing], openings: Mapping[int, Opening], sign: int = 1) -> Rows:
    """What wins, losses and reversals of these deals move in the rollup; with sign -1, what deleting them moves back.

    Invalid ones, and those closed on a day that nobody recorded, are open no more and nothing else.
    """
    rows: Rows = defaultdict(Counter)
    for item in closings:
        opening = openings.get(item.opportunity_id)
        if opening is None:
            continue
        n = sign * item.sign
        _add(rows, opening, STAYING, 0, opening.day, -n)
        if item.cycle_seconds is not None and not (item.verdict == LOST and item.reason == INVALID):
            _add(rows, opening, item.verdict, age_of(item.cycle_seconds), 0, n)
    return rows


def opening_of(counts: Iterable[SpanCount]) -> Opening | None:
    """The opening among the stays of one deal; None where it is not among them, or its day was not recorded."""
    for item in counts:
        if item.opened_on is not None:
            return Opening(item.department_id, item.entered_ym, item.stage_id, day_key(item.opened_on))
    return None


def openings_of(events: Iterable[Any], closings: Iterable[Closing]) -> dict[int, Opening]:
    """The openings of the deals that these closings close; those without a recorded day have none.

    The events tell what they know themselves (an undone import leaves no rows), the others are looked up.
    """
    told = {event.opportunity_id: opening for event in events if (opening := opening_of(event.spans))}
    ids = {closing.opportunity_id for closing in closings} - told.keys()
    if not ids:
        return told
    rows = StageSpan.objects.beyond_sight(because=BECAUSE).filter(OPENED, opportunity__in=ids, seq=1).order_by()
    columns = rows.values_list("opportunity_id", "credit_department_id", "entered_ym", "stage_id", "occurred_at")
    return told | {
        pk: Opening(department, month, stage, day_key(clock.day_of(opened)))
        for pk, department, month, stage, opened in columns
    }


def write_cohorts(*several: Rows) -> None:
    """Add rows to the rollup of cohorts."""
    sums: Rows = defaultdict(Counter)
    for at, values in (row for rows in several for row in rows.items()):
        sums[at].update(values)
    write_ages(sums, DepartmentCohort)


def cohorted(stays: QuerySet[StageSpan], by: Sequence[str]) -> Counter[tuple[Any, ...]]:
    """Deals opened, by the first of their stays: (columns of `by`, verdict, age, day of opening) -> how many."""
    found: Counter[tuple[Any, ...]] = Counter()
    opened = stays.filter(OPENED).order_by()
    of = "opportunity__closings__"
    closed: Any = opened.filter(**{f"{of}{name}": value for name, value in STANDING.items()})
    closed = closed.annotate(**{name: F(f"{of}{name}") for name in CLOSED})
    closed = closed.exclude(verdict=LOST, reason=INVALID).annotate(age=aged_by("cycle_seconds"))
    for *at, verdict, age, n in closed.values_list(*by, "verdict", "age").annotate(n=Count("pk")):
        found[(*at, verdict, age, 0)] += n
    still = opened.filter(opportunity__state=OPEN)
    for *at, entered in still.values_list(*by, "occurred_at").iterator(chunk_size=5000):
        found[(*at, STAYING, 0, day_key(clock.day_of(entered)))] += 1
    return found


def cohorts_of_month(stays: QuerySet[StageSpan], month: int) -> Rows:
    """The rows of the rollup for the deals opened in one month, from the facts."""
    return cells_of_month(cohorted(stays, ("credit_department_id", "stage_id")), month)


def _add(rows: Rows, opening: Opening, end: str, age: int, day: int, n: int) -> None:
    add_to_cells(rows, opening.month, (opening.department_id, opening.stage_id, end, age, day), n)
