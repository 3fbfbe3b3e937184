"""What becomes of disputes when the customer, or the claimant, goes: called by the command that brings it about."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import forget, record
from xiaocheng.selling.customers.events import DisputeMoot
from xiaocheng.selling.customers.models import Customer, Dispute, DisputeNote
from xiaocheng.selling.customers.models.disputes import MOOT, OPEN

KIND = "customers.dispute"
PART = "a dispute goes where its customer and its claimant go"


def follow_owner(actor: Actor, rows: Sequence[Customer], owner_id: int | None) -> None:
    """Whoever gets customers is the other party now; if it is the claimant himself, there is nothing left to decide."""
    ids = [row.pk for row in rows if row.in_dispute]
    if ids:
        pending = _open().filter(customer__in=ids)
        end_moot(actor, pending.filter(claimant_id=owner_id or 0))
        pending.exclude(claimant_id=owner_id or 0).update(holder_id=owner_id)


def drop_claims(actor: Actor, person_id: int) -> tuple[int, ...]:
    """What somebody who left had claimed is claimed no longer; gives the ids."""
    return end_moot(actor, _open().filter(claimant_id=person_id))


def end_moot(actor: Actor, disputes: QuerySet[Dispute]) -> tuple[int, ...]:
    """End open disputes that have lost their meaning; gives the ids."""
    found = list(disputes.values_list("pk", "customer"))
    ids = tuple(pk for pk, _customer in found)
    if found:
        _open().filter(pk__in=ids).update(state=MOOT, ended_at=clock.now())
        free(actor, [customer for _pk, customer in found])
        record(actor, *(DisputeMoot(customer_id=customer, dispute_id=pk) for pk, customer in found))
    return ids


def free(actor: Actor, customer_ids: Sequence[int]) -> None:
    """Customers about which nothing is to be decided any more."""
    Customer.objects.beyond_sight(because=PART).filter(pk__in=customer_ids).update(in_dispute=False)


def forget_disputes(actor: Actor, customer_id: int) -> None:
    """Nothing that was written about an erased customer is left; that there was a dispute, and how it ended, stays."""
    theirs = Dispute.objects.beyond_sight(because=PART).filter(customer=customer_id)
    end_moot(actor, theirs.filter(state=OPEN))
    theirs.update(reasons="", verdict="")
    ids = list(theirs.values_list("pk", flat=True))
    DisputeNote.objects.filter(dispute__in=ids).update(text="")
    forget(KIND, ids)


def _open() -> QuerySet[Dispute]:
    rows: QuerySet[Dispute] = Dispute.objects.beyond_sight(because=PART).filter(state=OPEN)
    return rows
