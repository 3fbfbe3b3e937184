"""Working days and the duty roster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.org.models import DutyShift, DutySite
from xiaocheng.foundation.org.workdays import name_of, own_days, worked_before, works_on

LONGEST_SEARCH = 4000  # days that next_workday looks ahead before it gives up on an empty calendar


@dataclass(frozen=True)
class CalendarEntry:
    """One day of the year view."""

    day: dt.date
    is_workday: bool
    name: str


def calendar_year(actor: Actor, year: int) -> list[CalendarEntry]:
    """Every day of a year: whether the company works, and the holiday's name."""
    first = dt.date(year, 1, 1)
    days = (first + dt.timedelta(days=i) for i in range((dt.date(year + 1, 1, 1) - first).days))
    return [CalendarEntry(day, works_on(day), name_of(day)) for day in days]


def is_workday(day: dt.date) -> bool:
    """True when the company works on that day."""
    return works_on(day)


def last_workday_before(day: dt.date) -> dt.date:
    """The day before on which the company worked; simply the day before where it has not worked for a month."""
    days = (day - dt.timedelta(days=n) for n in range(1, 30))
    return next((earlier for earlier in days if is_workday(earlier)), day - dt.timedelta(days=1))


def day_name(day: dt.date) -> str:
    """What the day is called: the company's own name for it, the public holiday; else empty."""
    return name_of(day)


def days_decided(actor: Actor, year: int) -> frozenset[dt.date]:
    """The days of a year about which the company decided itself."""
    return frozenset(day for day in own_days() if day.year == year)


def next_workday(day: dt.date, n: int = 1) -> dt.date:
    """The n-th working day after a day."""
    found = day
    for _ in range(LONGEST_SEARCH):
        if n <= 0:
            break
        found += dt.timedelta(days=1)
        n -= works_on(found)
    return found


def workdays_between(first: dt.date, last: dt.date) -> int:
    """The number of working days from first to last, both included."""
    if last < first:
        return 0
    year_ends = [dt.date(year, 12, 31) for year in range(first.year, last.year)]
    whole_years = sum(worked_before(day) + works_on(day) for day in year_ends)
    return whole_years + worked_before(last) + works_on(last) - worked_before(first)


def on_duty(site_id: int, day: dt.date) -> list[int]:
    """The people on duty at a site on a day, in the order of their turn."""
    shifts = DutyShift.objects.filter(site_id=site_id, day=day, person__is_active=True)
    return list(shifts.order_by("position").values_list("person_id", flat=True))


def everybody_on_duty(day: dt.date) -> dict[int, list[int]]:
    """Those on duty on a day, by site, in the order in which they stand on the roster."""
    found: dict[int, list[int]] = {}
    shifts = DutyShift.objects.filter(day=day, site__is_active=True, person__is_active=True)
    for site, person in shifts.order_by("site", "position").values_list("site", "person"):
        found.setdefault(site, []).append(person)
    return found


def is_on_duty(person_id: int, day: dt.date) -> bool:
    """True when a person is on duty at any site on a day."""
    return DutyShift.objects.filter(person_id=person_id, day=day, site__is_active=True).exists()


def duty_days(person_ids: Collection[int], first: dt.date, last: dt.date) -> dict[int, set[dt.date]]:
    """The days from first to last on which people stand on the roster, by person."""
    found: dict[int, set[dt.date]] = {}
    shifts = DutyShift.objects.filter(person__in=person_ids, day__range=(first, last), site__is_active=True)
    for person_id, day in shifts.values_list("person_id", "day"):
        found.setdefault(person_id, set()).add(day)
    return found


def anybody_on_duty(since: dt.date) -> bool:
    """True when the roster names somebody for a day or a later one."""
    return DutyShift.objects.filter(day__gte=since, site__is_active=True, person__is_active=True).exists()


def duty_sites(actor: Actor) -> QuerySet[DutySite]:
    """The sites and hotlines of the roster, those in use first."""
    return DutySite.objects.select_related("department").order_by("-is_active", "name")


def duty_site(actor: Actor, site_id: int) -> DutySite:
    """One site or hotline."""
    found = duty_sites(actor).filter(pk=site_id).first()
    if found is None:
        raise NotFound
    return found


def roster(actor: Actor, site_id: int, first: dt.date, last: dt.date) -> dict[dt.date, list[str]]:
    """The names of those on duty at a site, day by day, in the order of their turn."""
    found: dict[dt.date, list[str]] = {}
    shifts = DutyShift.objects.filter(site_id=site_id, day__range=(first, last), person__is_active=True)
    for day, name in shifts.order_by("day", "position").values_list("day", "person__name"):
        found.setdefault(day, []).append(name)
    return found
