"""Every way to look at what was learnt from what was sold."""

from xiaocheng.insight.breakdown import By
from xiaocheng.insight.figures import FEWEST, SURE, Figure
from xiaocheng.insight.models import CustomerValue
from xiaocheng.insight.selection import Selection

from .checking import days_since_values, rollup_differences
from .cycle import Bar, Cycle, CycleLine, cycle, cycle_by
from .funnel import FIVE_EXITS, Exit, Funnel, StageLine, funnel
from .results import Line, Result, deals_per_order, new_customers, result, results_by
from .rows import CLOSING_ROWS, CREDITED, EXIT_ROWS, CustomerCount, closings, new_customer_rows, spans, won_deals
from .scope import Basis, bases, whose
from .values import VIEWS, Effort, efforts, last_count, values
from .worth import ClassSum, Ranked, Trait, ValueBy, Worth, worth

__all__ = [
    "CLOSING_ROWS",
    "CREDITED",
    "EXIT_ROWS",
    "FEWEST",
    "FIVE_EXITS",
    "SURE",
    "VIEWS",
    "Bar",
    "Basis",
    "By",
    "ClassSum",
    "CustomerCount",
    "CustomerValue",
    "Cycle",
    "CycleLine",
    "Effort",
    "Exit",
    "Figure",
    "Funnel",
    "Line",
    "Ranked",
    "Result",
    "Selection",
    "StageLine",
    "Trait",
    "ValueBy",
    "Worth",
    "bases",
    "closings",
    "cycle",
    "cycle_by",
    "days_since_values",
    "deals_per_order",
    "efforts",
    "funnel",
    "last_count",
    "new_customer_rows",
    "new_customers",
    "result",
    "results_by",
    "rollup_differences",
    "spans",
    "values",
    "whose",
    "won_deals",
    "worth",
]
