"""Attachments."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Attachment(models.Model):
    """A file of one record, named by kind ("customers.customer") and id; seen by whoever sees the record's details.

    The content lies in the data folder under its digest, so that the same file is kept once.
    """

    kind = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    content_type = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    added_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    added_at = models.DateTimeField()

    stays: ClassVar[dict[str, str]] = {"added_by": "who uploaded it does not change"}

    class Meta:
        indexes = [
            models.Index(fields=["kind", "row_id", "-id"], name="attachment_row"),
            models.Index(fields=["digest"], name="attachment_digest"),
        ]
