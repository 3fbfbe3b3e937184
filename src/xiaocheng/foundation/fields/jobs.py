"""Work of the fields outside the page."""

from __future__ import annotations

from typing import Any

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.jobs import Progress, job

from .access import MANAGE
from .commands import mend_field_indexes


@job("fields.index", MANAGE)
def index(actor: Actor, progress: Progress) -> dict[str, Any]:
    """Bring the indexes in line with the fields that lists are filtered by."""
    return {"changed": mend_field_indexes(actor)}
