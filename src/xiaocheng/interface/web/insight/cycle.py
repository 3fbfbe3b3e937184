"""The sales cycle, as a whole and broken down."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import CYCLE_MEAN, CYCLE_MEDIAN
from xiaocheng.insight.queries import Cycle, CycleLine
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.figures import Chart, Figure, Series

from .breakdown import LINE_HEADS, BreakdownScreen
from .showing import NOTHING, Cell, Head, linked, table, text, tile

HALF = gettext_lazy("中间一半的商机")
HALF_MEANS = gettext_lazy("四分之一的赢单比前者快,四分之一比后者慢")
UNTIMED = gettext_lazy("未计入的赢单")
UNTIMED_MEANS = gettext_lazy("期间内赢单,但开始时间没有记录的商机数")
QUALIFIED = gettext_lazy("在途、已过第一阶段的商机")
TIMED = gettext_lazy("计入的赢单")
TIMED_MEANS = gettext_lazy("期间内赢单、没有在期间内重新打开、开始时间有记录的商机数")


@access(SEE)
class CyclePage(BreakdownScreen):
    """成交周期: from the first contact to the win."""

    title = gettext_lazy("成交周期")
    template = "insight/cycle.html"
    name, behind, usual = "cycle", "wins", "person"

    def context(self) -> dict[str, Any]:
        """Mean and median, how the deals spread, and the same line by line."""
        found = queries.cycle(self.actor, self.selection)
        if not found.mean.n and not found.untimed:
            return {"is_empty": True}
        lines = queries.cycle_by(self.actor, self.selection, self.by)
        return {
            "tiles": self._tiles(found),
            "chart": self._picture(found),
            "by": self.ways(),
            **table(
                LINE_HEADS[self.by],
                [
                    Head.of(CYCLE_MEDIAN),
                    Head.of(CYCLE_MEAN),
                    Head(HALF, HALF, HALF_MEANS),
                    Head(TIMED, TIMED, TIMED_MEANS),
                    Head(UNTIMED, UNTIMED, UNTIMED_MEANS),
                ],
                [(self.label(line.name), self._cells(line)) for line in lines],
            ),
        }

    def _tiles(self, found: Cycle) -> list[Figure]:
        then = queries.cycle(self.actor, self.before) if self.before else None
        timed = self._url("yes")
        half = Figure(HALF, _half(found), HALF_MEANS, rows_url=timed)
        return [
            tile(found.mean, timed, before=then.mean if then else None),
            tile(found.median, timed, before=then.median if then else None),
            *([half] if found.quarter is not None else []),
            self._velocity(found),
            Figure(UNTIMED, formats.number(found.untimed), UNTIMED_MEANS, rows_url=self._url("no")),
        ]

    def _velocity(self, found: Cycle) -> Figure:
        """The velocity with the four numbers that it is made of."""
        made = queries.velocity(self.actor, self.selection, found)
        made_of = (made.result.win_rate, made.result.mean_order, found.median)
        others = ((item.declaration.name, text(item)) for item in made_of)
        return tile(made.velocity, "", more=[(QUALIFIED, formats.number(made.qualified)), *others])

    def _picture(self, found: Cycle) -> Chart | None:
        if not found.mean.n:
            return None
        said = _("一半的赢单在 %(median)s内成交;平均 %(mean)s(n=%(n)s)。") % {
            "median": text(found.median),
            "mean": text(found.mean),
            "n": formats.number(found.mean.n),
        }
        base = self._url("yes")
        urls = [f"{base}&days_from={bar.first}" + (f"&days_to={bar.end}" if bar.end else "") for bar in found.bars]
        return Chart("columns", said, [_bar_name(bar) for bar in found.bars],
                     [Series(_("赢单"), [bar.n for bar in found.bars], urls)])  # fmt: skip

    def _cells(self, line: CycleLine) -> list[Cell]:
        found, timed = line.cycle, self._url("yes", line)
        return [
            linked(found.median, timed),
            linked(found.mean, timed),
            Cell(_half(found), timed if found.quarter is not None else ""),
            _count(found.mean.n, timed),
            _count(found.untimed, self._url("no", line)),
        ]

    def _url(self, timed: str, line: CycleLine | None = None) -> str:
        """The wins behind the whole or a line: those whose start was recorded (yes), or the others (no)."""
        return f"{self.rows_of(line.id if line else None)}&timed={timed}"


def _count(n: int, url: str) -> Cell:
    return Cell(formats.number(n), url if n else "", value=Decimal(n))


def _half(found: Cycle) -> str:
    if found.quarter is None or found.three_quarters is None:
        return NOTHING
    low, high = (formats.number(days, 1) for days in (found.quarter, found.three_quarters))
    return _("%(days)s 天") % {"days": f"{low}–{high}"}


def _bar_name(bar: queries.Bar) -> str:
    if bar.end is None:
        return _("%(days)s 天以上") % {"days": bar.first}
    return _("%(first)s–%(end)s 天") % {"first": bar.first, "end": bar.end}
