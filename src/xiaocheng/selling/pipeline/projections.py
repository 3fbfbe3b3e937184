"""From what happened to opportunities to what is counted about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from xiaocheng.foundation.kernel.journal import projects
from xiaocheng.foundation.kernel.measures import Bump, bump, bump_gauge

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
from .measures import OPEN_NOW, OPENED, bumps_of
from .models import Closing
from .opened import open_customers
from .rivals import link
from .sharing import leave_to_owners


@projects(OpportunityOpened, OpportunityImported)
def open_to_new_owners(events: Sequence[OpportunityOpened | OpportunityImported]) -> None:
    """A customer is opened to whoever has an opportunity with it from now on."""
    if ids := [e.opportunity_id for e in events if e.customer_id]:
        open_customers(ids)


@projects(OpportunityHandedOver, ImportedDealUndone)
def open_to_present_owners(events: Sequence[OpportunityHandedOver | ImportedDealUndone]) -> None:
    """A customer is opened to the present owner of each opportunity, and no more to the former one.

    Who shared it until now shares it no longer when it is his own.
    """
    leave_to_owners({e.opportunity_id: e.to_id for e in events if isinstance(e, OpportunityHandedOver)})
    if with_customer := {e.opportunity_id: e.customer_id for e in events if e.customer_id}:
        open_customers(with_customer, set(with_customer.values()))


@projects(OpportunityEdited)
def open_the_new_customer(events: Sequence[OpportunityEdited]) -> None:
    """An opportunity that is about another customer opens that one, and the former one no more."""
    told = {e.opportunity_id: e for e in events if "customer" in e.fields}
    if not told:
        return
    open_customers(told, {customer for e in told.values() for customer in e.former_customers})
    gone = [(customer, -1) for e in told.values() if e.is_open for customer in e.former_customers]
    _gauge([*gone, *((e.customer_id, 1) for e in told.values() if e.is_open)])


@projects(OpportunityOpened, OpportunityImported)
def gauge_opened(events: Sequence[OpportunityOpened | OpportunityImported]) -> None:
    """New opportunities are open, but for imported ones that were closed."""
    _gauge((e.customer_id, 1 - _closed(getattr(e, "closings", ()))) for e in events)


@projects(OpportunityWon, OpportunityLost, OpportunityReopened)
def gauge_closed(events: Sequence[OpportunityWon | OpportunityLost | OpportunityReopened]) -> None:
    """A won or lost opportunity is open no more, a reopened one again."""
    _gauge((e.customer_id, -_closed(e.closings)) for e in events)


@projects(MoveUndone)
def gauge_undone(events: Sequence[MoveUndone]) -> None:
    """A closing taken back leaves the opportunity open."""
    _gauge((e.customer_id, _closed(e.withdrawn)) for e in events)


@projects(ImportedDealUndone)
def gauge_gone(events: Sequence[ImportedDealUndone]) -> None:
    """An opportunity that is gone was open unless it was closed."""
    _gauge((e.customer_id, _closed(e.withdrawn) - 1) for e in events)


@projects(OpportunityOpened, OpportunityImported)
def meet_competitors(events: Sequence[OpportunityOpened | OpportunityImported]) -> None:
    """New opportunities are found under the competitors that they name."""
    link([e.opportunity_id for e in events], are_new=True)


@projects(OpportunityEdited, OpportunityLost)
def meet_other_competitors(events: Sequence[OpportunityEdited | OpportunityLost]) -> None:
    """Opportunities are found under the competitors that they now name, and no others."""
    ids = [e.opportunity_id for e in events if isinstance(e, OpportunityLost) or "competitor" in e.fields]
    if ids:
        link(ids)


def _closed(closings: Iterable[Closing]) -> int:
    return sum(closing.sign for closing in closings)


def _gauge(changes: Iterable[tuple[int | None, int]]) -> None:
    bump_gauge(OPEN_NOW, [(customer, by) for customer, by in changes if customer is not None])


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
