"""Which days the company works: its own decisions, else the public holidays of the library, else weekends."""

from __future__ import annotations

import datetime as dt
import time
from typing import ClassVar

from chinese_calendar.constants import holidays, in_lieu_days, workdays
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.rules import FRESH_SECONDS, rules

from .models import CalendarDay
from .rules import CalendarRules

SATURDAY = 5


class _Cache:
    """This process's copy of the company's own decisions."""

    read_at: float = -FRESH_SECONDS
    days: ClassVar[dict[dt.date, tuple[bool, str]]] = {}
    counts: ClassVar[dict[int, list[int]]] = {}  # of a year: the working days before each of its days, and of all


def forget_cached() -> None:
    """Drop this process's copy of the company's own decisions; called when one changes."""
    _Cache.read_at = -FRESH_SECONDS


def own_days() -> dict[dt.date, tuple[bool, str]]:
    """The days that the company decided upon itself: whether it works, and the name."""
    if time.monotonic() - _Cache.read_at >= FRESH_SECONDS:
        rows = CalendarDay.objects.values_list("day", "is_workday", "name")
        _Cache.days, _Cache.counts = {day: (works, name) for day, works, name in rows}, {}
        _Cache.read_at = time.monotonic()
    return _Cache.days


def last_year_with_table() -> int:
    """The last year whose public holidays are known."""
    return int(max(holidays).year)


def names() -> dict[str, str]:
    """The library's names of public holidays, in the reader's language."""
    return {
        "New Year's Day": _("元旦"),
        "Spring Festival": _("春节"),
        "Tomb-sweeping Day": _("清明节"),
        "Labour Day": _("劳动节"),
        "Dragon Boat Festival": _("端午节"),
        "National Day": _("国庆节"),
        "Mid-autumn Festival": _("中秋节"),
        "Anti-Fascist 70th Day": _("抗战胜利纪念日"),
    }


def works_on(day: dt.date) -> bool:
    """True when the company works on that day."""
    own = own_days().get(day)
    if own is not None:
        return own[0]
    if rules(CalendarRules, day).holidays == "china":
        if day in workdays:
            return True
        if day in holidays:
            return False
    return day.weekday() < SATURDAY


def worked_before(day: dt.date) -> int:
    """The number of working days of a year before one of its days."""
    own_days()  # drops the counts with the days that they were made of
    if day.year not in _Cache.counts:
        counts, that = [0], dt.date(day.year, 1, 1)
        while that.year == day.year:
            counts.append(counts[-1] + works_on(that))
            that += dt.timedelta(days=1)
        _Cache.counts[day.year] = counts
    return _Cache.counts[day.year][day.timetuple().tm_yday - 1]


def name_of(day: dt.date) -> str:
    """What the day is called: the company's own name, the public holiday, the make-up workday; else empty."""
    own = own_days().get(day)
    if own is not None and own[1]:
        return own[1]
    if rules(CalendarRules, day).holidays != "china":
        return ""
    if day in workdays:
        return _("%(holiday)s调休上班") % {"holiday": names().get(workdays[day], workdays[day])}
    if day in in_lieu_days:
        return _("%(holiday)s调休") % {"holiday": names().get(in_lieu_days[day], in_lieu_days[day])}
    return names().get(holidays[day], holidays[day]) if day in holidays else ""


def year_to_warn_of() -> int | None:
    """The year that has no holiday table though it is near: this one, or from November the next."""
    today = clock.today()
    if rules(CalendarRules, today).holidays != "china":
        return None
    known = last_year_with_table()
    near = today.year + 1 if today.month >= 11 else today.year
    if near <= known or any(day.year == near for day in own_days()):
        return None
    return near
