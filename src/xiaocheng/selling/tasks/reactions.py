"""What happens to tasks when a lower module's event happens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import Moved, forget, reacts
from xiaocheng.foundation.org.events import PersonLeft, WorkHandedOn
from xiaocheng.foundation.org.queries import Person, holds
from xiaocheng.selling.customers.events import (
    CustomersMerged,
    MergeUndone,
    OwnerChanged,
    PersonalDataErased,
    carry_all,
    erased_customers,
)

from .models import OPEN, WITHDRAWN, Task

ERASED = "what tells of an erased person goes, whoever had to do it"
FOLLOW = "tasks follow the person or the customer"


@reacts(PersonLeft, WorkHandedOn, moves=("tasks.Task.person",))
def hand_over_tasks(actor: Actor, events: Sequence[PersonLeft | WorkHandedOn]) -> Moved | None:
    """The open tasks of somebody who left or hands on go to the successor."""
    ids: list[int] = []
    for event in events:
        if event.successor_id is not None:
            ids += _hand_on(Q(person_id=event.person_id), event.successor_id)
    return Moved("tasks.task", tuple(ids)) if ids else None


@reacts(OwnerChanged)
def follow_the_customer(actor: Actor, events: Sequence[OwnerChanged]) -> Moved | None:
    """The former owner's open tasks about a customer go to its new owner."""
    routes: dict[tuple[int, int], list[int]] = defaultdict(list)
    for event in events:
        if event.to_id is not None and event.from_id is not None:
            routes[event.from_id, event.to_id].append(event.customer_id)
    ids: list[int] = []
    for (former, new), customers in routes.items():
        ids += _hand_on(Q(person_id=former, customer__in=customers), new)
    return Moved("tasks.task", tuple(ids)) if ids else None


@holds("tasks.task", _("未完成的待办"), _("与所交客户有关的随客户,其余转给接手人"), moves="tasks.Task.person")
def count_tasks(person: Person) -> int:
    """What the person still has to do."""
    return Task.objects.beyond_sight(because="a handover shows what moves").filter(person=person, state=OPEN).count()


@reacts(PersonalDataErased)
def erase_titles(actor: Actor, events: Sequence[PersonalDataErased]) -> Moved | None:
    """What was to be done for a person who is erased is withdrawn, and no title tells of him."""
    erased = erased_customers(events)
    rows = Task.objects.beyond_sight(because=ERASED).filter(customer__in=erased)
    ids = list(rows.values_list("pk", flat=True))
    rows.filter(state=OPEN).update(state=WITHDRAWN)
    rows.update(title="—")
    forget("tasks.task", ids)
    return Moved("tasks.task", tuple(ids))


@reacts(CustomersMerged, MergeUndone, moves=("tasks.Task.customer",))
def follow_the_merge(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """Tasks about a merged customer, open and done, are about the survivor, until that is undone."""
    rows = Task.objects.beyond_sight(because=FOLLOW)
    return carry_all(events, rows)


def _hand_on(condition: Q, person_id: int) -> list[int]:
    rows = Task.objects.beyond_sight(because=FOLLOW).filter(condition, state=OPEN)
    ids = list(rows.values_list("pk", flat=True))
    rows.filter(pk__in=ids).update(person_id=person_id)
    return ids
