"""The taps of the clock at the beginning and end of a day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel

from .places import Placed, PlaceVerdict


class Tap(models.TextChoices):
    """Which of the two taps of a day."""

    IN = "in", _("上班打卡")
    OUT = "out", _("下班打卡")


class Clocking(ScopedModel, Placed):
    """When somebody clocked in (the first time) or out (the last time) on a day, by the company's clock."""

    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    department = models.ForeignKey("org.Department", models.PROTECT, related_name="+")
    day = models.DateField()
    tap = models.CharField(max_length=3, choices=Tap.choices)
    at = models.DateTimeField()
    verdict = models.CharField(max_length=12, choices=PlaceVerdict.choices, blank=True)  # empty: no place was kept

    scope: ClassVar[Scope] = Scope(people=("person",), departments=("department",))
    stays: ClassVar[dict[str, str]] = {"person": "nobody attends for another"}

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "day", "tap"], name="clocked_once_a_day")]
        indexes = [
            models.Index(fields=["day", "person"], name="clocking_day"),
            models.Index(fields=["at"], name="clocking_place_age", condition=Q(latitude__isnull=False)),
        ]
