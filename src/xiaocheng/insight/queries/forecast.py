"""What will come in, as it was foretold for a scope, and how good earlier forecasts of it were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.org.queries import department_tree
from xiaocheng.insight.figures import Figure, plain, quotient
from xiaocheng.insight.forecasting.scoring import Scored, bias, covered, leads_baseline, spaced, wape
from xiaocheng.insight.measures import (
    FORECAST,
    FORECAST_BIAS,
    FORECAST_COVERED,
    FORECAST_EXISTING,
    FORECAST_NEW,
    FORECAST_WAPE,
    FORECAST_WON,
    RUN_RATE,
    WEIGHTED,
)
from xiaocheng.insight.models import COMPANY, ForecastRun
from xiaocheng.insight.models.forecast import HORIZONS, MONTH, NOBODY, THIRTY_DAYS

SHOWN_RUNS = 12
MOST_RUNS = 26  # scored ones, by which accuracy is judged
OURS, FORMER, BY_STAGE = "model", "run_rate", "weighted"


@dataclass(frozen=True)
class ForecastScope:
    """Whose forecast: the company (all None), a department with those below, a person, or whom somebody leads."""

    department_id: int | None = None
    person_id: int | None = None
    led_by_id: int | None = None


@dataclass(frozen=True)
class Accuracy:
    """How far one way of foretelling was off, over the runs whose window has passed."""

    way: str
    wape: Figure
    bias: Figure


@dataclass(frozen=True)
class Forecast:
    """The newest run of a scope and window, with what went before."""

    scope: ForecastScope
    horizon: str
    run: ForecastRun
    total: Figure
    won: Figure
    existing: Figure
    new: Figure
    run_rate: Figure
    weighted: Figure
    past: tuple[ForecastRun, ...]  # of thirty days, a week or more apart, whose window has passed; the oldest first
    accuracies: tuple[Accuracy, ...]
    coverage: Figure
    leads_run_rate: bool  # the mean of former windows was nearer: it is to be believed first

    def chance_to_reach(self, target: Decimal) -> Decimal | None:
        """The share of the draws that reach a target; None where it lies beyond what can be told apart."""
        return _chance(self.run, target)


def _chance(run: ForecastRun, target: Decimal) -> Decimal | None:
    """The share of a run's draws at or above a target, by its quantiles of every 5 %; beyond them 1 or 0."""
    marks = [Decimal(str(value)) for value in run.quantiles]
    if target <= run.won or not marks:
        return Decimal(1) if target <= run.won else None
    below = sum(value < target for value in marks)
    if below in {0, len(marks)}:
        return Decimal(0 if below else 1)
    low, high = marks[below - 1], marks[below]
    within = (target - low) / (high - low) if high > low else Decimal(0)
    return 1 - Decimal("0.05") * (below + within)


def usual_scope(actor: Actor) -> ForecastScope:
    """What somebody is shown first: the company, the highest department in his sight, whom he leads, or himself."""
    if actor.sight.everyone:
        return ForecastScope()
    for unit in department_tree(actor, active=None):
        if unit.id in actor.sight.departments:
            return ForecastScope(department_id=unit.id)
    if actor.sight.people - {actor.person_id}:
        return ForecastScope(led_by_id=actor.person_id)
    return ForecastScope(person_id=actor.person_id)


def may_see(actor: Actor, scope: ForecastScope) -> bool:
    """True when all that the scope counts is in the actor's sight."""
    if actor.sight.everyone:
        return True
    if scope.led_by_id is not None:
        return scope.led_by_id == actor.person_id  # in his own right: he sees whom he leads
    if scope.person_id is not None:
        return actor.sight.sees_person(scope.person_id)
    return scope.department_id in actor.sight.departments if scope.department_id is not None else False


def forecast(actor: Actor, scope: ForecastScope, horizon: str = MONTH) -> Forecast | None:
    """The newest forecast of a scope; None where none was made yet. What is out of sight is not found."""
    if horizon not in HORIZONS or not may_see(actor, scope):
        raise NotFound
    rows = _of(scope).filter(horizon=horizon)
    run = rows.filter(is_live=True).order_by("-as_of").first()
    if run is None:
        return None
    scored = _scored_runs(scope)
    return Forecast(
        scope,
        horizon,
        run,
        plain(FORECAST, run.middle, run.open_count),
        plain(FORECAST_WON, run.won, 1 if run.won else 0),
        plain(FORECAST_EXISTING, run.existing, run.open_count),
        plain(FORECAST_NEW, run.new, 0),
        plain(RUN_RATE, run.run_rate, 0),
        plain(WEIGHTED, run.weighted, run.open_count),
        tuple(scored[-SHOWN_RUNS:]),
        tuple(_accuracy(way, scored) for way in (OURS, FORMER, BY_STAGE)) if scored else (),
        _coverage(scored),
        leads_baseline([_scored(row) for row in scored]),
    )


def last_made(actor: Actor) -> dt.date | None:
    """The day of the newest forecast, whoever asks: that there is one tells nothing of what it says."""
    newest = ForecastRun.objects.filter(horizon=MONTH, is_live=True).order_by("-as_of")
    return newest.values_list("as_of", flat=True).first()


def _of(scope: ForecastScope) -> QuerySet[ForecastRun]:
    return ForecastRun.objects.filter(
        department_id=scope.department_id or COMPANY,
        person_id=scope.person_id or NOBODY,
        led_by_id=scope.led_by_id or NOBODY,
    )


def _scored_runs(scope: ForecastScope) -> list[ForecastRun]:
    rows = _of(scope).filter(horizon=THIRTY_DAYS, came__isnull=False)
    days = spaced(rows.order_by("-as_of").values_list("as_of", flat=True)[:400], MOST_RUNS)
    return list(rows.filter(as_of__in=days).order_by("as_of"))


def _scored(row: ForecastRun) -> Scored:
    rate = None if row.run_rate is None else float(row.run_rate)
    return Scored(float(row.middle), float(row.came or 0), float(row.half), rate)


def _accuracy(way: str, scored: Sequence[ForecastRun]) -> Accuracy:
    said = {OURS: "middle", FORMER: "run_rate", BY_STAGE: "weighted"}[way]
    pairs = [(float(getattr(row, said)), float(row.came or 0)) for row in scored if getattr(row, said) is not None]
    return Accuracy(way, _share(FORECAST_WAPE, wape(pairs), len(pairs)), _share(FORECAST_BIAS, bias(pairs), len(pairs)))


def _share(key: str, value: float | None, n: int) -> Figure:
    return plain(key, None if value is None else Decimal(str(round(value, 4))), n)


def _coverage(scored: Sequence[ForecastRun]) -> Figure:
    held = covered([(float(row.low), float(row.high), float(row.came or 0)) for row in scored])
    return quotient(FORECAST_COVERED, round((held or 0) * len(scored)), len(scored), len(scored))
