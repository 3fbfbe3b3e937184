"""What happens to plans and visits when a lower module's event happens."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.files.commands import discard
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import Moved, forget, reacts
from xiaocheng.selling.customers.events import PersonalDataErased

from .models import PlanLine, Visit

ERASED = "what tells of an erased person goes, whoever met him"
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
