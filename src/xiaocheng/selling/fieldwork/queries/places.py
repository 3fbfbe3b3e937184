"""Places of visits, and one's own word on keeping them."""

from __future__ import annotations

from django.db.models import QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.selling.fieldwork.models import PlaceConsent, VisitPlace


def place_consents(actor: Actor) -> QuerySet[PlaceConsent]:
    """What the actor himself said about keeping his places, the last word first; nobody reads another's."""
    rows: QuerySet[PlaceConsent] = PlaceConsent.objects.visible_to(actor).filter(person_id=actor.person_id or 0)
    return rows.order_by("-pk")


def takes_place(actor: Actor) -> bool:
    """True while the actor agrees that the place of his check-ins is kept."""
    last = place_consents(actor).first()
    return last is not None and last.is_given


def places_of_visit(actor: Actor, visit_id: int) -> list[VisitPlace]:
    """Where a visit that the actor may see began and ended, as far as that was kept."""
    return list(VisitPlace.objects.visible_to(actor).filter(visit_id=visit_id).order_by("at", "pk"))
