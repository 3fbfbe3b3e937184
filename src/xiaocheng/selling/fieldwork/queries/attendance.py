"""Days of attendance as people look at them: judged anew each time by the rules of the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org import queries as org
from xiaocheng.foundation.org.queries import Person
from xiaocheng.selling.fieldwork.access import ATTEND
from xiaocheng.selling.fieldwork.attending import Attended, Excused, Hours, Span, Traces, Way, judge
from xiaocheng.selling.fieldwork.models import AttendanceRequest, Clocking, Kind, RequestKind, Tap, Visit
from xiaocheng.selling.fieldwork.rules import AttendanceRules

from .requests import held_requests

PersonDay = tuple[int, dt.date]


@dataclass(frozen=True)
class AttendanceLine:
    """How one colleague attended on a day, and what is said of the places of his taps."""

    person_id: int
    name: str
    day: dt.date
    attended: Attended
    taps: dict[str, Clocking]

    @property
    def clocked_in(self) -> Clocking | None:
        """The tap of the morning."""
        return self.taps.get(Tap.IN)

    @property
    def clocked_out(self) -> Clocking | None:
        """The last tap of the evening."""
        return self.taps.get(Tap.OUT)


def attendance_of(actor: Actor, person_id: int, day: dt.date) -> AttendanceLine | None:
    """A person's attendance on a day; None for whoever does not attend, or is out of sight."""
    return next(iter(_lines(actor, _attending(actor, pk=person_id), day, day)), None)


def team_attendance(actor: Actor, day: dt.date) -> dict[int, AttendanceLine]:
    """The attendance on a day of everybody whom the actor sees and who attends, by person."""
    return {line.person_id: line for line in _lines(actor, _attending(actor), day, day)}


def _attending(actor: Actor, **asked: int) -> list[Person]:
    """Those whom the actor sees and whose role attends, himself included."""
    people = org.assignable(actor).filter(**asked).select_related("role")
    return [person for person in people if ATTEND in person.role.capabilities]


def _lines(actor: Actor, people: Sequence[Person], first: dt.date, last: dt.date) -> list[AttendanceLine]:
    """The days of some people, day by day; few statements for all of them."""
    if not people:
        return []
    roles = {person.pk: person.role.code for person in people}
    ids = list(roles)
    taps: dict[PersonDay, dict[str, Clocking]] = {}
    for tap in Clocking.objects.visible_to(actor).filter(person_id__in=ids, day__range=(first, last)):
        taps.setdefault((tap.person_id, tap.day), {})[tap.tap] = tap
    visits = _visits(actor, ids, first, last)
    posts = [pk for pk, role in roles.items() if rules(AttendanceRules, last).hours_of(role).way == Way.POST]
    granted = held_requests(actor, ids, first, last)
    duty = org.duty_days(posts, period("month", first).first, period("month", last).last) if posts else {}
    return [
        _line(
            person,
            day,
            taps.get((person.pk, day), {}),
            visits.get((person.pk, day), {}),
            granted.get(person.pk, []),
            duty,
        )
        for day in _days(first, last)
        for person in people
    ]


def _days(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    return (first + dt.timedelta(days=n) for n in range((last - first).days + 1))


def _visits(actor: Actor, ids: Sequence[int], first: dt.date, last: dt.date) -> dict[PersonDay, dict[str, Any]]:
    """The first check-in and the last check-out of each person and day."""
    begins, ends = clock.bounds(first, last)
    rows = Visit.objects.visible_to(actor).filter(
        kind=Kind.VISIT, credit_person_id__in=ids, checked_in_at__gte=begins, checked_in_at__lt=ends
    )
    found: dict[PersonDay, dict[str, Any]] = {}
    for person_id, came, went in rows.values_list("credit_person_id", "checked_in_at", "checked_out_at"):
        day = found.setdefault((person_id, clock.day_of(came)), {"first_visit": came, "last_visit": None})
        day["first_visit"] = min(day["first_visit"], came)
        day["last_visit"] = max(filter(None, (day["last_visit"], went)), default=None)
    return found


def _line(
    person: Person,
    day: dt.date,
    taps: dict[str, Clocking],
    visits: dict[str, Any],
    granted: Sequence[AttendanceRequest],
    duty: dict[int, set[dt.date]],
) -> AttendanceLine:
    limits = rules(AttendanceRules, day)
    hours = limits.hours_of(person.role.code)
    is_due = _is_due(person, day, hours.way, duty.get(person.pk, set()))
    work = _hours(day, hours, limits) if is_due else []
    moments = {f"clocked_{tap}": row.at for tap, row in taps.items()}
    today = [
        it for it in granted if it.first_at < clock.bounds(day, day)[1] and it.until_at > clock.bounds(day, day)[0]
    ]
    moments |= {f"clocked_{it.tap}": it.first_at for it in today if it.kind == RequestKind.CORRECTION}
    now = clock.now()
    attended = judge(
        hours.way,
        work,
        Traces(**moments, **visits),
        _excused(today),
        grace=limits.grace_minutes,
        now=now,
        over=now >= clock.bounds(day, day)[1],
    )
    return AttendanceLine(person.pk, person.name, day, attended, taps)


def _hours(day: dt.date, hours: Hours, limits: AttendanceRules) -> list[Span]:
    """The hours of work of a day, without noon where it lies between."""
    begins, ends = clock.instant(day, hours.begins_at), clock.instant(day, hours.ends_at)
    if not hours.begins_at < limits.noon_from <= limits.noon_until < hours.ends_at:
        return [(begins, ends)]
    return [(begins, clock.instant(day, limits.noon_from)), (clock.instant(day, limits.noon_until), ends)]


def _excused(granted: Sequence[AttendanceRequest]) -> Excused:
    away = [it for it in granted if it.kind in (RequestKind.LEAVE, RequestKind.TRIP)]
    return Excused(
        tuple((it.first_at, it.until_at) for it in away),
        away[0].kind if away else "",
        any(it.kind == RequestKind.LATE_RETURN for it in granted),
    )


def _is_due(person: Person, day: dt.date, way: str, duty: set[dt.date]) -> bool:
    """The company's working days; of a post, in months of which the roster tells, the days on the roster."""
    if person.joined_on is not None and day < person.joined_on:
        return False
    if way == Way.POST and any((it.year, it.month) == (day.year, day.month) for it in duty):
        return day in duty
    return org.is_workday(day)
