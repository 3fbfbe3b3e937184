"""Tables of the service."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.fields.tables import OptionField
from xiaocheng.foundation.kernel.scope import Scope
from xiaocheng.foundation.kernel.versions import Versioned
from xiaocheng.foundation.org.models.facts import Fact
from xiaocheng.selling.fieldwork.states import URGENT, Severity

from .states import CLOSED, COMPLAINT, OPEN

LONGEST = 4_000


class Satisfaction(models.TextChoices):
    """What the customer thinks of how his complaint was handled."""

    VERY_GOOD = "very_good", _("非常满意")
    GOOD = "good", _("满意")
    FAIR = "fair", pgettext_lazy("satisfaction", "一般")
    BAD = "bad", _("不满意")
    VERY_BAD = "very_bad", _("非常不满意")


class Complaint(Fact, Versioned):
    """A customer's complaint, credited to whoever took it down; seen by him, the responsible and the customer's owner.

    `due_on` follows the severity unless somebody set it by hand.
    """

    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+", db_index=False)
    contact = models.ForeignKey("customers.Contact", models.SET_NULL, null=True, blank=True, related_name="+")
    visit = models.ForeignKey("fieldwork.Visit", models.PROTECT, null=True, blank=True, related_name="+")
    product = models.ForeignKey("catalogue.Product", models.PROTECT, null=True, blank=True, related_name="+")
    kind = OptionField(_("投诉类别"), "service.complaint_kind", _("客户投诉"))
    severity = models.CharField(_("严重程度"), max_length=20, choices=Severity.choices)
    description = models.TextField(_("投诉内容"), max_length=LONGEST)
    responsible = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    due_on = models.DateField(_("处理期限"))
    state = models.CharField(
        _("状态"), max_length=10, choices=[(s, COMPLAINT.names[s]) for s in (OPEN, "in_work", CLOSED)]
    )
    taken_up_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cause = models.TextField(_("原因分析"), max_length=LONGEST, blank=True)
    measures = models.TextField(_("处理措施"), max_length=LONGEST, blank=True)
    outcome = models.TextField(_("处理结果"), max_length=LONGEST, blank=True)
    satisfaction = models.CharField(_("客户满意度"), max_length=10, choices=Satisfaction.choices, blank=True)

    scope: ClassVar[Scope] = Scope(
        people=("credit_person", "responsible", "customer__owner"), departments=("credit_department",)
    )

    class Meta(Fact.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CLOSED, closed_at__isnull=False) | (~Q(state=CLOSED) & Q(closed_at=None)),
                name="complaint_closed_at",
            ),
            models.CheckConstraint(condition=~Q(state=CLOSED) | ~Q(measures=""), name="complaint_has_measures"),
        ]
        indexes = [
            models.Index(fields=["customer", "-occurred_at"], name="complaint_customer"),
            models.Index(fields=["-occurred_at", "-id"], name="complaint_newest"),
            models.Index(fields=["responsible", "due_on"], name="complaint_open", condition=~Q(state="closed")),
        ]

    def __str__(self) -> str:
        return f"TS{self.pk:06d}"

    @property
    def is_urgent(self) -> bool:
        """True when it cannot wait."""
        return self.severity in URGENT


class ComplaintClosing(Fact):
    """That a complaint was closed (+1) or taken up again (-1), credited to who was responsible then."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="closings")
    sign = models.SmallIntegerField()

    class Meta(Fact.Meta):
        constraints = [models.CheckConstraint(condition=Q(sign__in=[1, -1]), name="complaint_closing_sign")]
        indexes = [models.Index(fields=["credit_person", "booked_on"], name="complaint_closing_person")]
