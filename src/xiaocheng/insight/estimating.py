"""What becomes of the stays of one stage in the end, and how long they last, as figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from .counting import EXIT_COLUMNS
from .figures import FEWEST, Figure, estimated, plain
from .measures import STAGE_EXPECTED, STAGE_LOSS, STAGE_WITHIN, STAY_MEDIAN

if TYPE_CHECKING:
    from .survival import Ages

HAPPENED = "happened"
ADVANCED, SKIPPED, LOST = EXIT_COLUMNS["advanced"], EXIT_COLUMNS["skipped"], EXIT_COLUMNS["lost"]


@dataclass(frozen=True)
class Stay:
    """How long stays last: by `quarter` days a fourth has left, by the median half; None: not reached yet."""

    median: Figure
    interval: tuple[Decimal | None, Decimal | None]
    quarter: Decimal | None
    three_quarters: Decimal | None

    @property
    def is_reached(self) -> bool:
        """True when half have left."""
        return self.median.value is not None


@dataclass(frozen=True)
class Outlook:
    """The estimates of one stage, of the stays whose times are recorded; of `undecided` nobody can tell the end."""

    expected: Figure
    loss: Figure
    stay: Stay
    undecided: Decimal | None
    ages: Ages | None = field(default=None, compare=False, repr=False)

    def within(self, days: int) -> Figure:
        """The share that goes on within so many days of entry; nothing is said where no stay is known so long."""
        forward, n = int(self.expected.numerator), self.expected.n
        if self.ages is None or not self.ages.tells(days):
            return Figure(STAGE_WITHIN, None, Decimal(0), Decimal(0), n)
        return estimated(STAGE_WITHIN, self.ages.incidence(ADVANCED, SKIPPED, by=days), forward, n)


def outlook(counts: Counter[tuple[float, str]]) -> Outlook:
    """The estimates from (age, exit) -> how many; of fewer than five only what is certain."""
    n = sum(counts.values())
    left: Counter[str] = Counter()
    for (_age, how), number in counts.items():
        left[how] += number
    forward = left[ADVANCED] + left[SKIPPED]
    if n < FEWEST:
        nothing = (0.0, 0.0, 0.0)
        stay = Stay(plain(STAY_MEDIAN, None, n), (None, None), None, None)
        expected = estimated(STAGE_EXPECTED, nothing, forward, n)
        return Outlook(expected, estimated(STAGE_LOSS, nothing, left[LOST], n), stay, None)
    from .survival import Ages  # numpy is loaded when the first estimate is asked for

    ages = Ages.of({at: number for at, number in counts.items() if number})
    median = ages.quantile(0.5)
    stay = Stay(
        plain(STAY_MEDIAN, _days(median.value), n),
        (_days(median.low), _days(median.high)),
        _days(ages.quantile(0.25).value),
        _days(ages.quantile(0.75).value),
    )
    return Outlook(
        estimated(STAGE_EXPECTED, ages.incidence(ADVANCED, SKIPPED), forward, n),
        estimated(STAGE_LOSS, ages.incidence(LOST), left[LOST], n),
        stay,
        Decimal(repr(round(ages.undecided, 9))),
        ages,
    )


def within(key: str, counts: Counter[tuple[int, bool]], days: int) -> Figure:
    """The share to whom it happened within so many days (Kaplan-Meier), from (age in days, whether it did) -> how many.

    Nothing is said where nobody was followed so long; of fewer than five only what is certain.
    """
    n = sum(counts.values())
    still = any(number for (_age, happened), number in counts.items() if not happened)
    if not n or (still and max(age for age, _happened in counts) < days):
        return Figure(key, None, Decimal(0), Decimal(0), n)
    happened = sum(number for (age, is_so), number in counts.items() if is_so and age <= days)
    if n < FEWEST:
        return estimated(key, (0.0, 0.0, 0.0), happened, n)
    from .survival import STILL, Ages  # numpy is loaded when the first estimate is asked for

    ages = Ages.of({(float(age), HAPPENED if is_so else STILL): number for (age, is_so), number in counts.items()})
    found = estimated(key, ages.incidence(HAPPENED, by=days), happened, n)
    nothing_or_all = found.value in {0, 1}  # the curve has no interval there
    return replace(found, interval=None) if nothing_or_all else found


def _days(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value))
