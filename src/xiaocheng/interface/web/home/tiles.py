"""Measures as tiles of the home pages."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.measures import EVERYBODY, Whose, measure, totals
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.figures import Figure


def measure_tiles(actor: Actor, keys: Sequence[str], period: Period, whose: Whose = EVERYBODY) -> list[Figure]:
    """The sums of measures over a period, each with its definition."""
    sums = totals(actor, keys, period, whose)
    found = []
    for key in keys:
        item = measure(key)
        show = formats.money if item.unit == "money" else formats.number
        found.append(Figure(item.name, show(sums[key]), item.formula))
    return found
