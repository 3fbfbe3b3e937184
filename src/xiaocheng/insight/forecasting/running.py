"""The forecasts of a day: made once, stored, and scored when their window has passed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.db.models import Q

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.periods import PeriodRules, period
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import department_tree
from xiaocheng.foundation.org.queries import people as all_people
from xiaocheng.insight.models import COMPANY, ForecastRun
from xiaocheng.insight.models.forecast import MONTH, NOBODY, QUARTER, THIRTY_DAYS

from .drawing import Deals, Drawn, amounts, as_usual, draw
from .expecting import expected
from .hazards import Floats, Ints, learn, phases
from .history import History, as_they_stand
from .scoring import FEWEST_CLOSED, FEWEST_DAYS, Scored, spaced, widening

FORMER = 3  # windows whose mean is the run rate
RECENT = 8  # weeks of runs from which the width of the next is learnt
STEPS = np.arange(0.05, 1.0, 0.05)
BACK_DAYS, BACK_STEP = 365, 14


@dataclass(frozen=True)
class Scope:
    """The company, a department with those below, the people whom somebody leads, or a person.

    Open deals are of whoever owns them (`people`, numbers in the history), wins of who or what was credited.
    """

    people: Ints
    department_id: int = COMPANY
    person_id: int = NOBODY
    led_by_id: int = NOBODY
    departments: Ints | None = None

    @property
    def kind(self) -> str:
        """Which runs one of this kind learns from how wide to be."""
        kinds = {"person": self.person_id, "led": self.led_by_id, "department": self.department_id}
        return next((name for name, row in kinds.items() if row), "company")

    def won(self, deals: Deals, first: float, last: float) -> float:
        """What was won from one moment up to another."""
        inside = (deals.won >= first) & (deals.won < last)
        of, ids = (
            (deals.won_person, self.people) if self.departments is None else (deals.won_department, self.departments)
        )
        return float(deals.won_amount[inside & np.isin(of, ids)].sum())


KINDS = {
    "person": ~Q(person_id=NOBODY),
    "led": ~Q(led_by_id=NOBODY),
    "department": ~Q(department_id=COMPANY),
    "company": Q(person_id=NOBODY, led_by_id=NOBODY, department_id=COMPANY),
}


@dataclass(frozen=True)
class Lacking:
    """What there is of what a forecast needs at least; all of it where a forecast can be made."""

    won: int
    lost: int
    days: int  # since the first deal was closed

    @property
    def is_enough(self) -> bool:
        """True when a model can be fitted."""
        return min(self.won, self.lost) >= FEWEST_CLOSED and self.days >= FEWEST_DAYS


def known(deals: Deals, moment: float) -> Lacking:
    """How much had been closed up to a moment."""
    won, lost = deals.won[deals.won <= moment], deals.lost[deals.lost <= moment]
    closed = [*won[:1], *lost[:1]] if not len(won) or not len(lost) else [won.min(), lost.min()]
    return Lacking(len(won), len(lost), int(moment - min(closed)) if closed else 0)


def windows(day: dt.date) -> dict[str, tuple[dt.date, dt.date]]:
    """The windows that are foretold at the beginning of a day."""
    month, quarter = period("month", day), period("quarter", day)
    return {
        MONTH: (month.first, month.last),
        QUARTER: (quarter.first, quarter.last),
        THIRTY_DAYS: (day, day + dt.timedelta(days=29)),
    }


def scopes(history: History) -> list[Scope]:
    """The company, its departments, whom somebody leads, and each person."""
    number = {pk: place for place, pk in enumerate(history.people)}
    people: dict[int, list[int]] = defaultdict(list)
    led: dict[int, list[int]] = defaultdict(list)
    staff = all_people(SYSTEM, active=None).filter(pk__in=number)
    rows = staff.order_by().values_list("pk", "department__path", "line_path")
    for pk, path, line in rows:
        for unit in _ids(path):
            people[unit].append(number[pk])
        for leader in _ids(line):
            led[leader].append(number[pk])
    found = [Scope(np.arange(history.deals.people)), *_departments(history, people)]
    found += [Scope(_numbers(below), led_by_id=pk) for pk, below in sorted(led.items()) if below != [number.get(pk)]]
    found += [Scope(_numbers([place]), person_id=pk) for pk, place in sorted(number.items())]
    return found


def _departments(history: History, people: Mapping[int, list[int]]) -> Iterator[Scope]:
    """Those that have people with deals, or were credited with wins."""
    below: dict[int, list[int]] = {}
    for unit in reversed(department_tree(SYSTEM, active=None)):  # those below come before what they are in
        ids = below.setdefault(unit.id, [])
        ids.append(unit.id)
        if unit.parent_id is not None:
            below.setdefault(unit.parent_id, []).extend(ids)
    credited = set(history.deals.won_department.tolist())
    for pk, ids in sorted(below.items()):
        if pk in people or not credited.isdisjoint(ids):
            yield Scope(_numbers(people.get(pk, [])), department_id=pk, departments=_numbers(ids))


def _numbers(found: Sequence[int]) -> Ints:
    return np.array(found, dtype=np.int64)


def _ids(path: str) -> list[int]:
    """A row and all above it, from its path."""
    return [int(pk) for pk in path.strip("/").split("/") if pk]


def foretell(
    history: History, of: Sequence[Scope], day: dt.date, horizons: Iterable[str], *, is_live: bool
) -> list[ForecastRun]:
    """The runs of a day for some scopes and windows; not yet stored."""
    deals = as_they_stand(history) if is_live else history.deals
    moment = history.day(day)
    start = rules(PeriodRules, day).fiscal_start_month
    phase = phases(history.first, int(moment) + 200, start)
    random = np.random.default_rng(day.toordinal())
    hazards = learn(history.teaching.until(moment), phase)
    rates = win_rates(history, moment)
    wide = {kind: widening(scored_before(KINDS[kind], day)) for kind in {scope.kind for scope in of}}
    found: list[ForecastRun] = []
    for horizon in horizons:
        first, last = windows(day)[horizon]
        days = (last - day).days + 1
        planned = expected(history.people, day, days) if is_live else as_usual(deals.people, days)
        drawn = draw(deals, hazards, phase, moment, planned, random)
        worth = amounts(deals, drawn.open_stays, moment)
        weighted = worth * rates[deals.stays.stage[drawn.open_stays]]
        about = _About(deals, drawn, worth, weighted, moment, history.day(first), days)
        found += [_run(about, scope, horizon, (day, first, last), is_live, wide[scope.kind]) for scope in of]
    return found


@dataclass(frozen=True)
class _About:
    """What all runs of one window have in common."""

    deals: Deals
    drawn: Drawn
    worth: Floats  # of each open deal
    weighted: Floats  # the same by the win rate of its stage
    moment: float
    first: float
    days: int

    def run_rate(self, scope: Scope) -> float | None:
        """The mean of the former windows as long as the whole one, as far back as deals were closed."""
        length = self.moment + self.days - self.first
        since = self.deals.won.min() if len(self.deals.won) else self.moment
        ends = [self.first - number * length for number in range(FORMER) if self.first - (number + 1) * length >= since]
        sums = [scope.won(self.deals, end - length, end) for end in ends]
        return sum(sums) / len(sums) if sums else None


def _run(
    about: _About, scope: Scope, horizon: str, days: tuple[dt.date, dt.date, dt.date], is_live: bool, wide: float
) -> ForecastRun:
    day, first, last = days
    drawn, people = about.drawn, scope.people
    won = scope.won(about.deals, about.first, about.moment)
    existing, new = drawn.existing[:, people].sum(axis=1), drawn.new[:, people].sum(axis=1)
    total = existing + new
    middle = float(np.median(total))
    low, high = np.quantile(total, [0.1, 0.9])
    spread = np.maximum(middle + wide * (np.quantile(total, STEPS) - middle), 0.0)
    half = float(high - low) / 2
    mine = np.isin(about.deals.person[drawn.open_stays], people)
    return ForecastRun(
        as_of=day,
        horizon=horizon,
        is_live=is_live,
        first_on=first,
        last_on=last,
        department_id=scope.department_id,
        person_id=scope.person_id,
        led_by_id=scope.led_by_id,
        won=_money(won),
        existing=_money(existing.mean()),
        new=_money(new.mean()),
        low=_money(won + max(middle - wide * half, 0.0)),
        middle=_money(won + middle),
        high=_money(won + middle + wide * half),
        half=_money(half),
        quantiles=[round(won + float(step), 2) for step in spread],
        run_rate=_money(rate) if (rate := about.run_rate(scope)) is not None else None,
        weighted=_money(won + float(about.weighted[mine].sum())),
        open_count=int(mine.sum()),
        open_amount=_money(about.worth[mine].sum()),
    )


def win_rates(history: History, moment: float) -> Floats:
    """Of the deals that were in each stage and closed by a moment, the share that was won; a half where none was."""
    stays = history.deals.stays
    ended = stays.left <= moment
    outcome = np.zeros(int(history.opportunities.max()) + 1, dtype=np.int8)
    outcome[history.opportunities[ended & (stays.to == stays.stages)]] = 1
    outcome[history.opportunities[ended & (stays.to == stays.stages + 1)]] = 2
    each = outcome[history.opportunities]
    won = np.bincount(stays.stage[each == 1], minlength=stays.stages)
    closed = won + np.bincount(stays.stage[each == 2], minlength=stays.stages)
    found: Floats = (won + 1) / (closed + 2)
    return found


def scored_before(kind: Q, day: dt.date) -> list[Scored]:
    """Runs of thirty days of a kind whose window had passed on a day, of the newest weeks."""
    passed = ForecastRun.objects.filter(kind, horizon=THIRTY_DAYS, last_on__lt=day, came__isnull=False)
    days = spaced(passed.order_by().values_list("as_of", flat=True).distinct(), RECENT)
    rows = passed.filter(as_of__in=days).values_list("middle", "came", "half", "run_rate")
    return [Scored(float(m), float(c), float(h), None if r is None else float(r)) for m, c, h, r in rows]


def score(history: History, of: Sequence[Scope], day: dt.date) -> list[ForecastRun]:
    """The runs whose window passed before a day, with what came in; not yet stored."""
    due = list(ForecastRun.objects.filter(came__isnull=True, last_on__lt=day).order_by("pk"))
    by_scope = {(scope.department_id, scope.person_id, scope.led_by_id): scope for scope in of}
    for run in due:
        scope = by_scope.get((run.department_id, run.person_id, run.led_by_id))
        first, last = history.day(run.first_on), history.day(run.last_on) + 1
        run.came = _money(scope.won(history.deals, first, last) if scope else 0.0)
    return due


def back_days(history: History, today: dt.date) -> Iterator[dt.date]:
    """The days of the last year, two weeks apart, on which a forecast could have been made and is known to be right."""
    day = today - dt.timedelta(days=BACK_DAYS)
    while day + dt.timedelta(days=30) <= today:
        if known(history.deals, history.day(day)).is_enough:
            yield day
        day += dt.timedelta(days=BACK_STEP)


def _money(amount: float | Decimal) -> Decimal:
    return Decimal(str(round(float(amount), 2)))
