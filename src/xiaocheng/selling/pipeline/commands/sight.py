"""Who may open the customers of opportunities, made anew."""

from __future__ import annotations

from django.db import transaction

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotAllowed
from xiaocheng.selling.pipeline.access import MANAGE_PROCESS
from xiaocheng.selling.pipeline.opened import open_all


def open_customers_anew(actor: Actor) -> int:
    """Open the customers of all opportunities to their owners, those of former versions too; gives how many."""
    if not actor.is_system:
        raise NotAllowed(MANAGE_PROCESS)
    with transaction.atomic():
        return open_all()
