"""The company's work calendar and duty roster."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xiaocheng.foundation.kernel.versions import Versioned


class CalendarDay(models.Model):
    """A day that the company decided upon itself; it wins over the table of public holidays."""

    day = models.DateField(unique=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=60, blank=True)


class DutySite(Versioned):
    """A showroom or hotline where somebody is on duty."""

    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=[("site", "site"), ("hotline", "hotline")], default="site")
    department = models.ForeignKey("org.Department", models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class DutyShift(models.Model):
    """A person is on duty at a site on a day; customers are given by turn in the order of `position`."""

    site = models.ForeignKey(DutySite, models.CASCADE, related_name="shifts")
    day = models.DateField()
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    stays: ClassVar[dict[str, str]] = {"person": "coming shifts of somebody who leaves are struck from the roster"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "day", "person"], name="duty_person_once"),
            models.UniqueConstraint(fields=["site", "day", "position"], name="duty_position_once"),
        ]
        indexes = [models.Index(fields=["person", "day"], name="duty_person")]
