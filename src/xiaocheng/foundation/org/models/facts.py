"""What every fact of the house carries."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel


class Fact(ScopedModel):
    """Something that happened: it stays for ever with the person and the department credited at that time.

    `booked_on` is the day in whose period it counts: the day it happened, or the day of recording if that was closed.
    """

    credit_person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    credit_department = models.ForeignKey("org.Department", models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    booked_on = models.DateField()

    scope: ClassVar[Scope] = Scope(people=("credit_person",), departments=("credit_department",))
    stays: ClassVar[dict[str, str]] = {"credit_person": "a fact belongs for ever to whom it was credited"}

    class Meta(ScopedModel.Meta):
        abstract = True
