"""A figure as everybody gets it: the value with what it was computed from, and how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.measures import Gauge, Measure, Metric, declared

FEWEST = 5  # below that a percentage says nothing: k of n is shown
SURE = 100  # from that on no interval is shown
Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Figure:
    """One number: `value` None when the denominator is 0 or, for a rate, too small to say a percentage.

    `n` is the number of cases behind it; `interval` the 95 % interval of a rate of few cases.
    """

    key: str
    value: Decimal | None
    numerator: Decimal
    denominator: Decimal | None
    n: int
    interval: tuple[Decimal, Decimal] | None = None

    @property
    def is_share(self) -> bool:
        """False when reversals of former periods make a share of this one senseless: below 0, or above the whole."""
        return self.denominator is not None and 0 <= self.numerator <= self.denominator

    @property
    def is_few(self) -> bool:
        """True when so few cases stand behind it that it says little."""
        return 0 < self.n < FEWEST

    @property
    def declaration(self) -> Measure | Gauge | Metric:
        """Its declaration: name, unit, formula in words."""
        return declared(self.key)

    @property
    def formula(self) -> Sentence:
        """The formula in words."""
        return self.declaration.formula

    @property
    def divided(self) -> tuple[Sentence, Sentence]:
        """What is divided by what, in words; empty for what is only counted."""
        item = self.declaration
        return (item.numerator, item.denominator) if isinstance(item, Metric) else ("", "")


def cases(count: Decimal | int) -> int:
    """How many cases stand behind a count: of one that others share a part is a case, too."""
    return math.ceil(count) if count > 0 else math.floor(count)


def rate(key: str, part: Decimal | int, whole: Decimal | int) -> Figure:
    """A share of cases, with the Wilson interval while they are few and no percentage while they are very few."""
    tells = whole >= FEWEST and 0 <= part <= whole
    interval = wilson(part, whole) if tells and whole < SURE else None
    return Figure(key, Decimal(part) / whole if tells else None, Decimal(part), Decimal(whole), cases(whole), interval)


def estimated(key: str, bounds: tuple[float, float, float], part: Decimal | int, whole: Decimal | int) -> Figure:
    """A share estimated with its interval (value, low, high); `part` of `whole` cases is what is certain so far."""
    if whole < FEWEST:
        return Figure(key, None, Decimal(part), Decimal(whole), cases(whole))
    value, low, high = (Decimal(repr(round(bound, 9))) for bound in bounds)
    return Figure(key, value, Decimal(part), Decimal(whole), cases(whole), (low, high))


def quotient(key: str, numerator: Decimal | int, denominator: Decimal | int, n: int) -> Figure:
    """One quantity divided by another: a mean, an amount's share, opportunities per order."""
    value = Decimal(numerator) / Decimal(denominator) if denominator > 0 else None
    return Figure(key, value, Decimal(numerator), Decimal(denominator), n)


def plain(key: str, value: Decimal | int | None, n: int) -> Figure:
    """A count, a sum or a median."""
    amount = None if value is None else Decimal(value)
    return Figure(key, amount, amount or Decimal(0), None, n)


def may_be_chance(one: Figure, other: Figure) -> bool:
    """True when the 95 % intervals of two rates overlap: which of them is higher then is not known."""
    (low, high), (from_, to) = (wilson(rate.numerator, rate.denominator or rate.n) for rate in (one, other))
    return low <= to and from_ <= high


@dataclass(frozen=True)
class Difference:
    """One rate less another, as a share, with its 95 % interval; None where one of them cannot be said."""

    value: Decimal | None
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)

    @property
    def is_beyond_chance(self) -> bool:
        """True when the interval leaves out zero."""
        return self.value is not None and (self.low > 0 or self.high < 0)


def difference(one: Figure, other: Figure) -> Difference:
    """One rate less another; the interval is made of those of both (Newcombe 1998, method 10)."""
    if one.value is None or other.value is None:
        return Difference(None)
    (low, high), (from_, to) = (
        rate.interval or wilson(rate.numerator, rate.denominator or rate.n) for rate in (one, other)
    )
    value = one.value - other.value
    down, up = (one.value - low) ** 2 + (to - other.value) ** 2, (high - one.value) ** 2 + (other.value - from_) ** 2
    return Difference(value, value - down.sqrt(), value + up.sqrt())


def wilson(part: Decimal | int, whole: Decimal | int) -> tuple[Decimal, Decimal]:
    """The 95 % interval of a share (Wilson 1927): never below 0 or above 1, right for small numbers too."""
    n, z2 = float(whole), Z_95**2
    share = float(part) / n
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n**2))
    return Decimal(repr(max(0.0, middle - half))), Decimal(repr(min(1.0, middle + half)))
