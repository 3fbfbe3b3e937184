"""How far one should be by the working days of a month, and how far one is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from xiaocheng.foundation.kernel.measures import Measure
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.foundation.org.queries import workdays_between


@dataclass(frozen=True)
class Pace:
    """The working days of a month as seen from a day: those before it have passed, the day itself is still to come."""

    passed: int
    left: int

    @property
    def share(self) -> Decimal:
        """How much of the month's working days has passed: 0 to 1."""
        days = self.passed + self.left
        return Decimal(self.passed) / days if days else Decimal(1)


def pace_of(month: dt.date, day: dt.date) -> Pace:
    """The working days of a month, by the company's calendar, as seen from a day."""
    whole = period("month", month)
    if day > whole.last:
        return Pace(workdays_between(whole.first, whole.last), 0)
    passed = workdays_between(whole.first, day - dt.timedelta(days=1)) if day > whole.first else 0
    return Pace(passed, workdays_between(max(day, whole.first), whole.last))


@dataclass(frozen=True)
class Progress:
    """What was to be reached of a measure in a month, what was reached, and what the working days expected by now."""

    measure: Measure
    target: Decimal
    actual: Decimal
    pace: Pace

    @property
    def ratio(self) -> Decimal:
        """Attainment: what was reached of the target, 1 being all of it."""
        return self.actual / self.target

    @property
    def expected(self) -> Decimal:
        """What would be reached by now if every working day brought the same."""
        return self.target * self.pace.share

    @property
    def is_behind(self) -> bool:
        """True when less was reached than the working days that have passed expect."""
        return self.actual < self.expected

    @property
    def gap(self) -> Decimal:
        """What is still missing; nothing when the target is reached."""
        return max(self.target - self.actual, Decimal(0))

    @property
    def needed(self) -> Decimal | None:
        """What each remaining working day has to bring; None when no working day is left."""
        return self.gap / self.pace.left if self.pace.left else None
