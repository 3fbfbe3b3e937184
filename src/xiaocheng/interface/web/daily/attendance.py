"""The taps of the clock, and how a day of attendance is said."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.screens import ActionScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.fieldwork import commands, queries
from xiaocheng.selling.fieldwork.access import ATTEND
from xiaocheng.selling.fieldwork.queries import Attended, Clocking, Finding, Found, RequestKind

from .places import sent_position, shown_place

TONES = {Finding.ABSENT: "red", Finding.NOT_YET: "grey"}


def found_words(found: Found) -> str:
    """A finding in words, with its minutes where it is about time."""
    name = Finding(found.finding).label
    if not found.minutes:
        return str(name)
    return _("%(finding)s %(minutes)s 分钟") % {"finding": name, "minutes": found.minutes}


def finding_pills(attended: Attended) -> SafeString:
    """What was granted for a day and what is missing to it, each by its name."""
    pills = ((pill(found_words(it), TONES.get(Finding(it.finding), "amber")),) for it in attended.found)
    kinds = [attended.excuse, RequestKind.LATE_RETURN if attended.returns_late else ""]
    granted = ((pill(RequestKind(kind).label, "blue"),) for kind in kinds if kind)
    return format_html_join(" ", "{}", (*granted, *pills))


def hours_words(attended: Attended) -> str:
    """When somebody came and left."""
    moments = [f"{localtime(at):%H:%M}" if at else "" for at in (attended.arrived_at, attended.left_at)]
    if moments[0] and moments[1]:
        return _("%(arrived)s 到岗,%(left)s 离岗") % {"arrived": moments[0], "left": moments[1]}
    if moments[0]:
        return _("%(arrived)s 到岗") % {"arrived": moments[0]}
    if moments[1]:
        return _("%(left)s 离岗") % {"left": moments[1]}
    if attended.was_there:
        return _("没有打卡")
    if attended.is_due:
        return _("还没有到岗")
    return _("当天没有上班") if attended.excuse else _("休息日")


def since_words(frozen: Attended | None, now: Attended | None) -> str:
    """What became of a day after it was reported; empty when nothing changed."""
    if frozen is None or now is None or frozen == now:
        return ""
    said = [hours_words(now), *map(found_words, now.found)]
    return _("提交后变为 %(now)s") % {"now": ", ".join(said)}


def tap_words(tap: Clocking | None) -> SafeString | None:
    """The place of a tap, where it was kept."""
    return shown_place(tap) if tap is not None and tap.verdict else None


def said_of_day(actor: Actor, day: dt.date) -> dict[int, tuple[str, SafeString]]:
    """When everybody of the team came and left on a day, and what is missing, by person."""
    lines = queries.team_attendance(actor, day).values()
    return {it.person_id: (hours_words(it.attended), finding_pills(it.attended)) for it in lines}


@access(ATTEND)
class ClockIn(ActionScreen):
    """Begin the day."""

    def run(self) -> Done:
        """Once."""
        row = commands.clock_in(self.actor, sent_position(self.request))
        said = _("%(at)s 上班打卡") % {"at": f"{localtime(row.at):%H:%M}"}
        return Done(url=reverse("home:today"), toast=said)


@access(ATTEND)
class ClockOut(ActionScreen):
    """End the day."""

    def run(self) -> Done:
        """The last tap counts."""
        row = commands.clock_out(self.actor, sent_position(self.request))
        said = _("%(at)s 下班打卡") % {"at": f"{localtime(row.at):%H:%M}"}
        return Done(url=reverse("home:today"), toast=said)
