"""Events to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.shell.pickers import Choice, picker
from xiaocheng.selling.fieldwork import queries
from xiaocheng.selling.fieldwork.access import DECIDE_MARKET


@picker("market-events", DECIDE_MARKET)
def events(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The open events that the actor sees."""
    rows = queries.market_events(actor, "open", text)
    found = rows.filter(pk__in=ids) if ids else rows[:20]
    return [Choice(row.pk, f"{row} · {row.get_kind_display()}", row.description[:60]) for row in found]
