"""A review of one process over a period: the figures of that time, what was found, what is to change."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.kernel.rows import Row
from xiaocheng.foundation.kernel.scope import Scope, ScopedModel
from xiaocheng.foundation.kernel.versions import Versioned

IN_WORK, FINISHED = "draft", "finished"
REVIEW_STATES = {IN_WORK: pgettext_lazy("review", "草稿"), FINISHED: pgettext_lazy("review", "已完成")}
LONGEST_TEXT, LONGEST_ACTION = 4_000, 200


class ProcessReview(ScopedModel, Versioned):
    """What whoever keeps the process, or heads a department, found when looking back; finished it never changes.

    `figures` are as the reviewer saw them at `taken_at`; `departments` and `people` say whose they are (null: all).
    """

    process = models.ForeignKey("pipeline.Process", models.PROTECT, related_name="+", db_index=False)
    first, last = models.DateField(_("从")), models.DateField(_("到"))
    reviewer = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    basis = models.CharField(max_length=10)
    departments: Any = models.JSONField(null=True, blank=True)
    people: Any = models.JSONField(null=True, blank=True)
    figures: Any = models.JSONField(default=dict)
    taken_at = models.DateTimeField()

    findings = models.CharField(_("发现的问题"), max_length=LONGEST_TEXT, blank=True)
    works = models.CharField(_("有效的做法"), max_length=LONGEST_TEXT, blank=True)
    changes = models.CharField(_("要改变的"), max_length=LONGEST_TEXT, blank=True)
    next_on = models.DateField(_("下次复盘"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=list(REVIEW_STATES.items()), default=IN_WORK)
    finished_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    scope: ClassVar[Scope] = Scope(people=("reviewer",))
    stays: ClassVar[dict[str, str]] = {"reviewer": "history: whose review it was"}

    class Meta(ScopedModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=models.F("last")), name="process_review_days"),
            models.CheckConstraint(
                condition=Q(state=IN_WORK) | Q(finished_at__isnull=False), name="process_review_finished_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["reviewer", "-id"], name="process_review_reviewer"),
            models.Index(
                fields=["next_on"], name="process_review_next", condition=Q(next_on__isnull=False, reminded_at=None)
            ),
        ]


class ReviewAction(Row):
    """What somebody is to do after a review, by a day; a to-do once the review is finished."""

    review = models.ForeignKey(ProcessReview, models.CASCADE, related_name="actions")
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    due_on = models.DateField(_("截止日"))
    text = models.CharField(_("要做什么"), max_length=LONGEST_ACTION)

    stays: ClassVar[dict[str, str]] = {"person": "what was agreed then; the to-do itself is handed on"}


class ReviewAddendum(Row):
    """What was added to a finished review."""

    review = models.ForeignKey(ProcessReview, models.CASCADE, related_name="addenda")
    author = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    text = models.CharField(_("补充"), max_length=LONGEST_TEXT)

    stays: ClassVar[dict[str, str]] = {"author": "history: who wrote it"}
