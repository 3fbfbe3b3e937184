"""Every way to change processes and opportunities, one file per errand."""

from xiaocheng.selling.pipeline.past import HistoricDeal
from xiaocheng.selling.pipeline.steps import StageStep

from .closing import lose, reopen, win
from .competitors import (
    CompetitorDraft,
    RivalDraft,
    add_competitor,
    collect_competitors,
    edit_competitor,
    merge_competitors,
    set_rivals,
)
from .edit_many import edit_many
from .editing import edit, hand_over
from .evidence import NextStep, Proof, note_evidence, note_proofs, plan_next_steps, prove_instead
from .history import Imported, import_history
from .moving import change_process, move
from .new_edition import CarriedOver, carry_over
from .opening import OpportunityDraft, open_many, open_opportunity
from .pace import keep_stale_days
from .paths import find_paths_again
from .processes import (
    ProcessDraft,
    StageDraft,
    add_process,
    discard_draft,
    draft_version,
    drop_stage,
    edit_process,
    edit_version,
    install_template,
    place_stage,
    publish,
    save_stage,
)
from .remarks import (
    RemarkDraft,
    Verdict,
    decide_remark,
    edit_remark,
    remark,
    remind_of_remarks,
    support_remark,
    take_back_support,
    withdraw_remark,
)
from .shares import CoOwner, agree_shares
from .sight import open_customers_anew
from .steps import tick, untick
from .tactics import (
    TacticDraft,
    edit_tactic,
    take_back_use,
    use_tactic,
    withdraw_tactic,
    write_tactic,
)
from .undo import undo_move
from .undo_history import undo_history

__all__ = [
    "CarriedOver",
    "CoOwner",
    "CompetitorDraft",
    "HistoricDeal",
    "Imported",
    "NextStep",
    "OpportunityDraft",
    "ProcessDraft",
    "Proof",
    "RemarkDraft",
    "RivalDraft",
    "StageDraft",
    "StageStep",
    "TacticDraft",
    "Verdict",
    "add_competitor",
    "add_process",
    "agree_shares",
    "carry_over",
    "change_process",
    "collect_competitors",
    "decide_remark",
    "discard_draft",
    "draft_version",
    "drop_stage",
    "edit",
    "edit_competitor",
    "edit_many",
    "edit_process",
    "edit_remark",
    "edit_tactic",
    "edit_version",
    "find_paths_again",
    "hand_over",
    "import_history",
    "install_template",
    "keep_stale_days",
    "lose",
    "merge_competitors",
    "move",
    "note_evidence",
    "note_proofs",
    "open_customers_anew",
    "open_many",
    "open_opportunity",
    "place_stage",
    "plan_next_steps",
    "prove_instead",
    "publish",
    "remark",
    "remind_of_remarks",
    "reopen",
    "save_stage",
    "set_rivals",
    "support_remark",
    "take_back_support",
    "take_back_use",
    "tick",
    "undo_history",
    "undo_move",
    "untick",
    "use_tactic",
    "win",
    "withdraw_remark",
    "withdraw_tactic",
    "write_tactic",
]
