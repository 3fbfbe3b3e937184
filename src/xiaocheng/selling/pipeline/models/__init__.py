"""Tables of the pipeline, one file per noun."""

from .competitors import Competitor, Rival
from .facts import Closing, Evidence, StageSpan, StageTransition
from .opportunities import Opportunity, search_index
from .processes import Process, ProcessVersion, Stage
from .remarks import ProcessRemark, RemarkSupport, remark_index
from .shares import ClosingShare, OpportunityMember
from .tactics import Tactic, TacticUse, tactic_index

__all__ = [
    "Closing",
    "ClosingShare",
    "Competitor",
    "Evidence",
    "Opportunity",
    "OpportunityMember",
    "Process",
    "ProcessRemark",
    "ProcessVersion",
    "RemarkSupport",
    "Rival",
    "Stage",
    "StageSpan",
    "StageTransition",
    "Tactic",
    "TacticUse",
    "remark_index",
    "search_index",
    "tactic_index",
]
