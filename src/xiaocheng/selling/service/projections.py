"""Events of the service -> measures and gauge."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.kernel.journal import projects
from xiaocheng.foundation.kernel.measures import Bump, bump, bump_gauge

from .events import ComplaintClosed, ComplaintRaised, ComplaintReopened
from .measures import OPEN_NOW, RAISED, closing_bumps


@projects(ComplaintRaised)
def count_raised(events: Sequence[ComplaintRaised]) -> None:
    """A complaint counts for whoever took it down, and is open at its customer."""
    bump(Bump(RAISED, e.person_id, e.department_id, e.booked_on) for e in events)
    bump_gauge(OPEN_NOW, [(e.customer_id, 1) for e in events])


@projects(ComplaintClosed, ComplaintReopened)
def count_closed(events: Sequence[ComplaintClosed | ComplaintReopened]) -> None:
    """A closed one counts for whoever was responsible; a reopened one is taken out again, on its own day."""
    bump(item for event in events for item in closing_bumps(event.closings))
    bump_gauge(OPEN_NOW, [(e.customer_id, -row.sign) for e in events for row in e.closings])
