"""How the value of customers is spread: who is at the top, and how much the top brings. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate

TOP, MIDDLE, BOTTOM = "top", "middle", "bottom"
FEWEST_RANKED = 5  # fewer customers are not divided


def part_of(count: int, percent: int) -> int:
    """So many percent of a number of customers, at least one of them."""
    return max(1, int((Decimal(count * percent) / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def classes(count: int, top_percent: int, bottom_percent: int) -> list[str]:
    """The class of each of so many customers, the most valuable first; none where they are too few."""
    if count < FEWEST_RANKED:
        return [""] * count
    top, bottom = part_of(count, top_percent), part_of(count, bottom_percent)
    return [TOP] * top + [MIDDLE] * (count - top - bottom) + [BOTTOM] * bottom


def in_order(values: Mapping[int, Decimal], sales: Mapping[int, Decimal]) -> list[int]:
    """Customers by value, the highest first; of equals who bought for more, then who came first, stands higher."""
    return sorted(values, key=lambda pk: (-values[pk], -sales[pk], pk))


def share_of_first(values: Sequence[Decimal], count: int) -> Decimal | None:
    """The share of the sum that the first ones bring, the largest first; None where there is nothing to share."""
    total = sum(values, Decimal(0))
    return sum(values[:count], Decimal(0)) / total if total > 0 else None


def count_for(values: Sequence[Decimal], share: Decimal) -> int | None:
    """How many, the largest first, bring a share of the sum; None where there is nothing to share."""
    total = sum(values, Decimal(0))
    if total <= 0:
        return None
    return next(n for n, reached in enumerate(accumulate(values), 1) if reached >= share * total)
