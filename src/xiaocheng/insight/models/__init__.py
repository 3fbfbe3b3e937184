"""Tables of insight."""

from .call import ForecastCall
from .chance import ChanceTest, WinChance
from .decision import Decision
from .expected_change import ExpectedChange
from .forecast import ForecastRun
from .movement import PipelineChange, PipelineDay
from .process_review import ProcessReview, ReviewAction, ReviewAddendum
from .rollups import (
    COMPANY,
    NONE,
    DepartmentCohort,
    DepartmentPath,
    DepartmentStageAge,
    DepartmentStageMonth,
    DepartmentStageStep,
    OfferStageMonth,
    PersonStageMonth,
    StageMonth,
)
from .skip_effect import SkipEffect
from .value import CustomerValue, ValueCount

__all__ = [
    "COMPANY",
    "NONE",
    "ChanceTest",
    "CustomerValue",
    "Decision",
    "DepartmentCohort",
    "DepartmentPath",
    "DepartmentStageAge",
    "DepartmentStageMonth",
    "DepartmentStageStep",
    "ExpectedChange",
    "ForecastCall",
    "ForecastRun",
    "OfferStageMonth",
    "PersonStageMonth",
    "PipelineChange",
    "PipelineDay",
    "ProcessReview",
    "ReviewAction",
    "ReviewAddendum",
    "SkipEffect",
    "StageMonth",
    "ValueCount",
    "WinChance",
]
