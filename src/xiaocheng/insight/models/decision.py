"""What was decided about a customer: to court it, to keep it, to drop it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel
from xiaocheng.insight.suggesting import COURT, DROP, KEEP

VERDICTS = {
    COURT: pgettext_lazy("customer", "争取"),
    KEEP: pgettext_lazy("customer", "维持"),
    DROP: pgettext_lazy("customer", "放弃"),
}
LONGEST_REASON = 500


class Decision(ScopedModel):
    """One decision, never changed; the newest of a customer holds. What the customer was then stands beside it."""

    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+", db_index=False)
    verdict = models.CharField(_("取舍"), max_length=5, choices=list(VERDICTS.items()))
    reason = models.CharField(_("原因"), max_length=LONGEST_REASON, blank=True)
    review_on = models.DateField(_("复核日期"))
    decided_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField()
    klass = models.CharField(max_length=6, blank=True)
    loyalty = models.CharField(max_length=6, blank=True)
    potential = models.CharField(max_length=6, blank=True)

    scope: ClassVar[Scope] = Scope(people=("customer__owner",))
    stays: ClassVar[dict[str, str]] = {"decided_by": "history: who decided"}

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["customer", "-id"], name="decision_of_customer")]
