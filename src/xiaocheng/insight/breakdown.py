"""What figures are broken down by: people, teams, products, sources or months, and how the lines are named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from xiaocheng.foundation.fields.queries import names as option_names
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import month_key, months_between
from xiaocheng.foundation.org.queries import department_names, names_of
from xiaocheng.insight.selection import Selection
from xiaocheng.selling.catalogue.queries import names_of as product_names
from xiaocheng.selling.customers.options import SOURCE

By = Literal["person", "team", "product", "source", "month"]
COLUMN: dict[By, str] = {  # of the rollups
    "person": "person_id",
    "team": "department_id",
    "product": "product_id",
    "source": "source",
    "month": "month",
}
Key = int | str  # what a line is of: an id, a month (202601), or the code of a source


def line_names(actor: Actor, by: By, keys: Iterable[Key]) -> dict[Key, str]:
    """The names of people, teams (departments credited), products, sources or months; what is not given has none."""
    if by == "source":
        names = option_names(SOURCE)
        return {key: names.get(str(key), str(key)) for key in keys}
    ids = [key for key in keys if isinstance(key, int)]
    found: dict[int, str]
    if by == "month":
        found = {month: f"{month // 100}-{month % 100:02d}" for month in ids}
    elif by == "person":
        found = names_of(ids)
    elif by == "team":
        found = department_names(actor, ids)
    else:
        found = product_names(actor, [pk for pk in ids if pk])
    return {key: found[key] for key in ids if key in found}


def months_of(selection: Selection, found: Iterable[Key]) -> list[Key]:
    """The months to show: no past month of the period is left out, nor one that something was found in."""
    filled = [month for month in found if isinstance(month, int)]
    if not filled:
        return []
    first = min(filled) if selection.period.kind == "all" else selection.period.first_month
    last = min(selection.period.last_month, max(*filled, month_key(clock.today())))
    return list(months_between(first, last))
