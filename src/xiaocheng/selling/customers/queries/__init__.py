"""Every way to look at customers."""

from xiaocheng.selling.customers.conditions import fields as condition_fields
from xiaocheng.selling.customers.first_contact import Limit, limit_of
from xiaocheng.selling.customers.models import Consent, Contact, Customer, CustomerGroup, OwnershipEpisode, Pool
from xiaocheng.selling.customers.models.consent import CHANNELS
from xiaocheng.selling.customers.models.customers import KINDS, STAGES
from xiaocheng.selling.customers.models.groups import SHARING
from xiaocheng.selling.customers.models.ownership import CAUSES
from xiaocheng.selling.customers.options import LISTS
from xiaocheng.selling.customers.personal_data import Reading

from .contacts import all_contacts, contact, contacts, found_contacts, same_phone
from .customers import (
    VIEWS,
    Filters,
    Held,
    Traits,
    Usual,
    choices,
    customer,
    customers,
    customers_since,
    episodes,
    held_by,
    ids_by_name,
    names_of,
    near_lapse,
    owner_of,
    to_note,
    traits_of,
    unmasked,
    usual,
)
from .details import (
    consents,
    contact_to_change,
    customer_to_change,
    details_of,
    masked,
    reads_freely,
    require_details,
)
from .duplicates import Likely, count_stale_keys, likely_duplicates, same_customers
from .groups import Preview, group, group_words, groups, groups_with, in_group, members, preview
from .pools import pool, pool_choices, pool_members, pools

__all__ = [
    "CAUSES",
    "CHANNELS",
    "KINDS",
    "LISTS",
    "SHARING",
    "STAGES",
    "VIEWS",
    "Consent",
    "Contact",
    "Customer",
    "CustomerGroup",
    "Filters",
    "Held",
    "Likely",
    "Limit",
    "OwnershipEpisode",
    "Pool",
    "Preview",
    "Reading",
    "Traits",
    "Usual",
    "all_contacts",
    "choices",
    "condition_fields",
    "consents",
    "contact",
    "contact_to_change",
    "contacts",
    "count_stale_keys",
    "customer",
    "customer_to_change",
    "customers",
    "customers_since",
    "details_of",
    "episodes",
    "found_contacts",
    "group",
    "group_words",
    "groups",
    "groups_with",
    "held_by",
    "ids_by_name",
    "in_group",
    "likely_duplicates",
    "limit_of",
    "masked",
    "members",
    "names_of",
    "near_lapse",
    "owner_of",
    "pool",
    "pool_choices",
    "pool_members",
    "pools",
    "preview",
    "reads_freely",
    "require_details",
    "same_customers",
    "same_phone",
    "to_note",
    "traits_of",
    "unmasked",
    "usual",
]
