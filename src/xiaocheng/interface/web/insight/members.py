"""销售报告: each member by the same key indicators, fit to be printed, with the definitions underneath."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.org.queries import company_name
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import CYCLE_MEAN, OPEN_AMOUNT, WIN_RATE
from xiaocheng.insight.queries import Figure, Member
from xiaocheng.interface.web.numbers.behind import rows_behind
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access

from .asked import MEANING
from .screens import InsightScreen
from .showing import Cell, Head, linked, rows_url, sureness, table

WON, WON_AMOUNT, LOST = "pipeline.won", "pipeline.won_amount", "pipeline.lost"
OPENED, CONVERTED, VISITED, CALLS = "pipeline.opened", "customers.converted", "fieldwork.visited", "fieldwork.calls"


@access(SEE)
class SalesReportPage(InsightScreen):
    """销售报告: one line a member, and all together."""

    title = gettext_lazy("销售报告")
    template = "insight/members.html"
    name = "members"
    kinds = ("week", "month", "quarter", "year", "custom")
    without = ("process", "product", "source", "compare")

    def context(self) -> dict[str, Any]:
        """The heading of the paper and the table."""
        everybody, lines = queries.members(self.actor, self.selection)
        if not lines:
            return {"is_empty": True}
        rows = [(line.name, self._cells(line)) for line in lines]
        return {
            "heading": [
                (_("公司"), company_name(self.actor)),
                (_("期间"), self.asked.period_name()),
                (_("范围"), MEANING[self.asked.basis]),
                (_("制表时间"), formats.moment(clock.now())),
            ],
            **table(_("人员(业绩归属)"), _heads(), [*rows, (_("合计"), self._cells(everybody))]),
        }

    def _cells(self, line: Member) -> list[Cell]:
        def url(to: str, more: str = "") -> str:
            person = {"person": line.id} if line.id else {}
            return f"{rows_url(self.asked, to, {'kind': self.asked.kind, **person})}{more}&back=members"

        found, rate = line.result, line.result.win_rate
        return [
            linked(found.orders, url("closings", "&verdict=won")),
            linked(found.revenue, url("closings", "&verdict=won")),
            linked(found.lost, url("closings", "&verdict=lost")),
            linked(rate, url("closings", "&verdict=decided"), sureness(rate) if rate.n else ""),
            linked(line.cycle, url("wins", "&timed=yes"), f"n={line.cycle.n}" if line.cycle.n else ""),
            self._open(line.open, url("standing", "&at=end")),
            linked(line.counted[CONVERTED], url("customers", f"&key={CONVERTED}")),
            linked(line.counted[OPENED], url("stays", "&exit=opened")),
            self._work(line, VISITED),
            self._work(line, CALLS),
        ]

    def _work(self, line: Member, key: str) -> Cell:
        """Visits and calls open to all that the reader sees of them; of one department alone there is no such list."""
        whose = queries.whose_work(self.actor, self.selection.whose)
        is_listed = whose.departments is None and (line.id or whose.people is None)
        return linked(line.counted[key], rows_behind(key, self.selection.period, line.id or None) if is_listed else "")

    def _open(self, figure: Figure, url: str) -> Cell:
        return linked(figure, url, _("%(count)s 个") % {"count": formats.number(figure.n)} if figure.n else "")


def _heads() -> list[Head]:
    return [
        Head.of(WON, _("赢单")),
        Head.of(WON_AMOUNT, _("赢单金额")),
        Head.of(LOST, _("输单")),
        Head.of(WIN_RATE, _("赢单率")),
        Head.of(CYCLE_MEAN, _("平均周期")),
        Head.of(OPEN_AMOUNT, _("期末在途")),
        Head.of(CONVERTED, _("新开发客户")),
        Head.of(OPENED, _("新建商机")),
        Head.of(VISITED, _("拜访")),
        Head.of(CALLS, _("电话")),
    ]
