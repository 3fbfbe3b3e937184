"""Customers that are likely one and the same, as a list to work through."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.scope import Scope, ScopedModel

from .customers import Customer


def sees_both(actor: Actor) -> Q:
    """Who decides about both customers; one that was merged or erased is in no pair."""
    rows = Customer.objects.visible_to(actor.in_own_right())
    return Q(Exists(rows.filter(pk=OuterRef("first_id")))) & Q(Exists(rows.filter(pk=OuterRef("second_id"))))


class DuplicatePair(ScopedModel):
    """Two customers with the same key of a name or a phone; `first_id` is the one registered earlier.

    Neither id is a foreign key: of two that are merged one has no row, and is back if that is undone.
    """

    first_id = models.BigIntegerField()
    second_id = models.BigIntegerField()
    by_name = models.BooleanField()
    by_phone = models.BooleanField()
    found_at = models.DateTimeField()
    told_apart_at = models.DateTimeField(null=True)  # somebody said that they are not the same
    told_apart_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)

    scope: ClassVar[Scope] = Scope(also=sees_both)
    stays: ClassVar[dict[str, str]] = {"told_apart_by": "who said so does not change"}

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["first_id", "second_id"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first_id__lt=F("second_id")), name="duplicate_pair_in_order"),
        ]
