"""By when nine of ten have left a stage, learned from all deals: who stays longer without activity is stagnant."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import Period, months_after
from xiaocheng.selling.pipeline.models.processes import OPEN

from .selection import Selection
from .stages import known_stages
from .sums import ages

LOOKS_BACK = 24  # months of entries, and the present one
FEWEST_STAYS = 30
NEARLY_ALL = 0.9


def learned(actor: Actor, today: dt.date) -> dict[tuple[int, str], int]:
    """After how many days 90 % have left, by process and code of the stage (Kaplan-Meier).

    Nothing is said of stages with fewer than 30 stays, nor where the curve does not come so far.
    """
    stages = {pk: stage for pk, stage in known_stages().items() if stage.kind == OPEN}
    counts: dict[tuple[int, str], Counter[tuple[float, str]]] = defaultdict(Counter)
    for pk, stays in ages(actor, Selection(_period(today)), stages).items():
        counts[stages[pk].process_id, stages[pk].code].update(stays)
    found = {key: _days(stays) for key, stays in counts.items()}
    return {key: days for key, days in found.items() if days is not None}


def _period(today: dt.date) -> Period:
    """Whole months: they are counted already."""
    month = today.replace(day=1)
    return Period(months_after(month, -LOOKS_BACK), months_after(month, 1) - dt.timedelta(days=1))


def _days(stays: Counter[tuple[float, str]]) -> int | None:
    if sum(stays.values()) < FEWEST_STAYS:
        return None
    from .survival import Ages  # numpy is loaded by whoever learns

    age = Ages.of({at: number for at, number in stays.items() if number}).quantile(NEARLY_ALL).value
    return None if age is None else max(1, math.ceil(age))
