"""From facts to rollups: what one span or closing adds to which cells, and the same by grouped queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, Round

from xiaocheng.foundation.kernel.measures import add_rows
from xiaocheng.foundation.kernel.money import SCALE, scaled
from xiaocheng.foundation.kernel.periods import month_key
from xiaocheng.selling.pipeline.models import Closing, ClosingShare, StageSpan
from xiaocheng.selling.pipeline.models.facts import ADVANCED, BACK, EXIT_LOST, INVALID, MOVED_PROCESS, SKIPPED
from xiaocheng.selling.pipeline.models.processes import LOST, WON
from xiaocheng.selling.pipeline.sharing import parts_of
from xiaocheng.selling.pipeline.spans import OPEN_EXIT, SpanCount

from .models import COMPANY, NONE, DepartmentStageMonth, OfferStageMonth, PersonStageMonth, StageMonth

EXIT_COLUMNS = {
    ADVANCED: "advanced",
    SKIPPED: "skipped",
    BACK: "back",
    EXIT_LOST: "lost",
    MOVED_PROCESS: "moved",
    OPEN_EXIT: "staying",
    INVALID: "invalid",
}
NOT_JUDGED = ("", MOVED_PROCESS, INVALID)  # ways to leave a stage that say nothing of its steps
EXITS = tuple(EXIT_COLUMNS.values())
SPAN_COLUMNS = (*EXITS, *(f"{name}_amount" for name in EXITS), "firsts", "opened", "timed", "timed_seconds")
RESULT_COLUMNS = ("deals_won", "deals_won_amount", "deals_lost", "deals_lost_amount", "deals_invalid")
PATH_COLUMNS = ("judged", "conforming", "straight", "skipping", "returning")
CLOSING_COLUMNS = (*RESULT_COLUMNS, *PATH_COLUMNS)
LEFT_COLUMNS = ("stays_due", "stays_done", "stays_late")  # of the month in which a stay was left
COLUMNS = (*SPAN_COLUMNS, *CLOSING_COLUMNS, *LEFT_COLUMNS)

TABLES: tuple[tuple[type[StageMonth], tuple[str, ...]], ...] = (
    (PersonStageMonth, ("person_id", "department_id", "month", "stage_id")),
    (DepartmentStageMonth, ("department_id", "month", "stage_id")),
    (OfferStageMonth, ("department_id", "product_id", "month", "source", "stage_id")),
)


class Cell(NamedTuple):
    """The finest key of the rollups; each table keeps some of it."""

    person_id: int
    department_id: int
    product_id: int
    source: str
    month: int
    stage_id: int


Cells = dict[Cell, Counter[str]]


def span_cells(counts: Iterable[SpanCount]) -> Cells:
    """What stage spans, one more or one less each, add to the rollups."""
    cells: Cells = defaultdict(Counter)
    for item in counts:
        cell = Cell(
            item.person_id, item.department_id, item.product_id or NONE, item.source, item.entered_ym, item.stage_id
        )
        if left := _left_values(item):
            cells[cell._replace(month=item.left_ym or 0)].update(left)
        exit_name = EXIT_COLUMNS[item.exit]
        values = {
            exit_name: 1,
            f"{exit_name}_amount": scaled(item.amount or Decimal(0)),
            "firsts": int(item.is_first and item.exit != INVALID),
            "opened": int(item.opened_on is not None),
        }
        if exit_name == "advanced" and item.dwell_seconds is not None:
            values |= {"timed": 1, "timed_seconds": item.dwell_seconds}
        cells[cell].update({name: item.sign * value for name, value in values.items()})
    return cells


def _left_values(item: SpanCount) -> dict[str, int]:
    """Whether the required steps were done of a stay that was left, in a stage that has some."""
    required, done = item.required_steps or 0, item.done_steps or 0
    if not required or item.left_ym is None or item.exit in NOT_JUDGED:
        return {}
    late = done < required <= done + (item.late_steps or 0)
    values = {"stays_due": 1, "stays_done": int(done >= required), "stays_late": int(late)}
    return {name: item.sign * value for name, value in values.items()}


def closing_cells(closings: Iterable[Closing], sign: int = 1) -> Cells:
    """What wins, losses and reversals add to the rollups, by shares; with sign -1, what deleting them takes off."""
    cells: Cells = defaultdict(Counter)
    for item in closings:
        offer = (item.product_id or NONE, item.source, month_key(item.booked_on), item.stage_id)
        name = "deals_won" if item.verdict == WON else "deals_invalid" if item.reason == INVALID else "deals_lost"
        for part in parts_of(item):
            cell = Cell(part.credit_person_id, part.credit_department_id, *offer)
            cells[cell][name] += sign * item.sign * part.share
            if name != "deals_invalid":
                cells[cell][f"{name}_amount"] += sign * item.sign * scaled(part.amount or Decimal(0))
        if item.path and name != "deals_invalid":  # of the way of a deal its owner tells, for all who share it
            owner = cells[Cell(item.credit_person_id, item.credit_department_id, *offer)]
            owner.update({key: sign * item.sign * value for key, value in _path_values(item).items()})
    return cells


def _path_values(item: Closing) -> dict[str, int]:
    """How the path of a win or loss agrees with its process."""
    kept = not item.breaches
    return {
        "judged": 1,
        "conforming": int(kept),
        "straight": int(kept and not item.left_out and not item.went_back),
        "skipping": int(item.left_out > 0),
        "returning": int(item.went_back > 0),
    }


Rows = dict[tuple[Any, ...], Counter[str]]


def folded(*several: Cells) -> tuple[Rows, Rows, Rows]:
    """Cells as rows of the three tables: by person, by department, by offer."""
    people: Rows = defaultdict(Counter)
    departments: Rows = defaultdict(Counter)
    offers: Rows = defaultdict(Counter)
    for cell, values in (item for cells in several for item in cells.items()):
        people[cell.person_id, cell.department_id, cell.month, cell.stage_id].update(values)
        for unit in (cell.department_id, COMPANY):
            departments[unit, cell.month, cell.stage_id].update(values)
            offers[unit, cell.product_id, cell.month, cell.source, cell.stage_id].update(values)
    return people, departments, offers


def write(tables: tuple[Rows, Rows, Rows]) -> None:
    """Add rows to the three tables: one sorted upsert each."""
    for (model, key), sums in zip(TABLES, tables, strict=True):
        rows = [(*at, *(values[name] for name in COLUMNS)) for at, values in sums.items() if any(values.values())]
        add_rows(model, (*key, *COLUMNS), key, rows)


# --- the same, grouped by the database over the facts themselves

_AMOUNT = Cast(Round(F("amount") * SCALE), BigIntegerField())


def _amounts(condition: Q) -> Any:
    return Coalesce(Sum(_AMOUNT, filter=condition), 0)


class Ends(NamedTuple):
    """The columns that say how a stay ended: as is known now, or as it stood at the end of a past day."""

    exit: str
    left: str
    dwell: str


NOW, THEN = Ends("exit_kind", "left_at", "dwell_seconds"), Ends("exit_then", "left_then", "dwell_then")


def as_it_stood(stays: QuerySet[StageSpan], until: dt.datetime) -> QuerySet[StageSpan]:
    """Stays with the columns of THEN: what was left at that moment or later was still there."""
    left = Q(left_at__lt=until)
    return stays.annotate(
        exit_then=Case(When(left, then=F("exit_kind")), default=Value("")),
        left_then=Case(When(left, then=F("left_at")), default=None),
        dwell_then=Case(When(left, then=F("dwell_seconds")), default=None),
    )


def _span_sums(ends: Ends) -> dict[str, Any]:
    sums: dict[str, Any] = {}
    for kind, name in EXIT_COLUMNS.items():
        left = Q(**{ends.exit: "" if kind == OPEN_EXIT else kind})
        sums |= {name: Count("pk", filter=left), f"{name}_amount": _amounts(left)}
    timed = Q(**{ends.exit: ADVANCED, f"{ends.dwell}__isnull": False})
    return sums | {
        "firsts": Count("pk", filter=Q(is_first=True) & ~Q(**{ends.exit: INVALID})),
        "opened": Count("pk", filter=Q(is_opening=True)),
        "timed": Count("pk", filter=timed),
        "timed_seconds": Coalesce(Sum(ends.dwell, filter=timed), 0),
    }


LEFT_ROWS: dict[str, Q] = {
    "due": Q(required_steps__gt=0) & ~Q(exit_kind__in=NOT_JUDGED),
    "done": Q(done_steps__gte=F("required_steps")),
    "late": Q(done_steps__lt=F("required_steps"), required_steps__lte=F("done_steps") + F("late_steps")),
    "undone": Q(required_steps__gt=F("done_steps") + F("late_steps")),
}
PATH_ROWS: dict[str, Q] = {
    "judged": ~Q(path="") & ~Q(verdict=LOST, reason=INVALID),
    "conforming": Q(breaches=0),
    "straight": Q(breaches=0, left_out=0, went_back=0),
    "breaching": Q(breaches__gt=0),
    "skipping": Q(left_out__gt=0),
    "returning": Q(went_back__gt=0),
}


def _left_sums() -> dict[str, Any]:
    due = LEFT_ROWS["due"]
    return {
        "stays_due": Count("pk", filter=due),
        "stays_done": Count("pk", filter=due & LEFT_ROWS["done"]),
        "stays_late": Count("pk", filter=due & LEFT_ROWS["late"]),
    }


def _closing_sums() -> dict[str, Any]:
    """Sums of closings: results of those of one person each, the ways of all."""
    ways = {name: Coalesce(Sum("sign", filter=PATH_ROWS["judged"] & PATH_ROWS[name]), 0) for name in PATH_COLUMNS}
    return _result_sums("", Value(SCALE, output_field=BigIntegerField()), Q(is_shared=False)) | ways


def _share_sums() -> dict[str, Any]:
    """Sums of the shares of closings of several people."""
    return _result_sums(_PART, Cast(F("share"), BigIntegerField()), Q())


def _result_sums(of: str, share: Any, alone: Q) -> dict[str, Any]:
    """What was won and lost; `of` leads to the closing."""
    won, invalid = alone & Q(**{f"{of}verdict": WON}), alone & Q(**{f"{of}verdict": LOST, f"{of}reason": INVALID})
    lost = alone & Q(**{f"{of}verdict": LOST}) & ~Q(**{f"{of}reason": INVALID})

    def signed(what: Any) -> Any:
        return Case(When(**{f"{of}sign": -1}, then=-what), default=what, output_field=BigIntegerField())

    return {
        "deals_won": Coalesce(Sum(signed(share), filter=won), 0),
        "deals_won_amount": Coalesce(Sum(signed(_AMOUNT), filter=won), 0),
        "deals_lost": Coalesce(Sum(signed(share), filter=lost), 0),
        "deals_lost_amount": Coalesce(Sum(signed(_AMOUNT), filter=lost), 0),
        "deals_invalid": Coalesce(Sum(signed(share), filter=invalid), 0),
    }


_PART = "closing__"
_OWN = {"person_id": "credit_person_id", "department_id": "credit_department_id"}


def summed(rows: QuerySet[Any], by: Sequence[str], sums: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Rows grouped by some columns, or all in one."""
    if not by:
        return [rows.aggregate(**sums)]
    found: Iterable[dict[str, Any]] = rows.order_by().values(*by).annotate(**sums).iterator(chunk_size=5000)
    return found


def grouped(
    facts: QuerySet[Any], by: tuple[str, ...], *, left: bool = False, ends: Ends = NOW
) -> Iterator[tuple[tuple[Any, ...], Counter[str]]]:
    """Spans, closings or their shares grouped by columns of the rollups: (values of `by`, column -> sum).

    Spans perhaps as `left`, or by how they stood (`ends`). Results of shared closings are those of their shares. The
    month of a closing is taken from its booking day here, not by the database: on SQLite that would call back into
    Python for every row.
    """
    is_span, of = facts.model is StageSpan, _PART if facts.model is ClosingShare else ""
    month = "left_ym" if left else "entered_ym" if is_span else "booked_on"
    own = _OWN | {"month": month}
    columns = [own.get(name, f"{of}{name}") for name in by]
    sums = _left_sums() if left else _span_sums(ends) if is_span else _share_sums() if of else _closing_sums()
    found: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for row in summed(facts, columns, sums):
        at: tuple[Any, ...] = tuple(row[column] if row[column] is not None else NONE for column in columns)
        if not is_span and "month" in by:
            place = by.index("month")
            at = (*at[:place], month_key(at[place]), *at[place + 1 :])
        found[at].update({name: int(row[name]) for name in sums})
    yield from found.items()
