"""What the forms of trade offer: only what the actor may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.shell.pickers import Choice, picker
from xiaocheng.selling.pipeline import queries as pipeline
from xiaocheng.selling.trade.access import ENTER, ORDER


@picker("won-deals", ENTER)
def won_deals(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The deals that were won, as far as the actor sees them, with their customer."""
    rows = pipeline.opportunities(actor, "all", text)
    rows = rows.filter(pk__in=ids) if ids else rows.filter(state="won")[:20]
    return [Choice(row.pk, row.name, row.customer.name if row.customer else "") for row in rows]


@picker("order-deals", ORDER)
def order_deals(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The deals that something may be ordered for, as far as the actor sees them, with their customer."""
    rows = pipeline.opportunities(actor, "all", text)
    rows = rows.filter(pk__in=ids) if ids else rows[:20]
    return [Choice(row.pk, row.name, row.customer.name if row.customer else "") for row in rows]
