"""Every way to look at the organisation. Colleagues' names are no secret, so some of these ask nobody who is asking."""

from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.org.models import (
    ApiToken,
    CalendarDay,
    Delegation,
    Department,
    DutySite,
    Lending,
    Mentorship,
    Person,
    Role,
)
from xiaocheng.foundation.org.sight import actor_for, credited_departments, sight_of
from xiaocheng.foundation.org.workdays import last_year_with_table, year_to_warn_of

from .arrangements import delegations, lendings, mentorships
from .calendar import (
    CalendarEntry,
    calendar_year,
    day_name,
    days_decided,
    duty_site,
    duty_sites,
    is_workday,
    next_workday,
    on_duty,
    roster,
    workdays_between,
)
from .departments import (
    DepartmentNode,
    HeadcountLine,
    department,
    department_and_below,
    department_names,
    department_tree,
    headcount,
    role,
    role_holders,
    roles,
)
from .journal import journal, journal_entry, rule_history
from .people import assignable, demo_people, names_of, people, person, person_by_username, team
from .supervisors import supervisor_of, supervisors_of
from .tokens import person_of_token, token_digest, tokens

__all__ = [
    "ApiToken",
    "CalendarDay",
    "CalendarEntry",
    "Delegation",
    "Department",
    "DepartmentNode",
    "DutySite",
    "HeadcountLine",
    "JournalEntry",
    "Lending",
    "Mentorship",
    "Person",
    "Role",
    "actor_for",
    "assignable",
    "calendar_year",
    "credited_departments",
    "day_name",
    "days_decided",
    "delegations",
    "demo_people",
    "department",
    "department_and_below",
    "department_names",
    "department_tree",
    "duty_site",
    "duty_sites",
    "headcount",
    "is_workday",
    "journal",
    "journal_entry",
    "last_year_with_table",
    "lendings",
    "mentorships",
    "names_of",
    "next_workday",
    "on_duty",
    "people",
    "person",
    "person_by_username",
    "person_of_token",
    "role",
    "role_holders",
    "roles",
    "roster",
    "rule_history",
    "sight_of",
    "supervisor_of",
    "supervisors_of",
    "team",
    "token_digest",
    "tokens",
    "workdays_between",
    "year_to_warn_of",
]
