"""From what happened to opportunities to what is counted about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xiaocheng.foundation.kernel.journal import projects
from xiaocheng.foundation.kernel.measures import Bump, bump

from .events import (
    ImportedDealUndone,
    MoveUndone,
    OpportunityEdited,
    OpportunityHandedOver,
    OpportunityImported,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReopened,
    OpportunityWon,
)
from .measures import OPENED, bumps_of
from .opened import open_customers


@projects(OpportunityOpened, OpportunityImported)
def open_to_new_owners(events: Sequence[OpportunityOpened | OpportunityImported]) -> None:
    """A customer is opened to whoever has an opportunity with it from now on."""
    if ids := [e.opportunity_id for e in events if e.customer_id]:
        open_customers(ids)


@projects(OpportunityHandedOver, ImportedDealUndone)
def open_to_present_owners(events: Sequence[OpportunityHandedOver | ImportedDealUndone]) -> None:
    """A customer is opened to the present owner of each opportunity, and no more to the former one."""
    if with_customer := {e.opportunity_id: e.customer_id for e in events if e.customer_id}:
        open_customers(with_customer, set(with_customer.values()))


@projects(OpportunityEdited)
def open_the_new_customer(events: Sequence[OpportunityEdited]) -> None:
    """An opportunity that is about another customer opens that one, and the former one no more."""
    for event in events:
        if "customer" in event.fields:
            open_customers([event.opportunity_id], event.former_customers)


@projects(OpportunityOpened)
def count_opened(events: Sequence[OpportunityOpened]) -> None:
    """Count new opportunities for whom they are credited to."""
    bump(Bump(OPENED, e.owner_id, e.department_id, e.booked_on) for e in events)


@projects(OpportunityImported)
def count_imported(events: Sequence[OpportunityImported]) -> None:
    """Count imported opportunities on the day they were opened, where it was recorded, and what became of them."""
    opened = [Bump(OPENED, e.owner_id, e.department_id, e.opened_on) for e in events if e.opened_on is not None]
    bump([*opened, *(item for e in events for closing in e.closings for item in bumps_of(closing))])


@projects(OpportunityWon, OpportunityLost, OpportunityReopened)
def count_closings(events: Sequence[OpportunityWon | OpportunityLost | OpportunityReopened]) -> None:
    """Count wins and losses, and their reversals."""
    bump(item for e in events for closing in e.closings for item in bumps_of(closing))


@projects(MoveUndone, ImportedDealUndone)
def count_withdrawn(events: Sequence[MoveUndone | ImportedDealUndone]) -> None:
    """Take wins and losses that were mistakes out of the count of their own day."""
    bump(replace(item, value=-item.value) for e in events for closing in e.withdrawn for item in bumps_of(closing))


@projects(ImportedDealUndone)
def count_unopened(events: Sequence[ImportedDealUndone]) -> None:
    """Take opportunities that were imported by mistake out of the count of the day they were opened."""
    bump(Bump(OPENED, e.owner_id, e.department_id, e.opened_on, -1) for e in events if e.opened_on is not None)
