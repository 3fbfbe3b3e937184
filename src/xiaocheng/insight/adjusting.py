"""What a step changed, adjusted for what else was different where it was taken. numpy comes with this file.

Augmented inverse probability weighting of the effect on those who took it (Robins, Rotnitzky and Zhao 1994): right if
either who takes it or what comes of it is described well by what is known. What was never recorded it cannot adjust.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .figures import Z_95
from .fitting import Floats, chance, linear, logistic

FEWEST_CASES = 30  # of each: who took the step, and who are comparable and did not
LIKELY = (0.01, 0.95)  # a chance to take the step is not believed beyond these
STANDARDISED = 0.91  # from standard deviations to the logarithm of a ratio of risks (VanderWeele and Ding 2017)


@dataclass(frozen=True)
class Adjusted:
    """The difference with its 95 % interval; None where too little is comparable.

    `comparable` is how many of the others count after weighting: alike in what is known. `e_value`: with how strong an
    association with both the step and its result something unknown could explain the difference away.
    """

    taken: int
    comparable: int
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    e_value: float | None = None


def adjusted(columns: Floats, took: Floats, result: Floats, *, is_share: bool) -> Adjusted:
    """The mean difference that the step made to the result of those who took it."""
    taken, others = int(took.sum()), int((1 - took).sum())
    if min(taken, others) < FEWEST_CASES:
        return Adjusted(taken, others)
    likely = np.clip(chance(columns @ logistic(columns, took)), *LIKELY)
    without = took == 0
    weight = np.where(without, likely / (1 - likely), 0.0)
    comparable = round(weight.sum() ** 2 / (weight**2).sum())
    if comparable < FEWEST_CASES or any(np.ptp(result[of]) == 0 for of in (without, ~without)):
        return Adjusted(taken, comparable)
    if is_share:
        expected = chance(columns @ logistic(columns[without], result[without]))
    else:
        expected = columns @ linear(columns[without], result[without])
    share = took.mean()
    parts = (took - weight) * (result - expected) / share
    difference = float(parts.mean())
    half = Z_95 * float((parts - took * difference / share).std()) / math.sqrt(len(took))
    with_it = float(result[~without].mean())
    strength = e_value(
        _ratio(with_it, with_it - difference)
        if is_share
        else math.exp(min(STANDARDISED * abs(difference) / float(result.std()), 5.0))
    )
    return Adjusted(taken, comparable, difference, difference - half, difference + half, strength)


def _ratio(one: float, other: float) -> float:
    """The larger share divided by the smaller."""
    low, high = sorted((max(one, 0.001), max(other, 0.001)))
    return high / low


def e_value(ratio: float) -> float:
    """How strong an unknown cause must be to explain a ratio of at least 1 away (VanderWeele and Ding 2017)."""
    return ratio + math.sqrt(ratio * (ratio - 1))
