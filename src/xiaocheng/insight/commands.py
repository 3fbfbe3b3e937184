"""Ways to change insight's own tables."""

from __future__ import annotations

from django.db import transaction

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import record

from . import rollups
from .access import REBUILD
from .events import RollupsRebuilt


@transaction.atomic
def rebuild(actor: Actor) -> int:
    """Throw the rollups away and count them again from the facts; gives the number of rows."""
    actor.require(REBUILD)
    rows = rollups.rebuild()
    record(actor, RollupsRebuilt(rows=rows))
    return rows
