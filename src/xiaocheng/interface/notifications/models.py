"""Notes to people about what happened, and how far the journal has been read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel


class Notification(ScopedModel):
    """One person is told of one journal entry; the sentence is put together in the reader's language."""

    person = models.ForeignKey("org.Person", models.CASCADE, related_name="+", db_index=False)
    entry_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)  # of the event
    data = models.JSONField(default=dict)
    about_kind = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    scope: ClassVar[Scope] = Scope(people=("person",))
    stays: ClassVar[dict[str, str]] = {"person": "a note was for whom it was for"}

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "entry_id"], name="told_once")]
        indexes = [
            models.Index(fields=["person", "-id"], name="told_person"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="told_unread"),
        ]


class Cursor(models.Model):
    """Journal entries up to this one are done with."""

    name = models.CharField(max_length=40, primary_key=True)
    entry_id = models.BigIntegerField(default=0)
