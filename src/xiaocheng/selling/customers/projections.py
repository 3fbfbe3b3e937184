"""From what happened to customers to what is counted about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from xiaocheng.foundation.kernel.journal import projects
from xiaocheng.foundation.kernel.measures import Bump, bump

from .events import (
    CustomerRegistered,
    CustomersMerged,
    FirstDealMade,
    FirstDealUndone,
    GuestReceived,
    MergeUndone,
    ReceptionCancelled,
    RegistrationUndone,
)
from .measures import CONVERTED, RECEIVED, REGISTERED


@projects(CustomerRegistered)
def count_new_customers(events: Sequence[CustomerRegistered]) -> None:
    """Count new customers for whom they are credited to."""
    counted = Counter((e.credit_person_id, e.credit_department_id, e.booked_on) for e in events)
    bump(
        Bump(REGISTERED, person, department, day, count)
        for (person, department, day), count in counted.items()
        if person is not None and department is not None
    )


@projects(RegistrationUndone)
def take_back_new_customers(events: Sequence[RegistrationUndone]) -> None:
    """Who was never a customer was no new one."""
    bump(
        Bump(REGISTERED, e.credit_person_id, e.credit_department_id, e.booked_on, -1)
        for e in events
        if e.credit_person_id is not None and e.credit_department_id is not None
    )


@projects(FirstDealMade)
def count_first_deals(events: Sequence[FirstDealMade]) -> None:
    """Count first deals for whom they are credited to."""
    bump(_conversions(events, 1))


@projects(FirstDealUndone)
def take_back_first_deals(events: Sequence[FirstDealUndone]) -> None:
    """A deal that never was made nobody a customer."""
    bump(_conversions(events, -1))


def _conversions(events: Sequence[FirstDealMade | FirstDealUndone], sign: int) -> Iterator[Bump]:
    for event in events:
        if event.credit_person_id is not None and event.credit_department_id is not None:
            yield Bump(CONVERTED, event.credit_person_id, event.credit_department_id, event.booked_on, sign)


@projects(CustomersMerged, MergeUndone)
def count_once(events: Sequence[CustomersMerged | MergeUndone]) -> None:
    """Two customers that are one count as one, as long as that stands."""
    bump(Bump(*fact) for event in events for fact in event.counted)


@projects(GuestReceived)
def count_receptions(events: Sequence[GuestReceived]) -> None:
    """A reception counts for whom received."""
    bump(Bump(RECEIVED, e.person_id, e.department_id, e.booked_on) for e in events)


@projects(ReceptionCancelled)
def take_back_receptions(events: Sequence[ReceptionCancelled]) -> None:
    """One that was registered by mistake does not."""
    bump(Bump(RECEIVED, e.person_id, e.department_id, e.booked_on, -1) for e in events)
