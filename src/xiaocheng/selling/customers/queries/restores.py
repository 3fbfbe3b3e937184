"""Lapses that may be taken back."""

from __future__ import annotations

from xiaocheng.foundation.approvals.queries import Paper, waiting_for
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.selling.customers.models import RestoreOffer
from xiaocheng.selling.customers.models.restores import OFFERED


def restore_offer(actor: Actor, restore_id: int) -> RestoreOffer:
    """One offer, with whose customer it was."""
    row: RestoreOffer = RestoreOffer.objects.one(actor, restore_id, "person", "customer", "episode", "decided_by")
    return row


def waiting_restores(actor: Actor) -> list[RestoreOffer]:
    """The offers that wait for the actor's decision, the oldest first."""
    rows = RestoreOffer.objects.visible_to(actor).filter(state=OFFERED, person__is_active=True)
    return _mine(actor, list(rows.select_related("person", "customer").order_by("pk")))


def decides_restore(actor: Actor, row: RestoreOffer) -> bool:
    """True when an offer waits for the actor's decision."""
    return row.state == OFFERED and bool(_mine(actor, [row]))


def _mine(actor: Actor, rows: list[RestoreOffer]) -> list[RestoreOffer]:
    mine = waiting_for(actor, [Paper(row.pk, row.person_id, row.arrived_at) for row in rows]) if rows else set()
    return [row for row in rows if row.pk in mine]
