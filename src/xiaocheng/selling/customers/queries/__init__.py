"""Every way to look at customers."""

from xiaocheng.selling.customers.first_contact import Limit, limit_of
from xiaocheng.selling.customers.models import Consent, Contact, Customer, OwnershipEpisode, Pool
from xiaocheng.selling.customers.models.consent import CHANNELS
from xiaocheng.selling.customers.models.customers import KINDS, STAGES
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
from .pools import pool, pool_choices, pool_members, pools

__all__ = [
    "CAUSES",
    "CHANNELS",
    "KINDS",
    "LISTS",
    "STAGES",
    "VIEWS",
    "Consent",
    "Contact",
    "Customer",
    "Filters",
    "Held",
    "Likely",
    "Limit",
    "OwnershipEpisode",
    "Pool",
    "Reading",
    "Traits",
    "Usual",
    "all_contacts",
    "choices",
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
    "held_by",
    "ids_by_name",
    "likely_duplicates",
    "limit_of",
    "masked",
    "names_of",
    "near_lapse",
    "owner_of",
    "pool",
    "pool_choices",
    "pool_members",
    "pools",
    "reads_freely",
    "require_details",
    "same_customers",
    "same_phone",
    "traits_of",
    "unmasked",
    "usual",
]
