"""Tables of the organisation, one file per noun."""

from .arrangements import Delegation, Lending, Mentorship
from .calendar import CalendarDay, DutyShift, DutySite
from .facts import Fact
from .headcount import HeadcountPlan
from .people import Department, Person, Role
from .tokens import ApiToken

__all__ = [
    "ApiToken",
    "CalendarDay",
    "Delegation",
    "Department",
    "DutyShift",
    "DutySite",
    "Fact",
    "HeadcountPlan",
    "Lending",
    "Mentorship",
    "Person",
    "Role",
]
