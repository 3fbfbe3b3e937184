"""Where visits began and ended, for those who agreed to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel


class PlaceConsent(ScopedModel):
    """A word of a person on whether the place of check-ins is kept; the last one holds, all stay with their time."""

    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    is_given = models.BooleanField()
    at = models.DateTimeField()

    scope: ClassVar[Scope] = Scope(people=("person",))
    stays: ClassVar[dict[str, str]] = {"person": "everybody agrees or refuses for himself"}

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["person", "-id"], name="place_consent_last")]


class Moment(models.TextChoices):
    """Which of the two taps."""

    ARRIVAL = "in", _("签到")
    LEAVING = "out", _("签退")


class PlaceVerdict(models.TextChoices):
    """How a place compares with that of the customer."""

    IN_RANGE = "in_range", _("在范围内")
    OUT_OF_RANGE = "out_of_range", _("不在范围内")
    UNVERIFIABLE = "unverifiable", _("无法核实")


class Placed(models.Model):
    """Where something was done, in WGS-84, by the device that did it; emptied after its term."""

    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    accuracy = models.PositiveIntegerField(null=True, blank=True)  # metres
    distance = models.PositiveIntegerField(null=True, blank=True)  # metres from where it should be

    class Meta:
        abstract = True


class VisitPlace(ScopedModel, Placed):
    """The position of a check-in or check-out in WGS-84; after its term, the verdict alone."""

    visit = models.ForeignKey("fieldwork.Visit", models.CASCADE, related_name="places")
    moment = models.CharField(max_length=3, choices=Moment.choices)
    at = models.DateTimeField()
    verdict = models.CharField(max_length=12, choices=PlaceVerdict.choices)

    scope: ClassVar[Scope] = Scope(people=("visit__credit_person",), departments=("visit__credit_department",))

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["visit", "moment"], name="visit_place_once"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="visit_place_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="visit_place_age", condition=Q(latitude__isnull=False))]
