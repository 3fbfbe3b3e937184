"""Every way to look at customers."""

from .customers import (
    VIEWS,
    Filters,
    choices,
    contacts,
    customer,
    customers,
    episodes,
    ids_by_name,
    names_of,
    owner_of,
)
from .duplicates import Likely, likely_duplicates
from .pools import pool, pool_choices, pools

__all__ = [
    "VIEWS",
    "Filters",
    "Likely",
    "choices",
    "contacts",
    "customer",
    "customers",
    "episodes",
    "ids_by_name",
    "likely_duplicates",
    "names_of",
    "owner_of",
    "pool",
    "pool_choices",
    "pools",
]
