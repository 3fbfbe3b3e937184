"""Events of reports -> measures."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.kernel.journal import projects
from xiaocheng.foundation.kernel.measures import Bump, bump

from .events import ReportPutOff, ReportSubmitted
from .measures import ON_TIME, SUBMITTED


@projects(ReportSubmitted)
def count_reports(events: Sequence[ReportSubmitted]) -> None:
    """A report counts once, at its first submission."""
    for event in events:
        if event.first:
            who = (event.person_id, event.department_id, event.day)
            bump([Bump(SUBMITTED, *who), Bump(ON_TIME, *who, int(event.late_minutes == 0))])


@projects(ReportPutOff)
def count_put_off(events: Sequence[ReportPutOff]) -> None:
    """A report that is in time now."""
    bump(Bump(ON_TIME, e.person_id, e.department_id, e.day, e.on_time_change) for e in events)
