"""Tables of the organisation, one file per noun."""

from .arrangements import Delegation, Lending, Mentorship
from .calendar import CalendarDay, DutyShift, DutySite
from .demo import DemoCompany
from .facts import Fact
from .headcount import HeadcountPlan
from .people import Department, Person, Role
from .tokens import ApiToken

__all__ = [
    "ApiToken",
    "CalendarDay",
    "Delegation",
    "DemoCompany",
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
