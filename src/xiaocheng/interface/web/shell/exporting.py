"""A list as a file: the same rows, filters, order and columns as on the page; what a page masks is masked here too."""

from __future__ import annotations

import datetime as dt
import html
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils.html import strip_tags
from django.utils.http import content_disposition_header
from django.views import View

from xiaocheng.foundation.import_export.commands import note_export
from xiaocheng.foundation.import_export.queries import XlsxPage, csv_lines, write_xlsx
from xiaocheng.foundation.kernel import clock
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.http import Request
from xiaocheng.interface.web.shell.paging import in_order
from xiaocheng.interface.web.shell.screens import Column, ListScreen

MOST_XLSX = 20_000  # beyond that the list goes out as CSV, row by row
CHUNK = 2_000


class ExportScreen(View):
    """Writes the list of a ListScreen; as XLSX, or as CSV where it is long."""

    screen_class: ClassVar[type[ListScreen]]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse | StreamingHttpResponse | FileResponse:
        """The file."""
        screen = self.screen_class()
        screen.setup(request, *args, **kwargs)
        screen.load()
        rows = in_order(screen.found, [screen.chosen_order])
        name = f"{screen.page_title()}-{clock.today():%Y%m%d}"
        first = list(islice(rows[: MOST_XLSX + 1].iterator(CHUNK), MOST_XLSX + 1))
        columns = [column for column in screen.shown_columns if column.exported]
        count = len(first) if len(first) <= MOST_XLSX else rows.count()
        details = any(column.personal for column in columns)
        note_export(request.actor, str(screen.page_title()), count, contains_details=details)
        header = [str(column.label) for column in columns]
        if len(first) > MOST_XLSX:
            return _as_csv(name, csv_lines(header, (_cells(columns, row) for row in rows.iterator(CHUNK))))
        return as_workbook(name, header, (_cells(columns, row) for row in first))


def as_workbook(name: str, header: list[str], rows: Iterable[list[Any]], above: Sequence[str] = ()) -> FileResponse:
    """A workbook to be saved as a file of that name; `above` are lines over its heading."""
    return as_workbook_of(name, [XlsxPage(header, rows, above=above)])


def as_workbook_of(name: str, pages: Sequence[XlsxPage]) -> FileResponse:
    """A workbook of several sheets to be saved as a file of that name."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    try:
        write_xlsx(path, *pages)
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}.xlsx")
    finally:
        path.unlink()  # what is open can be read to its end


def _as_csv(name: str, lines: Iterator[str]) -> StreamingHttpResponse:
    disposition = content_disposition_header(True, f"{name}.csv") or ""
    headers = {"Content-Disposition": disposition}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _cells(columns: Sequence[Column], row: Any) -> list[Any]:
    return [_cell(column, row) for column in columns]


def _cell(column: Column, row: Any) -> Any:
    """A number or a day as such, everything else as the page says it."""
    value = (column.written or column.read)(row)
    if isinstance(value, dt.datetime):
        return value.astimezone(clock.zone())
    if isinstance(value, (int, float, Decimal, dt.date)) and not isinstance(value, bool):
        return value
    if column.written is not None:
        return value
    shown = html.unescape(strip_tags(column.text(row)))
    return "" if shown == formats.NOTHING else shown
