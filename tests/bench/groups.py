"""How long a group by rule takes for who sees every customer: it is asked anew each time, nothing is refreshed."""

from __future__ import annotations

import time

from xiaocheng.foundation.fields.conditions import ALL, Condition, Rule
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.customers.queries import preview

# Few customers fulfil it, so that the whole table is read for the first rows and again for their number.
RARE = Rule(
    ALL,
    (
        (Condition("level", "is", ("A",)),),
        (Condition("industry", "is", ("medical",)),),
        (Condition("registered_at", "within", ("3",)),),
        (Condition("last_contact_at", "empty"),),
    ),
)


def evaluated() -> float:
    """Seconds until the words, the number and the first names are there."""
    began = time.perf_counter()
    preview(SYSTEM, RARE)
    return time.perf_counter() - began
