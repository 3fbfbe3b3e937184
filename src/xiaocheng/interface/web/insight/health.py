"""The health of a process: seven questions, each with one sentence, one picture and the way to its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import FileResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.import_export.commands import note_export
from xiaocheng.foundation.import_export.queries import XlsxPage
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import RuleBroken, Sentence
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.queries import (
    FEWEST,
    Conformance,
    FromStage,
    Health,
    OnesSteps,
    SourceDeals,
    StageCounts,
    StageLine,
    wilson,
)
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access, may_open
from xiaocheng.interface.web.shell.exporting import as_workbook_of
from xiaocheng.interface.web.shell.figures import Chart, Series, plain
from xiaocheng.interface.web.shell.http import Request

from . import skipping
from .asked import UNKNOWN
from .conformance import Urls
from .funnel import dwell, leak, neck
from .health_answers import activities, agreement, by_paths, from_sources, invalid_apart, moved_on, skipped
from .paths import path_url, path_words
from .screens import InsightScreen
from .showing import text

MOST = 8  # bars of a picture
UNRECORDED = gettext_lazy("未记录")
RAW = gettext_lazy("只数次数,不比赢单率:跳阶的商机本来就和别的不同(更大、更熟、更急),直接相比会看错。")


@dataclass(frozen=True)
class Section:
    """One question: its answer in a sentence, the picture that shows it, and the pages behind."""

    key: str
    question: Sentence
    answer: str
    chart: Chart | None = None
    note: Sentence = ""
    links: tuple[tuple[Sentence, str], ...] = ()


@access(SEE)
class HealthPage(InsightScreen):
    """流程体检: the seven questions of a sales process on one page."""

    title = gettext_lazy("流程体检")
    template = "insight/health.html"
    name, any_process = "health", gettext_lazy("进入最多的流程")
    without = ("product", "source", "compare")

    def context(self) -> dict[str, Any]:
        """The sections, one for each question."""
        found = queries.health(self.actor, self.selection)
        return {"found": found, "is_empty": found.is_empty, "sections": [] if found.is_empty else self.sections(found)}

    def sections(self, found: Health) -> list[Section]:
        """The seven questions in their order."""
        urls = Urls(self.asked, found.funnel.process_id, self.name)
        of_stages = bool(found.funnel.lines) and not found.funnel.is_empty
        return [
            self._sources(found.sources, urls),
            self._paths(found.steps, urls),
            self._activities(found.steps, urls),
            self._agreement(found.steps, urls),
            *([self._losses(found, urls), self._times(found, urls)] if of_stages else []),
            self._left_out(found.steps, urls),
        ]

    def _page(self, label: Sentence, name: str, **changes: Any) -> tuple[tuple[Sentence, str], ...]:
        """A link to a page of insight about the same period, where the person may open it."""
        if not may_open(self.actor, f"insight:{name}"):
            return ()
        return ((label, f"{reverse(f'insight:{name}')}?{self.asked.query(by='', compare='', **changes)}"),)

    def _sources(self, lines: Sequence[SourceDeals], urls: Urls) -> Section:
        shown = [line for line in lines if line.opened.n or line.won.n][:MOST]

        def stays(line: SourceDeals) -> str:
            return f"{urls.stays}&exit=opened&source={line.code or UNKNOWN}"

        def wins(line: SourceDeals) -> str:
            return f"{urls.closings}&verdict=won&source={line.code or UNKNOWN}"

        chart = Chart(
            "bars",
            from_sources(lines),
            [_source_name(line) for line in shown],
            [
                Series(_("新建商机"), [line.opened.n for line in shown], [stays(line) for line in shown]),
                Series(_("赢单"), [line.won.numerator for line in shown], [wins(line) for line in shown], tone="good"),
            ],
            notes=[_("赢单率 %(rate)s · 赢单 %(money)s") % {"rate": text(line.win_rate), "money": text(line.revenue)}
                   for line in shown],
        )  # fmt: skip
        return Section(
            "sources",
            _("好的客户和商机从哪里来?"),
            from_sources(lines),
            chart if shown else None,
            links=(
                *self._page(_("客户来源"), "sources", process=""),
                *self._page(_("赢单率"), "win_rate", process=urls.process_id),
            ),
        )

    def _paths(self, steps: Conformance, urls: Urls) -> Section:
        won = steps.variants.of_won[:MOST]
        chart = Chart(
            "bars",
            by_paths(steps),
            [path_words(item.stages, lines=2) for item in won],
            [
                Series(
                    _("占赢单的份额"),
                    [item.share.numerator / (item.share.denominator or 1) for item in won],
                    [path_url(f"{urls.closings}&verdict=won", item) for item in won],
                    tone="good",
                )
            ],
            unit="percent",
            notes=[
                _("%(count)s 个 · 中位 %(days)s")
                % {"count": formats.number(item.share.numerator), "days": text(item.days)}
                for item in won
            ],
            size="low" if len(won) < 4 else "",
        )
        links = self._page(_("全部路径"), "conformance", process=urls.process_id)
        return Section("paths", _("赢单的商机走过哪些步骤?"), by_paths(steps), chart if won else None, links=links)

    def _activities(self, steps: Conformance, urls: Urls) -> Section:
        rows = [row for row in steps.rows if row.act_done.n]
        chart = Chart(
            "bars",
            activities(steps, rows),
            [f"{row.name} · n={formats.number(row.act_done.n)}" for row in rows],
            [
                Series(_("离开时都已完成"), [row.act_done.numerator / row.act_done.n for row in rows],
                       [f"{urls.stays}&stage={row.code}&left=done" for row in rows], stack="all", tone="good"),
                Series(_("补录后完成"), [row.act_late.numerator / row.act_done.n for row in rows],
                       [f"{urls.stays}&stage={row.code}&left=late" for row in rows], stack="all", tone="chart-3"),
                Series(_("没有完成"), [_undone(row) / row.act_done.n for row in rows],
                       [f"{urls.stays}&stage={row.code}&left=undone" for row in rows], stack="all", tone="bad"),
            ],
            unit="percent",
            size="low" if len(rows) < 4 else "",
        )  # fmt: skip
        links = self._page(_("按阶段、团队和人员"), "conformance", process=urls.process_id)
        return Section(
            "activities", _("每个阶段的必做动作做了吗?"), activities(steps, rows), chart if rows else None, links=links
        )

    def _agreement(self, steps: Conformance, urls: Urls) -> Section:
        by = "team" if len(steps.teams) > 1 else "person"
        ones = [line for line in (steps.teams if by == "team" else steps.people) if line.kept.conform.n >= FEWEST]
        shown = ones if len(ones) > 1 else []
        bounds = [wilson(int(line.kept.conform.numerator), line.kept.conform.n) for line in shown]
        behind = [f"{urls.narrowed('closings', by, line.id)}&how=judged" for line in shown]
        chart = Chart(
            "ranges",
            agreement(steps),
            [line.name for line in shown],
            [
                Series(_("95% 区间从"), [low for low, _high in bounds], behind),
                Series(_("流程遵循率"), [_share(line) for line in shown], behind),
                Series(_("到"), [high for _low, high in bounds], behind),
                Series(_("全部的遵循率"), [steps.kept.conform.value] * len(shown)),
            ],
            unit="percent",
            size="low" if len(shown) < 4 else "",
            notes=[f"{text(line.kept.conform)} · n={formats.number(line.kept.conform.n)}" for line in shown],
        )
        return Section(
            "agreement",
            _("业务员按步骤做了吗,还是各行其道?"),
            agreement(steps),
            chart if shown else None,
            _("按名称排列,不排名次;区间重叠时,差别可能只是巧合。") if shown else "",
            self._page(_("流程遵循"), "conformance", process=urls.process_id),
        )

    def _losses(self, found: Health, urls: Urls) -> Section:
        lines = [line for line in found.funnel.lines if line.entries.n]
        bottleneck = found.funnel.bottleneck
        said = [leak(found.funnel), *([neck(bottleneck)] if bottleneck else [])]
        rated = [line for line in lines if line.outlook.loss.value is not None]
        chart = Chart(
            "bars",
            formats.sentences(*said),
            [line.name for line in rated],
            [
                Series(
                    _("预计流失率"),
                    [line.outlook.loss.value for line in rated],
                    [f"{urls.stays}&stage={line.code}&exit=lost" for line in rated],
                    tone="bad",
                )
            ],
            unit="percent",
            size="low" if len(rated) < 4 else "",
            notes=[_lost(line) for line in rated],
        )
        return Section(
            "losses",
            _("在哪个阶段流失最多?"),
            formats.sentences(*said),
            chart if rated else None,
            invalid_apart(lines),
            self._page(_("销售漏斗"), "funnel", process=urls.process_id),
        )

    def _times(self, found: Health, urls: Urls) -> Section:
        def url(line: StageCounts, way: str) -> str:
            return f"{urls.stays}&stage={line.code}" + (f"&exit={way}" if way else "")

        chart = dwell(found.funnel, url, with_table=True)
        nothing = _("记录了时间的停留太少,还说不出要多久。")
        return Section(
            "times",
            _("从一个阶段到下一个阶段要多久?"),
            str(chart.sentence) if chart else nothing,
            chart,
            moved_on(found.funnel.lines),
            (
                *self._page(_("销售漏斗"), "funnel", process=urls.process_id),
                *self._page(_("成交周期"), "cycle", process=urls.process_id),
            ),
        )

    def _left_out(self, steps: Conformance, urls: Urls) -> Section:
        """What leaving stages out changed, adjusted, where enough is known; else only how often it happens."""
        links = self._page(_("流程遵循"), "conformance", process=urls.process_id)
        effects = skipping.effects_of(self.asked, urls.process_id)
        found = skipping.section(self.actor, effects) if effects else None
        _name, chart, lacking = found["outcomes"][0] if found else ("", None, "")
        question = _("跳过阶段有害吗?")
        if chart is not None and found is not None:
            said = formats.sentences(skipped(steps), str(chart.sentence))
            note = formats.sentences(f"{found['whose']} · {found['basis']}", str(skipping.ADJUSTED))
            return Section("left_out", question, said, replace(chart, sentence=said, with_table=True), note, links)
        note = formats.sentences(str(RAW), *([lacking] if lacking else []))
        return Section("left_out", question, skipped(steps), self._how_often(steps, urls), note, links)

    def _how_often(self, steps: Conformance, urls: Urls) -> Chart | None:
        """How often stages are left out, from which stage on; nothing about how that ended."""
        rows = [row for row in steps.rows if row.skipped]
        if not rows:
            return None
        behind = [f"{urls.stays}&stage={row.code}&exit=skipped" for row in rows]
        return Chart(
            "bars",
            skipped(steps),
            [row.name for row in rows],
            [Series(_("从这里跳阶"), [row.skipped for row in rows], behind, tone="chart-3")],
            size="low" if len(rows) < 4 else "",
            notes=[text(row.skip_rate) for row in rows],
        )


def _source_name(line: SourceDeals) -> str:
    return line.name if line.code else str(UNRECORDED)


def _share(line: OnesSteps) -> Decimal | None:
    return line.kept.conform.value


def _undone(row: FromStage) -> Decimal:
    return row.act_done.n - row.act_done.numerator - row.act_late.numerator


def _lost(line: StageLine) -> str:
    """How sure the share is, and what is certain so far."""
    return _("已流失 %(count)s · n=%(n)s") % {
        "count": formats.number(line.exit("lost").figure.n),
        "n": formats.number(line.outlook.loss.n),
    }


@access(SEE, EXPORT)
class HealthExport(View):
    """Writes the seven questions as a workbook of seven sheets."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """The file."""
        screen = HealthPage()
        screen.setup(request, *args, **kwargs)
        sections: list[Section] = screen.context()["sections"]
        if not sections:
            raise RuleBroken(_("这段时间没有记录"))
        title = str(screen.page_title())
        note_export(request.actor, title, sum(len(section.chart.labels) for section in sections if section.chart))
        name = f"{title}-{screen.asked.period_name()}-{clock.today():%Y%m%d}"
        return as_workbook_of(name, [_sheet(at, section) for at, section in enumerate(sections, 1)])


def _sheet(at: int, section: Section) -> XlsxPage:
    """A question as a sheet: the answer above, the numbers of its picture below."""
    above = [str(section.question), section.answer, *([str(section.note)] if section.note else [])]
    name = f"{at} {section.question}"
    chart = section.chart
    if chart is None:
        return XlsxPage([""], [], name, above)
    header = ["", *(str(series.name) for series in chart.series), *([_("附注")] if chart.notes else [])]
    rows = [
        [
            str(label),
            *(plain(series.values[i]) for series in chart.series),
            *([str(chart.notes[i])] if chart.notes else []),
        ]
        for i, label in enumerate(chart.labels)
    ]
    return XlsxPage(header, [["" if value is None else value for value in row] for row in rows], name, above)
