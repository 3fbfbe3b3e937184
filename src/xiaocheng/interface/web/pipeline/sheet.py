"""The process sheet 销售管理流程表: an edition of a process on paper and as a file, with how its stages went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import FileResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.import_export.commands import note_export
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.foundation.org.queries import company_name
from xiaocheng.insight.queries import StageCounts, StageRecord, stage_record
from xiaocheng.interface.web.insight.showing import text
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import as_workbook
from xiaocheng.interface.web.shell.http import Request
from xiaocheng.interface.web.shell.links import Crumb, Link
from xiaocheng.selling.pipeline.access import SEE
from xiaocheng.selling.pipeline.queries import VERSION_STATES

from .processes import Process
from .uses import crumbs, whom

Line = dict[str, Any]


@access(SEE)
class Sheet(Process):
    """The edition that was asked for, else the one in use, as it is printed."""

    template = "pipeline/sheet.html"
    parts = {}

    def page_title(self) -> str:
        """What the paper is."""
        return _("销售管理流程表")

    def crumbs(self) -> list[Crumb]:
        """Back to the process."""
        here = reverse("pipeline:process", args=[self.process.pk]) + f"?version={self.edition.number}"
        return crumbs(Crumb(self.process.name, here))

    def actions(self) -> list[Link | None]:
        """The same as a file."""
        query = f"?version={self.edition.number}"
        return [Link(_("导出 Excel"), "pipeline:sheet_export", (self.process.pk,), icon="download", query=query)]

    def context(self) -> dict[str, Any]:
        """The heading and one line for each stage."""
        record = stage_record(self.actor, self.process.pk)
        return {
            "heading": self.heading(record),
            "lines": self.lines(record),
            "figures": bool(record.stages),
        }

    def heading(self, record: StageRecord) -> list[tuple[str, str]]:
        """Whose process it is, which edition, since when, and what the figures count."""
        published = self.edition.published_at
        state = VERSION_STATES[self.edition.state]
        said = [
            (_("公司"), company_name(self.actor)),
            (_("流程"), self.process.name),
            (_("用于"), whom(self.process)),
            (_("版本"), _("第 %(number)s 版 · %(state)s") % {"number": self.edition.number, "state": state}),
            (_("发布日期"), f"{clock.day_of(published):%Y-%m-%d}" if published else "–"),
        ]
        if record.stages:
            span = f"{record.period.first:%Y-%m-%d} – {record.period.last:%Y-%m-%d}"
            said.append((_("数字的期间"), _("%(period)s · 按您看得到的商机") % {"period": span}))
        return said

    def lines(self, record: StageRecord) -> list[Line]:
        """Each stage in the words of the process page, with how it went."""
        stages = [stage for group in self.groups() for stage in group]
        return [stage | _went(record.stages.get(stage["row"].code)) for stage in stages]


def _went(line: StageCounts | None) -> dict[str, Any]:
    if line is None:
        return {"entries": "", "conversion": "", "advance_days": ""}
    ended = line.kind != "open"
    return {
        "entries": text(line.entries),
        "conversion": "" if ended else text(line.conversion),
        "advance_days": "" if ended else text(line.advance_days),
    }


@access(SEE, EXPORT)
class SheetExport(View):
    """The sheet as a workbook."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """The file."""
        screen = Sheet()
        screen.setup(request, *args, **kwargs)
        screen.load()
        record = stage_record(request.actor, screen.process.pk)
        lines = screen.lines(record)
        columns = _columns(bool(record.stages))
        name = f"{screen.page_title()}-{screen.process.name}"
        note_export(request.actor, name, len(lines))
        above = [f"{label}: {value}" for label, value in [("", name), *screen.heading(record)]]
        return as_workbook(
            f"{name}-{clock.today():%Y%m%d}",
            [label for label, _read in columns],
            ([read(line) for _label, read in columns] for line in lines),
            above=[said.removeprefix(": ") for said in above],
        )


def _columns(figures: bool) -> list[tuple[str, Callable[[Line], Any]]]:
    found: list[tuple[str, Callable[[Line], Any]]] = [
        (_("序号"), lambda line: line["number"]),
        (_("阶段"), lambda line: line["row"].name),
        (_("类型"), lambda line: str(line["kind"])),
        (_("目的"), lambda line: line["row"].purpose),
        (_("方法"), lambda line: line["row"].guidance),
        (_("步骤"), lambda line: "\n".join(f"{n}. {step.text}" for n, step in enumerate(line["row"].checklist, 1))),
        (_("必做步骤"), lambda line: listed(line["row"].must_do)),
        (_("进入前必填"), lambda line: line["enter"]),
        (_("离开前必填"), lambda line: line["leave"]),
        (_("谁可以推进"), lambda line: line["movers"] or _("能跟进商机的人")),
        (_("预计天数"), lambda line: line["row"].expected_days),
        (_("闲置工作日"), lambda line: line["row"].idle_days),
        (_("成交概率"), lambda line: f"{line['row'].probability}%" if line["row"].is_open else ""),
        (_("预测类别"), lambda line: str(line["forecast"]) if line["row"].is_open else ""),
    ]
    if figures:
        found += [
            (_("进入次数"), lambda line: line["entries"]),
            (_("转化率"), lambda line: line["conversion"]),
            (_("推进用时"), lambda line: line["advance_days"]),
        ]
    return found
