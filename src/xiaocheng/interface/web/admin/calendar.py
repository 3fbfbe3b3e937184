"""The work calendar: a year at a glance; a click decides about a day."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.org import commands, queries
from xiaocheng.foundation.org.access import MANAGE_CALENDAR
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import SIGNED_IN, access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.screens import FormScreen
from xiaocheng.interface.web.shell.screens.base import Screen

FIRST_YEAR, LAST_YEAR = 2000, 2100
WEEKDAYS = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]


@access(SIGNED_IN)
class Year(Screen):
    """A year: working days, rest days and holidays."""

    template = "admin/calendar.html"
    year: int

    def load(self) -> None:
        """Which year."""
        asked = self.request.GET.get("year", "")
        self.year = int(asked) if asked.isdecimal() and FIRST_YEAR <= int(asked) <= LAST_YEAR else clock.today().year

    def page_title(self) -> str:
        """The year."""
        return str(_("%(year)s 年工作日历") % {"year": self.year})

    def context(self) -> dict[str, Any]:
        """The months, and how many days are worked in each."""
        days = {entry.day: entry for entry in queries.calendar_year(self.actor, self.year)}
        own = queries.days_decided(self.actor, self.year)
        months = []
        for month in range(1, 13):
            weeks = [
                [self._cell(day, days, own) if day.month == month else None for day in week]
                for week in calendar.Calendar().monthdatescalendar(self.year, month)
            ]
            worked = sum(entry.is_workday for day, entry in days.items() if day.month == month)
            months.append((dt.date(self.year, month, 1), worked, weeks))
        return {
            "year": self.year,
            "months": months,
            "weekdays": WEEKDAYS,
            "worked": sum(entry.is_workday for entry in days.values()),
            "warned_year": queries.year_to_warn_of(),
            "named": [entry for entry in days.values() if entry.name],
            "may_edit": self.actor.can(MANAGE_CALENDAR),
        }

    def _cell(
        self, day: dt.date, days: dict[dt.date, queries.CalendarEntry], own: frozenset[dt.date]
    ) -> dict[str, Any]:
        entry = days[day]
        look = "work" if entry.is_workday else "rest"
        if entry.name and not entry.is_workday:
            look += " holiday"
        if entry.is_workday and day.weekday() > 4:
            look += " makeup"
        if day in own:
            look += " own"
        words = _("上班") if entry.is_workday else _("休息")
        label = " ".join([formats.weekday(day), str(words), entry.name]).strip()
        return {"day": day, "look": look, "label": label, "today": day == clock.today()}


class DayForm(Form):
    """What the company decides about a day."""

    decision = forms.ChoiceField(
        label=_("这一天"),
        choices=[("work", _("上班")), ("rest", _("休息")), ("table", _("按法定安排"))],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("名称"), max_length=60, required=False, help_text=_("例如:司庆、盘点"))


@access(MANAGE_CALENDAR)
class Day(FormScreen):
    """Decide about a day."""

    form_class = DayForm
    day: dt.date

    def load(self) -> None:
        """Which day."""
        try:
            self.day = dt.date.fromisoformat(self.kwargs["day"])
        except ValueError:
            raise NotFound from None
        if not FIRST_YEAR <= self.day.year <= LAST_YEAR:
            raise NotFound

    def page_title(self) -> str:
        """The day."""
        return f"{self.day.year} · {formats.weekday(self.day)}"

    def initial(self) -> dict[str, Any]:
        """What holds now."""
        own = self.day in queries.days_decided(self.actor, self.day.year)
        works = "work" if queries.is_workday(self.day) else "rest"
        return {"decision": works if own else "table", "name": queries.day_name(self.day) if own else ""}

    def run(self, data: dict[str, Any]) -> Done:
        """Decide."""
        decided = {"work": True, "rest": False}.get(data["decision"])
        commands.mark_calendar_day(self.actor, self.day, decided, data["name"])
        return Done(url=f"{reverse('admin:calendar')}?year={self.day.year}", toast=_("工作日历已更新"))


def week_of(asked: str) -> Sequence[dt.date]:
    """The four weeks from the Monday of a day, or from this week's."""
    try:
        day = dt.date.fromisoformat(asked)
    except ValueError:
        day = clock.today()
    day = min(max(day, dt.date(FIRST_YEAR, 1, 3)), dt.date(LAST_YEAR, 1, 1))
    monday = day - dt.timedelta(days=day.weekday())
    return [monday + dt.timedelta(days=i) for i in range(28)]
