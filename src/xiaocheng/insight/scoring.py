"""A score of weighted criteria: each by the rank that a customer has in it among all, from 0 to 100. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

CRITERIA = {
    "profit": ("毛利", "profit"),
    "sales": ("销售额", "銷售額", "sales"),
    "orders": ("订单数", "訂單數", "orders"),
    "products": ("产品数", "產品數", "products"),
    "years": ("年数", "年數", "years"),
}
_KEYS = {word: key for key, words in CRITERIA.items() for word in words}
_WEIGHT = re.compile(r"([^=]+)=(\d{1,3})")
BETWEEN_INDUSTRIES = "[;\uff1b]"
HUNDRED = Decimal(100)

Weights = Mapping[str, int]


def criteria(text: str) -> dict[str, int]:
    """Weights by criterion as a rule writes them: "毛利=60, 产品数=40"; ValueError for anything else."""
    found: dict[str, int] = {}
    for part in re.split("[,、\uff0c]", text) if text.strip() else []:
        match = _WEIGHT.fullmatch(re.sub(r"\s", "", part))
        key = _KEYS.get(match[1].lower()) if match else None
        if match is None or key is None or key in found or int(match[2]) < 1:
            raise ValueError(part)
        found[key] = int(match[2])
    return found


def criteria_by_industry(text: str) -> dict[str, dict[str, int]]:
    """The weights of the industries that have their own: "金融: 产品数=50, 毛利=50; 制造: 毛利=100"."""
    found: dict[str, dict[str, int]] = {}
    for part in re.split(BETWEEN_INDUSTRIES, text):
        if not part.strip():
            continue
        industry, separator, weights = part.replace("\uff1a", ":").partition(":")
        if not separator or not industry.strip() or not weights.strip():
            raise ValueError(part)
        found[industry.strip()] = criteria(weights)
    return found


def ranks(values: Sequence[Decimal | int]) -> list[Decimal]:
    """How far up each value stands among all, from 0 to 100: equal values stand equally, the mean is 50."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found, below = [Decimal(0)] * len(values), 0
    for _value, group in groupby(order, key=values.__getitem__):
        equals = list(group)
        stands = HUNDRED * (2 * below + len(equals)) / (2 * len(values))
        for place in equals:
            found[place] = stands
        below += len(equals)
    return found


def score(weights: Weights, stands: Mapping[str, Decimal]) -> Decimal:
    """The weighted mean of where a customer stands in each criterion, with two digits."""
    total = sum((stands[key] * weight for key, weight in weights.items()), Decimal(0))
    return (total / sum(weights.values())).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
