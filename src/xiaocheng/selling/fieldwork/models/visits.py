"""Visits, calls, messages and demonstrations: one family of contacts."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.versions import Versioned
from xiaocheng.foundation.org.models.facts import Fact

from .plans import Purpose


class Kind(models.TextChoices):
    """How the customer was contacted."""

    VISIT = "visit", _("上门拜访")
    CALL = "call", _("电话")
    MESSAGE = "message", _("消息")
    DEMO = "demo", _("演示")
    OTHER = "other", _("其他")


class Outcome(models.TextChoices):
    """Whom one met."""

    MET_DECIDER = "met_decider", _("见到决策人")
    MET_OTHER = "met_other", _("见到其他人")
    NOT_MET = "not_met", _("没有见到")


class Result(models.TextChoices):
    """What came of it."""

    ORDER = "order", _("订货")
    RECEIPT = "receipt", _("收款")
    QUOTE = "quote", _("报价")
    NEED = "need", _("了解到需求")
    SOLVED = "solved", _("解决问题")
    NEXT_STEP = "next_step", _("约定下一步")
    NOTHING = "nothing", _("暂无进展")


class Visit(Fact, Versioned):
    """A contact with a customer (or with an area, when canvassing), credited to the person who made it.

    A visit begins at check-in and is complete once its result is recorded; other contacts are complete at once.
    """

    kind = models.CharField(_("方式"), max_length=10, choices=Kind.choices)
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, blank=True, related_name="+")
    contact = models.ForeignKey("customers.Contact", models.SET_NULL, null=True, blank=True, related_name="+")
    opportunity = models.ForeignKey("pipeline.Opportunity", models.PROTECT, null=True, blank=True, related_name="+")
    plan_line = models.OneToOneField("fieldwork.PlanLine", models.PROTECT, null=True, blank=True, related_name="visit")
    area = models.CharField(_("区域"), max_length=80, blank=True)
    purpose = models.CharField(_("目的"), max_length=10, choices=Purpose.choices, default=Purpose.OTHER)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    checked_out_at = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)  # recorded on a device without connection, by its clock
    completed_at = models.DateTimeField(null=True, blank=True)
    amended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("见到谁"), max_length=12, choices=Outcome.choices, blank=True)
    result = models.CharField(_("结果"), max_length=10, choices=Result.choices, blank=True)
    note = models.TextField(_("洽谈记录"), max_length=4000, blank=True)
    next_step = models.CharField(_("下一步"), max_length=200, blank=True)
    next_on = models.DateField(_("下一步日期"), null=True, blank=True)
    opinion = models.TextField(_("客户意见"), max_length=2000, blank=True)
    news = models.TextField(_("客户动态"), max_length=2000, blank=True)
    competitor_facts = models.TextField(_("竞争者信息"), max_length=2000, blank=True)
    problem = models.TextField(_("问题"), max_length=2000, blank=True)
    solution = models.TextField(_("解决办法"), max_length=2000, blank=True)
    is_effective = models.BooleanField(_("有效拜访"), default=False)
    is_off_plan = models.BooleanField(_("计划外"), default=False)

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["credit_person"],
                condition=Q(checked_in_at__isnull=False, checked_out_at__isnull=True),
                name="visit_one_at_a_time",
            ),
            models.CheckConstraint(condition=Q(customer__isnull=False) | ~Q(area=""), name="visit_goes_somewhere"),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | (~Q(outcome="") & ~Q(result="")), name="visit_has_a_result"
            ),
            models.CheckConstraint(
                condition=Q(checked_out_at__isnull=True) | Q(checked_out_at__gte=F("checked_in_at")),
                name="visit_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["credit_person", "-occurred_at"], name="visit_person"),
            models.Index(fields=["credit_department", "-occurred_at"], name="visit_department"),
            models.Index(fields=["customer", "-occurred_at"], name="visit_customer"),
        ]

    @property
    def is_under_way(self) -> bool:
        """True between check-in and check-out."""
        return self.checked_in_at is not None and self.checked_out_at is None

    @property
    def is_typed_later(self) -> bool:
        """True when it was typed in more than a day after it happened."""
        return self.recorded_at - self.occurred_at > dt.timedelta(days=1)

    @property
    def stay(self) -> dt.timedelta | None:
        """Time between check-in and check-out."""
        if self.checked_in_at is None or self.checked_out_at is None:
            return None
        return self.checked_out_at - self.checked_in_at
