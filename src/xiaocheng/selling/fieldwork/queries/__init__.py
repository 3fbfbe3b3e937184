"""Every way to look at plans and visits, one file per noun."""

from xiaocheng.selling.fieldwork.models import (
    Kind,
    LineOutcome,
    Outcome,
    PlanLine,
    PlanState,
    Purpose,
    Result,
    Visit,
    VisitPlan,
)

from .evidence import Evidence, JudgedContact, evidence
from .plans import (
    DayPlan,
    TeamDay,
    counted_lines,
    latest_plan_day,
    line,
    lines_of_customer,
    plan,
    plan_of,
    plans,
    team_day,
    waiting_plans,
)
from .suggestions import Suggestion, suggest_lines
from .visits import Spent, counted_visits, last_contacts, time_spent, visit, visit_under_way, visits, visits_of_day

__all__ = [
    "DayPlan",
    "Evidence",
    "JudgedContact",
    "Kind",
    "LineOutcome",
    "Outcome",
    "PlanLine",
    "PlanState",
    "Purpose",
    "Result",
    "Spent",
    "Suggestion",
    "TeamDay",
    "Visit",
    "VisitPlan",
    "counted_lines",
    "counted_visits",
    "evidence",
    "last_contacts",
    "latest_plan_day",
    "line",
    "lines_of_customer",
    "plan",
    "plan_of",
    "plans",
    "suggest_lines",
    "team_day",
    "time_spent",
    "visit",
    "visit_under_way",
    "visits",
    "visits_of_day",
    "waiting_plans",
]
