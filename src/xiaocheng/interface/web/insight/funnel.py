"""The stage funnel: where deals go on, jump, fall back, are lost, or still are."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import (
    ADVANCE_DAYS,
    STAGE_CONVERSION,
    STAGE_EXIT,
    STAGE_EXPECTED,
    STAGE_FIRST,
    STAGE_IN,
    STAGE_LOSS,
    STAY_MEDIAN,
)
from xiaocheng.insight.queries import FIVE_EXITS, Bottleneck, Funnel, StageLine
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.figures import Chart, Series
from xiaocheng.interface.web.shell.links import Empty, Link

from .asked import Asked, AskedOfDay
from .comparison import beside, within
from .forms import FunnelFilter
from .screens import InsightScreen
from .showing import Cell, Head, Url, expected_note, linked, stays_url, sureness, table, text

EXIT_NAMES: dict[str, Sentence] = {
    "advanced": gettext_lazy("推进"),
    "skipped": gettext_lazy("跳阶"),
    "back": gettext_lazy("回退"),
    "lost": gettext_lazy("流失"),
    "staying": gettext_lazy("仍在"),
}
TONES = {"advanced": "good", "skipped": "chart-3", "back": "chart-4", "lost": "bad", "staying": "idle"}


@access(SEE)
class FunnelPage(InsightScreen):
    """漏斗: five exits of every entry cohort, stage by stage; as of today, or as it stood on a past day."""

    title = gettext_lazy("销售漏斗")
    template = "insight/funnel.html"
    name, any_process = "funnel", gettext_lazy("进入最多的流程")
    without, filter_class = ("compare",), FunnelFilter

    @cached_property
    def asked(self) -> Asked:
        """What the address asks for."""
        return AskedOfDay(self.actor, self.request.GET)

    @property
    def until(self) -> dt.date:
        """The day that the figures are of."""
        return self.asked.as_of or clock.today()

    def nothing(self) -> Empty:
        """What to say when nothing was entered, or when the day cannot be."""
        if self.asked.trouble is None:
            return super().nothing()
        today = Link(_("看今天的"), "insight:funnel", query=f"?{self.asked.query(as_of='')}")
        return Empty(str(self.asked.trouble), _("改好日期才显示数字。"), icon="chart-bar-off", action=today)

    def context(self) -> dict[str, Any]:
        """The picture, the sentence above it and the table behind; two funnels where one is set against the other."""
        if self.asked.trouble is not None:
            return {"is_empty": True}
        return {"as_of": self.asked.as_of, "today": self.asked.query(as_of=""), **self._figures()}

    def _figures(self) -> dict[str, Any]:
        if self.asked.other is not None:
            return beside(self.actor, self.asked, self.asked.other)
        found = queries.funnel(self.actor, self.selection)
        if found.is_empty:
            return {"funnel": found}
        url = self._url(found)
        stages = [(line.name, _cells(line, url)) for line in found.lines]
        ends = [
            (end.name, [linked(end.entries, url(end, ""), formats.money(end.amount))])
            for end in (found.won, found.lost)
            if end is not None
        ]
        return {
            "funnel": found,
            "chart": picture(found, url),
            "dwell": dwell(found, url),
            **table(_("阶段"), _heads(), stages + ends),
        }

    def _shown(self) -> dict[str, Any]:
        """With what is compared when nothing is said."""
        return {**super()._shown(), "against": self.asked.given.get("against", ""), "within": within(self.asked)}

    def _form(self) -> dict[str, Any]:
        return {"trouble": self.asked.trouble}

    def _is_filter_open(self) -> bool:
        return super()._is_filter_open() or self.asked.trouble is not None

    def _of_kind(self, kind: str) -> str:
        """A past day lies in the period that is led to, or after it."""
        asked = self.asked
        if asked.as_of is None:
            return super()._of_kind(kind)
        if kind == "custom":
            return asked.query(kind=kind, first=asked.period.first, last=asked.period.last)
        return asked.query(kind=kind, first="", last="", on=min(asked.period.last, asked.as_of))

    def _url(self, found: Funnel) -> Url:
        return stays_url(self.asked, found.process_id)


def picture(found: Funnel, url: Url) -> Chart:
    """Five exits as shares of the entries, one bar a stage."""
    lines = [line for line in found.lines if line.entries.n]
    return Chart(
        "bars",
        sentence(found),
        [_label(found, line) for line in lines],
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
        notes=[_note(line) for line in lines],
        with_table=False,
    )


def _label(found: Funnel, line: StageLine) -> str:
    """The stage with its entries, and whether it is the bottleneck."""
    label = _("%(stage)s %(count)s 次") % {"stage": line.name, "count": formats.number(line.entries.n)}
    is_neck = found.bottleneck is not None and found.bottleneck.code == line.code
    return _("%(stage)s · 瓶颈") % {"stage": label} if is_neck else label


def _note(line: StageLine) -> str:
    """At the end of a bar: how long stays last, and what will go on in the end."""
    return _("中位 %(days)s · 预计 %(share)s") % {"days": stay(line), "share": text(line.outlook.expected)}


def stay(line: StageLine) -> str:
    """The median stay as a page says it."""
    median = line.outlook.stay.median
    return text(median) if median.value is not None or median.n < queries.FEWEST else _("未达到")


def dwell(found: Funnel, url: Url, *, with_table: bool = False) -> Chart | None:
    """How long stays last, stage by stage: the middle half, the median, and what is expected of the stage."""
    lines = [line for line in found.lines if line.outlook.stay.quarter is not None]
    if not lines:
        return None
    urls = [url(line, "recorded") for line in lines]
    stays = [line.outlook.stay for line in lines]
    return Chart(
        "ranges",
        _how_long(lines),
        [line.name for line in lines],
        [
            Series(_("四分之一已离开"), [item.quarter for item in stays], urls),
            Series(_("一半已离开(中位数)"), [item.median.value for item in stays], urls),
            Series(_("四分之三已离开"), [item.three_quarters for item in stays], urls),
            Series(_("阶段的预计天数"), [line.expected_days for line in lines], urls),
        ],
        unit="days",
        size="low" if len(lines) < 4 else "",
        notes=[f"{stay(line)} · {quarters(line)}" for line in lines],
        with_table=with_table,
    )


def quarters(line: StageLine) -> str:
    """From when a quarter has left to when three quarters have."""
    found = line.outlook.stay
    if found.quarter is None:
        return ""
    late = _("未达到") if found.three_quarters is None else formats.number(found.three_quarters, 1)
    return f"{formats.number(found.quarter, 1)}–{late}"


def _how_long(lines: list[StageLine]) -> str:
    """Where the middle stay is longest, and which stages take longer than is expected of them."""
    reached = [line for line in lines if line.outlook.stay.is_reached]
    said = []
    if len(reached) < len(lines):
        names = listed(line.name for line in lines if not line.outlook.stay.is_reached)
        said.append(_("「%(stages)s」还没有一半离开。") % {"stages": names})
    if reached:
        slow = max(reached, key=lambda line: line.outlook.stay.median.value or 0)
        said.append(_("停留最久的是「%(stage)s」:一半在 %(days)s内离开。") % {"stage": slow.name, "days": stay(slow)})
    late = [line for line in reached if line.expected_days and _median(line) > line.expected_days]
    if late:
        said.append(_("超过预计天数的:%(stages)s。") % {"stages": listed(line.name for line in late)})
    return formats.sentences(*said)


def _median(line: StageLine) -> Decimal:
    return line.outlook.stay.median.value or Decimal(0)


def sentence(found: Funnel) -> str:
    """Where most are lost, where it takes longest, and what the bottleneck costs."""
    said = [leak(found)]
    timed = [line for line in found.lines if line.advance_days.n >= queries.FEWEST]
    if timed:
        slow = max(timed, key=lambda line: line.advance_days.value or 0)
        said.append(
            _("推进最慢的是「%(stage)s」:平均 %(days)s。") % {"stage": slow.name, "days": text(slow.advance_days)}
        )
    if found.bottleneck is not None:
        said.append(neck(found.bottleneck))
    return formats.sentences(*said)


def leak(found: Funnel) -> str:
    """Where most are lost."""
    worst = max(found.lines, key=lambda line: line.exit("lost").figure.n)
    lost, all_lost = worst.exit("lost").figure.n, sum(line.exit("lost").figure.n for line in found.lines)
    if not lost:
        return _("这一批还没有流失。")
    share = formats.percent(lost / all_lost, 0)
    return _("流失最多的阶段是「%(stage)s」:%(lost)s 次,占全部流失的 %(share)s。") % {
        "stage": worst.name,
        "lost": formats.number(lost),
        "share": share,
    }


def neck(found: Bottleneck) -> str:
    """What the bottleneck costs, and what a little less of it would bring."""
    said = _("瓶颈是「%(stage)s」:预计流失 %(loss)s,各阶段的中位数是 %(typical)s,多流失的约 %(money)s。") % {
        "stage": found.name,
        "loss": text(found.loss),
        "typical": formats.percent(found.typical),
        "money": text(found.excess),
    }
    if found.one_point.value is None:
        return said
    more = _("在这里多转化一个百分点,大约多赢 %(money)s。") % {"money": text(found.one_point)}
    return formats.sentences(said, more)


def _heads() -> list[Head]:
    return [
        Head.of(STAGE_IN, _("进入次数")),
        Head.of(STAGE_FIRST, _("商机数")),
        *(Head.of(STAGE_EXIT, name) for name in EXIT_NAMES.values()),
        Head.of(STAGE_CONVERSION, _("转化率")),
        Head.of(STAGE_EXPECTED, _("预计最终")),
        Head.of(STAGE_LOSS, _("预计流失")),
        Head.of(STAY_MEDIAN, _("停留(中位数)")),
        Head.of(ADVANCE_DAYS, _("推进用时")),
    ]


def _cells(line: StageLine, url: Url) -> list[Cell]:
    """The numbers of one stage, each leading to its rows."""
    cells = [
        linked(line.entries, url(line, ""), formats.money(line.amount)),
        linked(line.opportunities, url(line, "first"), _invalid(line)),
    ]
    for key in FIVE_EXITS:
        item = line.exit(key)
        moved = _("其中转流程 %(count)s") % {"count": line.moved} if key == "staying" and line.moved else ""
        below = moved or (formats.percent(item.figure.n / line.entries.n, 0) if item.figure.n else "")
        cells.append(linked(item.figure, url(line, key), below))
    sure = sureness(line.conversion) if line.conversion.n else ""
    return [
        *cells,
        linked(line.conversion, url(line, "forward"), sure),
        *_outlook(line, url),
        linked(line.advance_days, url(line, "timed"), f"n={line.advance_days.n}"),
    ]


def _invalid(line: StageLine) -> str:
    """What turned out invalid or twice there stands apart."""
    n = line.invalid.figure.n
    return _("另有无效或重复 %(count)s") % {"count": formats.number(n)} if n else ""


def _outlook(line: StageLine, url: Url) -> list[Cell]:
    """What is expected in the end, and how long stays last."""
    found = line.outlook
    expected = linked(
        found.expected,
        url(line, "recorded"),
        expected_note(found.expected, found.undecided) if found.expected.value is not None else "",
    )
    share = _("占全部流失 %(share)s") % {"share": text(line.loss_share)} if line.loss_share.n else ""
    loss = linked(found.loss, url(line, "lost"), share)
    few = found.stay.median.is_few
    below = quarters(line) and _("%(days)s 天") % {"days": quarters(line)}
    return [
        expected,
        loss,
        Cell(stay(line), url(line, "recorded") if found.expected.n else "", below, found.stay.median.value, few),
    ]
