"""Targets with what was reached of them: the actual is always the sum of the measure, never of facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from xiaocheng.control.targets.access import HAVE
from xiaocheng.control.targets.measured import MEASURES
from xiaocheng.control.targets.models import Target
from xiaocheng.foundation.kernel import clock, measures
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import Period, period
from xiaocheng.foundation.org.queries import Person, department_and_below, team

from .pace import Pace, Progress, pace_of


def targets(actor: Actor) -> QuerySet[Target]:
    """The targets that the actor may see: his own, and those of the people whom he sees."""
    return Target.objects.visible_to(actor)


def progress_of(
    actor: Actor, person_id: int, day: dt.date | None = None, keys: Sequence[str] = MEASURES
) -> list[Progress]:
    """How far a person is on a day (today) with his targets of the month: what was reached up to that day."""
    day = day or clock.today()
    month = period("month", day)
    rows = list(targets(actor).filter(person_id=person_id, month=month.first, measure__in=keys))
    if not rows:
        return []
    wanted = [row.measure for row in rows]
    whose = measures.Whose(people=frozenset({person_id}))
    reached = measures.totals(actor, wanted, Period(month.first, day) if day < month.last else month, whose)
    pace = pace_of(month.first, day)
    found = {row.measure: _progress(row.measure, row.value, reached[row.measure], pace) for row in rows}
    return [found[key] for key in MEASURES if key in found]


@dataclass(frozen=True)
class PersonProgress:
    """One person of a team: his targets of a month and how far he is, by measure."""

    person: Person
    rows: dict[str, Target]
    progress: dict[str, Progress]


@dataclass(frozen=True)
class TeamProgress:
    """The people of a team in a month, and of each measure the sum over those who have a target."""

    month: dt.date
    pace: Pace
    people: list[PersonProgress]
    sums: dict[str, Progress]


def team_progress(actor: Actor, month: dt.date, department_id: int | None = None) -> TeamProgress:
    """The people whom the actor sees, of a department and those below it, with their targets of a month.

    Shown is who has targets by his role, or was set one; whoever has left stays in the months of his targets.
    """
    days = period("month", month)
    rows = list(targets(actor).filter(month=days.first).select_related("person__department"))
    people = {row.person_id: row.person for row in rows}
    people |= {person.pk: person for person in team(actor).select_related("role") if HAVE in person.role.capabilities}
    if department_id is not None:
        below = department_and_below(department_id)
        people = {pk: person for pk, person in people.items() if person.department_id in below}
    pace = pace_of(days.first, clock.today())
    reached = _reached(actor, days, people)
    lines = [_line(person, rows, reached, pace) for person in people.values()]
    lines.sort(key=lambda line: (line.person.department.path, line.person.sort_key, line.person.pk))
    return TeamProgress(days.first, pace, lines, _sums(lines, pace))


def _reached(actor: Actor, days: Period, people: Collection[int]) -> dict[tuple[str, int], Decimal]:
    return measures.by_person(actor, MEASURES, days, measures.Whose(people=frozenset(people)))


def _line(
    person: Person, rows: Sequence[Target], reached: dict[tuple[str, int], Decimal], pace: Pace
) -> PersonProgress:
    own = {row.measure: row for row in rows if row.person_id == person.pk}
    progress = {
        key: _progress(key, row.value, reached.get((key, person.pk), Decimal(0)), pace) for key, row in own.items()
    }
    return PersonProgress(person, own, progress)


def _sums(lines: Sequence[PersonProgress], pace: Pace) -> dict[str, Progress]:
    sums = {}
    for key in MEASURES:
        parts = [line.progress[key] for line in lines if key in line.progress]
        if parts:
            target, actual = sum((p.target for p in parts), Decimal(0)), sum((p.actual for p in parts), Decimal(0))
            sums[key] = _progress(key, target, actual, pace)
    return sums


def _progress(key: str, target: Decimal, actual: Decimal, pace: Pace) -> Progress:
    return Progress(measures.measure(key), target, actual, pace)
