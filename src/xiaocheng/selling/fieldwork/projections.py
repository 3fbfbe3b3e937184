"""Events of the field -> measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xiaocheng.foundation.kernel.journal import projects
from xiaocheng.foundation.kernel.measures import Bump, bump

from .events import ContactLogged, PlanChanged, PlanSubmitted, VisitAmended, VisitCompleted
from .measures import CALLS, EFFECTIVE, OFF_PLAN, PLAN_DONE, PLANNED, VISITED


@projects(PlanSubmitted)
def count_plans(events: Sequence[PlanSubmitted]) -> None:
    """A plan's lines count from its first submission on."""
    for event in events:
        if event.first:
            bump(
                [
                    Bump(PLANNED, event.person_id, event.department_id, event.day, event.lines),
                    Bump(PLAN_DONE, event.person_id, event.department_id, event.day, event.done),
                ]
            )


@projects(PlanChanged)
def count_changes(events: Sequence[PlanChanged]) -> None:
    """Lines added to, or dropped from, a submitted plan."""
    bump(Bump(PLANNED, e.person_id, e.department_id, e.day, e.added) for e in events)


@projects(VisitCompleted)
def count_visits(events: Sequence[VisitCompleted]) -> None:
    """A visit counts once its result is recorded."""
    bump(item for event in events for item in _of_visit(event))


def _of_visit(event: VisitCompleted) -> Iterator[Bump]:
    who = (event.person_id, event.department_id, event.booked_on)
    yield Bump(VISITED, *who)
    yield Bump(EFFECTIVE, *who, int(event.is_effective))
    yield Bump(OFF_PLAN, *who, int(event.is_off_plan))
    if event.plan_day is not None and event.plan_department_id is not None:
        yield Bump(PLAN_DONE, event.person_id, event.plan_department_id, event.plan_day)


@projects(VisitAmended)
def count_amendments(events: Sequence[VisitAmended]) -> None:
    """A visit that became effective, or ceased to be."""
    bump(Bump(EFFECTIVE, e.person_id, e.department_id, e.booked_on, e.effective_change) for e in events)


@projects(ContactLogged)
def count_contacts(events: Sequence[ContactLogged]) -> None:
    """Every other contact."""
    bump(Bump(CALLS, e.person_id, e.department_id, e.booked_on) for e in events)
