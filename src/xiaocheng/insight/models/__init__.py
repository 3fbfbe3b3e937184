"""Tables of insight."""

from .rollups import COMPANY, NONE, DepartmentStageMonth, OfferStageMonth, PersonStageMonth, StageMonth
from .value import CustomerValue, ValueCount

__all__ = [
    "COMPANY",
    "NONE",
    "CustomerValue",
    "DepartmentStageMonth",
    "OfferStageMonth",
    "PersonStageMonth",
    "StageMonth",
    "ValueCount",
]
