"""Work calendar and duty roster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record, timeline
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.foundation.org.access import MANAGE_CALENDAR
from xiaocheng.foundation.org.events import CalendarDayMarked, DutySet, DutySiteSaved, HolidaysMissing
from xiaocheng.foundation.org.models import CalendarDay, Department, DutyShift, DutySite, Person
from xiaocheng.foundation.org.workdays import forget_cached, year_to_warn_of

LONGEST_ROSTER = 92


@transaction.atomic
def mark_calendar_day(actor: Actor, day: dt.date, is_workday: bool | None, name: str = "") -> None:
    """Decide whether a day is a working day; None goes back to the table of public holidays and weekends."""
    actor.require(MANAGE_CALENDAR)
    if is_workday is None:
        CalendarDay.objects.filter(day=day).delete()
    else:
        row = CalendarDay(day=day, is_workday=is_workday, name=name.strip())
        check_columns(row)
        CalendarDay.objects.update_or_create(day=day, defaults={"is_workday": is_workday, "name": row.name})
    forget_cached()
    record(actor, CalendarDayMarked(day=day, is_workday=is_workday, name=name.strip()))


@transaction.atomic
def note_missing_holidays(actor: Actor) -> int | None:
    """Note, once for each year, that its public holidays are missing though it is near; returns the year noted now."""
    year = year_to_warn_of()
    actor.require(MANAGE_CALENDAR)
    if year is None or timeline("org.calendar_year", year, limit=1):
        return None
    record(actor, HolidaysMissing(year=year))
    return year


@transaction.atomic
def add_duty_site(actor: Actor, name: str, kind: str, department_id: int) -> DutySite:
    """Add a showroom or hotline to the duty roster."""
    actor.require(MANAGE_CALENDAR)
    site = DutySite(name=name.strip(), kind=kind, department_id=_department(department_id))
    _check_site(site)
    site.save(force_insert=True)
    record(actor, DutySiteSaved(site_id=site.pk, name=site.name))
    return site


@transaction.atomic
def edit_duty_site(
    actor: Actor, site_id: int, version: int, *, name: str, kind: str, department_id: int, is_active: bool
) -> DutySite:
    """Change or close a showroom or hotline."""
    site = _site(site_id)
    actor.require(MANAGE_CALENDAR)
    values: dict[str, Any] = {"name": name.strip(), "kind": kind, "is_active": is_active}
    _check_site(DutySite(pk=site.pk, name=values["name"], kind=kind, department_id=department_id))
    save_edit(site, version, **values, department_id=_department(department_id))
    record(actor, DutySiteSaved(site_id=site.pk, name=site.name))
    return site


@transaction.atomic
def set_duty(
    actor: Actor, site_id: int, first: dt.date, last: dt.date, person_ids: Sequence[int], *, by_turn: bool = False
) -> int:
    """Put people on duty at a site from one day to another, replacing who stood there; returns the number of days.

    All of them every day in this order, or, by turn, one a day from the first to the last and round again.
    """
    site = _site(site_id)
    actor.require(MANAGE_CALENDAR)
    days = _days(first, last)
    people = list(dict.fromkeys(person_ids))
    if Person.objects.filter(pk__in=people, is_active=True).count() != len(people):
        raise RuleBroken(_("只能安排在职人员值班。"), field="people")
    DutyShift.objects.filter(site=site, day__range=(first, last)).delete()
    DutyShift.objects.bulk_create(
        DutyShift(site=site, day=day, person_id=person, position=position)
        for number, day in enumerate(days)
        for position, person in enumerate([people[number % len(people)]] if by_turn and people else people)
    )
    record(actor, DutySet(site_id=site.pk, first=first, last=last, person_ids=tuple(people)))
    return len(days)


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    if last < first:
        raise RuleBroken(_("结束日期不能早于开始日期。"), field="last")
    if first < clock.today():
        raise RuleBroken(_("过去的值班不能再改。"), field="first")
    if (last - first).days >= LONGEST_ROSTER:
        raise RuleBroken(_("一次最多排 %(count)s 天。") % {"count": LONGEST_ROSTER}, field="last")
    return [first + dt.timedelta(days=i) for i in range((last - first).days + 1)]


def _site(pk: int) -> DutySite:
    site = DutySite.objects.filter(pk=pk).first()
    if site is None:
        raise NotFound
    return site


def _department(pk: int) -> int:
    if not Department.objects.filter(pk=pk, is_active=True).exists():
        raise RuleBroken(_("请选择在用的部门。"), field="department")
    return pk


def _check_site(site: DutySite) -> None:
    if not site.name:
        raise RuleBroken(_("请填写名称。"), field="name")
    if DutySite.objects.filter(name=site.name).exclude(pk=site.pk or 0).exists():
        raise RuleBroken(_("已有同名的值班点。"), field="name")
    check_columns(site)
