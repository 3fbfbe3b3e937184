"""Verdicts on plans, reports and requests; alarms about what cannot wait."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    """What a supervisor says about a paper that lies before him."""

    SIGNED = "signed", _("同意")
    RETURNED = "returned", _("退回")
    COMMENTED = "commented", _("批示")


class SignOff(models.Model):
    """What somebody said about one version of a row (by kind and id); signed or returned once per version."""

    kind = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    comment = models.TextField(blank=True)
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    stays: ClassVar[dict[str, str]] = {
        "person": "a signature stays with whoever signed",
        "on_behalf_of": "a signature stays with whom it was given for",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "row_id", "version"],
                condition=Q(verdict__in=["signed", "returned"]),
                name="signoff_decided_once",
            ),
        ]
        indexes = [models.Index(fields=["kind", "row_id", "id"], name="signoff_row")]


class Alarm(models.Model):
    """That a row (by kind and id) cannot wait: how many steps of somebody's line have been told until it is taken up.

    Each step is told once: whoever climbs it does so by a conditional update.
    """

    kind = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField(default=1)
    told_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # taken up, or nobody stands higher

    stays: ClassVar[dict[str, str]] = {"person": "an alarm climbs the line of whoever raised it"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "row_id"], name="alarm_once")]
        indexes = [models.Index(fields=["kind", "told_at"], name="alarm_sounding", condition=Q(ended_at=None))]
