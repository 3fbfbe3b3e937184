"""Which customers were one and the same: where the one that is gone went, and what it takes to bring it back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel

from .customers import Customer


class CustomerMerge(ScopedModel):
    """A customer that went into another one; its number leads there as long as that is not undone.

    Neither id is a foreign key: the merged customer has no row, the survivor may later go into a third one itself.
    """

    survivor_id = models.BigIntegerField()
    merged_id = models.BigIntegerField()
    merged_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    row = models.JSONField(default=dict)  # all columns of the merged customer
    changed = models.JSONField(default=dict)  # columns of the survivor: [before, after]
    moved = models.JSONField(default=dict)  # ids of the rows that went to the survivor, by table
    left = models.JSONField(default=list)  # groups in which the survivor was already: they went with the row
    counted = models.JSONField(default=list)  # measures taken back: [key, person, department, day, taken back on]
    corrections = models.JSONField(default=list)  # facts of closed periods: [key, person, department, day, value]

    scope: ClassVar[Scope] = Scope(
        also=lambda actor: Q(survivor_id__in=Customer.objects.visible_to(actor.in_own_right()).values("pk"))
    )
    stays: ClassVar[dict[str, str]] = {"by": "who merged does not change", "undone_by": "who undid does not change"}

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merged_id"], condition=Q(undone_at__isnull=True), name="merged_once"),
        ]
        indexes = [models.Index(fields=["survivor_id", "-id"], name="merge_survivor")]
