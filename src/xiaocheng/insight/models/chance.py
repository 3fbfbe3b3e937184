"""How likely each open deal is won, as the night before told it, and whether that may be shown."""

from __future__ import annotations

from django.db import models


class ChanceTest(models.Model):
    """Whether deals could be told apart on a day: how chances did on past deals, whose end was not known then.

    Stored once a day and never computed again. Without figures there were too few deals to try.
    """

    as_of = models.DateField(unique=True)
    within_days = models.IntegerField()  # a chance is that of a deal that is decided within so many
    tells = models.BooleanField()  # better than the same for all: chances are shown
    won = models.IntegerField(default=0)
    lost = models.IntegerField(default=0)
    auc = models.FloatField(null=True)
    brier = models.FloatField(null=True)
    base_brier = models.FloatField(null=True)
    base = models.FloatField(null=True)  # the share won of all


class WinChance(models.Model):
    """How likely an open deal is won, told last night from where it stood then: made anew every night.

    `reasons` are (what, how) that raise it and that lower it, the strongest first. An id, not a foreign key: derived.
    """

    opportunity_id = models.BigIntegerField(primary_key=True)
    span_seq = models.IntegerField()  # once it has moved on, this is no longer about it
    chance = models.FloatField()
    is_slow = models.BooleanField()  # longer in its stage than three quarters of the others
    reasons = models.JSONField()  # {"up": [["amount", "small"]], "down": []}
