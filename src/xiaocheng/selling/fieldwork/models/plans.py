"""The visit plan of a person and day, and its lines."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel


class PlanState(models.TextChoices):
    """Where a plan stands between rep and supervisor."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待签核")
    SIGNED = "signed", _("已签核")
    RETURNED = "returned", _("已退回")


class Purpose(models.TextChoices):
    """What a visit is for."""

    DEVELOP = "develop", _("开发新客户")
    SURVEY = "survey", _("市场调研")
    COLLECT = "collect", _("收款")
    SERVICE = "service", _("服务")
    COMPLAINT = "complaint", _("客诉处理")
    ORDER = "order", _("订货")
    OTHER = "other", _("其他")


class LineOutcome(models.TextChoices):
    """What became of a planned line."""

    PLANNED = "planned", _("未开始")
    DONE = "done", _("已完成")
    MOVED = "moved", _("改期")
    NOT_DONE = "not_done", _("未完成")


class VisitPlan(ScopedModel):
    """What a person means to do on one day; `version` rises with every change, so a signature names what it saw.

    A plan above which nobody stands counts as signed at its submission, without a name.
    """

    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    department = models.ForeignKey("org.Department", models.PROTECT, related_name="+")
    day = models.DateField()
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField(null=True, blank=True)  # the first time: lateness and measures go by it
    sent_at = models.DateTimeField(null=True, blank=True)  # the last time: the supervisor's waiting goes by it
    late_minutes = models.PositiveIntegerField(default=0)
    decided_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    instruction = models.TextField(blank=True)
    changed_after_signing = models.BooleanField(default=False)
    went_unsigned = models.BooleanField(default=False)

    scope: ClassVar[Scope] = Scope(people=("person",), departments=("department",))
    stays: ClassVar[dict[str, str]] = {
        "person": "a plan says what this person meant to do; a successor makes his own",
        "decided_by": "a signature stays with whoever signed",
    }

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="plan_once_a_day")]
        indexes = [
            models.Index(fields=["day", "person"], name="plan_day"),
            models.Index(fields=["state", "day"], condition=Q(state="submitted"), name="plan_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"

    @property
    def needed_no_signature(self) -> bool:
        """True when nobody stood above the person at submission."""
        return self.state == PlanState.SIGNED and self.decided_by_id is None


class PlanLine(ScopedModel):
    """One intended visit: a customer, or an area to canvass; what was signed stays known when it is changed."""

    plan = models.ForeignKey(VisitPlan, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, blank=True, related_name="+")
    opportunity = models.ForeignKey("pipeline.Opportunity", models.PROTECT, null=True, blank=True, related_name="+")
    area = models.CharField(_("区域"), max_length=80, blank=True)
    starts_at = models.TimeField(_("开始时间"), null=True, blank=True)
    ends_at = models.TimeField(_("结束时间"), null=True, blank=True)
    purpose = models.CharField(_("目的"), max_length=10, choices=Purpose.choices)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    why = models.CharField(_("列入原因"), max_length=300, blank=True)  # for which it was proposed; by hand empty
    outcome = models.CharField(max_length=10, choices=LineOutcome.choices, default=LineOutcome.PLANNED)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    moved_to = models.DateField(_("改到"), null=True, blank=True)
    is_signed = models.BooleanField(default=False)  # as part of the plan that was signed
    former = models.JSONField(default=dict, blank=True)  # of what changed since, how it stood when it was signed

    scope: ClassVar[Scope] = Scope(people=("plan__person",), departments=("plan__department",))

    class Meta(ScopedModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(customer__isnull=False) | ~Q(area=""), name="plan_line_goes_somewhere"),
            models.CheckConstraint(
                condition=~Q(outcome="moved") | Q(moved_to__isnull=False), name="plan_line_moved_to_a_day"
            ),
        ]
        indexes = [models.Index(fields=["plan", "position"], name="plan_line_order")]

    def overlaps(self, other: PlanLine) -> bool:
        """True of two windows with a common time; an open one, or a visit put off, is in nobody's way."""
        gone = (LineOutcome.MOVED, LineOutcome.NOT_DONE)
        if self.outcome in gone or other.outcome in gone:
            return False
        if not (self.starts_at and self.ends_at and other.starts_at and other.ends_at):
            return False
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at
