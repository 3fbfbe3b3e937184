"""What happens to notes when a lower module's event happens."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import entries_about, reacts
from xiaocheng.selling.customers.events import PersonalDataErased, erased_customers

from .models import Notification


@reacts(PersonalDataErased)
def forget_notes(actor: Actor, events: Sequence[PersonalDataErased]) -> None:
    """Notes that name a person who is erased go."""
    entries = entries_about("customers.customer", erased_customers(events))
    Notification.objects.beyond_sight(because="what names an erased person goes, whoever was told").filter(
        entry_id__in=entries
    ).delete()
