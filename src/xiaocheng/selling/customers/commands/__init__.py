"""Every way to change customers, one file per errand."""

from xiaocheng.selling.customers.drafts import CustomerDraft

from .claims import claim, claim_many
from .consents import note_consent
from .contacted import Contacted, Deal, note_contacts, note_debts, note_first_deals
from .contacts import ContactDraft, add_contact, add_contacts, edit_contact
from .dispute_ends import drop_claims
from .disputes import answer_dispute, decide_dispute, open_dispute, withdraw_dispute
from .distribute import assign, distribute, move_to_pool
from .duplicates import find_duplicates, tell_apart
from .edit import edit
from .edit_many import Edit, Edited, edit_contacts, edit_many
from .erase import erase, erase_contact, erase_contacts, erase_guests
from .extensions import ask_extension, grant_extension, grant_extensions, refuse_extension
from .groups import (
    GroupDraft,
    add_group,
    add_to_group,
    drop_group,
    edit_group,
    hand_over_groups,
    remove_from_group,
)
from .hand_out import hand_out_by_turn
from .handovers import (
    Drifted,
    HandoverDraft,
    Place,
    carry_out_handover,
    drop_handover,
    note_handover,
    plan_handover,
    refresh_handover,
    share_handover,
)
from .hints import Hint, hint, hint_contact
from .keys import renew_keys
from .lapse import end_waiting, lapse_overdue, warn_owners
from .merge import Merged, merge, rehearse_merge
from .merge_contacts import merge_contacts
from .mistakes import take_back_contact, take_back_registration
from .notes import edit_note, remove_note, write_note
from .outcomes import Outcome
from .ownership import hand_over
from .personal_data import read_details, shorten_access_log
from .place import BY_CHECK_IN, BY_HAND, place_customer
from .pools import PoolLimits, add_pool, edit_pool, standard_pool
from .question_ends import drop_questions
from .questions import answer_question, ask_owners, withdraw_question
from .reception_changes import cancel_reception, edit_reception
from .receptions import ReceptionDraft, receive
from .register import MOST, register, register_many
from .releases import release, release_many
from .restores import decline_restore, offer_restores, restore
from .sleeping import begin_clocks, start_clocks, withdraw_start
from .team import Member, agree_team, hand_on_memberships
from .turns import accept_turn, pass_turn
from .undo import undo_contacts, undo_first_deals, undo_registrations
from .unmerge import Unmerged, forget_merged, undo_merge

__all__ = [
    "BY_CHECK_IN",
    "BY_HAND",
    "MOST",
    "ContactDraft",
    "Contacted",
    "CustomerDraft",
    "Deal",
    "Drifted",
    "Edit",
    "Edited",
    "GroupDraft",
    "HandoverDraft",
    "Hint",
    "Member",
    "Merged",
    "Outcome",
    "Place",
    "PoolLimits",
    "ReceptionDraft",
    "Unmerged",
    "accept_turn",
    "add_contact",
    "add_contacts",
    "add_group",
    "add_pool",
    "add_to_group",
    "agree_team",
    "answer_dispute",
    "answer_question",
    "ask_extension",
    "ask_owners",
    "assign",
    "begin_clocks",
    "cancel_reception",
    "carry_out_handover",
    "claim",
    "claim_many",
    "decide_dispute",
    "decline_restore",
    "distribute",
    "drop_claims",
    "drop_group",
    "drop_handover",
    "drop_questions",
    "edit",
    "edit_contact",
    "edit_contacts",
    "edit_group",
    "edit_many",
    "edit_note",
    "edit_pool",
    "edit_reception",
    "end_waiting",
    "erase",
    "erase_contact",
    "erase_contacts",
    "erase_guests",
    "find_duplicates",
    "forget_merged",
    "grant_extension",
    "grant_extensions",
    "hand_on_memberships",
    "hand_out_by_turn",
    "hand_over",
    "hand_over_groups",
    "hint",
    "hint_contact",
    "lapse_overdue",
    "merge",
    "merge_contacts",
    "move_to_pool",
    "note_consent",
    "note_contacts",
    "note_debts",
    "note_first_deals",
    "note_handover",
    "offer_restores",
    "open_dispute",
    "pass_turn",
    "place_customer",
    "plan_handover",
    "read_details",
    "receive",
    "refresh_handover",
    "refuse_extension",
    "register",
    "register_many",
    "rehearse_merge",
    "release",
    "release_many",
    "remove_from_group",
    "remove_note",
    "renew_keys",
    "restore",
    "share_handover",
    "shorten_access_log",
    "standard_pool",
    "start_clocks",
    "take_back_contact",
    "take_back_registration",
    "tell_apart",
    "undo_contacts",
    "undo_first_deals",
    "undo_merge",
    "undo_registrations",
    "warn_owners",
    "withdraw_dispute",
    "withdraw_question",
    "withdraw_start",
    "write_note",
]
