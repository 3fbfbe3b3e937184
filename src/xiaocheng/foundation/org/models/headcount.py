"""How many people a department should have."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class HeadcountPlan(models.Model):
    """The number of posts of one role that a department is allowed; compared with the people it has."""

    department = models.ForeignKey("org.Department", models.CASCADE, related_name="headcount")
    role = models.ForeignKey("org.Role", models.PROTECT, related_name="+")
    planned = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "role"], name="headcount_once"),
            models.CheckConstraint(condition=Q(planned__gte=0), name="headcount_not_negative"),
        ]
