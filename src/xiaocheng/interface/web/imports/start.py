"""The list of imports, uploading a file, and saying what its rows are."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import FileResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.import_export import commands, queries
from xiaocheng.foundation.import_export.access import IMPORT
from xiaocheng.foundation.import_export.queries import STATES, Sheet
from xiaocheng.foundation.import_export.targets import targets
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done, Request
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link
from xiaocheng.interface.web.shell.screens import Column, FormScreen, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill

from .steps import STATE_TONES, StepScreen

ENCODINGS = {
    "utf-8": "Unicode (UTF-8)",
    "gb18030": gettext_lazy("简体中文(GBK、GB 18030)"),
    "big5hkscs": gettext_lazy("繁体中文(Big5)"),
    "utf-16": "Unicode (UTF-16)",
    "cp1252": gettext_lazy("西欧文字(Windows-1252)"),
}
ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xls,.xlsm,.xlsb,.ods,.vcf"


def names() -> dict[str, object]:
    """What each kind of rows is called."""
    return {target.key: target.name for target in targets()}


@access(IMPORT)
class Imports(ListScreen):
    """The imports that the person sees."""

    title = gettext_lazy("导入")
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("文件"), "where"),
        Column(gettext_lazy("数据种类"), "target", show=lambda key: names().get(key, "")),
        Column(gettext_lazy("状态"), "state", show=lambda s: pill(STATES[s], STATE_TONES[s]), phone="bare"),
        Column(gettext_lazy("行数"), "row_count", show=formats.number, look="num"),
        Column(gettext_lazy("新增"), lambda job: job.counts.get("new") if job.state == "done" else None, look="num"),
        Column(gettext_lazy("上传时间"), "created_at", show=formats.moment, phone="off"),
    ]
    row_to = "imports:job"

    def rows(self) -> QuerySet[Any, Any]:
        """The latest first."""
        return queries.imports(self.actor)

    def actions(self) -> Sequence[Link | None]:
        """Begin one."""
        return [Link(_("导入文件"), "imports:new", icon="upload", drawer=True)]

    def empty(self) -> Empty:
        """What to do first."""
        return Empty(
            _("还没有导入过文件"),
            _("Excel、WPS 或 CSV 都可以:人员、产品、客户、联系人、商机。"),
            icon="file-import",
            action=Link(_("导入文件"), "imports:new", icon="upload", drawer=True),
        )


class UploadForm(Form):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=gettext_lazy("xlsx、xls、ods、csv 或通讯录 vcf,最多 64 MB、20 万行。先检查再写入。"),
    )


@access(IMPORT)
class Upload(FormScreen):
    """Upload a file; where all is clear, the columns come next."""

    title = gettext_lazy("导入文件")
    form_class = UploadForm
    submit = gettext_lazy("上传并读取")
    template = "imports/upload.html"

    def context(self) -> dict[str, Any]:
        """The empty files for whoever has none yet."""
        return super().context() | {"targets": queries.open_targets(self.actor)}

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the imports."""
        return [Crumb(_("导入"), reverse("imports:list"))]

    def run(self, data: dict[str, Any]) -> Done:
        """Read it."""
        sent: UploadedFile[bytes] = data["file"]

        def save(path: Path) -> None:
            with path.open("wb") as out:
                for chunk in sent.chunks():
                    out.write(chunk)

        job = commands.upload(self.actor, sent.name or "", save)
        sure = job.target and len(queries.tables(self.actor, job)) == 1
        return Done(url=reverse("imports:columns" if sure else "imports:table", args=[job.pk]))


@access(IMPORT)
def blank(request: Request, target: str) -> FileResponse:
    """An empty file of one kind, to be filled in."""
    wanted = queries.open_target(request.actor, target)
    file = BytesIO(queries.blank_file(request.actor, wanted))
    return FileResponse(file, as_attachment=True, filename=_("空白表格-%(kind)s.xlsx") % {"kind": wanted.name})


class TableForm(Form):
    """Which sheet, and what its rows are."""

    sheet = forms.TypedChoiceField(label=gettext_lazy("工作表"), coerce=int, widget=forms.RadioSelect)
    target = forms.ChoiceField(label=gettext_lazy("每一行是一个"), widget=forms.RadioSelect)
    header_row = forms.TypedChoiceField(
        label=gettext_lazy("表头是哪一行"), coerce=int, required=False, empty_value=None
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("文字编码"), required=False, help_text=gettext_lazy("上面的文字是乱码时,请换一种。")
    )


@access(IMPORT)
class Table(StepScreen):
    """Choose the sheet and the kind of rows."""

    step = "table"
    form_class = TableForm
    template = "imports/table.html"

    def initial(self) -> dict[str, Any]:
        """As guessed."""
        table = queries.table(self.actor, self.job)
        return {
            "sheet": self.job.sheet,
            "target": self.job.target,
            "header_row": table.header_row,
            "encoding": table.encoding.removesuffix("-sig"),
        }

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The sheets of this file, and what this person may take in."""
        form = super().make_form(data, files)
        sheets = queries.tables(self.actor, self.job)
        form.fields["sheet"].choices = [  # type: ignore[attr-defined]
            (index, _("%(name)s(%(count)s 行)") % {"name": sheet.name or self.job.file_name, "count": sheet.row_count})
            for index, sheet in enumerate(sheets)
        ]
        form.fields["target"].choices = [  # type: ignore[attr-defined]
            (target.key, target.name) for target in queries.open_targets(self.actor)
        ]
        _offer_readings(form, queries.table(self.actor, self.job))
        return form

    def context(self) -> dict[str, Any]:
        """The first rows of the file as they were read."""
        return super().context() | {"table": queries.table(self.actor, self.job)}

    def run(self, data: dict[str, Any]) -> Done:
        """Take it over; where it is to be read in another way, show first what comes of that."""
        now = self.initial()
        encoding, header_row = data.get("encoding", ""), data["header_row"] or now["header_row"]
        same_table = data["sheet"] == self.job.sheet
        read_again = encoding != now["encoding"] or (same_table and header_row != now["header_row"])
        if read_again:
            commands.read_again(self.actor, self.job.pk, encoding, header_row if same_table else None)
        commands.choose(self.actor, self.job.pk, data["sheet"], data["target"])
        if read_again:
            return Done(url=reverse("imports:table", args=[self.job.pk]), toast=_("已重新读取,请看看是否正确。"))
        return self.onward()


def _offer_readings(form: Form, table: Sheet) -> None:
    """The rows that may be the header, and, for a text file, the encodings that it may be in."""
    rows = {number: " · ".join(filter(None, cells)) for number, cells in enumerate(table.top, 1)}
    rows.setdefault(table.header_row, " · ".join(filter(None, table.header)))
    form.fields["header_row"].choices = [  # type: ignore[attr-defined]
        (number, _("第 %(row)s 行:%(text)s") % {"row": number, "text": text[:60]}) for number, text in rows.items()
    ]
    if not table.encoding:
        del form.fields["encoding"]
        return
    known = dict.fromkeys((table.encoding.removesuffix("-sig"), *queries.SELECTABLE))
    form.fields["encoding"].choices = [(key, ENCODINGS.get(key, key)) for key in known]  # type: ignore[attr-defined]
