"""The outbox."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class OutboxMessage(models.Model):
    """An e-mail that is to leave the house once; `key` keeps the same message from being posted twice."""

    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    key = models.CharField(max_length=120, unique=True)
    posted_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # when to try next; empty once it is sent or given up
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)

    stays: ClassVar[dict[str, str]] = {"person": "a message was for whom it was for"}

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="outbox_due")]
