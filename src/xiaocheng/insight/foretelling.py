"""Forecasts are made in the night: scored, foretold anew, and once tested against the year that has passed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from .models import ForecastRun
from .models.forecast import HORIZONS, THIRTY_DAYS

MONDAY = 0


def make_forecasts(today: dt.date) -> int:
    """Store what is foretold at the beginning of a day, once; gives the number of runs.

    People have runs of their own on Mondays. Where nothing was ever foretold, the last year is foretold from what was
    known then, so that the first forecast already says how good its like would have been.
    """
    from .forecasting import history, running  # numpy is loaded by whoever foretells

    known = history.read()
    if known is None:
        return 0
    everybody = running.scopes(known)
    teams = [scope for scope in everybody if not scope.person_id]
    _store_scores(running.score(known, everybody, today))
    if known.is_whole and not ForecastRun.objects.exists():
        for day in running.back_days(known, today):
            _store(running.foretell(known, teams, day, [THIRTY_DAYS], is_live=False))
            _store_scores(running.score(known, everybody, today))
    if not running.known(known.deals, known.day(today)).is_enough:
        return 0
    if ForecastRun.objects.filter(as_of=today, is_live=True).exists():
        return 0
    of = everybody if today.weekday() == MONDAY else teams
    made = running.foretell(known, of, today, HORIZONS, is_live=True)
    _store(made)
    return len(made)


@transaction.atomic
def _store(made: list[ForecastRun]) -> None:
    ForecastRun.objects.bulk_create(made, batch_size=500)


@transaction.atomic
def _store_scores(scored: list[ForecastRun]) -> None:
    ForecastRun.objects.bulk_update(scored, ["came"], batch_size=500)
