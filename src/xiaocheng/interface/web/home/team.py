"""团队: what waits for my signature, who is where, who has not reported, which deals stick, the week of the team."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiaocheng.control.reports import queries as reports
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.foundation.kernel.scope import first_rows
from xiaocheng.foundation.org.access import SEE_TEAM
from xiaocheng.foundation.org.queries import is_workday, last_workday_before
from xiaocheng.interface.web.customers.lists import limit_pill
from xiaocheng.interface.web.daily.attendance import said_of_day
from xiaocheng.interface.web.daily.requests import what, when
from xiaocheng.interface.web.pipeline.lists import briefly, pace_pills, why_stale
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.screens import Screen
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.customers.access import SEE as SEE_CUSTOMERS
from xiaocheng.selling.fieldwork import queries as fieldwork
from xiaocheng.selling.pipeline import queries as pipeline
from xiaocheng.selling.pipeline.access import SEE as SEE_DEALS

from .tiles import measure_tiles, team_targets

MOST_STUCK = MOST_NEAR = 6
OURS = (
    "fieldwork.planned",
    "fieldwork.visited",
    "fieldwork.effective",
    "customers.registered",
    "pipeline.won",
    "pipeline.won_amount",
)


@access(SEE_TEAM)
class Team(Screen):
    """A supervisor's ten minutes in the morning and twenty in the evening."""

    title = _("团队")
    template = "home/team.html"

    def context(self) -> dict[str, Any]:
        """Signatures, today's progress, missing reports, stuck opportunities, the week's figures."""
        today = clock.today()
        attendance = said_of_day(self.actor, today)
        yesterday = last_workday_before(today)
        return {
            "no_plan": _("没有计划"),
            "no_plan_tone": "amber" if is_workday(today) else "grey",
            "late": _("迟交"),
            "plans": fieldwork.waiting_plans(self.actor),
            "reports": reports.waiting_reports(self.actor),
            "requests": [(row, what(row), when(row)) for row in fieldwork.waiting_requests(self.actor)],
            "extensions": customers.waiting_extensions(self.actor),
            "day": [(line, attendance.get(line.person_id)) for line in fieldwork.team_day(self.actor, today)],
            "missing": reports.missing_reports(self.actor, yesterday),
            "missing_day": yesterday,
            "tiles": measure_tiles(self.actor, OURS, period("week", today)),
            **team_targets(self.actor),
            **self._near(),
            **self._stuck(),
        }

    def _near(self) -> dict[str, Any]:
        """The customers of the team that are about to lapse, the most urgent first."""
        if not self.actor.can(SEE_CUSTOMERS):
            return {}
        rows = first_rows(customers.teams_near_lapse(self.actor), MOST_NEAR + 1)
        more = f"{reverse('customers:list')}?tab=near" if len(rows) > MOST_NEAR else ""
        return {
            "sees_customers": True,
            "near": [(row, limit_pill(customers.limit_for(row))) for row in rows[:MOST_NEAR]],
            "more_near": more,
        }

    def _stuck(self) -> dict[str, Any]:
        """The opportunities that stick longest, each with what is late about it."""
        if not self.actor.can(SEE_DEALS):
            return {}
        rows = first_rows(briefly(pipeline.stuck(self.actor)), MOST_STUCK + 1)
        paces = pipeline.pace_of(self.actor, rows)
        shown = [(row, pace := paces[row.pk], pace_pills(pace), why_stale(pace)) for row in rows[:MOST_STUCK]]
        more = f"{reverse('pipeline:list')}?tab=team&pace=stuck" if len(rows) > MOST_STUCK else ""
        return {"sees_deals": True, "stuck": shown, "more_stuck": more}
