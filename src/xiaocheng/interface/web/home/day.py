"""今日: what a rep does today, what falls due, how the week goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from xiaocheng.control.reports import queries as reports
from xiaocheng.control.reports.access import WRITE
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.foundation.org.access import SEE_EVERYONE, SEE_TEAM
from xiaocheng.interface.web.daily.attendance import finding_pills, hours_words, tap_words
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import SIGNED_IN, access
from xiaocheng.interface.web.shell.http import Request
from xiaocheng.interface.web.shell.links import Link
from xiaocheng.interface.web.shell.screens import Screen
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.fieldwork import queries as fieldwork
from xiaocheng.selling.fieldwork.access import ATTEND, VISIT
from xiaocheng.selling.pipeline import queries as pipeline
from xiaocheng.selling.pipeline.access import WORK
from xiaocheng.selling.tasks import queries as tasks

from .tiles import measure_tiles, own_targets

MINE = ("fieldwork.visited", "fieldwork.effective", "fieldwork.calls", "customers.registered", "pipeline.won_amount")
MOST_SUGGESTED = 8


@access(SIGNED_IN)
def home(request: Request) -> HttpResponse:
    """The home page is the day: a director's company, a supervisor's team, everybody else's own day."""
    if request.actor.can(VISIT) and not request.actor.can(SEE_TEAM):
        return redirect("home:today")
    if request.actor.can(SEE_EVERYONE):
        return redirect("home:company")
    return redirect("home:team" if request.actor.can(SEE_TEAM) else "home:today")


@access(SIGNED_IN)
class Today(Screen):
    """Today's plan to tick off, follow-ups and tasks due, the figures of the week."""

    title = _("今日")
    template = "home/today.html"

    def page_title(self) -> str:
        """The day and its weekday."""
        return formats.weekday(clock.today())

    def actions(self) -> Sequence[Link | None]:
        """What one does most."""
        return (
            Link(_("拜访"), "daily:off_plan", icon="map-pin-plus", drawer=True),
            Link(_("跟进"), "daily:follow_up", icon="phone-plus", drawer=True),
            Link(_("登记客户"), "customers:new", icon="user-plus", drawer=True),
        )

    def context(self) -> dict[str, Any]:
        """Plan, suggestions, tasks and figures of the actor alone."""
        today, me = clock.today(), self.actor.person_id or 0
        visits = self.actor.can(VISIT)
        return {
            "plan": fieldwork.plan_of(self.actor, me, today) if visits else None,
            "takes_place": (visits or self.actor.can(ATTEND)) and fieldwork.takes_place(self.actor),
            "attendance": self._attendance(),
            "under_way": fieldwork.visit_under_way(self.actor) if visits else None,
            "suggested": fieldwork.suggest_lines(self.actor, today)[:MOST_SUGGESTED] if visits else [],
            "questions": list(customers.questions(self.actor, "waiting")) if self.actor.can(SEE) else [],
            "tasks": list(tasks.due(self.actor, today)),
            "stepless": pipeline.without_next_step(self.actor) if self.actor.can(WORK) else 0,
            "tiles": measure_tiles(self.actor, MINE, period("week", today), me),
            "returned": reports.returned_report(self.actor),
            "visits": visits,
            "reports": self.actor.can(WRITE),
            **own_targets(self.actor),
        }

    def _attendance(self) -> dict[str, Any] | None:
        """My own day at work, and what is still to tap."""
        line = fieldwork.attendance_of(self.actor, self.actor.person_id or 0, clock.today())
        if line is None:
            return None
        return {
            "line": line,
            "hours": hours_words(line.attended),
            "findings": finding_pills(line.attended),
            "place": tap_words(line.clocked_out or line.clocked_in),
        }
