"""Who may open the customers of opportunities, made anew."""

from __future__ import annotations

from django.db import transaction

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.selling.pipeline.opened import open_all


def open_customers_anew(actor: Actor) -> int:
    """Open the customers of all opportunities to their owners, those of former versions too; gives how many."""
    actor.require_system()
    with transaction.atomic():
        return open_all()
