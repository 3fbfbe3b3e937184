"""Ways to change insight's own tables."""

from __future__ import annotations

from django.db import transaction

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import record

from .access import REBUILD
from .events import RollupsRebuilt
from .rollups import count_all, keep


@transaction.atomic
def rebuild(actor: Actor) -> int:
    """Throw the rollups away and count them again from the facts; gives the number of cells."""
    actor.require(REBUILD)
    cells = keep(count_all())
    record(actor, RollupsRebuilt(cells=cells))
    return cells
