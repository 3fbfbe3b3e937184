"""Tables of expenses."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.tables import OptionField
from xiaocheng.foundation.kernel.money import money_field
from xiaocheng.foundation.kernel.versions import Versioned
from xiaocheng.foundation.org.models.facts import Fact


class Expense(Fact, Versioned):
    """What a person spent on a day, perhaps on a visit or for a customer; one that is cancelled counts nowhere.

    Known by its day, not by an instant. Seen by whoever spent it and by those above him, whosever the customer is.
    """

    occurred_at = None  # type: ignore[assignment]
    spent_on = models.DateField(_("日期"))
    kind = OptionField(_("费用类别"), "expenses.kind", _("费用"))
    amount = money_field(verbose_name=_("金额"))
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, blank=True, related_name="+")
    visit = models.ForeignKey("fieldwork.Visit", models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(_("备注"), max_length=1000, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(_("取消的原因"), max_length=500, blank=True)

    class Meta(Fact.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="expense_is_money_spent"),
            models.CheckConstraint(condition=Q(cancelled_at=None) | ~Q(reason=""), name="expense_cancelled_why"),
        ]
        indexes = [
            models.Index(fields=["-spent_on", "-id"], name="expense_newest"),
            models.Index(fields=["credit_person", "booked_on"], name="expense_person"),
            models.Index(fields=["booked_on"], name="expense_booked"),
        ]

    def __str__(self) -> str:
        return f"FY{self.pk:06d}"
