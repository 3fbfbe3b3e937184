"""Tables of field work, one file per noun."""

from .plans import LineOutcome, PlanLine, PlanState, Purpose, VisitPlan
from .visits import Kind, Outcome, Result, Visit

__all__ = ["Kind", "LineOutcome", "Outcome", "PlanLine", "PlanState", "Purpose", "Result", "Visit", "VisitPlan"]
