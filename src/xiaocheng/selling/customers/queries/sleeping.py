"""Customers whose time limit sleeps: how many, whose, and when they would lapse once it counts."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

from django.db.models import Count

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import people
from xiaocheng.selling.customers.access import START_CLOCKS
from xiaocheng.selling.customers.first_contact import FirstContactRules
from xiaocheng.selling.customers.models import ClockStart
from xiaocheng.selling.customers.sleeping import sleepers


@dataclass(frozen=True)
class Sleepers:
    """How many customers of one person, or of one team, sleep; by day how many of them lapse unless contacted."""

    name: str
    person_id: int | None = None
    department_id: int | None = None
    count: int = 0
    lapses: Counter[dt.date] = field(default_factory=Counter)


@dataclass(frozen=True)
class Sleeping:
    """The sleepers: each team followed by its people; the days on which they would lapse, for how many.

    `begins_on`: the day that was said for them; once it has come, `is_beginning`.
    """

    count: int
    lines: Sequence[Sleepers]
    lapses: Counter[dt.date]
    begins_on: dt.date | None
    is_beginning: bool

    @property
    def days(self) -> list[dt.date]:
        """On which days customers would lapse."""
        return sorted(self.lapses)


def start_is_due() -> bool:
    """True when the day has come on which sleeping time limits begin, and some may not have begun."""
    return ClockStart.objects.filter(done_at=None, on__lte=clock.today()).exists()


def sleeping(actor: Actor, starts_on: dt.date | None = None) -> Sleeping:
    """The customers whose time limit sleeps, by team and person.

    With a day: when they would lapse if it counted from that day on, by the rules of today.
    """
    actor.require(START_CLOCKS)
    counts: Counter[int] = Counter()
    lapses: dict[int, Counter[dt.date]] = defaultdict(Counter)
    day_of = _day_of(starts_on)
    for owner, level, count in sleepers().order_by().values_list("owner", "level").annotate(Count("pk")):
        counts[owner or 0] += count
        if (day := day_of(level)) is not None:
            lapses[owner or 0][day] += count
    waiting = ClockStart.objects.filter(done_at=None).first()
    return Sleeping(
        count=counts.total(),
        lines=list(_lines(actor, counts, lapses)),
        lapses=sum(lapses.values(), Counter()),
        begins_on=waiting.on if waiting else None,
        is_beginning=waiting is not None and waiting.on <= clock.today(),
    )


def _day_of(starts_on: dt.date | None) -> Callable[[str], dt.date | None]:
    """On which day a customer of a level lapses; none, as long as no beginning is asked about or no limit is set."""
    limits = rules(FirstContactRules, clock.today())
    return cache(lambda level: limits.lapses_on(starts_on, level) if starts_on and limits.is_on else None)


def _lines(actor: Actor, counts: Counter[int], lapses: Mapping[int, Counter[dt.date]]) -> Iterator[Sleepers]:
    found = people(actor, active=None).filter(pk__in=list(counts))
    in_order = sorted(found, key=lambda row: (row.department.path, row.sort_key, row.pk))
    for department, members in groupby(in_order, key=lambda row: row.department):
        theirs = [Sleepers(it.name, it.pk, department.pk, counts[it.pk], lapses[it.pk]) for it in members]
        total = sum((it.lapses for it in theirs), Counter[dt.date]())
        yield Sleepers(department.name, None, department.pk, sum(it.count for it in theirs), total)
        yield from theirs
