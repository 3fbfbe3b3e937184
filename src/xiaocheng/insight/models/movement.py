"""What changes the open pipeline: each change as a row, and their sums by day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.kernel.money import money_field
from xiaocheng.foundation.org.models.facts import Fact

NEW, REOPENED, UP, DOWN, HANDED, WON, LOST = "new", "reopened", "up", "down", "handed", "won", "lost"
CHANGES = {
    NEW: pgettext_lazy("what happened", "新建"),
    REOPENED: pgettext_lazy("what happened", "重新打开"),
    UP: _("金额上调"),
    DOWN: _("金额下调"),
    HANDED: _("转入转出"),
    WON: _("赢单"),
    LOST: _("输单"),
}
CLOSING = (WON, LOST)


class PipelineChange(Fact):
    """One deal more or less in the open pipeline, or the same at another amount or with somebody else.

    `worth` is what the deal was worth afterwards: the newest row of an opportunity says where it stands. A deal that
    goes to somebody else is two rows: one less there, one more here.
    """

    opportunity = models.ForeignKey(
        "pipeline.Opportunity", models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )  # an import that is undone takes the opportunity first
    kind = models.CharField(max_length=10, choices=list(CHANGES.items()))
    n = models.SmallIntegerField()
    amount = money_field()  # of the change; negative where it is less
    worth = money_field()

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["opportunity", "-id"], name="pipeline_change_deal"),
            models.Index(fields=["booked_on", "kind"], name="pipeline_change_day"),
            models.Index(fields=["credit_person", "booked_on"], name="pipeline_change_person"),
        ]


class PipelineDay(models.Model):
    """The sums of a day: by person and department, by department (person 0), of the company (both 0)."""

    person_id = models.BigIntegerField()
    department_id = models.BigIntegerField()
    day = models.IntegerField()  # 20260131
    kind = models.CharField(max_length=10)
    n = models.BigIntegerField(default=0)
    amount = models.BigIntegerField(default=0)  # ten-thousandths

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "department_id", "day", "kind"], name="pipeline_day_once"),
        ]
