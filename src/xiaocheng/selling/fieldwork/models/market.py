"""What people in the field report about the market; several reports of one event are one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.scope import Scope
from xiaocheng.foundation.kernel.versions import Versioned
from xiaocheng.foundation.org.models.facts import Fact
from xiaocheng.selling.fieldwork.states import CLOSED, IN_WORK, MARKET, OPEN, URGENT, Severity

LONGEST = 4_000


class MarketKind(models.TextChoices):
    """What a report is about."""

    OPINION = "opinion", _("消费者意见")
    PROMOTION = "promotion", _("竞争者促销")
    NEW_PRODUCT = "new_product", _("竞争者新品")
    GRIEVANCE = "grievance", _("经销商抱怨")
    PERSONNEL = "personnel", _("客户人事变动")
    OTHER = "other", _("其他")


class MarketReport(Fact, Versioned):
    """Something about the market that the company should know; one that is merged is a source of another one's event.

    State and measures are those of the event; what a source says of itself matters again when it is taken out.
    """

    kind = models.CharField(_("类别"), max_length=12, choices=MarketKind.choices)
    severity = models.CharField(_("严重程度"), max_length=20, choices=Severity.choices)
    description = models.TextField(_("市场情况"), max_length=LONGEST)
    area = models.CharField(_("区域"), max_length=80, blank=True)
    competitor = models.ForeignKey("pipeline.Competitor", models.DO_NOTHING, null=True, blank=True, related_name="+")
    product = models.ForeignKey("catalogue.Product", models.PROTECT, null=True, blank=True, related_name="+")
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, blank=True, related_name="+")
    visit = models.ForeignKey("fieldwork.Visit", models.PROTECT, null=True, blank=True, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="sources")
    state = models.CharField(
        _("状态"), max_length=10, choices=[(s, MARKET.names[s]) for s in (OPEN, IN_WORK, CLOSED)], default=OPEN
    )
    taken_up_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    measures = models.TextField(_("处理措施"), max_length=LONGEST, blank=True)

    scope: ClassVar[Scope] = Scope(people=("credit_person", "customer__owner"), departments=("credit_department",))

    class Meta(Fact.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="market_not_into_itself"),
            models.CheckConstraint(condition=~Q(state=CLOSED) | ~Q(measures=""), name="market_has_measures"),
        ]
        indexes = [
            models.Index(fields=["-occurred_at", "-id"], name="market_newest", condition=Q(merged_into=None)),
        ]

    def __str__(self) -> str:
        return f"SC{self.pk:06d}"

    @property
    def is_urgent(self) -> bool:
        """True when it cannot wait."""
        return self.severity in URGENT
