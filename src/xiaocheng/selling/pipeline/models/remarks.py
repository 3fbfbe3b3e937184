"""What people who work with a process remark on it, who agrees, and what was decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.fields.tables import OptionField
from xiaocheng.foundation.kernel.rows import Row
from xiaocheng.foundation.kernel.search import SearchIndex
from xiaocheng.foundation.kernel.versions import Versioned

LONGEST_REMARK, LONGEST_STEP, LONGEST_REASON = 1_000, 200, 500
WAITING, TAKEN_UP, LATER, DECLINED = "open", "taken_up", "later", "declined"
WITHDRAWN = "withdrawn"  # by its author, before anything was decided
REMARK_STATES = {
    WAITING: pgettext_lazy("remark", "待决定"),
    TAKEN_UP: pgettext_lazy("remark", "采纳"),
    LATER: pgettext_lazy("remark", "暂缓"),
    DECLINED: pgettext_lazy("remark", "不采纳"),
    WITHDRAWN: pgettext_lazy("remark", "已撤回"),
}
DECISIONS = (TAKEN_UP, LATER, DECLINED)
remark_index = SearchIndex("pipeline_remark_search")


class ProcessRemark(Versioned):
    """What somebody remarks on a stage or one of its steps; the deal behind it shows to whoever sees that deal.

    `version` is the edition in which a remark that was taken up is realised; `realised_at` when that came into use.
    """

    stage = models.ForeignKey("pipeline.Stage", models.PROTECT, related_name="+", db_index=False)
    step = models.CharField(_("步骤"), max_length=LONGEST_STEP, blank=True)  # as it read then; empty: the whole stage
    kind = OptionField(_("类别"), "pipeline.remark_kind", pgettext_lazy("several", "流程意见"))
    text = models.CharField(_("意见"), max_length=LONGEST_REMARK)
    opportunity = models.ForeignKey(
        "pipeline.Opportunity", models.CASCADE, null=True, blank=True, related_name="remarks", db_index=False
    )
    author = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=list(REMARK_STATES.items()), default=WAITING)
    reason = models.CharField(_("理由"), max_length=LONGEST_REASON, blank=True)
    decided_by = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    until = models.DateField(_("到哪天再看"), null=True, blank=True)
    version = models.ForeignKey(
        "pipeline.ProcessVersion", models.SET_NULL, null=True, blank=True, related_name="remarks", db_index=False
    )
    realised_at = models.DateTimeField(null=True, blank=True)

    @property
    def was_never_decided(self) -> bool:
        """True until the first decision: one that was put off and waits again was decided about already."""
        return self.state == WAITING and self.decided_at is None

    stays: ClassVar[dict[str, str]] = {
        "author": "history: who wrote it",
        "decided_by": "history: who decided",
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[WAITING, WITHDRAWN]) | Q(decided_at__isnull=False),
                name="remark_decided_has_time",
            ),
            models.CheckConstraint(condition=~Q(state=LATER) | Q(until__isnull=False), name="remark_later_has_day"),
        ]
        indexes = [
            models.Index(fields=["stage", "state"], name="remark_stage"),
            models.Index(fields=["state", "-id"], name="remark_state"),
            models.Index(fields=["author", "-id"], name="remark_author"),
            models.Index(fields=["version"], name="remark_version", condition=Q(version__isnull=False)),
            models.Index(fields=["opportunity"], name="remark_deal", condition=Q(opportunity__isnull=False)),
        ]


class RemarkSupport(Row):
    """A colleague says the same."""

    remark = models.ForeignKey(ProcessRemark, models.CASCADE, related_name="supports", db_index=False)
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    stays: ClassVar[dict[str, str]] = {"person": "history: who said the same"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["remark", "person"], name="remark_supported_once")]
        indexes = [models.Index(fields=["person"], name="remark_supporter")]
