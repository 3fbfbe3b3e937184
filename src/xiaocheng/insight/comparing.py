"""Who differs by more than luck: rates of people against the rate of all, with limits for how many cases each has.

Funnel limits (Spiegelhalter 2005) and rates drawn towards the usual one by how much people really differ (empirical
Bayes, a Beta prior by the method of moments).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from .figures import Z_95

Z_998 = 3.090232306167813
STRONGEST = 1_000_000.0  # people who differ no more than luck does are all alike
Cases = Sequence[tuple[float, float]]  # (won, closed) of each; of shared deals each has a part


def limits(usual: float, number: float, z: float) -> tuple[float, float]:
    """Between which the rate of somebody like all others lies, with so many cases."""
    half = z * math.sqrt(usual * (1 - usual) / number)
    return max(0.0, usual - half), min(1.0, usual + half)


def beyond(part: float, whole: float, usual: float) -> int:
    """How far a rate lies outside: 0 within the 95 % limits, 1 outside them, 2 outside those of 99.8 %; its sign."""
    rate = part / whole
    for steps, z in ((2, Z_998), (1, Z_95)):
        low, high = limits(usual, whole, z)
        if not low <= rate <= high:
            return steps if rate > usual else -steps
    return 0


def strength(cases: Cases) -> float:
    """How many cases the usual rate is worth: many where people differ little beyond luck, few where they differ."""
    whole = sum(closed for _won, closed in cases)
    usual = sum(won for won, _closed in cases) / whole
    room = whole - sum(closed * closed for _won, closed in cases) / whole
    spread = sum(closed * (won / closed - usual) ** 2 for won, closed in cases)
    true = (spread - usual * (1 - usual) * (len(cases) - 1)) / room if room > 0 else 0.0
    if true <= 0:
        return STRONGEST
    return min(max(usual * (1 - usual) / true - 1, 1.0), STRONGEST)


def shrunk(part: float, whole: float, usual: float, strength: float) -> float:
    """A rate of few cases drawn towards the usual one, as if `strength` more cases had shown that (empirical Bayes)."""
    return (part + usual * strength) / (whole + strength)
