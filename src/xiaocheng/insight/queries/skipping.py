"""What leaving out a stage changed, as it was estimated in the night: of the company or of a department."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, Sentence
from xiaocheng.insight.figures import Figure
from xiaocheng.insight.models import COMPANY, SkipEffect
from xiaocheng.insight.skipping import OUTCOMES, Outcome
from xiaocheng.insight.stages import known_stages

from .forecast import ForecastScope, may_see

BY_KEY = {outcome.key: outcome for outcome in OUTCOMES}


@dataclass(frozen=True)
class Effect:
    """One outcome: the adjusted difference with its interval, without a value where too little is comparable.

    `e_value`: how strongly something unknown would have to go along with both skipping and the outcome to explain the
    difference away; 1 is not at all.
    """

    outcome: Outcome
    difference: Figure
    skipped: int
    comparable: int
    e_value: float | None

    @property
    def name(self) -> Sentence:
        """The outcome in words."""
        return self.outcome.name

    @property
    def is_sure(self) -> bool:
        """True when the interval leaves "no difference" out."""
        bounds = self.difference.interval
        return bounds is not None and (bounds[0] > 0 or bounds[1] < 0)


@dataclass(frozen=True)
class SkippedStage:
    """A stage that was left out, with what that changed."""

    code: str
    name: str
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class Skipping:
    """The newest estimates of one process, in the order of its stages; those that nobody left out are not here."""

    scope: ForecastScope
    as_of: dt.date
    within_days: int
    stages: tuple[SkippedStage, ...]

    @property
    def surest(self) -> list[tuple[SkippedStage, Effect]]:
        """What leaving out a stage changed beyond chance."""
        return [(stage, effect) for stage in self.stages for effect in stage.effects if effect.is_sure]


def skip_effects(actor: Actor, scope: ForecastScope, process_id: int) -> Skipping | None:
    """The newest estimates; None where none were made, or of people: they are too few. Out of sight is not found."""
    if not may_see(actor, scope):
        raise NotFound
    if scope.person_id is not None or scope.led_by_id is not None:
        return None
    newest = SkipEffect.objects.order_by("-as_of").values("as_of")[:1]
    of = SkipEffect.objects.filter(department_id=scope.department_id or COMPANY, process_id=process_id)
    rows = list(of.filter(as_of=newest))
    if not rows:
        return None
    found: dict[str, list[Effect]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: list(BY_KEY).index(row.outcome)):
        found[row.stage].append(_effect(row))
    stages = {stage.code: stage.name for stage in known_stages().values() if stage.process_id == process_id}
    return Skipping(
        scope,
        rows[0].as_of,
        rows[0].within_days,
        tuple(SkippedStage(code, name, tuple(found[code])) for code, name in stages.items() if code in found),
    )


def _effect(row: SkipEffect) -> Effect:
    outcome = BY_KEY[row.outcome]
    interval = None if row.low is None or row.high is None else (row.low, row.high)
    number = row.skipped + row.comparable
    figure = Figure(outcome.metric, row.difference, Decimal(row.skipped), None, number, interval)
    return Effect(outcome, figure, row.skipped, row.comparable, None if row.e_value is None else float(row.e_value))
