"""What the forms of the daily loop offer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.shell.pickers import Choice, picker
from xiaocheng.selling.fieldwork.access import VISIT
from xiaocheng.selling.pipeline import queries as pipeline


@picker("my-deals", VISIT)
def my_deals(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The opportunities that the actor sees, open ones unless they were chosen before, with their customer."""
    rows = pipeline.opportunities(actor, "all" if text or ids else "mine", text)
    rows = rows.filter(pk__in=ids) if ids else rows.filter(state="open")[:20]
    return [Choice(row.pk, row.name, row.customer.name if row.customer else "") for row in rows]
