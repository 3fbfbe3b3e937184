"""Forecasts as they were made, and what came in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.money import money_field

NOBODY = 0  # as a person: the run is of a department or of the company
MONTH, QUARTER, THIRTY_DAYS = "month", "quarter", "30d"
HORIZONS = {MONTH: _("本月"), QUARTER: _("本季度"), THIRTY_DAYS: _("未来 30 天")}


class ForecastRun(models.Model):
    """What was foretold at the beginning of a day for a window: of the company, a part of it, or a person.

    Stored once and never computed again; what came in is written beside it when the window has passed. Department 0 is
    the company. Ids, not foreign keys: these rows are derived and say nothing of their own.
    """

    as_of = models.DateField()
    horizon = models.CharField(max_length=10, choices=list(HORIZONS.items()))
    is_live = models.BooleanField()  # False: made later from what was known on that day
    first_on = models.DateField()
    last_on = models.DateField()
    department_id = models.BigIntegerField(default=0)
    person_id = models.BigIntegerField(default=NOBODY)
    led_by_id = models.BigIntegerField(default=NOBODY)  # the people whom this person leads, himself included
    won = money_field()  # in the window, before the day of the run
    existing = money_field()  # from deals open on that day
    new = money_field()  # from deals not yet opened
    low = money_field()
    middle = money_field()
    high = money_field()
    half = money_field()  # of the interval as drawn, before it was widened by what earlier runs missed
    quantiles = models.JSONField()  # of the total, every 5 %, as shown
    run_rate = money_field(null=True)  # the mean of former windows as long
    weighted = money_field()  # open deals by the win rate of their stages
    open_count = models.IntegerField()
    open_amount = money_field()
    came = money_field(null=True)  # in the whole window, once it has passed

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department_id", "person_id", "led_by_id", "horizon", "as_of"], name="forecast_run_once"
            ),
            models.CheckConstraint(
                condition=Q(department_id=0, person_id=NOBODY)
                | Q(department_id=0, led_by_id=NOBODY)
                | Q(person_id=NOBODY, led_by_id=NOBODY),
                name="forecast_run_of_one",
            ),
        ]
        indexes = [
            models.Index(fields=["horizon", "as_of"], name="forecast_run_day"),
            models.Index(fields=["last_on"], condition=Q(came__isnull=True), name="forecast_run_unscored"),
        ]
