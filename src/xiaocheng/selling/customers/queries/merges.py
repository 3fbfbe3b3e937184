"""Which customers went into which, and what two customers or contacts differ in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.customers.merging import differing
from xiaocheng.selling.customers.models import Customer, CustomerMerge
from xiaocheng.selling.customers.rules import CustomerRules

from .details import contact_to_change, customer_to_change

LONGEST_WAY = 20  # a survivor may have gone into another one, and that into a third


def present_customer(actor: Actor, customer_id: int) -> Customer:
    """The customer of an id, or the one into which it was merged; with its owner and pool."""
    pk: int | None = customer_id
    for _step in range(LONGEST_WAY):
        try:
            row: Customer = Customer.objects.one(actor, pk or 0, "owner", "pool")
        except NotFound:
            pk = _survivor_of(pk or 0)
            if pk is None:
                raise
        else:
            return row
    raise NotFound


def _survivor_of(customer_id: int) -> int | None:
    rows = CustomerMerge.objects.beyond_sight(because="an old number leads to the customer, if that one is seen")
    return rows.filter(merged_id=customer_id, undone_at=None).values_list("survivor_id", flat=True).first()


def merges(actor: Actor) -> QuerySet[CustomerMerge]:
    """The merges whose survivor the actor sees, undone ones, too; the latest first."""
    rows: QuerySet[CustomerMerge] = CustomerMerge.objects.visible_to(actor)
    survivor = Customer.objects.visible_to(actor).filter(pk=OuterRef("survivor_id")).values("name")
    named = rows.select_related("by", "undone_by").annotate(survivor_name=Subquery(survivor))
    return named.defer("row").order_by("-pk")


def merge_of(actor: Actor, merge_id: int) -> CustomerMerge:
    """One merge."""
    row = merges(actor).filter(pk=merge_id).first()
    if row is None:
        raise NotFound
    return row


@dataclass(frozen=True)
class Pair:
    """Two rows that may be merged; `differing` are the fields of which one value must be chosen."""

    kept: Any
    gone: Any
    differing: tuple[str, ...]
    undo_days: int = 0  # 0: for good

    @property
    def versions(self) -> tuple[int, int]:
        """The versions that are looked at."""
        return self.kept.edit_version, self.gone.edit_version

    def values(self, name: str) -> Mapping[str, object]:
        """The two values of a field."""
        return {"kept": getattr(self.kept, name), "gone": getattr(self.gone, name)}


def pair(actor: Actor, survivor_id: int, merged_id: int) -> Pair:
    """Two customers beside each other, before they are merged."""
    kept, gone = (customer_to_change(actor, pk) for pk in (survivor_id, merged_id))
    return Pair(kept, gone, tuple(differing(kept, gone)), rules(CustomerRules, clock.today()).merge_undo_days)


def contact_pair(actor: Actor, survivor_id: int, merged_id: int) -> Pair:
    """Two contacts of a customer beside each other, before they are merged."""
    kept, gone = (contact_to_change(actor, pk) for pk in (survivor_id, merged_id))
    if kept.customer_id != gone.customer_id:
        raise NotFound
    return Pair(kept, gone, tuple(differing(kept, gone)))
