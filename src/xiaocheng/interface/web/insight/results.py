"""Win rate and revenue."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import MEAN_ORDER, WIN_RATE, WIN_RATE_AMOUNT
from xiaocheng.insight.queries import Line, Result
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.figures import Chart, Figure, Series

from .breakdown import LINE_HEADS, BreakdownScreen
from .showing import Cell, Head, linked, rows_url, sureness, table, text, tile

WON, WON_AMOUNT = "pipeline.won", "pipeline.won_amount"
LOST, LOST_AMOUNT, INVALID = "pipeline.lost", "pipeline.lost_amount", "pipeline.invalid"
MOST_BARS = 15


class ResultScreen(BreakdownScreen):
    """A page about what was won and lost, as a whole and broken down by month, team, person or product."""

    behind = "closings"

    def lines(self) -> list[Line]:
        """The breakdown; months in order, people by name where no ranking is meant."""
        return queries.results_by(self.actor, self.selection, self.by)

    def closings_url(self, verdict: str, line: Line | None = None) -> str:
        """The address of the closings behind a number of the whole, or of one line."""
        return f"{self.rows_of(line.id if line else None)}&verdict={verdict}&back={self.name}"


@access(SEE)
class WinRatePage(ResultScreen):
    """赢单率: won of what was closed in the period, by count and by amount."""

    title = gettext_lazy("赢单率")
    template = "insight/results.html"
    name, usual = "win_rate", "person"

    def context(self) -> dict[str, Any]:
        """Tiles, the picture of wins and losses, the table behind."""
        found = queries.result(self.actor, self.selection)
        if found.is_empty:
            return {"is_empty": True}
        then = queries.result(self.actor, self.before) if self.before else None
        lines = self.lines() if self.by == "month" else sorted(self.lines(), key=lambda line: (not line.id, line.name))
        return {
            "tiles": self._tiles(found, then),
            "chart": self._picture(found, lines),
            "by": self.ways(),
            **table(
                LINE_HEADS[self.by],
                [Head.of(key) for key in (WON, LOST, WIN_RATE, WIN_RATE_AMOUNT, INVALID)],
                [(self.label(line.name), self._cells(line)) for line in lines],
            ),
        }

    def _tiles(self, found: Result, then: Result | None) -> list[Figure]:
        per_order = queries.deals_per_order(self.actor, self.selection)
        decided = self.closings_url("decided")
        printed = (_("资料原文口径:商机数÷订单数(即每单所需商机数)"), text(per_order))
        before = queries.deals_per_order(self.actor, self.before) if self.before else None
        rate = tile(found.win_rate, decided, before=then.win_rate if then else None, more=[printed])
        work = tile(per_order, f"{rows_url(self.asked, 'stays')}&exit=opened&back=win_rate", before=before)
        first, last = (work, rate) if queries.shows_workload_first(self.actor) else (rate, work)
        return [
            first,
            tile(found.win_rate_amount, decided, before=then.win_rate_amount if then else None),
            last,
            tile(found.invalid, self.closings_url("invalid"), before=then.invalid if then else None),
        ]

    def _picture(self, found: Result, lines: list[Line]) -> Chart | None:
        if self.by != "month" or len(lines) < 2:
            return None
        said = _("%(period)s:赢 %(won)s 单、输 %(lost)s 单,赢单率 %(rate)s。") % {
            "period": self.asked.period_name(),
            "won": text(found.orders),
            "lost": text(found.lost),
            "rate": text(found.win_rate),
        }
        return Chart(
            "columns",
            said,
            [line.name for line in lines],
            [
                Series(_("赢单"), [line.result.orders.n for line in lines],
                       [self.closings_url("won", line) for line in lines], stack="all", tone="good"),
                Series(_("输单"), [line.result.lost.n for line in lines],
                       [self.closings_url("lost", line) for line in lines], stack="all", tone="bad"),
            ],
            with_table=False,
        )  # fmt: skip

    def _cells(self, line: Line) -> list[Cell]:
        found = line.result
        return [
            linked(found.orders, self.closings_url("won", line), text(found.revenue) if found.orders.n else ""),
            linked(
                found.lost, self.closings_url("lost", line), formats.money(found.lost_amount) if found.lost.n else ""
            ),
            linked(
                found.win_rate,
                self.closings_url("decided", line),
                sureness(found.win_rate) if found.win_rate.n else "",
            ),
            linked(found.win_rate_amount, self.closings_url("decided", line)),
            linked(found.invalid, self.closings_url("invalid", line)),
        ]


@access(SEE)
class RevenuePage(ResultScreen):
    """销售业绩: what was signed, by month, team, person and product."""

    title = gettext_lazy("销售业绩")
    template = "insight/results.html"
    name, usual = "revenue", "month"

    def context(self) -> dict[str, Any]:
        """Tiles, the picture of revenue, the table behind."""
        found = queries.result(self.actor, self.selection)
        customers = self._customers()
        if found.is_empty and not any(figure.value for figure in customers.values()):
            return {"is_empty": True}
        then = queries.result(self.actor, self.before) if self.before else None
        lines = self.lines()
        total = found.revenue.numerator
        return {
            "tiles": self._tiles(found, then, customers),
            "chart": self._picture(found, lines),
            "by": self.ways(),
            **table(
                LINE_HEADS[self.by],
                [
                    *(Head.of(key) for key in (WON_AMOUNT, WON, MEAN_ORDER)),
                    Head(_("占比"), _("占比"), _("该行金额 ÷ 合计")),
                ],
                [(self.label(line.name), self._cells(line, total)) for line in lines],
            ),
        }

    def _customers(self) -> dict[str, queries.Figure]:
        """New customers, where no filter is set that they know nothing of."""
        if self.selection.process_id is not None or self.selection.is_of_offer:
            return {}
        return queries.new_customers(self.actor, self.selection)

    def _tiles(self, found: Result, then: Result | None, customers: dict[str, queries.Figure]) -> list[Figure]:
        won = self.closings_url("won")
        tiles = [
            tile(found.revenue, won, before=then.revenue if then else None),
            tile(found.orders, won, before=then.orders if then else None),
            tile(found.mean_order, won, before=then.mean_order if then else None),
        ]
        former = queries.new_customers(self.actor, self.before) if self.before and customers else {}
        return tiles + [
            tile(figure, f"{rows_url(self.asked, 'customers')}&key={key}", before=former.get(key))
            for key, figure in customers.items()
        ]

    def _picture(self, found: Result, lines: list[Line]) -> Chart | None:
        shown = lines if self.by == "month" else lines[:MOST_BARS]
        if len(shown) < 2:
            return None
        best = max(shown, key=lambda line: line.result.revenue.numerator)
        said = _("%(period)s:赢单 %(amount)s,其中「%(best)s」最多:%(most)s。") % {
            "period": self.asked.period_name(),
            "amount": text(found.revenue),
            "best": self.label(best.name),
            "most": text(best.result.revenue),
        }
        series = [
            Series(_("赢单金额"), [line.result.revenue.value for line in shown],
                   [self.closings_url("won", line) for line in shown])
        ]  # fmt: skip
        if self.by == "month" and self.before:
            former = queries.results_by(self.actor, self.before, "month")
            amounts = [line.result.revenue.value for line in former][: len(shown)]
            series.append(Series(_("上一期"), [*amounts, *[None] * (len(shown) - len(amounts))], look="dashed"))
        return Chart(
            "columns" if self.by == "month" else "bars",
            said,
            [self.label(line.name) for line in shown],
            series,
            unit="money",
            with_table=False,
        )

    def _cells(self, line: Line, total: Decimal) -> list[Cell]:
        found = line.result
        url = self.closings_url("won", line)
        share = found.revenue.numerator / total if total > 0 else None
        return [
            linked(found.revenue, url),
            linked(found.orders, url),
            linked(found.mean_order, url),
            Cell(formats.percent(share)),
        ]
