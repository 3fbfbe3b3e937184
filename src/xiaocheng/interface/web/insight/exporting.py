"""The tables of insight and the rows behind its numbers as files, exactly as the person sees them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import FileResponse
from django.utils.translation import gettext as _
from django.views import View

from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.import_export.commands import note_export
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.insight.access import SEE
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import ExportScreen, as_workbook
from xiaocheng.interface.web.shell.http import Request

from .funnel import FunnelPage
from .results import CyclePage, RevenuePage, WinRatePage
from .rows import Closings, NewCustomers, Stays, Wins
from .screens import InsightScreen
from .showing import Sheet


class TableExport(View):
    """Writes the table of an InsightScreen as XLSX."""

    screen_class: ClassVar[type[InsightScreen]]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """The file."""
        screen = self.screen_class()
        screen.setup(request, *args, **kwargs)
        sheet: Sheet | None = screen.context().get("sheet")
        if sheet is None:
            raise RuleBroken(_("这段时间没有记录"))
        note_export(request.actor, str(screen.page_title()), len(sheet.lines))
        name = f"{screen.page_title()}-{screen.asked.period_name()}-{clock.today():%Y%m%d}"
        return as_workbook(name, sheet.header(), sheet.rows())


@access(SEE, EXPORT)
class FunnelExport(TableExport):
    """The stages of the funnel."""

    screen_class = FunnelPage


@access(SEE, EXPORT)
class WinRateExport(TableExport):
    """Win rates line by line."""

    screen_class = WinRatePage


@access(SEE, EXPORT)
class CycleExport(TableExport):
    """How sales cycles spread."""

    screen_class = CyclePage


@access(SEE, EXPORT)
class RevenueExport(TableExport):
    """Revenue line by line."""

    screen_class = RevenuePage


@access(SEE, EXPORT)
class StaysExport(ExportScreen):
    """Stays in stages."""

    screen_class = Stays


@access(SEE, EXPORT)
class ClosingsExport(ExportScreen):
    """Wins, losses and reversals."""

    screen_class = Closings


@access(SEE, EXPORT)
class WinsExport(ExportScreen):
    """Wins and their cycles."""

    screen_class = Wins


@access(SEE, EXPORT)
class CustomersExport(ExportScreen):
    """New customers."""

    screen_class = NewCustomers
