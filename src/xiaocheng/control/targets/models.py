"""What a person shall reach in a month, of one measure."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from xiaocheng.foundation.kernel.money import money_field
from xiaocheng.foundation.kernel.scope import Scope, ScopedModel
from xiaocheng.foundation.kernel.versions import Versioned


class Target(ScopedModel, Versioned):
    """One person's target of one measure in one month, which its first day stands for."""

    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    measure = models.CharField(max_length=40)
    month = models.DateField()
    value = money_field()
    basis = models.CharField(max_length=200, blank=True)

    scope: ClassVar[Scope] = Scope(people=("person",))
    stays: ClassVar[dict[str, str]] = {"person": "what was reached is his, and so is what was to be reached"}

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["person", "month", "measure"], name="target_once"),
            models.CheckConstraint(condition=Q(value__gt=0), name="target_is_something"),
        ]
        indexes = [models.Index(fields=["month", "person"], name="target_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.measure}"
