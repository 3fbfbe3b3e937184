"""Which day a page is about, and the way to its neighbours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from xiaocheng.foundation.kernel import clock
from xiaocheng.interface.web.shell.http import Request


@dataclass(frozen=True)
class Days:
    """A day with the one before and the one after."""

    day: dt.date
    latest: dt.date | None = None

    @property
    def before(self) -> dt.date:
        """The day before."""
        return self.day - dt.timedelta(days=1)

    @property
    def after(self) -> dt.date | None:
        """The day after, if the page goes so far."""
        after = self.day + dt.timedelta(days=1)
        return after if self.latest is None or after <= self.latest else None

    @property
    def is_today(self) -> bool:
        """True for the company's present day."""
        return self.day == clock.today()

    @property
    def is_over(self) -> bool:
        """True for a day that has passed."""
        return self.day < clock.today()


def asked_day(request: Request) -> dt.date:
    """The day that the address or the form names (`day=2026-03-02`), else today."""
    text = request.POST.get("day") or request.GET.get("day", "")
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return clock.today()
    return day if dt.date(2000, 1, 1) <= day < dt.date(2200, 1, 1) else clock.today()


def asked_number(request: Request, name: str) -> int | None:
    """A number that the address or the form names, else None."""
    text = request.POST.get(name) or request.GET.get(name, "")
    return int(text) if text.isdigit() and len(text) < 19 else None
