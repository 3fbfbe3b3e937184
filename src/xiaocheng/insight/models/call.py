"""What people themselves say will be won in a month."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.money import money_field
from xiaocheng.foundation.kernel.scope import Scope, ScopedModel

LONGEST_NOTE = 500


class ForecastCall(ScopedModel):
    """One number for one month, never changed: of the company (all null), a department, a person, whom one leads.

    Whoever sees all that it is about sees it: the person and those above him, who heads the department, everybody who
    sees the whole company.
    """

    department = models.ForeignKey("org.Department", models.PROTECT, null=True, related_name="+", db_index=False)
    person = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    led_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    month = models.DateField(_("月份"))  # its first day
    amount = money_field()
    note = models.CharField(_("说明"), max_length=LONGEST_NOTE, blank=True)
    author = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    given_at = models.DateTimeField()

    scope: ClassVar[Scope] = Scope(people=("person", "led_by"), departments=("department",))
    stays: ClassVar[dict[str, str]] = {
        "person": "history: for whom it was said",
        "led_by": "history: for whose people it was said",
        "author": "history: who said it",
    }

    class Meta(ScopedModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(department=None, person=None)
                | Q(department=None, led_by=None)
                | Q(person=None, led_by=None),
                name="forecast_call_of_one",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="forecast_call_amount"),
        ]
        indexes = [
            models.Index(fields=["month", "-id"], name="forecast_call_month"),
            models.Index(fields=["person", "month"], name="forecast_call_person"),
        ]
