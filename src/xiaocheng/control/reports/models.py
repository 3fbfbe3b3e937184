"""The daily report of a person and day, and every edition of it that was handed in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel
from xiaocheng.foundation.kernel.versions import Versioned


class ReportState(models.TextChoices):
    """Where a report stands between rep and supervisor."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待批阅")
    SIGNED = "signed", _("已批阅")
    RETURNED = "returned", _("已退回")


class Texts(models.Model):
    """What the rep adds to the figures: words only."""

    judgement = models.TextField(_("今日判断"), max_length=4000, blank=True)
    learnt = models.TextField(_("今日心得"), max_length=4000, blank=True)
    tomorrow = models.TextField(_("明日打算"), max_length=4000, blank=True)

    class Meta:
        abstract = True


class DailyReport(ScopedModel, Texts, Versioned):
    """One person's report of one day; the texts are the ones being worked on, `edition` the last one handed in.

    A report above which nobody stands counts as signed at its submission, without a name.
    """

    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    department = models.ForeignKey("org.Department", models.PROTECT, related_name="+")
    day = models.DateField()
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    edition = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)  # the first time: lateness and measures go by it
    sent_at = models.DateTimeField(null=True, blank=True)  # the last time: the supervisor's waiting goes by it
    late_minutes = models.PositiveIntegerField(default=0)
    decided_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    instruction = models.TextField(blank=True)

    scope: ClassVar[Scope] = Scope(people=("person",), departments=("department",))
    stays: ClassVar[dict[str, str]] = {
        "person": "a report stays with whoever wrote it",
        "decided_by": "a signature stays with whoever signed",
    }

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="report_once_a_day")]
        indexes = [
            models.Index(fields=["day", "person"], name="report_day"),
            models.Index(fields=["state", "day"], condition=Q(state="submitted"), name="report_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"

    @property
    def is_locked(self) -> bool:
        """True when it is signed: only a revision changes it."""
        return self.state == ReportState.SIGNED


class ReportEdition(ScopedModel, Texts):
    """A report as it was handed in: texts and figures frozen at that moment, never changed."""

    report = models.ForeignKey(DailyReport, models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    as_of = models.DateTimeField()
    figures = models.JSONField()  # measure key -> value as text
    attendance = models.JSONField(null=True, blank=True)  # of the day; None for whoever does not attend
    targets = models.JSONField(
        default=dict, blank=True
    )  # measure key -> target of the month and what was reached, as text

    scope: ClassVar[Scope] = Scope(people=("report__person",), departments=("report__department",))

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_edition_once")]
