"""Every way to change plans and visits, one file per noun."""

from xiaocheng.selling.fieldwork.placing import Position
from xiaocheng.selling.fieldwork.queued import Queued

from .attendance import clock_in, clock_out
from .contacts import ContactDraft, log_contact, log_contacts_many
from .handed_over import hand_over_lines
from .lines import LineDraft, add_line, add_lines, drop_line, edit_line, order_lines, settle_line
from .market import (
    TOLD_OF_MARKET,
    MarketText,
    close_market,
    edit_market,
    escalate_market,
    merge_market,
    reopen_market,
    report_market,
    take_up_market,
    unmerge_market,
)
from .photos import add_photo
from .places import forget_places, note_place_consent, place_by_visit
from .plans import copy_plan, draft_plan, plan_line, return_plan, sign_plan, sign_plans, submit_day, submit_plan
from .proposing import add_suggested, propose_day
from .requests import (
    RequestDecided,
    RequestDraft,
    ask_attendance,
    grant_attendance,
    grant_attendances,
    refuse_attendance,
    withdraw_attendance,
)
from .visits import StillVisiting, VisitResult, amend_result, check_in, check_out, record_result

__all__ = [
    "TOLD_OF_MARKET",
    "ContactDraft",
    "LineDraft",
    "MarketText",
    "Position",
    "Queued",
    "RequestDecided",
    "RequestDraft",
    "StillVisiting",
    "VisitResult",
    "add_line",
    "add_lines",
    "add_photo",
    "add_suggested",
    "amend_result",
    "ask_attendance",
    "check_in",
    "check_out",
    "clock_in",
    "clock_out",
    "close_market",
    "copy_plan",
    "draft_plan",
    "drop_line",
    "edit_line",
    "edit_market",
    "escalate_market",
    "forget_places",
    "grant_attendance",
    "grant_attendances",
    "hand_over_lines",
    "log_contact",
    "log_contacts_many",
    "merge_market",
    "note_place_consent",
    "order_lines",
    "place_by_visit",
    "plan_line",
    "propose_day",
    "record_result",
    "refuse_attendance",
    "reopen_market",
    "report_market",
    "return_plan",
    "settle_line",
    "sign_plan",
    "sign_plans",
    "submit_day",
    "submit_plan",
    "take_up_market",
    "unmerge_market",
    "withdraw_attendance",
]
