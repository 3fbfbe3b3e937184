"""A day's work, assembled from what was recorded where it happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xiaocheng.control.targets import queries as targets
from xiaocheng.foundation.kernel import measures
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.selling.fieldwork import queries as fieldwork
from xiaocheng.selling.service import queries as service

REPORTED = (
    "fieldwork.planned",
    "fieldwork.plan_done",
    "fieldwork.visited",
    "fieldwork.effective",
    "fieldwork.off_plan",
    "fieldwork.calls",
    "customers.received",
    "customers.registered",
    "pipeline.opened",
    "pipeline.won",
    "pipeline.won_amount",
    "trade.orders",
    "trade.order_amount",
    "trade.received",
    "expenses.amount",
    "service.raised",
    "service.closed",
)

# What of the month's targets a report is held against.
AGAINST_TARGET = ("trade.order_amount", "trade.received")


@dataclass(frozen=True)
class Attained:
    """A target of the month and what was reached of it up to the day: as frozen at submission, and as it stands now."""

    measure: measures.Measure
    target: Decimal
    actual: Decimal
    now: Decimal

    @property
    def ratio(self) -> Decimal:
        """What was reached of the target, 1 being all of it."""
        return self.actual / self.target

    @property
    def since_then(self) -> Decimal:
        """What changed after the submission."""
        return self.now - self.actual


@dataclass(frozen=True)
class Figure:
    """A figure of a report: as frozen at submission, and as it stands now."""

    measure: measures.Measure
    value: Decimal
    now: Decimal

    @property
    def since_then(self) -> Decimal:
        """What changed after the submission."""
        return self.now - self.value


@dataclass(frozen=True)
class DayOfWork:
    """What one person did on one day."""

    person_id: int
    day: dt.date
    plan: fieldwork.DayPlan | None
    visits: list[fieldwork.Visit]
    complaints: list[service.Complaint]
    market: list[fieldwork.MarketReport]
    attended: fieldwork.Attended | None  # None: does not attend

    @property
    def off_plan(self) -> list[fieldwork.Visit]:
        """Visits that were not planned."""
        return [visit for visit in self.visits if visit.is_off_plan]

    @property
    def contacts(self) -> list[fieldwork.Visit]:
        """Calls, messages and demonstrations."""
        return [visit for visit in self.visits if visit.kind != fieldwork.Kind.VISIT]

    @property
    def told(self) -> list[fieldwork.Visit]:
        """Contacts with something that others should read: opinion, news, competitors, a problem."""
        return [v for v in self.visits if v.opinion or v.news or v.competitor_facts or v.problem]

    @property
    def began_at(self) -> dt.datetime | None:
        """First check-in."""
        return min((visit.checked_in_at for visit in self.visits if visit.checked_in_at), default=None)

    @property
    def ended_at(self) -> dt.datetime | None:
        """Last check-out."""
        return max((visit.checked_out_at for visit in self.visits if visit.checked_out_at), default=None)

    @property
    def without_result(self) -> list[fieldwork.Visit]:
        """Visits of which nobody has told yet what came of them."""
        return [visit for visit in self.visits if visit.completed_at is None]

    @property
    def unsettled(self) -> list[fieldwork.PlanLine]:
        """Planned lines of which nobody has said yet what became of them."""
        without = {visit.plan_line_id for visit in self.without_result}
        return [line for line in self.plan.unsettled if line.pk not in without] if self.plan else []


def day_of_work(actor: Actor, person_id: int, day: dt.date) -> DayOfWork:
    """Plan, visits and contacts of a person and day, as far as the actor may see."""
    line = fieldwork.attendance_of(actor, person_id, day)
    return DayOfWork(
        person_id,
        day,
        fieldwork.plan_of(actor, person_id, day),
        fieldwork.visits_of_day(actor, person_id, day),
        service.complaints_of_day(actor, person_id, day),
        fieldwork.market_of_day(actor, person_id, day),
        line.attended if line else None,
    )


def figures_of(actor: Actor, person_id: int, day: dt.date, frozen: Mapping[str, str] | None = None) -> list[Figure]:
    """The figures of a person and day; with those frozen at a submission beside what they are now.

    What was not reported yet when a report was handed in is not shown on it.
    """
    declared = {item.key: item for item in measures.measures()}
    keys = [key for key in REPORTED if key in declared and (frozen is None or key in frozen)]
    whose = measures.Whose(people=frozenset({person_id}))
    now = measures.totals(actor, keys, period("day", day), whose)
    return [Figure(declared[key], Decimal(frozen[key]) if frozen is not None else now[key], now[key]) for key in keys]


def attained_of(
    actor: Actor, person_id: int, day: dt.date, frozen: Mapping[str, Sequence[str]] | None = None
) -> list[Attained]:
    """A person's orders and money received from the month's first day to that day, against his targets.

    With those frozen at a submission beside what they are now; a measure without a target is left out.
    """
    now = {item.measure.key: item for item in targets.progress_of(actor, person_id, day, AGAINST_TARGET)}
    if frozen is None:
        return [Attained(item.measure, item.target, item.actual, item.actual) for item in now.values()]
    found = []
    for key in AGAINST_TARGET:
        if key in frozen:
            target, actual = map(Decimal, frozen[key])
            found.append(Attained(measures.measure(key), target, actual, now[key].actual if key in now else actual))
    return found
