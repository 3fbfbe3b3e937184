"""What leaving out a stage was found to change, as it was estimated."""

from __future__ import annotations

from typing import Any

from django.db import models


def _number() -> Any:
    return models.DecimalField(max_digits=10, decimal_places=4, null=True)


class SkipEffect(models.Model):
    """What leaving out a stage changed in one outcome, as estimated on a day; stored once and never computed again.

    Of the company (department 0) or a department with those below. Ids, not foreign keys: these rows are derived.
    Without a difference too little was comparable.
    """

    as_of = models.DateField()
    department_id = models.BigIntegerField(default=0)
    process_id = models.BigIntegerField()
    stage = models.CharField(max_length=40)  # its code
    outcome = models.CharField(max_length=10)
    within_days = models.IntegerField()  # from the moment at which it was left out or entered
    skipped = models.IntegerField()
    comparable = models.IntegerField()
    difference = _number()  # a share, or days
    low = _number()
    high = _number()
    e_value = _number()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department_id", "process_id", "as_of", "stage", "outcome"], name="skip_effect_once"
            ),
        ]
        indexes = [models.Index(fields=["as_of"], name="skip_effect_day")]
