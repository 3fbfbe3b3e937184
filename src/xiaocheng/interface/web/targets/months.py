"""Which month a page of targets is about, and which department."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.formats import date_format

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import months_after
from xiaocheng.foundation.org.queries import department_tree
from xiaocheng.interface.web.daily.days import asked_number
from xiaocheng.interface.web.shell.http import Request


@dataclass(frozen=True)
class Months:
    """A month with the one before and the one after; `team` is the department that goes along."""

    month: dt.date
    team: int | None = None

    @property
    def before(self) -> str:
        """The way to the month before."""
        return self.query(-1)

    @property
    def after(self) -> str:
        """The way to the month after."""
        return self.query(1)

    @property
    def is_present(self) -> bool:
        """True for the company's present month."""
        return self.month == clock.today().replace(day=1)

    @property
    def name(self) -> str:
        """The month as a heading: 2026年3月."""
        return date_format(self.month, "YEAR_MONTH_FORMAT")

    def query(self, away: int = 0) -> str:
        """What stands behind the question mark for the month so many months away."""
        team = f"&team={self.team}" if self.team else ""
        return f"?month={months_after(self.month, away):%Y-%m}{team}"


def asked_month(request: Request) -> dt.date:
    """The first day of the month that the address names (`month=2026-03`), else of the present one."""
    try:
        day = dt.datetime.strptime(request.GET.get("month", ""), "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        day = clock.today()
    return (day if dt.date(2000, 2, 1) <= day < dt.date(2199, 12, 1) else clock.today()).replace(day=1)


def departments_of(actor: Actor) -> list[tuple[int, str]]:
    """The departments by which the actor may narrow a team: all of them, or those whose head he is."""
    return [
        (node.id, f"{'　' * node.depth}{node.name}")
        for node in department_tree(actor)
        if actor.sight.everyone or node.id in actor.sight.departments
    ]


def asked_months(request: Request, offered: list[tuple[int, str]]) -> Months:
    """Month and department of the address; a department that is not offered is none."""
    team = asked_number(request, "team")
    return Months(asked_month(request), team if team in dict(offered) else None)
