"""Every way to change the organisation, one file per noun."""

from .arrangements import delegate, end_arrangement, lend, mentor
from .calendar import add_duty_site, edit_duty_site, mark_calendar_day, note_missing_holidays, set_duty
from .company import Company, recompute_sight, set_up_company
from .demo import mark_demo, note_demo_step, offer_demo_logins
from .departments import add_department, edit_department, set_headcount
from .people import (
    PersonDraft,
    add_people,
    add_person,
    disable_person,
    edit_person,
    enable_person,
    hand_on_work,
    move_person,
    reset_password,
    set_preferences,
)
from .roles import add_role, edit_role, offer_new_capabilities
from .rules import change_rule
from .tokens import issue_token, revoke_token
from .undo import undo_people

__all__ = [
    "Company",
    "PersonDraft",
    "add_department",
    "add_duty_site",
    "add_people",
    "add_person",
    "add_role",
    "change_rule",
    "delegate",
    "disable_person",
    "edit_department",
    "edit_duty_site",
    "edit_person",
    "edit_role",
    "enable_person",
    "end_arrangement",
    "hand_on_work",
    "issue_token",
    "lend",
    "mark_calendar_day",
    "mark_demo",
    "mentor",
    "move_person",
    "note_demo_step",
    "note_missing_holidays",
    "offer_demo_logins",
    "offer_new_capabilities",
    "recompute_sight",
    "reset_password",
    "revoke_token",
    "set_duty",
    "set_headcount",
    "set_preferences",
    "set_up_company",
    "undo_people",
]
