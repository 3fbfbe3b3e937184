"""Notes about customers, and who may be told of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.queries import Person, actor_for, people, supervisor_of
from xiaocheng.selling.customers.models import Customer, CustomerMember, CustomerNote
from xiaocheng.selling.customers.models.team import CO_OWNER

LAST_NOTES = 20  # whose authors a new note concerns, too


@dataclass(frozen=True)
class Listener:
    """A colleague who may be told of a note; one whom it concerns is told unless the author decides otherwise."""

    person: Person
    is_concerned: bool


def notes_of(actor: Actor, customer_id: int) -> QuerySet[CustomerNote]:
    """The notes about one customer, the latest first."""
    rows: QuerySet[CustomerNote] = CustomerNote.objects.visible_to(actor).filter(customer=customer_id)
    return rows.select_related("author").order_by("-pk")


def note(actor: Actor, note_id: int) -> CustomerNote:
    """One note with its author."""
    row: CustomerNote = CustomerNote.objects.one(actor, note_id, "author")
    return row


def notes_among(actor: Actor, ids: Collection[int]) -> list[CustomerNote]:
    """Those of the notes that the actor sees and that are still there."""
    return CustomerNote.objects.among(actor, ids) if ids else []


def listeners(actor: Actor, row: Customer) -> list[Listener]:
    """Who may be told of a note about a customer: whom it concerns first, and who signs for its owner."""
    members = CustomerMember.objects.visible_to(actor).filter(customer=row, ended_at=None, role=CO_OWNER)
    responsible = [row.owner_id, *members.values_list("person", flat=True)]
    wrote = list(dict.fromkeys(notes_of(actor, row.pk).values_list("author", flat=True)[:LAST_NOTES]))
    above = supervisor_of(row.owner_id, clock.today()) if row.owner_id else []
    asked = [pk for pk in dict.fromkeys([*responsible, *wrote, *above]) if pk is not None and pk != actor.person_id]
    found = {person.pk: person for person in people(actor).filter(pk__in=asked)}
    concerned = {pk for pk in found if pk in responsible or (pk in wrote and _reads(found[pk], row))}
    return [Listener(found[pk], pk in concerned) for pk in asked if pk in concerned or (pk in found and pk in above)]


def _reads(person: Person, row: Customer) -> bool:
    """True when somebody reads the story of a customer today."""
    his = actor_for(person).in_own_right()
    return not row.is_masked_for(his) and Customer.objects.shows(his, row)
