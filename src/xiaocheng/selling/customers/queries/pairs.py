"""Likely duplicates as a list to work through, each pair side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.selling.customers.access import MERGE
from xiaocheng.selling.customers.models import Customer, DuplicatePair

from .customers import customer


@dataclass(frozen=True)
class Beside:
    """Two customers that are likely the same, beside each other."""

    pair: DuplicatePair
    first: Customer
    second: Customer


def duplicate_pairs(actor: Actor, *, told_apart: bool = False) -> QuerySet[Any]:
    """The pairs of which the actor may decide about both, with their names; the latest first."""
    actor.require(MERGE)
    rows: QuerySet[Any] = DuplicatePair.objects.visible_to(actor)
    names = Customer.objects.visible_to(actor).filter(erased_at=None)
    for side in ("first", "second"):
        one = names.filter(pk=OuterRef(f"{side}_id"))
        rows = rows.annotate(
            **{f"{side}_name": Subquery(one.values("name")), f"{side}_owner": Subquery(one.values("owner__name"))}
        )
    rows = rows.filter(first_name__isnull=False, second_name__isnull=False)  # of two that were merged one is gone
    return rows.filter(told_apart_at__isnull=not told_apart).select_related("told_apart_by").order_by("-pk")


def duplicate_pair(actor: Actor, pair_id: int) -> Beside:
    """One pair."""
    actor.require(MERGE)
    row: DuplicatePair = DuplicatePair.objects.one(actor, pair_id, "told_apart_by")
    return Beside(row, customer(actor, row.first_id), customer(actor, row.second_id))
