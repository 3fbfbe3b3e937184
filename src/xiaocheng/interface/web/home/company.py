"""全局: what comes in, where deals are lost, how the weeks go."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.periods import Period, day_of_key, period
from xiaocheng.foundation.org.access import SEE_EVERYONE
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.queries import Selection
from xiaocheng.interface.web.insight.showing import text, tile
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.figures import Chart, Figure, Series
from xiaocheng.interface.web.shell.screens import Screen

from .tiles import measure_tiles

ACTIVITY = ("fieldwork.planned", "fieldwork.visited", "fieldwork.effective", "customers.registered")


@access(SEE_EVERYONE, SEE)
class Company(Screen):
    """A director's one page: the quarter's results, the months, the activity of the week."""

    title = gettext_lazy("全局")
    template = "home/company.html"

    def context(self) -> dict[str, Any]:
        """Results of the quarter beside the one before, months of the year, activity of this week."""
        today = clock.today()
        quarter = Selection(period("quarter", today))
        return {
            "tiles": self._results(quarter),
            "chart": self._months(Selection(_last_twelve_months(today))),
            "activity": measure_tiles(self.actor, ACTIVITY, period("week", today)),
        }

    def _results(self, quarter: Selection) -> list[Figure]:
        now, then = queries.result(self.actor, quarter), queries.result(self.actor, quarter.before())
        return [
            tile(now.revenue, _closings(quarter.period, "won"), before=then.revenue),
            tile(now.orders, _closings(quarter.period, "won"), before=then.orders),
            tile(now.win_rate, _closings(quarter.period, "decided"), before=then.win_rate),
            tile(now.lost, _closings(quarter.period, "lost"), before=then.lost),
        ]

    def _months(self, year: Selection) -> Chart | None:
        lines = queries.results_by(self.actor, year, "month")
        if len(lines) < 2:
            return None
        best = max(lines, key=lambda line: line.result.revenue.numerator)
        said = _("近十二个月签单最多的是%(month)s:%(amount)s。") % {
            "month": best.name,
            "amount": text(best.result.revenue),
        }
        values = [line.result.revenue.numerator for line in lines]
        urls = [_closings(period("month", day_of_key(int(line.id))), "won") for line in lines]
        return Chart("columns", said, [line.name for line in lines], [Series(_("签单额"), values, urls)], unit="money")


def _closings(days: Period, verdict: str) -> str:
    """The address of the wins or losses of some days."""
    asked = {"kind": "custom", "first": days.first, "last": days.last, "verdict": verdict, "back": "revenue"}
    return f"{reverse('insight:closings')}?{urlencode(asked)}"


def _last_twelve_months(today: dt.date) -> Period:
    month = period("month", today)
    first = month
    for _number in range(11):
        first = first.before()
    return Period(first.first, month.last)
