"""Every way to look at customers."""

from xiaocheng.selling.customers.first_contact import Limit, limit_of
from xiaocheng.selling.customers.models import Contact, Customer, OwnershipEpisode, Pool
from xiaocheng.selling.customers.models.customers import KINDS, STAGES
from xiaocheng.selling.customers.models.ownership import CAUSES
from xiaocheng.selling.customers.options import LISTS

from .contacts import all_contacts, contact, contacts, found_contacts, same_phone
from .customers import (
    VIEWS,
    Filters,
    Traits,
    Usual,
    choices,
    customer,
    customers,
    episodes,
    ids_by_name,
    masked,
    names_of,
    near_lapse,
    owner_of,
    phone_for,
    traits_of,
    usual,
)
from .duplicates import Likely, count_stale_keys, likely_duplicates, same_customers
from .pools import pool, pool_choices, pool_members, pools

__all__ = [
    "CAUSES",
    "KINDS",
    "LISTS",
    "STAGES",
    "VIEWS",
    "Contact",
    "Customer",
    "Filters",
    "Likely",
    "Limit",
    "OwnershipEpisode",
    "Pool",
    "Traits",
    "Usual",
    "all_contacts",
    "choices",
    "contact",
    "contacts",
    "count_stale_keys",
    "customer",
    "customers",
    "episodes",
    "found_contacts",
    "ids_by_name",
    "likely_duplicates",
    "limit_of",
    "masked",
    "names_of",
    "near_lapse",
    "owner_of",
    "phone_for",
    "pool",
    "pool_choices",
    "pool_members",
    "pools",
    "same_customers",
    "same_phone",
    "traits_of",
    "usual",
]
