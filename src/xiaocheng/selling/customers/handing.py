"""Who may see a handover, and by how much its plan differs from what the person is responsible for now."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound

from .access import HAND_OVER
from .models import Customer, Handover, HandoverLine

PLAN = "a plan is compared with all customers of the person, who is in the actor's sight"


@dataclass(frozen=True)
class Drift:
    """Customers that went away after a plan was made, and those that came."""

    gone: tuple[int, ...] = ()
    come: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.gone or self.come)


def allowed(actor: Actor, row: Handover) -> Handover:
    """A handover that was found, if the actor may see to it; nobody sees the plan of his own."""
    actor.require(HAND_OVER)
    if row.person_id == actor.person_id:
        raise NotFound
    return row


def drift_of(row: Handover) -> Drift:
    """What changed since a plan was made; asked of the database, however many customers there are."""
    lines = HandoverLine.objects.beyond_sight(because=PLAN).filter(handover=row)
    theirs = Customer.objects.beyond_sight(because=PLAN).filter(owner_id=row.person_id)
    gone = lines.exclude(customer__owner=F("handover__person")).values_list("customer_id", flat=True)
    come = theirs.exclude(pk__in=lines.values("customer_id")).values_list("pk", flat=True)
    return Drift(tuple(gone.order_by("pk")), tuple(come.order_by("pk")))
