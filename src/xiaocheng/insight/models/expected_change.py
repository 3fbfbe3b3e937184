"""What lets more or fewer opportunities come in than usual: campaigns, fairs, holidays."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.versions import Versioned

LEAST_CHANGE, MOST_CHANGE = -90, 300  # percent


class ExpectedChange(Versioned):
    """On these days so many percent more or fewer opportunities come in, in the company or a department and below."""

    name = models.CharField(_("活动或假期"), max_length=60)
    first, last = models.DateField(_("从")), models.DateField(_("到"))
    percent = models.SmallIntegerField(_("新商机增减(%)"))
    department = models.ForeignKey(
        "org.Department", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    author = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)

    stays: ClassVar[dict[str, str]] = {"author": "history: who entered it"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=models.F("last")), name="expected_change_days"),
            models.CheckConstraint(
                condition=Q(percent__gte=LEAST_CHANGE, percent__lte=MOST_CHANGE), name="expected_change_percent"
            ),
        ]
        indexes = [models.Index(fields=["last"], name="expected_change_last")]
