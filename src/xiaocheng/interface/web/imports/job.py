"""One import: preview and check, progress, result, error file."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.import_export import commands, queries
from xiaocheng.foundation.import_export.access import IMPORT
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.figures import Figure
from xiaocheng.interface.web.shell.http import Done, Request, wants_part
from xiaocheng.interface.web.shell.links import Link
from xiaocheng.interface.web.shell.screens import ActionScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill

from .steps import STATE_TONES, OfImport

LISTS = {
    "people": "admin:people",
    "products": "catalogue:list",
    "customers": "customers:list",
    "contacts": "customers:list",
    "opportunities": "pipeline:list",
    "sales": "trade:sales",
    "orders": "trade:orders",
    "receipts": "trade:receipts",
}


FATES = {
    "new": (gettext_lazy("新增"), "green"),
    "changed": (gettext_lazy("更新"), "blue"),
    "same": (gettext_lazy("未改动"), "grey"),
    "refused": (gettext_lazy("不导入"), "red"),
}


@access(IMPORT)
class Job(OfImport):
    """Where an import stands; while the worker is at it, the page follows."""

    template = "imports/job.html"
    parts: ClassVar[dict[str, str]] = {"progress": "imports/job.html#progress"}

    def load(self) -> None:
        """The import and the work under way."""
        super().load()
        self.work = queries.progress(self.actor, self.job)
        self.is_busy = queries.is_busy(self.actor, self.job)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; to the part that follows the work: that it is over."""
        if wants_part(request, "progress") and not self.is_busy:
            answer = HttpResponse()
            answer["HX-Refresh"] = "true"
            return answer
        return super().get(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        """What the state of the import asks for."""
        found = {
            **super().context(),
            "title_badge": pill(queries.STATES[self.job.state], STATE_TONES[self.job.state]),
            "work": self.work,
            "is_busy": self.is_busy,
            "failure": self._failure(),
            "may_continue": self.job.state == "failed" and self.job.next_row > 0,
        }
        if self.is_busy:
            return found
        if queries.may_undo(self.actor, self.job):
            sure = _(
                "撤销后,这次新增的行会全部删除;只要有一行之后被改动或使用过,就什么都不删除。"
                "这次更新的行恢复原来的内容,之后又改过的部分除外。%(note)s确定撤销吗?"
            ) % {"note": queries.undo_note(self.actor, self.job)}
            found["undo"] = Link(
                _("撤销导入"), "imports:undo", (self.job.pk,), "arrow-back-up", post=True, confirm=sure
            )
        if self.job.state in {"done", "undone"}:
            return found | self._result()
        return found | self._checked()

    def _failure(self) -> str:
        if self.is_busy or self.work is None or self.work.state != "failed":
            return ""
        return str((self.work.result or {}).get("sentence") or _("处理时出错,请再试一次;如仍出错,请联系管理员。"))

    def _checked(self) -> dict[str, Any]:
        bad = queries.bad_row_count(self.actor, self.job)
        return {
            "preview": self._preview(),
            "fates": self._fates(),
            "only": self.only,
            "bad": bad,
            "good": self.job.row_count - bad,
            "pills": {key: pill(name, tone) for key, (name, tone) in FATES.items()},
            "problems": queries.problem_groups(self.actor, self.job),
            "figures": self._figures() if self.job.is_dry and self.job.state == "checked" else [],
        }

    @property
    def only(self) -> str:
        """Of what fate the rows of the preview are to be."""
        asked = self.request.GET.get("only", "")
        return asked if asked in FATES else ""

    def _preview(self) -> queries.Preview | None:
        if not self.job.path.exists():
            return None
        after = self.request.GET.get("after", "")
        return queries.preview(self.actor, self.job, self.only, int(after) if after.isdecimal() else 0)

    def _fates(self) -> list[tuple[str, str, int]]:
        """Where the check has told the fate of each row: the fates that there are, with how many rows."""
        if not self.job.is_dry or self.job.state != "checked":
            return []
        counts = self.job.counts
        return [(key, str(name), counts[key]) for key, (name, _tone) in FATES.items() if counts.get(key)]

    def _result(self) -> dict[str, Any]:
        name = LISTS[self.job.target]
        return {
            "figures": self._figures(),
            "problems": queries.problem_groups(self.actor, self.job),
            "others": queries.other_tables(self.actor, self.job),
            "list": Link(_("查看列表"), name, icon="list", look="primary"),
            "again": Link(_("再导入一个文件"), "imports:new", icon="upload", drawer=True),
        }

    def _figures(self) -> list[Figure]:
        counts = self.job.counts
        said = (
            ("new", _("新增"), _("这次写入的行。"), "good"),
            ("parts", _("联系人"), _("随这些行一起新增的联系人。"), "good"),
            ("changed", _("更新"), _("已经在系统里、这次改动的行。"), "good"),
            ("same", _("未改动"), _("已经在系统里、没有什么可改的行。"), ""),
            ("refused", _("未导入"), _("有错误的行,原因见下。"), "warn" if counts.get("refused") else ""),
        )
        return [
            Figure(name, formats.number(counts.get(key, 0)), formula, tone=tone)
            for key, name, formula, tone in said
            if key not in {"changed", "parts"} or counts.get(key)
        ]


class _Ask(ActionScreen):
    """Something that the worker is asked to do for an import."""

    def done(self, job_id: int) -> Done:
        """To the page that follows the work."""
        return Done(url=reverse("imports:job", args=[job_id]))


@access(IMPORT)
class Check(_Ask):
    """Check all rows."""

    def run(self) -> Done:
        """Ask for it."""
        return self.done(commands.ask_check(self.actor, self.kwargs["pk"]).pk)


@access(IMPORT)
class Try(_Ask):
    """Write all rows and take them back, to see what would come of it."""

    def run(self) -> Done:
        """Ask for it."""
        return self.done(commands.ask_check(self.actor, self.kwargs["pk"], dry=True).pk)


@access(IMPORT)
class Run(_Ask):
    """Write all rows."""

    def run(self) -> Done:
        """Ask for it."""
        return self.done(commands.ask_run(self.actor, self.kwargs["pk"]).pk)


@access(IMPORT)
class RunGood(_Ask):
    """Write the rows without problems."""

    def run(self) -> Done:
        """Ask for it."""
        return self.done(commands.ask_run(self.actor, self.kwargs["pk"], skip_problems=True).pk)


@access(IMPORT)
class Undo(_Ask):
    """Take back all rows that were made."""

    def run(self) -> Done:
        """Ask for it."""
        return self.done(commands.ask_undo(self.actor, self.kwargs["pk"]).pk)


@access(IMPORT)
class OtherTable(ActionScreen):
    """Go on with another table of the same file."""

    def run(self) -> Done:
        """To its columns."""
        job = commands.take_other_table(self.actor, self.kwargs["pk"], self.kwargs["sheet"])
        return Done(url=reverse("imports:columns" if job.target else "imports:table", args=[job.pk]))


@access(IMPORT)
def errors_xlsx(request: Request, pk: int) -> FileResponse:
    """The bad rows as a workbook."""
    job = queries.import_job(request.actor, pk)
    name = _("错误行-%(file)s.xlsx") % {"file": job.file_name.rpartition(".")[0]}
    return FileResponse(queries.write_error_file(request.actor, job).open("rb"), as_attachment=True, filename=name)


@access(IMPORT)
def errors_csv(request: Request, pk: int) -> StreamingHttpResponse:
    """The bad rows as CSV."""
    job = queries.import_job(request.actor, pk)
    lines: Any = queries.error_lines(request.actor, job)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="errors-{job.pk}.csv"'
    return answer
