"""The order of a plan's visits by distance: what it would be, before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.fieldwork.attending import degrees
from xiaocheng.selling.fieldwork.models import LineOutcome, PlanLine, VisitPlan
from xiaocheng.selling.fieldwork.placing import Degrees
from xiaocheng.selling.fieldwork.rules import AttendanceRules
from xiaocheng.selling.fieldwork.touring import Stop, length_of, short_tour

from .plans import plan as plan_with_lines


@dataclass(frozen=True)
class Tour:
    """The lines of a plan as they would stand, and how long the way through their places is now and then, in metres."""

    plan: VisitPlan
    lines: list[PlanLine]
    before: int
    after: int
    unplaced: list[PlanLine]  # whose place nobody knows; they come last

    @property
    def is_shorter(self) -> bool:
        """True when the order is worth a change."""
        return self.after < self.before


def tour(actor: Actor, plan_id: int) -> Tour:
    """The shortest order found of the visits that are still to be made: on from the last one made, or from the office.

    Whatever was made or put off stays in front; windows keep their order in time.
    """
    found = plan_with_lines(actor, plan_id)
    over = [line for line in found.lines if line.outcome != LineOutcome.PLANNED or hasattr(line, "visit")]
    ahead = [line for line in found.lines if line not in over]
    stops = [Stop(line.pk, place, line.starts_at) for line in ahead if (place := _place(line))]
    been = [place for line in over if hasattr(line, "visit") and (place := _place(line))]
    start = been[-1] if been else degrees(rules(AttendanceRules, found.plan.day).office_place)
    way = short_tour(stops, start)
    by_id = {line.pk: line for line in ahead}
    unplaced = [line for line in ahead if not _place(line)]
    lines = [*over, *(by_id[stop.key] for stop in way), *unplaced]
    return Tour(found.plan, lines, length_of(stops, start), length_of(way, start), unplaced)


def _place(line: PlanLine) -> Degrees | None:
    return line.customer.place if line.customer else None
