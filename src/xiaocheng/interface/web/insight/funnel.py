"""The stage funnel: where deals go on, jump, fall back, are lost, or still are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import ADVANCE_DAYS, STAGE_CONVERSION, STAGE_EXIT, STAGE_FIRST, STAGE_IN
from xiaocheng.insight.queries import FIVE_EXITS, Figure, Funnel, StageLine
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.figures import Chart, Series

from .screens import InsightScreen
from .showing import Cell, Head, linked, rows_url, sureness, table, text

EXIT_NAMES: dict[str, Sentence] = {
    "advanced": gettext_lazy("推进"),
    "skipped": gettext_lazy("跳阶"),
    "back": gettext_lazy("回退"),
    "lost": gettext_lazy("流失"),
    "staying": gettext_lazy("仍在"),
}
TONES = {"advanced": "good", "skipped": "chart-3", "back": "chart-4", "lost": "bad", "staying": "idle"}
Url = Callable[[StageLine, str], str]


@access(SEE)
class FunnelPage(InsightScreen):
    """漏斗: five exits of every entry cohort, stage by stage."""

    title = gettext_lazy("销售漏斗")
    template = "insight/funnel.html"
    name, any_process = "funnel", gettext_lazy("进入最多的流程")

    def context(self) -> dict[str, Any]:
        """The picture, the sentence above it and the table behind."""
        found = queries.funnel(self.actor, self.selection)
        former = queries.funnel(self.actor, self.before) if self.before else None
        if found.is_empty:
            return {"funnel": found}
        url = self._url(found)
        stages = [(line.name, _cells(line, url, _former(former, line.code))) for line in found.lines]
        ends = [
            (end.name, [linked(end.entries, url(end, ""), formats.money(end.amount))])
            for end in (found.won, found.lost)
            if end is not None
        ]
        return {"funnel": found, "chart": picture(found, url), **table(_("阶段"), _heads(), stages + ends)}

    def _url(self, found: Funnel) -> Url:
        base = rows_url(self.asked, "stays", {"process": found.process_id})
        return lambda line, way: f"{base}&stage={line.code}" + (f"&exit={way}" if way else "")


def picture(found: Funnel, url: Url) -> Chart:
    """Five exits as shares of the entries, one bar a stage."""
    lines = [line for line in found.lines if line.entries.n]
    return Chart(
        "bars",
        sentence(found),
        [_("%(stage)s %(count)s 次") % {"stage": line.name, "count": formats.number(line.entries.n)} for line in lines],
        [
            Series(
                name,
                [line.exit(key).figure.n / line.entries.n for line in lines],
                [url(line, key) for line in lines],
                stack="all",
                tone=TONES[key],
            )
            for key, name in EXIT_NAMES.items()
        ],
        unit="percent",
        size="low" if len(lines) < 4 else "",
        with_table=False,
    )


def sentence(found: Funnel) -> str:
    """Where most are lost, and where it takes longest."""
    leak = max(found.lines, key=lambda line: line.exit("lost").figure.n)
    lost, all_lost = leak.exit("lost").figure.n, sum(line.exit("lost").figure.n for line in found.lines)
    said = []
    if lost:
        share = formats.percent(lost / all_lost, 0)
        said.append(
            _("流失最多的阶段是「%(stage)s」:%(lost)s 次,占全部流失的 %(share)s。")
            % {"stage": leak.name, "lost": formats.number(lost), "share": share}
        )
    else:
        said.append(_("这一批还没有流失。"))
    timed = [line for line in found.lines if line.advance_days.n >= queries.FEWEST]
    if timed:
        slow = max(timed, key=lambda line: line.advance_days.value or 0)
        said.append(
            _("推进最慢的是「%(stage)s」:平均 %(days)s。") % {"stage": slow.name, "days": text(slow.advance_days)}
        )
    return formats.sentences(*said)


def _heads() -> list[Head]:
    return [
        Head.of(STAGE_IN, _("进入次数")),
        Head.of(STAGE_FIRST, _("商机数")),
        *(Head.of(STAGE_EXIT, name) for name in EXIT_NAMES.values()),
        Head.of(STAGE_CONVERSION, _("转化率")),
        Head.of(ADVANCE_DAYS, _("推进用时")),
    ]


def _former(former: Funnel | None, code: str) -> StageLine | None:
    return next((line for line in former.lines if line.code == code), None) if former else None


def _cells(line: StageLine, url: Url, former: StageLine | None) -> list[Cell]:
    """The numbers of one stage, each leading to its rows."""

    def beside(figure: Figure | None, own: str = "") -> str:
        then = _("上一期 %(value)s") % {"value": text(figure)} if figure is not None else ""
        return " · ".join(part for part in (own, then) if part)

    cells = [
        linked(line.entries, url(line, ""), beside(former.entries if former else None, formats.money(line.amount))),
        linked(line.opportunities, url(line, "first")),
    ]
    for key in FIVE_EXITS:
        item = line.exit(key)
        moved = _("其中转流程 %(count)s") % {"count": line.moved} if key == "staying" and line.moved else ""
        below = moved or (formats.percent(item.figure.n / line.entries.n, 0) if item.figure.n else "")
        cells.append(linked(item.figure, url(line, key), below))
    sure = sureness(line.conversion) if line.conversion.n else ""
    return [
        *cells,
        linked(line.conversion, url(line, "forward"), beside(former.conversion if former else None, sure)),
        linked(
            line.advance_days,
            url(line, "timed"),
            beside(former.advance_days if former else None, f"n={line.advance_days.n}"),
        ),
    ]
