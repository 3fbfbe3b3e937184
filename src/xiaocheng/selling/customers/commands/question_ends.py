"""What becomes of questions when the customer, or the asker, goes: called by the command that brings it about."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.selling.customers.asking import parties
from xiaocheng.selling.customers.events import QuestionMoot
from xiaocheng.selling.customers.models import Customer, OwnerQuestion
from xiaocheng.selling.customers.models.questions import MOOT, OPEN

PART = "a question goes where its customer and its asker go"


def ask_the_next(actor: Actor, rows: Sequence[Customer], owner_id: int | None) -> None:
    """Whoever gets customers is asked now; nobody is if that is the asker himself, or no person at all."""
    found = list(_open().filter(customer__in=[row.pk for row in rows]))
    over = [row for row in found if owner_id in (None, row.asker_id)]
    _end(actor, over)
    if len(over) < len(found):
        _open().filter(pk__in=[row.pk for row in found]).update(owner_id=owner_id)


def drop_questions(actor: Actor, person_id: int) -> tuple[int, ...]:
    """What somebody who left asked needs no answer any more; gives the ids."""
    return _end(actor, list(_open().filter(asker_id=person_id)))


def end_questions(actor: Actor, customer_id: int) -> None:
    """What is open about a customer that is no more needs no answer."""
    _end(actor, list(_open().filter(customer=customer_id)))


def forget_questions(actor: Actor, customer_id: int) -> None:
    """Nothing that was typed or written about an erased customer is left; that somebody asked stays."""
    end_questions(actor, customer_id)
    theirs = OwnerQuestion.objects.beyond_sight(because=PART).filter(customer=customer_id)
    theirs.update(typed="", text="", answer="")


def _end(actor: Actor, rows: Sequence[OwnerQuestion]) -> tuple[int, ...]:
    ids = tuple(row.pk for row in rows)
    if ids:
        _open().filter(pk__in=ids).update(state=MOOT, ended_at=clock.now())
        record(actor, *(QuestionMoot(**parties(row)) for row in rows))
    return ids


def _open() -> QuerySet[OwnerQuestion]:
    rows: QuerySet[OwnerQuestion] = OwnerQuestion.objects.beyond_sight(because=PART).filter(state=OPEN)
    return rows
