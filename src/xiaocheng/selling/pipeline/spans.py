"""From moves to stage spans: what counts as advanced, skipped or back is decided here and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.bulk import RowMaker
from xiaocheng.foundation.kernel.periods import booking_day, month_key

from .models import Opportunity, Stage, StageSpan
from .models.facts import ADVANCED, BACK, EXIT_LOST, SKIPPED
from .models.processes import LOST, WON

span_row = RowMaker(StageSpan)
OPEN_EXIT = "open"
ON_LEAVING = (
    "left_at", "left_ym", "exit_kind", "next_stage", "dwell_seconds", "required_steps", "done_steps", "late_steps",
)  # fmt: skip


@dataclass(frozen=True)
class Credit:
    """To whom and to when something is credited; the same columns stand on every fact."""

    credit_person_id: int
    credit_department_id: int
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    booked_on: dt.date

    @classmethod
    def of(cls, person_id: int, department_id: int, occurred_at: dt.datetime) -> Credit:
        """A credit recorded now for something that happened at an instant."""
        return cls(person_id, department_id, occurred_at, clock.now(), booking_day(clock.day_of(occurred_at)))


@dataclass(frozen=True)
class SpanCount:
    """One stage span more or less in the counts: `sign` 1 or -1, `exit` "open" while it lasts."""

    sign: int
    person_id: int
    department_id: int
    stage_id: int
    entered_ym: int
    exit: str
    is_first: bool
    amount: Decimal | None
    dwell_seconds: int | None
    product_id: int | None
    source: str
    opened_on: dt.date | None  # of the opening stay, on a day that is known
    entered_on: dt.date | None  # None: not recorded
    next_stage_id: int | None  # None while it lasts
    left_ym: int | None
    required_steps: int | None
    done_steps: int | None
    late_steps: int | None


def count(span: StageSpan, sign: int) -> SpanCount:
    """A span as it stands, for the counts."""
    return SpanCount(
        sign,
        span.credit_person_id,
        span.credit_department_id,
        span.stage_id,
        span.entered_ym,
        span.exit_kind or OPEN_EXIT,
        span.is_first,
        span.amount,
        span.dwell_seconds,
        span.product_id,
        span.source,
        clock.day_of(span.occurred_at) if span.is_opening else None,
        None if span.is_invented else clock.day_of(span.occurred_at),
        span.next_stage_id,
        span.left_ym,
        span.required_steps,
        span.done_steps,
        span.late_steps,
    )


def codes_visited(spans: Sequence[StageSpan], stages: Mapping[int, Stage]) -> set[str]:
    """Codes of the stages visited in this pass: since the opportunity was opened, or opened again."""
    visited: set[str] = set()
    for span in reversed(spans):
        stage = stages[span.stage_id]
        if not stage.is_open:
            break
        visited.add(stage.code)
    return visited


def stages_left_out(here: Stage, to: Stage, stages: Iterable[Stage], visited: Collection[str]) -> list[Stage]:
    """The open stages between two that a move jumps over; none if one of them was visited in this pass."""
    if to.kind == LOST:
        return []
    between = [stage for stage in stages if stage.is_open and here.position < stage.position < to.position]
    return [] if any(stage.code in visited for stage in between) else between


def exit_of(here: Stage, to: Stage, left_out: Sequence[Stage]) -> str:
    """How a span ends: a win counts as advanced from wherever it came."""
    if to.kind == LOST:
        return EXIT_LOST
    if to.kind == WON:
        return ADVANCED
    if to.position < here.position:
        return BACK
    return SKIPPED if left_out else ADVANCED


def enter(
    opportunity: Opportunity, stage: Stage, credit: Credit, *, seq: int, is_first: bool, is_invented: bool = False
) -> StageSpan:
    """A new span with what the opportunity is worth at entry; not saved."""
    return span_row(
        opportunity_id=opportunity.pk,
        seq=seq,
        stage_id=stage.pk,
        is_first=is_first,
        is_opening=seq == 1 and not opportunity.is_opening_invented,
        is_invented=is_invented,
        entered_ym=month_key(credit.booked_on),
        amount=opportunity.amount,
        product_id=opportunity.product_id,
        source=opportunity.source,
        **vars(credit),
    )


def leave(span: StageSpan, to: Stage, how: str, credit: Credit, *, is_invented: bool = False) -> None:
    """End a span; the time spent is known only when both of its ends were recorded."""
    span.left_at = credit.occurred_at
    span.left_ym = month_key(credit.booked_on)
    span.exit_kind = how
    span.next_stage_id = to.pk
    known = not (span.is_invented or is_invented)
    span.dwell_seconds = seconds_between(span.occurred_at, credit.occurred_at) if known else None


def take_up_again(span: StageSpan) -> None:
    """Let a span go on as if it had never been left."""
    span.left_at = span.left_ym = span.next_stage_id = span.dwell_seconds = None
    span.required_steps = span.done_steps = span.late_steps = None
    span.exit_kind = ""


def seconds_between(first: dt.datetime, last: dt.datetime) -> int:
    """Whole seconds from one instant to a later one; never negative."""
    return max(0, int((last - first).total_seconds()))
