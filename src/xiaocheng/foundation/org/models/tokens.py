"""API tokens."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ApiToken(models.Model):
    """A person's key to the API: only its digest is kept; it dies with the person's account."""

    person = models.ForeignKey("org.Person", models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)  # the first characters, to tell tokens apart
    created_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    stays: ClassVar[dict[str, str]] = {"person": "a disabled person's tokens are revoked, never handed on"}
