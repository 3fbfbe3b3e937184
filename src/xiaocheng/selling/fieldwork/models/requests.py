"""What people ask for about their attendance: leave, trips, late returns, corrections of the clock."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.tables import OptionField
from xiaocheng.foundation.kernel.scope import Scope, ScopedModel

from .attendance import Tap


class RequestKind(models.TextChoices):
    """What is asked for."""

    LEAVE = "leave", _("请假")
    TRIP = "trip", _("出差")
    LATE_RETURN = "late_return", _("晚归")
    CORRECTION = "correction", _("补卡")


class RequestState(models.TextChoices):
    """Where a request stands between a person and the supervisor."""

    SUBMITTED = "submitted", _("待审批")
    SIGNED = "signed", _("已同意")
    RETURNED = "returned", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")


class AttendanceRequest(ScopedModel):
    """Somebody asks to be away from one instant to another, to return late, or to have a tap put right.

    A correction says in `first_at` when the tap should have been. Above whom nobody stands, his request holds at once.
    """

    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    department = models.ForeignKey("org.Department", models.PROTECT, related_name="+")
    kind = models.CharField(_("申请"), max_length=12, choices=RequestKind.choices)
    leave_kind = OptionField(_("请假类别"), "fieldwork.leave_kind", _("考勤申请"), blank=True)
    tap = models.CharField(_("哪一次打卡"), max_length=3, choices=Tap.choices, blank=True)
    first_at = models.DateTimeField(_("从"))
    until_at = models.DateTimeField(_("到"))
    reason = models.CharField(_("原因"), max_length=500)
    state = models.CharField(_("状态"), max_length=10, choices=RequestState.choices, default=RequestState.SUBMITTED)
    sent_at = models.DateTimeField(_("提交时间"))
    decided_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    instruction = models.TextField(_("批示"), blank=True)

    scope: ClassVar[Scope] = Scope(people=("person",), departments=("department",))
    stays: ClassVar[dict[str, str]] = {
        "person": "nobody is away for another",
        "decided_by": "a signature stays with whoever signed",
    }

    class Meta(ScopedModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("first_at")), name="request_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(kind="leave") | Q(leave_kind=""), name="request_leave_kind"),
            models.CheckConstraint(condition=~Q(reason=""), name="request_has_a_reason"),
        ]
        indexes = [
            models.Index(fields=["person", "until_at"], name="request_person"),
            models.Index(fields=["sent_at"], condition=Q(state="submitted"), name="request_waiting"),
        ]

    def __str__(self) -> str:
        return f"KQ{self.pk:06d}"
