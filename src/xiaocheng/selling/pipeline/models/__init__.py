"""Tables of the pipeline, one file per noun."""

from .facts import Closing, Evidence, StageSpan, StageTransition
from .opportunities import Opportunity, search_index
from .processes import Process, ProcessVersion, Stage

__all__ = [
    "Closing",
    "Evidence",
    "Opportunity",
    "Process",
    "ProcessVersion",
    "Stage",
    "StageSpan",
    "StageTransition",
    "search_index",
]
