"""Every way to look at processes and opportunities."""

from .board import ORDER, Board, Column, board, column, stage_on_board
from .lists import VIEWS, Filters, choices, names_of, opportunities
from .page import OpportunityPage, Pace, Stop, opportunity, opportunity_page, pace_of
from .processes import (
    Beginning,
    first_stages,
    process,
    processes,
    published_versions,
    stages_of_process,
    version,
)
from .undo import undoable

__all__ = [
    "ORDER",
    "VIEWS",
    "Beginning",
    "Board",
    "Column",
    "Filters",
    "OpportunityPage",
    "Pace",
    "Stop",
    "board",
    "choices",
    "column",
    "first_stages",
    "names_of",
    "opportunities",
    "opportunity",
    "opportunity_page",
    "pace_of",
    "process",
    "processes",
    "published_versions",
    "stage_on_board",
    "stages_of_process",
    "undoable",
    "version",
]
