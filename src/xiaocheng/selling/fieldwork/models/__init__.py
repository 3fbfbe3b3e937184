"""Tables of field work, one file per noun."""

from .attendance import Clocking, Tap
from .market import MarketKind, MarketReport
from .places import Moment, PlaceConsent, PlaceVerdict, VisitPlace
from .plans import LineOutcome, PlanLine, PlanState, Purpose, VisitPlan
from .visits import Kind, Outcome, Result, Visit

__all__ = [
    "Clocking",
    "Kind",
    "LineOutcome",
    "MarketKind",
    "MarketReport",
    "Moment",
    "Outcome",
    "PlaceConsent",
    "PlaceVerdict",
    "PlanLine",
    "PlanState",
    "Purpose",
    "Result",
    "Tap",
    "Visit",
    "VisitPlace",
    "VisitPlan",
]
