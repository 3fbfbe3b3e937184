"""Every way to change customers, one file per errand."""

from xiaocheng.selling.customers.drafts import CustomerDraft

from .contacted import Contacted, Deal, note_contacts, note_first_deals
from .contacts import ContactDraft, add_contact, add_contacts, edit_contact
from .edit import edit
from .hints import Hint, hint, hint_contact
from .keys import renew_keys
from .lapse import end_waiting, lapse_overdue, warn_owners
from .outcomes import Outcome
from .ownership import assign, claim, hand_over, receive, release
from .personal_data import note_consent, read_details
from .pools import add_pool, edit_pool, standard_pool
from .register import MOST, register, register_many
from .undo import undo_contacts, undo_first_deals, undo_registrations

__all__ = [
    "MOST",
    "ContactDraft",
    "Contacted",
    "CustomerDraft",
    "Deal",
    "Hint",
    "Outcome",
    "add_contact",
    "add_contacts",
    "add_pool",
    "assign",
    "claim",
    "edit",
    "edit_contact",
    "edit_pool",
    "end_waiting",
    "hand_over",
    "hint",
    "hint_contact",
    "lapse_overdue",
    "note_consent",
    "note_contacts",
    "note_first_deals",
    "read_details",
    "receive",
    "register",
    "register_many",
    "release",
    "renew_keys",
    "standard_pool",
    "undo_contacts",
    "undo_first_deals",
    "undo_registrations",
    "warn_owners",
]
