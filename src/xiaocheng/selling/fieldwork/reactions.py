"""What happens to plans and visits when a lower module's event happens."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.files.commands import discard
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import Moved, forget, reacts
from xiaocheng.selling.customers.events import CustomersMerged, MergeUndone, PersonalDataErased

from .models import PlanLine, Visit

ERASED = "what tells of an erased person goes, whoever met him"
FOLLOWS = "plans and visits are about the customer that is left, whoever looks"
TEXTS = ("note", "next_step", "opinion", "news", "competitor_facts", "problem", "solution")


@reacts(PersonalDataErased)
def erase_texts(actor: Actor, events: Sequence[PersonalDataErased]) -> Moved | None:
    """Visits of a person who is erased keep who made them, when, and what came of them, and lose texts and files."""
    erased = [event.customer_id for event in events if event.contact_id is None]
    PlanLine.objects.beyond_sight(because=ERASED).filter(customer__in=erased).update(note="", reason="")
    rows = Visit.objects.beyond_sight(because=ERASED).filter(customer__in=erased)
    ids = list(rows.values_list("pk", flat=True))
    rows.update(**dict.fromkeys(TEXTS, ""))
    discard(actor, "fieldwork.visit", ids)
    forget("fieldwork.visit", ids)
    return Moved("fieldwork.visit", tuple(ids))


@reacts(CustomersMerged, MergeUndone, moves=("fieldwork.PlanLine.customer",))
def follow_the_merge_with_plans(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """Planned visits to a merged customer are visits to the survivor, until that is undone."""
    rows = PlanLine.objects.beyond_sight(because=FOLLOWS)
    return Moved("fieldwork.planline", tuple(pk for event in events for pk in event.carry(rows)))


@reacts(CustomersMerged, MergeUndone, moves=("fieldwork.Visit.customer",))
def follow_the_merge_with_visits(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """Visits and calls to a merged customer, credited as they were, stand in the survivor's history."""
    rows = Visit.objects.beyond_sight(because=FOLLOWS)
    return Moved("fieldwork.visit", tuple(pk for event in events for pk in event.carry(rows)))
