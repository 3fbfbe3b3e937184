"""Tables of customers, one file per noun."""

from .consent import Consent
from .contacts import Contact, contact_index
from .customers import Customer, search_index
from .disputes import Dispute, DisputeNote
from .duplicates import DuplicatePair
from .extensions import Extension
from .groups import CustomerGroup, GroupMember
from .handovers import Handover, HandoverLine
from .merges import CustomerMerge
from .notes import CustomerNote
from .ownership import ClockStart, OwnershipEpisode
from .pools import Pool, PoolMember
from .questions import OwnerQuestion
from .reception import DutyTurn, Reception, ReceptionHelper
from .restores import RestoreOffer
from .team import CustomerMember

__all__ = [
    "ClockStart",
    "Consent",
    "Contact",
    "Customer",
    "CustomerGroup",
    "CustomerMember",
    "CustomerMerge",
    "CustomerNote",
    "Dispute",
    "DisputeNote",
    "DuplicatePair",
    "DutyTurn",
    "Extension",
    "GroupMember",
    "Handover",
    "HandoverLine",
    "OwnerQuestion",
    "OwnershipEpisode",
    "Pool",
    "PoolMember",
    "Reception",
    "ReceptionHelper",
    "RestoreOffer",
    "contact_index",
    "search_index",
]
