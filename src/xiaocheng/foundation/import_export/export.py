"""Lists going out as CSV or XLSX; what a spreadsheet would take for a formula is made plain text."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from .cells import FORMULA_STARTS

PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*%?")


def neutral(value: Any) -> Any:
    """A value as a cell that no spreadsheet calculates; numbers and days stay what they are."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    if value.lstrip(" \u3000\xa0\"'").startswith(tuple(FORMULA_STARTS)) and not PLAIN_NUMBER.fullmatch(value):
        return "'" + value
    return value


def csv_lines(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The list as lines of CSV with the mark by which Excel knows UTF-8; written as it is read, row by row."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    for row in _all(header, rows):
        writer.writerow([_plain(neutral(value)) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


@dataclass(frozen=True)
class XlsxPage:
    """One sheet of a workbook; `above` are lines of text over the heading."""

    header: Sequence[Any]
    rows: Iterable[Sequence[Any]]
    name: str = "Sheet1"
    above: Sequence[str] = ()


def write_xlsx(target: Path, *pages: XlsxPage) -> None:
    """Lists as a workbook: the heading stays in view, days and numbers as such, text never as formula or link."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False, "nan_inf_to_errors": True, "default_date_format": "yyyy-mm-dd"}  # fmt: skip
    with xlsxwriter.Workbook(str(target), options) as book:
        bold = book.add_format({"bold": True})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for one in pages:
            page = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", one.name)[:31] or "Sheet1")
            page.freeze_panes(len(one.above) + 1, 0)
            page.set_column(0, max(len(one.header) - 1, 0), 16)
            for index, line in enumerate(one.above):
                page.write_string(index, 0, neutral(line))
            page.write_row(len(one.above), 0, [neutral(value) for value in one.header], bold)
            for index, row in enumerate(one.rows, len(one.above) + 1):
                for column, value in enumerate(row):
                    _write(page, index, column, neutral(value), moment)


def _write(page: Any, row: int, column: int, value: Any, moment: Any) -> None:
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, dt.datetime):
        page.write_datetime(row, column, value.replace(tzinfo=None), moment)
    elif isinstance(value, dt.date):
        page.write_datetime(row, column, dt.datetime.combine(value, dt.time()))
    elif isinstance(value, (int, float, Decimal)):
        page.write_number(row, column, value)
    else:
        page.write_string(row, column, str(value)[:32_767])


def _all(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield header
    yield from rows


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value
