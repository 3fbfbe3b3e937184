"""Who made his first deal by what is gone again began with another one, or is a prospect."""

from __future__ import annotations

from collections.abc import Collection

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.selling.customers.commands import note_first_deals, undo_first_deals
from xiaocheng.selling.customers.queries import customers_since
from xiaocheng.selling.pipeline.queries import first_wins
from xiaocheng.selling.trade.firsts import first_sales


def undo_false_firsts(actor: Actor, customer_ids: Collection[int]) -> None:
    """Whose first deal was among what is gone began with the next one, or is a prospect again."""
    left, wins, since = first_sales(customer_ids), first_wins(actor, customer_ids), customers_since(actor, customer_ids)
    days = {pk: [booking_day(deals[pk].day) for deals in (left, wins) if pk in deals] for pk in since}
    undone = {pk for pk, day in since.items() if not days[pk] or min(days[pk]) > day}
    undo_first_deals(actor, undone)  # what sales are left has been told of again by the reaction to this
    note_first_deals(actor, {pk: deal for pk, deal in wins.items() if pk in undone})
