"""What a page of insight was asked for: read from the address, written back into the addresses of its links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar
from urllib.parse import urlencode

from django.utils import formats as django_formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken, Sentence
from xiaocheng.foundation.kernel.periods import ALL_TIME, Period, PeriodRules, day_of_key, period
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.insight.queries import Basis, Selection, bases, whose

KINDS: dict[str, Sentence] = {
    "week": gettext_lazy("按周"),
    "month": gettext_lazy("按月"),
    "quarter": gettext_lazy("按季度"),
    "year": gettext_lazy("按年"),
    "all": gettext_lazy("全部时间"),
    "custom": gettext_lazy("自定义"),
}
BASES: dict[Basis, Sentence] = {
    "company": gettext_lazy("全公司"),
    "team": gettext_lazy("我的团队"),
    "people": gettext_lazy("我的人员"),
    "mine": gettext_lazy("我自己"),
}
MEANING: dict[Basis, Sentence] = {
    "company": gettext_lazy("全公司的业绩"),
    "team": gettext_lazy("计入我的部门(含下级)的业绩,不论人员后来调到哪里"),
    "people": gettext_lazy("现在归我管的人员的业绩,不论当时在哪个部门"),
    "mine": gettext_lazy("计在我名下的业绩"),
}
UNKNOWN = "-"  # as a source: not recorded
FILTERS = ("team", "unit", "person", "process", "product", "source", "compare")
AGAINST = ("against", "against_first", "against_last", "against_team", "against_person", "against_source",
           "against_process", "within")  # fmt: skip
OWN = ("kind", "on", "first", "last", "by", "basis", *FILTERS, *AGAINST)
AGAINST_DAYS = ("against_first", "against_last")
OTHERS = ("team", "person", "source", "process")  # of which another one may be set against that of the page


@dataclass(frozen=True)
class Asked:
    """The parameters of the address as an actor may use them; what makes no sense falls back to the usual."""

    actor: Actor
    given: Mapping[str, str]
    own: ClassVar[tuple[str, ...]] = OWN  # the parameters that links carry on

    @cached_property
    def kind(self) -> str:
        """Kind of period: month, quarter, year, all, custom."""
        asked = self.given.get("kind", "quarter")
        return asked if asked in KINDS else "quarter"

    @cached_property
    def period(self) -> Period:
        """The period asked for, in company days."""
        if self.kind == "all":
            return ALL_TIME
        if self.kind == "custom":
            first, last = self._day("first") or period("month", clock.today()).first, self._day("last") or clock.today()
            return Period(min(first, last), max(first, last))
        return period(self.kind, self._day("on") or clock.today())

    @cached_property
    def basis(self) -> Basis:
        """Whose figures."""
        choices = bases(self.actor)
        return next((choice for choice in choices if choice == self.given.get("basis")), choices[0])

    @cached_property
    def selection(self) -> Selection:
        """What the queries are asked for."""
        return self._selected()

    def _selected(self) -> Selection:
        source = self.given.get("source", "")
        who = whose(self.actor, self.basis, self.number("team"), self.number("person"))
        if (unit := self.number("unit")) is not None:
            who = replace(who, departments=frozenset({unit}) & (who.departments or {unit}))
        return Selection(
            self.period,
            who,
            self.number("process"),
            self.number("product"),
            None if not source else "" if source == UNKNOWN else source,
        )

    @property
    def trouble(self) -> RuleBroken | None:
        """What is wrong with the past day that was asked for; pages that know only today have none."""
        return None

    @property
    def as_of(self) -> dt.date | None:
        """The past day as of which things are shown; None: today."""
        return None

    @cached_property
    def against(self) -> str:
        """What is set against what was asked for: before, year, days, or another team, person, source or process."""
        asked = self.given.get("against") or ("before" if self.compares else "")
        if asked in {"before", "year"}:
            return asked if self.kind != "all" else ""
        if asked == "days":
            return asked if all(map(self._day, AGAINST_DAYS)) else ""
        return asked if asked in OTHERS and self.given.get(f"against_{asked}") else ""

    @cached_property
    def other(self) -> Asked | None:
        """The same with what is set against it."""
        changes: dict[str, str] = dict.fromkeys((*AGAINST, "compare"), "")
        if self.against in OTHERS:
            changes[self.against] = self.given[f"against_{self.against}"]
        elif self.against:
            days = self._days_against()
            whole = {"kind": days.kind, "on": days.first.isoformat(), "first": "", "last": ""}
            free = {"kind": "custom", "on": "", "first": days.first.isoformat(), "last": days.last.isoformat()}
            changes |= free if days.kind == "custom" else whole
        given = {name: self.given.get(name, "") for name in self.own}
        return type(self)(self.actor, {**given, **changes}) if self.against else None

    def _days_against(self) -> Period:
        if self.against == "before":
            return self.period.before()
        if self.against == "days":
            first, last = sorted(day for day in map(self._day, AGAINST_DAYS) if day is not None)
            return Period(first, last)
        return self.period.a_year_before()

    def month_query(self, month: int, **changes: object) -> str:
        """The query string for one month (202601) of the period, or the part of it that lies inside."""
        days = period("month", day_of_key(month))
        if self.period.first <= days.first and days.last <= self.period.last:
            return self.query(kind="month", on=days.first, first="", last="", **changes)
        first, last = max(days.first, self.period.first), min(days.last, self.period.last)
        return self.query(kind="custom", on="", first=first, last=last, **changes)

    @property
    def compares(self) -> bool:
        """True when the period before stands beside."""
        return self.given.get("compare") == "on" and self.kind != "all"

    @property
    def narrowed(self) -> int:
        """How many filters are set."""
        set_ones = sum(bool(self.given.get(name)) for name in FILTERS)
        return set_ones + (self.basis != bases(self.actor)[0])

    def number(self, name: str) -> int | None:
        """A parameter that is an id."""
        text = self.given.get(name, "")
        return int(text) if text.isdecimal() and len(text) < 19 else None

    def query(self, **changes: object) -> str:
        """The query string with some parameters changed; empty ones are left out."""
        kept = {name: self.given.get(name, "") for name in self.own} | changes
        return urlencode([(name, str(value)) for name, value in kept.items() if value not in ("", None)])

    def period_name(self, shown: Period | None = None) -> str:
        """The period in words."""
        shown = shown or self.period
        if shown.kind == "all":
            return _("全部时间")
        if shown.kind == "week":
            first, last = (django_formats.date_format(day, "MONTH_DAY_FORMAT") for day in (shown.first, shown.last))
            return _("%(first)s 至 %(last)s") % {"first": first, "last": last}
        if shown.kind == "month":
            return django_formats.date_format(shown.first, "YEAR_MONTH_FORMAT")
        start = rules(PeriodRules, shown.first).fiscal_start_month
        year = shown.first.year - (shown.first.month < start)
        if shown.kind == "quarter":
            number = (shown.first.month - start) % 12 // 3 + 1
            return _("%(year)s 年第 %(number)s 季度") % {"year": year, "number": number}
        if shown.kind == "year":
            return _("%(year)s 年度") % {"year": year}
        return _("%(first)s 至 %(last)s") % {"first": shown.first.isoformat(), "last": shown.last.isoformat()}

    def _day(self, name: str) -> dt.date | None:
        try:
            day = dt.date.fromisoformat(self.given.get(name, ""))
        except ValueError:
            return None
        return day if 1970 <= day.year <= 2199 else None


@dataclass(frozen=True)
class AskedOfDay(Asked):
    """What was asked for of a page that can show how it stood at the end of a past day (`as_of`)."""

    own: ClassVar[tuple[str, ...]] = (*OWN, "as_of")

    @property
    def trouble(self) -> RuleBroken | None:
        """What is wrong with the day, for this or for what is set against it."""
        try:
            self._both()
        except RuleBroken as broken:
            return broken
        return None

    @property
    def as_of(self) -> dt.date | None:
        """The past day; None: today, or a day that cannot be."""
        return None if self.trouble else self.selection.as_of

    def _both(self) -> list[Selection]:
        return [asked.selection for asked in (self, self.other) if asked is not None]

    def _selected(self) -> Selection:
        day = self._day("as_of")
        if day is None and self.given.get("as_of"):
            raise RuleBroken(_("没有这一天。请把截至的日期写成 2026-09-30 这样。"), field="as_of")
        return super()._selected().on_day(day)
