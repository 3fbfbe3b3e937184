"""Tables of insight."""

from .decision import Decision
from .forecast import ForecastRun
from .process_review import ProcessReview, ReviewAction, ReviewAddendum
from .rollups import (
    COMPANY,
    NONE,
    DepartmentStageAge,
    DepartmentStageMonth,
    DepartmentStageStep,
    OfferStageMonth,
    PersonStageMonth,
    StageMonth,
)
from .value import CustomerValue, ValueCount

__all__ = [
    "COMPANY",
    "NONE",
    "CustomerValue",
    "Decision",
    "DepartmentStageAge",
    "DepartmentStageMonth",
    "DepartmentStageStep",
    "ForecastRun",
    "OfferStageMonth",
    "PersonStageMonth",
    "ProcessReview",
    "ReviewAction",
    "ReviewAddendum",
    "StageMonth",
    "ValueCount",
]
