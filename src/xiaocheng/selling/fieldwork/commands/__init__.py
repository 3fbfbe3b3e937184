"""Every way to change plans and visits, one file per noun."""

from .contacts import ContactDraft, log_contact, log_contacts_many
from .handed_over import hand_over_lines
from .lines import LineDraft, add_line, add_lines, drop_line, edit_line, order_lines, settle_line
from .plans import copy_plan, draft_plan, plan_line, return_plan, sign_plan, sign_plans, submit_day, submit_plan
from .visits import VisitResult, amend_result, check_in, check_out, record_result

__all__ = [
    "ContactDraft",
    "LineDraft",
    "VisitResult",
    "add_line",
    "add_lines",
    "amend_result",
    "check_in",
    "check_out",
    "copy_plan",
    "draft_plan",
    "drop_line",
    "edit_line",
    "hand_over_lines",
    "log_contact",
    "log_contacts_many",
    "order_lines",
    "plan_line",
    "record_result",
    "return_plan",
    "settle_line",
    "sign_plan",
    "sign_plans",
    "submit_day",
    "submit_plan",
]
