"""Every way to look at processes and opportunities."""

from xiaocheng.selling.pipeline.models import Opportunity, Process, ProcessVersion, Stage
from xiaocheng.selling.pipeline.models.facts import EXITS, TRANSITION_KINDS
from xiaocheng.selling.pipeline.models.opportunities import FIELD_NAMES, STATES
from xiaocheng.selling.pipeline.models.processes import FORECAST_CATEGORIES, STAGE_KINDS, VERSION_STATES

from .board import ORDER, Board, Column, board, stage_on_board
from .carry_over import CarryLine, CarryOver, carry_over_preview, open_in_stages
from .changes import Change, Changes, Dropped, changes_of
from .lists import VIEWS, Filters, choices, first_wins, names_of, opportunities, won_amount
from .pace import Pace, lacks_step, pace_of
from .page import (
    Item,
    OpportunityPage,
    Stop,
    gates_to,
    opportunity,
    opportunity_page,
    role_missing,
    stages_to_reopen,
)
from .processes import (
    Beginning,
    chosen_instead,
    first_stages,
    process,
    processes,
    published_versions,
    stage,
    stages_of_process,
    stages_of_version,
    templates,
    version,
)
from .stuck import PACES, of_pace, stuck, without_next_step
from .undo import undoable

__all__ = [
    "EXITS",
    "FIELD_NAMES",
    "FORECAST_CATEGORIES",
    "ORDER",
    "PACES",
    "STAGE_KINDS",
    "STATES",
    "TRANSITION_KINDS",
    "VERSION_STATES",
    "VIEWS",
    "Beginning",
    "Board",
    "CarryLine",
    "CarryOver",
    "Change",
    "Changes",
    "Column",
    "Dropped",
    "Filters",
    "Item",
    "Opportunity",
    "OpportunityPage",
    "Pace",
    "Process",
    "ProcessVersion",
    "Stage",
    "Stop",
    "board",
    "carry_over_preview",
    "changes_of",
    "choices",
    "chosen_instead",
    "first_stages",
    "first_wins",
    "gates_to",
    "lacks_step",
    "names_of",
    "of_pace",
    "open_in_stages",
    "opportunities",
    "opportunity",
    "opportunity_page",
    "pace_of",
    "process",
    "processes",
    "published_versions",
    "role_missing",
    "stage",
    "stage_on_board",
    "stages_of_process",
    "stages_of_version",
    "stages_to_reopen",
    "stuck",
    "templates",
    "undoable",
    "version",
    "without_next_step",
    "won_amount",
]
