"""An opportunity of a former system, made into rows: each time is judged by itself, real or invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.queries import resolved
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.bulk import RowMaker
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.periods import booking_day

from .models import Closing, Opportunity, Stage, StageSpan, StageTransition
from .models.facts import ADVANCED, EXIT_LOST, IMPORT
from .models.processes import AFTER, LOST, OPEN, WON
from .options import SOURCE
from .spans import Credit, enter, leave, seconds_between

opportunity_row, transition_row, closing_row = RowMaker(Opportunity), RowMaker(StageTransition), RowMaker(Closing)
UNKNOWN = "import"  # code of the reason 未知(导入)


@dataclass(frozen=True)
class HistoricDeal:
    """Where a deal of a former system stands, and the day it entered each stage (by code) where that was recorded."""

    number: str
    stage: str
    owner_id: int
    reached: Mapping[str, dt.date] = field(default_factory=dict)
    name: str = ""
    customer_id: int | None = None
    product_id: int | None = None
    amount: Decimal | None = None
    source: str = ""
    expected_close_on: dt.date | None = None
    competitor: str = ""
    next_step: str = ""
    next_step_on: dt.date | None = None
    background: str = ""
    problems: str = ""
    pains: str = ""
    custom: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Mark:
    """When a stage was entered; `is_real` when the day was recorded."""

    stage: Stage
    at: dt.datetime
    booked_on: dt.date
    is_real: bool


@dataclass
class Past:
    """A deal as rows that belong together, not saved yet."""

    row: Opportunity
    spans: list[StageSpan]
    transitions: list[StageTransition]
    closings: list[Closing]

    def take_ids(self) -> None:
        """Point the rows at those that were saved before them."""
        rows: list[StageTransition | StageSpan | Closing] = [*self.transitions, *self.spans, *self.closings]
        for row in rows:
            row.opportunity_id = self.row.pk
        for closing in self.closings:
            closing.transition_id = closing.transition.pk

    @property
    def opened_on(self) -> dt.date | None:
        """The day it was opened, where that is known."""
        return None if self.row.is_opening_invented else self.transitions[0].booked_on


class Days:
    """The instant at which each day begins and the day it is booked on, computed once a day."""

    def __init__(self) -> None:
        self.now, self.today = clock.now(), clock.today()
        self.unknown = _("未知(导入)")
        self._known: dict[dt.date, tuple[dt.datetime, dt.date]] = {}

    def of(self, day: dt.date) -> tuple[dt.datetime, dt.date]:
        """(instant, booking day) of a day; today's is the present instant."""
        if day not in self._known:
            at = self.now if day == self.today else clock.instant(day)
            self._known[day] = (at, booking_day(day))
        return self._known[day]


def path(deal: HistoricDeal, stages: Sequence[Stage]) -> list[Stage]:
    """The stages that a deal went through: all up to where it stands; a lost one, up to the last that is recorded."""
    by_code = {stage.code: stage for stage in stages}
    end = by_code.get(deal.stage)
    if end is None:
        raise RuleBroken(_("流程中没有「%(stage)s」这个阶段。") % {"stage": deal.stage}, field="stage")
    opened = [stage for stage in stages if stage.is_open]
    if end.kind == OPEN:
        return [stage for stage in opened if stage.position <= end.position]
    if end.kind == LOST:
        last = max((stage.position for stage in opened if stage.code in deal.reached), default=opened[0].position)
        return [*(stage for stage in opened if stage.position <= last), end]
    won = [stage for stage in stages if stage.kind == WON]
    return [*opened, *won, *([end] if end.kind == AFTER else [])]


def marks(deal: HistoricDeal, stages: Sequence[Stage], days: Days) -> list[Mark]:
    """When each stage on the way was entered; a day that was not recorded is taken from the next one known."""
    way = path(deal, stages)
    _check_order(deal, way, days.today)
    found: list[Mark] = []
    later: dt.date | None = None
    for stage in reversed(way):
        real = deal.reached.get(stage.code)
        later = real or later
        at, booked = days.of(later) if later else _before_now(deal, way, days)
        found.append(Mark(stage, at, booked, real is not None))
    return found[::-1]


def _before_now(deal: HistoricDeal, way: Sequence[Stage], days: Days) -> tuple[dt.datetime, dt.date]:
    """For the stages after the last recorded day: that day again, or today when nothing is recorded."""
    recorded = [deal.reached[stage.code] for stage in way if stage.code in deal.reached]
    return days.of(max(recorded, default=days.today))


def _check_order(deal: HistoricDeal, way: Sequence[Stage], today: dt.date) -> None:
    known = [(stage, deal.reached[stage.code]) for stage in way if stage.code in deal.reached]
    for (first, day), (second, later) in pairwise(known):
        if later < day:
            raise RuleBroken(
                _("「%(second)s」的日期 %(later)s 早于「%(first)s」的日期 %(day)s。")
                % {"first": first.name, "day": day, "second": second.name, "later": later},
                field="reached",
            )
    if known and known[-1][1] > today:
        raise RuleBroken(_("日期 %(day)s 在将来。") % {"day": known[-1][1]}, field="reached")


def build(deal: HistoricDeal, name: str, department_id: int, stages: Sequence[Stage], days: Days) -> Past:
    """The rows of one deal."""
    way = marks(deal, stages, days)
    row = _row(deal, name, way, days)
    credits = [Credit(deal.owner_id, department_id, mark.at, days.now, mark.booked_on) for mark in way]
    spans = _spans(row, way, credits)
    transitions = [
        transition_row(
            skipped=[],
            unmet=[],
            from_stage_id=before.stage.pk if before else None,
            to_stage_id=mark.stage.pk,
            kind=IMPORT,
            is_invented=not mark.is_real if before else row.is_opening_invented,
            is_bypass=True,
            reason=days.unknown,
            **vars(credit),
        )
        for before, mark, credit in zip([None, *way], way, credits, strict=False)
    ]
    return Past(row, spans, transitions, _closings(row, way, credits, transitions))


def _row(deal: HistoricDeal, name: str, way: Sequence[Mark], days: Days) -> Opportunity:
    end = way[-1]
    closing = next((mark for mark in way if mark.stage.kind in {WON, LOST}), None)
    recorded = [mark.at for mark in way if mark.is_real and mark.stage.is_open]
    row = opportunity_row(
        number=deal.number,
        name=deal.name or name,
        customer_id=deal.customer_id,
        product_id=deal.product_id,
        owner_id=deal.owner_id,
        amount=deal.amount,
        expected_close_on=deal.expected_close_on,
        source=resolved(SOURCE, deal.source),
        competitor=deal.competitor,
        next_step=deal.next_step,
        next_step_on=deal.next_step_on,
        background=deal.background,
        problems=deal.problems,
        pains=deal.pains,
        version_id=end.stage.version_id,
        stage_id=end.stage.pk,
        state=closing.stage.kind if closing else OPEN,
        span_seq=len(way),
        entered_stage_at=end.at,
        opened_at=min(recorded, default=way[0].at),
        is_opening_invented=not recorded,
        closed_at=closing.at if closing else None,
        close_reason=UNKNOWN if closing and closing.stage.kind == LOST else "",
        close_note=days.unknown if closing else "",
        last_activity_at=end.at,
    )
    row.stage = end.stage
    row.check_values()
    return row


def _spans(row: Opportunity, way: Sequence[Mark], credits: Sequence[Credit]) -> list[StageSpan]:
    spans = [
        enter(row, mark.stage, credit, seq=i, is_first=True, is_invented=not mark.is_real)
        for i, (mark, credit) in enumerate(zip(way, credits, strict=True), start=1)
    ]
    for span, mark, credit in zip(spans, way[1:], credits[1:], strict=False):
        how = EXIT_LOST if mark.stage.kind == LOST else ADVANCED
        leave(span, mark.stage, how, credit, is_invented=not mark.is_real)
    return spans


def _closings(
    row: Opportunity, way: Sequence[Mark], credits: Sequence[Credit], transitions: Sequence[StageTransition]
) -> list[Closing]:
    found = []
    for i, (mark, credit, transition) in enumerate(zip(way, credits, transitions, strict=True)):
        if mark.stage.kind in {WON, LOST}:
            is_known = mark.is_real and not row.is_opening_invented
            closing = closing_row(
                stage_id=way[i - 1].stage.pk,
                verdict=mark.stage.kind,
                amount=row.amount,
                customer_id=row.customer_id,
                product_id=row.product_id,
                source=row.source,
                cycle_seconds=seconds_between(row.opened_at, mark.at) if is_known else None,
                reason=row.close_reason,
                note=row.close_note,
                **vars(credit),
            )
            closing.transition = transition
            found.append(closing)
    return found
