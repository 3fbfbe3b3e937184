"""Measures as tiles of the home pages."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.measures import EVERYBODY, Whose, measure, totals
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.interface.web.numbers.behind import rows_behind
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.figures import Figure


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
