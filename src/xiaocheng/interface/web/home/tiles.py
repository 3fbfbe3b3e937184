"""Measures as tiles of the home pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xiaocheng.control.targets import queries as targets
from xiaocheng.control.targets.access import HAVE
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.measures import EVERYBODY, Whose, measure, totals
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.interface.web.numbers.behind import rows_behind
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.figures import Figure
from xiaocheng.interface.web.targets.pages import pace_words, target_tile


def measure_tiles(actor: Actor, keys: Sequence[str], period: Period, person_id: int | None = None) -> list[Figure]:
    """The sums of measures over a period, each with its definition and the rows behind it."""
    whose = EVERYBODY if person_id is None else Whose(frozenset({person_id}))
    sums = totals(actor, keys, period, whose)
    found = []
    for key in keys:
        item = measure(key)
        show = formats.money if item.unit == "money" else formats.count
        found.append(Figure(item.name, show(sums[key]), item.formula, rows_url=rows_behind(key, period, person_id)))
    return found


def own_targets(actor: Actor) -> dict[str, Any]:
    """The actor's own targets of the month and how far he is."""
    me, today = actor.person_id or 0, clock.today()
    found = targets.progress_of(actor, me) if actor.can(HAVE) else []
    return {"targets": [target_tile(item, me) for item in found], "pace": pace_words(targets.pace_of(today, today))}


def team_targets(actor: Actor) -> dict[str, Any]:
    """The sums of the targets of everybody whom the actor sees, and how far they are together."""
    found = targets.team_progress(actor, clock.today())
    tiles = [target_tile(item, in_month=False) for item in found.sums.values()]
    return {"targets": tiles, "pace": pace_words(found.pace)}
