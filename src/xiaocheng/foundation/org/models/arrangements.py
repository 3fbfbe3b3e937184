"""Dated arrangements between people: standing in, lending, mentoring."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Arrangement(models.Model):
    """Something that holds between two days; without an end it holds until it is ended."""

    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


class Delegation(Arrangement):
    """A deputy stands in for a person: sees what the person sees, may what the person may, signs on behalf."""

    person = models.ForeignKey("org.Person", models.PROTECT, related_name="delegations")
    deputy = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    stays: ClassVar[dict[str, str]] = {
        "person": "it ends with the person's last day",
        "deputy": "it ends with the deputy's last day",
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("deputy")), name="delegation_to_another"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="delegation_runs_forward"
            ),
        ]


class Lending(Arrangement):
    """A person works for another department for a while: its head sees him, and his facts are credited there."""

    person = models.ForeignKey("org.Person", models.PROTECT, related_name="lendings")
    department = models.ForeignKey("org.Department", models.PROTECT, related_name="+")
    is_credited = models.BooleanField(default=True)  # False: his facts still count at home
    reason = models.CharField(max_length=200, blank=True)

    stays: ClassVar[dict[str, str]] = {"person": "it ends with the person's last day"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="lending_runs_forward"
            ),
        ]


class Mentorship(Arrangement):
    """A mentor looks after a colleague and sees the colleague's work."""

    mentor = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    mentee = models.ForeignKey("org.Person", models.PROTECT, related_name="mentorships")
    aim = models.CharField(max_length=200, blank=True)

    stays: ClassVar[dict[str, str]] = {
        "mentor": "it ends with the mentor's last day",
        "mentee": "it ends with the mentee's last day",
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(mentor=F("mentee")), name="mentor_of_another"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="mentorship_runs_forward"
            ),
        ]
