"""The rollups as a whole: counted again from the facts, and compared with what was kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from xiaocheng.foundation.kernel.periods import month_key
from xiaocheng.selling.pipeline.models import Closing, StageSpan

from .counting import COLUMNS, TABLES, Cells, count_again, folded, write

BECAUSE = "rollups are counted again over all facts"


def count_all() -> Iterator[Cells]:
    """The cells of every fact, one month at a time, so that memory does not grow with the years."""
    spans, closings = StageSpan.objects.beyond_sight(because=BECAUSE), Closing.objects.beyond_sight(because=BECAUSE)
    months = set(spans.order_by().values_list("entered_ym", flat=True).distinct())
    months |= {month_key(day) for day in closings.order_by().values_list("booked_on", flat=True).distinct()}
    return count_again(sorted(months), spans, closings)


def keep(counted: Iterable[Cells]) -> int:
    """Replace what the tables hold; gives the number of cells."""
    for model, _key in TABLES:
        model._default_manager.all().delete()
    number = 0
    for cells in counted:
        write(cells)
        number += len(cells)
    return number


def differences() -> list[str]:
    """Where what was kept differs from what the facts give; empty when all is well."""
    everything: Cells = {}
    for cells in count_all():
        everything.update(cells)
    wrong = []
    for (model, key), counted in zip(TABLES, folded(everything), strict=True):
        kept = {row[: len(key)]: row[len(key) :] for row in model._default_manager.values_list(*key, *COLUMNS)}
        facts = {at: tuple(values[name] for name in COLUMNS) for at, values in counted.items()}
        wrong += [
            f"{model.__name__} {at}: kept {kept.get(at)}, facts give {facts.get(at)}"
            for at in sorted(kept.keys() | facts.keys(), key=str)
            if _or_nothing(kept.get(at)) != _or_nothing(facts.get(at))
        ]
    return wrong


def _or_nothing(values: tuple[Any, ...] | None) -> tuple[Any, ...]:
    return values or (0,) * len(COLUMNS)
