"""The tables of insight and the rows behind its numbers as files, exactly as the person sees them."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _
from django.views import View

from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.import_export.commands import note_export
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.insight.access import SEE
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import ExportScreen, as_workbook
from xiaocheng.interface.web.shell.http import Request

from .rows import Rows
from .screens import InsightScreen
from .showing import Sheet


@access(SEE, EXPORT)
class TableExport(View):
    """Writes the table of an InsightScreen as XLSX; the address says of which."""

    screen_class: type[InsightScreen] = InsightScreen

    def get(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """The file."""
        screen = self.screen_class()
        screen.setup(request, *args, **kwargs)
        sheet: Sheet | None = screen.context().get("sheet")
        if sheet is None:
            raise RuleBroken(_("这段时间没有记录"))
        note_export(request.actor, str(screen.page_title()), len(sheet.lines))
        name = f"{screen.page_title()}-{screen.asked.period_name()}-{screen.until:%Y%m%d}"
        return as_workbook(name, sheet.header(), sheet.rows())


@access(SEE, EXPORT)
class RowsExport(ExportScreen):
    """Writes the rows behind a number; the address says of which screen."""

    screen_class = Rows
