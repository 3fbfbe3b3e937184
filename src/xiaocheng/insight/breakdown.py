"""What figures are broken down by: people, teams, products or months, and how the lines are named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import month_key, months_between
from xiaocheng.foundation.org.queries import department_names, names_of
from xiaocheng.insight.selection import Selection
from xiaocheng.selling.catalogue.queries import names_of as product_names

By = Literal["person", "team", "product", "month"]


def line_names(actor: Actor, by: By, ids: Iterable[int]) -> dict[int, str]:
    """The names of people, teams (departments credited), products or months; a product that is not given has none."""
    keys = list(ids)
    if by == "month":
        return {month: f"{month // 100}-{month % 100:02d}" for month in keys}
    if by == "person":
        return names_of(keys)
    if by == "team":
        return department_names(actor, keys)
    return product_names(actor, [pk for pk in keys if pk])


def months_of(selection: Selection, found: Iterable[int]) -> list[int]:
    """The months to show: no past month of the period is left out, nor one that something was found in."""
    filled = list(found)
    if not filled:
        return []
    first = min(filled) if selection.period.kind == "all" else selection.period.first_month
    last = min(selection.period.last_month, max(*filled, month_key(clock.today())))
    return list(months_between(first, last))
