"""What came of the receptions: by person, channel and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.periods import Period, period
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.links import Crumb, Empty, Tab
from xiaocheng.interface.web.shell.screens import DetailScreen
from xiaocheng.selling.customers import queries
from xiaocheng.selling.customers.access import RECEIVE
from xiaocheng.selling.customers.queries import Channel, Received

WAYS = {"person": gettext_lazy("按接待人"), "channel": gettext_lazy("按方式"), "day": gettext_lazy("按日")}
SPANS = {"week": gettext_lazy("本周"), "month": gettext_lazy("本月"), "quarter": gettext_lazy("本季")}


@dataclass(frozen=True)
class Line:
    """A row of the table: what it is about, and each number with the address of its rows."""

    name: str
    numbers: Sequence[tuple[str, str, str]]
    rate: str


@access(RECEIVE)
class Figures(DetailScreen):
    """Receptions of a week, month or quarter, and how many of the new customers bought."""

    template, title = "receptions/figures.html", gettext_lazy("接待统计")

    def load(self) -> None:
        """Which stretch of time."""
        asked = self.request.GET.get("span", "")
        self.span = asked if asked in SPANS else "month"

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the register."""
        return [Crumb(_("接待"), reverse("receptions:list"))]

    def tabs(self) -> Sequence[Tab]:
        """By what they are counted."""
        return [Tab(key, label) for key, label in WAYS.items()]

    def context(self) -> dict[str, Any]:
        """The table."""
        during = period(self.span, clock.today())
        rows = queries.received(self.actor, self.tab, during)
        return {
            "heads": [_("接待"), _("留下联系方式"), _("新客户"), _("已成交")],
            "about": WAYS[self.tab],
            "lines": [self._line(row, during) for row in rows],
            "spans": [(key, label, key == self.span) for key, label in SPANS.items()],
            "nothing": Empty(_("这段时间没有接待"), icon="building-store"),
            "dates": _("%(first)s 至 %(last)s") % {
                "first": formats.day(during.first), "last": formats.day(during.last)
            },
        }  # fmt: skip

    def _line(self, row: Received, during: Period) -> Line:
        counts = {"": row.received, "details": row.with_details, "new": row.new, "won": row.won}
        heads = [_("接待"), _("留下联系方式"), _("新客户"), _("已成交")]
        numbers = [
            (head, formats.number(count), self._rows_of(row, during, of))
            for head, (of, count) in zip(heads, counts.items(), strict=True)
        ]
        return Line(self._name(row), numbers, "–" if row.rate is None else formats.percent(row.rate))

    def _name(self, row: Received) -> str:
        if isinstance(row.key, dt.date):
            return formats.day(row.key)
        return str(Channel(str(row.key)).label) if self.tab == "channel" else row.name

    def _rows_of(self, row: Received, during: Period, of: str) -> str:
        """Where the receptions behind a number are listed."""
        asked = {"key": "customers.received", "first": str(during.first), "last": str(during.last)}
        if isinstance(row.key, dt.date):
            asked |= {"first": str(row.key), "last": str(row.key)}
        else:
            asked |= {"person" if self.tab == "person" else "channel": str(row.key)}
        asked |= {"of": of} if of else {}
        return f"{reverse('numbers:receptions')}?{urlencode(asked)}"
