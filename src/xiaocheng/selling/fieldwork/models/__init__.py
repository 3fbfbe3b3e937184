"""Tables of field work, one file per noun."""

from .market import MarketKind, MarketReport
from .plans import LineOutcome, PlanLine, PlanState, Purpose, VisitPlan
from .visits import Kind, Outcome, Result, Visit

__all__ = [
    "Kind",
    "LineOutcome",
    "MarketKind",
    "MarketReport",
    "Outcome",
    "PlanLine",
    "PlanState",
    "Purpose",
    "Result",
    "Visit",
    "VisitPlan",
]
