"""Disputes about whose a customer is: one's own, those to decide, those decided."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.selling.customers import disputing
from xiaocheng.selling.customers.disputing import disputable, signer_of, signers_of
from xiaocheng.selling.customers.models import Customer, Dispute, DisputeNote, OwnershipEpisode
from xiaocheng.selling.customers.models.disputes import OPEN

DISPUTE_VIEWS = {"mine": _("与我有关"), "waiting": _("待我裁决"), "open": _("待裁决"), "decided": _("已结束")}
CLAIMED = "whose it was before is what a dispute is about; the claimant had it, or sees it"


def disputes(actor: Actor, view: str = "all") -> QuerySet[Dispute]:
    """The disputes whose parties the actor sees, the latest first: his own, the open ones, those that have ended."""
    rows: QuerySet[Dispute] = Dispute.objects.visible_to(actor)
    if view == "waiting":
        return disputes(actor, "open").filter(pk__in=[row.pk for row in waiting_disputes(actor)])
    me = actor.person_id or 0
    chosen = {
        "mine": Q(claimant=me) | Q(holder=me) | Q(decided_by=me),
        "open": Q(state=OPEN),
        "decided": ~Q(state=OPEN),
    }.get(view, Q())
    return rows.filter(chosen).select_related("customer", "claimant", "holder", "decided_by").order_by("-pk")


def dispute(actor: Actor, dispute_id: int) -> Dispute:
    """One dispute with its parties."""
    names = ("customer", "claimant", "holder", "decided_by", "on_behalf_of", "episode__person", "episode__pool")
    row: Dispute = Dispute.objects.one(actor, dispute_id, *names)
    return row


def dispute_notes(actor: Actor, row: Dispute) -> list[DisputeNote]:
    """What was written about a dispute that the actor was shown, oldest first."""
    return list(DisputeNote.objects.filter(dispute=row).select_related("person").order_by("pk"))


def disputes_of(actor: Actor, customer_id: int) -> list[Dispute]:
    """The disputes about one customer that the actor sees, the latest first."""
    return list(disputes(actor).filter(customer=customer_id))


def waiting_disputes(actor: Actor) -> list[Dispute]:
    """The disputes that wait for the actor's verdict, the oldest first."""
    rows = list(disputes(actor, "open").order_by("pk"))
    signers = signers_of(rows)
    return [row for row in rows if actor.person_id in signers[row.pk]]


def decides_dispute(actor: Actor, row: Dispute) -> bool:
    """True when a dispute waits for the actor's verdict."""
    return row.is_open and signer_of(actor, row)[0]


def dispute_deciders(actor: Actor, row: Dispute) -> list[int]:
    """Who may decide a dispute that the actor was shown."""
    return list(disputing.deciders(row.claimant_id, row.holder_id, row.opened_at))


def deciders(actor: Actor, claimant_id: int, holder_id: int | None) -> list[int]:
    """Who decides about a customer that one colleague says to be his, and another (None: nobody) has."""
    return list(disputing.deciders(claimant_id, holder_id))


def claimable_as_own(actor: Actor, text: str = "", ids: Sequence[int] = ()) -> QuerySet[Customer]:
    """The customers that the actor may say to be his, whosever they are now, found by part of the name."""
    rows = disputable(actor).exclude(owner_id=actor.person_id or 0)
    if ids:
        return rows.filter(pk__in=ids)
    return rows.filter(name__icontains=text.strip()).order_by("-pk")


def disputed_stretches(actor: Actor, customer_id: int) -> list[OwnershipEpisode]:
    """The stretches of responsibility for such a customer that were not the actor's own, the latest first."""
    found = claimable_as_own(actor, ids=[customer_id]).values("pk")
    rows = OwnershipEpisode.objects.beyond_sight(because=CLAIMED).filter(customer__in=found)
    own = Q(person_id=actor.person_id or 0)
    return list(rows.exclude(own).select_related("person", "pool").order_by("-pk")[:20])
