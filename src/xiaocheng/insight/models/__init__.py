"""Tables of insight."""

from .decision import Decision
from .rollups import COMPANY, NONE, DepartmentStageMonth, OfferStageMonth, PersonStageMonth, StageMonth
from .value import CustomerValue, ValueCount

__all__ = [
    "COMPANY",
    "NONE",
    "CustomerValue",
    "Decision",
    "DepartmentStageMonth",
    "OfferStageMonth",
    "PersonStageMonth",
    "StageMonth",
    "ValueCount",
]
