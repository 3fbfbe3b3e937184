"""The paths of wins and losses, found again."""

from __future__ import annotations

from django.db import transaction

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.selling.pipeline import paths


def find_paths_again(actor: Actor) -> int:
    """Find the path of every win and loss again from the moves; gives how many were wrong."""
    actor.require_system()
    with transaction.atomic():
        return paths.keep_paths()
