"""What happens to complaints when a lower module's event happens."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.approvals.commands import end_alarms
from xiaocheng.foundation.files.commands import discard
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import Moved, forget, reacts, record
from xiaocheng.foundation.kernel.measures import bump_gauge
from xiaocheng.foundation.org.events import PersonLeft, WorkHandedOn
from xiaocheng.foundation.org.queries import Person, holds, names_of
from xiaocheng.selling.customers.events import (
    ContactsMerged,
    CustomersMerged,
    MergeUndone,
    OwnerChanged,
    PersonalDataErased,
    carry_contacts,
    erased_customers,
)

from .events import ComplaintHandedOn
from .measures import OPEN_NOW
from .models import Complaint
from .states import CLOSED

ERASED = "what tells of an erased person goes, whoever took it down"
FOLLOWS = "open complaints follow their customer or whoever takes over the work, whoever looks"
RESPONSIBLE = "service.Complaint.responsible"
KIND = "service.complaint"
TEXTS = ("description", "cause", "measures", "outcome")


@reacts(OwnerChanged, moves=(RESPONSIBLE,))
def follow_the_customer(actor: Actor, events: Sequence[OwnerChanged]) -> Moved | None:
    """Open complaints for which the customer's former owner was responsible go to the new one, like his tasks."""
    moves = {e.customer_id: (e.from_id, e.to_id) for e in events if e.from_id and e.to_id and e.from_id != e.to_id}
    rows = _open().filter(customer_id__in=moves)
    return _hand_on(
        actor,
        [(row, moves[row.customer_id][1] or 0) for row in rows if row.responsible_id == moves[row.customer_id][0]],
    )


@reacts(PersonLeft, WorkHandedOn, moves=(RESPONSIBLE,))
def follow_the_successor(actor: Actor, events: Sequence[PersonLeft | WorkHandedOn]) -> Moved | None:
    """The open complaints of somebody who leaves or hands on go to the successor."""
    moves = {e.person_id: e.successor_id for e in events if e.successor_id}
    rows = _open().filter(responsible_id__in=moves)
    return _hand_on(actor, [(row, moves[row.responsible_id] or 0) for row in rows])


@holds(KIND, _("未结案的客户投诉"), _("所交客户的随客户,其余转给接手人"), moves=RESPONSIBLE)
def count_open(person: Person) -> int:
    """Complaints for which the person is responsible."""
    return _open().filter(responsible=person).count()


@reacts(CustomersMerged, MergeUndone, moves=("service.Complaint.customer",))
def follow_the_merge(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """Complaints of a merged customer are the survivor's, until that is undone."""
    moved: list[int] = []
    for event in events:
        ids = event.carry(Complaint.objects.beyond_sight(because=FOLLOWS))
        source, target = event.route()
        still_open = _open().filter(pk__in=ids).count()
        bump_gauge(OPEN_NOW, [(source, -still_open), (target, still_open)])
        moved += ids
    return Moved(KIND, tuple(moved))


@reacts(ContactsMerged, moves=("service.Complaint.contact",))
def follow_the_merge_of_contacts(actor: Actor, events: Sequence[ContactsMerged]) -> Moved:
    """A complaint by somebody under the other name was his."""
    return carry_contacts(events, Complaint.objects.beyond_sight(because=FOLLOWS))


@reacts(PersonalDataErased)
def erase_texts(actor: Actor, events: Sequence[PersonalDataErased]) -> Moved | None:
    """Complaints of a person who is erased keep kind, severity, days and who handled them, and lose texts and files."""
    rows = Complaint.objects.beyond_sight(because=ERASED).filter(customer__in=erased_customers(events))
    ids = list(rows.values_list("pk", flat=True))
    for name in TEXTS:
        rows.exclude(**{name: ""}).update(**{name: "—"})
    discard(actor, KIND, ids)
    end_alarms(actor, KIND, ids)
    forget(KIND, ids)
    return Moved(KIND, tuple(ids))


def _open() -> QuerySet[Complaint]:
    rows: QuerySet[Complaint] = Complaint.objects.beyond_sight(because=FOLLOWS).exclude(state=CLOSED)
    return rows


def _hand_on(actor: Actor, moves: Sequence[tuple[Complaint, int]]) -> Moved | None:
    """Their tasks follow by themselves: those are handed on by the same events."""
    names = names_of(to for _row, to in moves)
    for to in names:
        ids = [row.pk for row, whose in moves if whose == to]
        Complaint.objects.beyond_sight(because=FOLLOWS).filter(pk__in=ids).update(responsible_id=to)
    record(actor, *(
        ComplaintHandedOn(complaint_id=row.pk, customer_id=row.customer_id, from_id=row.responsible_id, to_id=to,
                          to_name=names[to])
        for row, to in moves
    ))  # fmt: skip
    return Moved(KIND, tuple(row.pk for row, _to in moves)) if moves else None
