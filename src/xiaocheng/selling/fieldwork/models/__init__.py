"""Tables of field work, one file per noun."""

from .attendance import Clocking, Tap
from .market import MarketKind, MarketReport
from .places import Moment, PlaceConsent, PlaceVerdict, VisitPlace
from .plans import LineOutcome, PlanLine, PlanState, Purpose, VisitPlan
from .requests import AttendanceRequest, RequestKind, RequestState
from .visits import Kind, Outcome, Result, Visit

__all__ = [
    "AttendanceRequest",
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
    "RequestKind",
    "RequestState",
    "Result",
    "Tap",
    "Visit",
    "VisitPlace",
    "VisitPlan",
]
