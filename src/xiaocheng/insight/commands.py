"""Ways to change insight's own tables."""

from __future__ import annotations

from django.db import transaction

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import record

from . import rollups, valuing
from .access import REBUILD
from .events import RollupsRebuilt, ValuesCounted


@transaction.atomic
def rebuild(actor: Actor) -> int:
    """Throw the rollups away and count them again from the facts; gives the number of rows."""
    actor.require(REBUILD)
    rows = rollups.rebuild()
    record(actor, RollupsRebuilt(rows=rows))
    return rows


def count_values(actor: Actor) -> int:
    """Count what every customer is worth up to today; gives the number of customers.

    Not one transaction: it writes what changed in small sets, so that others may write meanwhile.
    """
    actor.require(REBUILD)
    found = valuing.counted(clock.today())
    changed = valuing.keep(found)
    with transaction.atomic():
        record(actor, ValuesCounted(customers=len(found.rows), changed=changed))
    return len(found.rows)
