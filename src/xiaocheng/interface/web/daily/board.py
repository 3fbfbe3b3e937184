"""团队日程: what everybody of the team does on a day, and how far he is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.control.reports import queries as reports
from xiaocheng.foundation.kernel.measures import totals
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.foundation.org.access import SEE_TEAM
from xiaocheng.foundation.org.queries import is_workday
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.links import Empty
from xiaocheng.interface.web.shell.screens import Screen
from xiaocheng.selling.fieldwork import queries as fieldwork

from .attendance import said_of_day
from .days import Days, asked_day
from .plan import TONES

KEYS = ("fieldwork.planned", "fieldwork.plan_done", "fieldwork.visited", "fieldwork.effective")


@access(SEE_TEAM)
class Board(Screen):
    """One line per colleague: plan, progress, where he is now, the report."""

    title = gettext_lazy("团队日程")
    template = "daily/board.html"

    def context(self) -> dict[str, Any]:
        """The lines of everybody whom the actor sees."""
        day = asked_day(self.request)
        papers = {line.person_id: line for line in reports.team_reports(self.actor, day)}
        people = fieldwork.team_day(self.actor, day)
        attendance = said_of_day(self.actor, day)
        sums = totals(self.actor, KEYS, period("day", day))
        return {
            "days": Days(day),
            "people": [(line, papers.get(line.person_id), attendance.get(line.person_id)) for line in people],
            "tones": TONES,
            "sums": {key.partition(".")[2]: int(value) for key, value in sums.items()},
            "words": {"no_plan": _("没有计划"), "missing": _("未交日报"), "unsigned": _("未签核已出发")},
            "no_plan_tone": "amber" if is_workday(day) else "grey",
            "empty": Empty(_("您的团队里还没有跑外勤的人员"), icon="users-group"),
        }
