"""A spreadsheet (.xlsx, .xls, .ods, .xlsb) as rows of plain values, with its merged ranges."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .unreadable import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, MAX_UNPACKED, Unreadable

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
WORTH_COUNTING = 8 * 1024 * 1024
Merge = tuple[tuple[int, int], tuple[int, int]]  # first and last (row, column), from 0
Cell = str | int | float | bool | None


@dataclass(frozen=True)
class Grid:
    """One sheet: all rows from the first, and its merged ranges."""

    name: str
    rows: list[list[Cell]]
    merges: list[Merge]


def is_workbook(data: bytes) -> bool:
    """True when the content, whatever the file is called, is a spreadsheet's."""
    return data.startswith((ZIP, OLE))


def read_workbook(data: bytes) -> Iterator[Grid]:
    """Every sheet that has cells; Unreadable when the file is damaged, locked or out of proportion."""
    _refuse_bombs(data)
    if data.startswith(OLE) and ENCRYPTED in data:
        raise Unreadable("password")
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [
            item.name
            for item in book.sheets_metadata
            if item.typ == SheetTypeEnum.WorkSheet and item.visible == SheetVisibleEnum.Visible
        ]
        if len(sheets) > MAX_SHEETS:
            raise Unreadable("too_many_sheets", limit=MAX_SHEETS)
        for name in sheets:
            yield _grid(name, book.get_sheet_by_name(name))
    except PasswordError:
        raise Unreadable("password") from None
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, OverflowError) as error:
        raise Unreadable("damaged", reason=str(error)[:200]) from None


def _refuse_bombs(data: bytes) -> None:
    """Look at what a packed workbook says about itself before anything is unpacked."""
    if not data.startswith(ZIP):
        return
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
        parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Unreadable("damaged", reason="zip") from None
    names = {part.filename for part in parts}
    if not names & {"[Content_Types].xml", "content.xml"}:
        raise Unreadable("zip")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or len(parts) > 5_000:
        raise Unreadable("too_big_unpacked", megabytes=unpacked >> 20, limit=MAX_UNPACKED >> 20)
    for part in parts:
        if part.filename.startswith("xl/worksheets/") and part.file_size > WORTH_COUNTING:
            _count_rows(packed, part)


def _count_rows(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a sheet of too many rows while unpacking it piece by piece: reading it whole takes ten times as long."""
    rows, rest, unpacked = 0, b"", 0
    try:
        with packed.open(part) as sheet:
            while piece := sheet.read(1 << 20):
                unpacked += len(piece)
                *ended, rest = (rest + piece).split(b"</row>")
                rest = rest[-(1 << 20) :]
                rows += sum(b"<v" in row or b"<is" in row for row in ended)
                if rows > MAX_ROWS + 1:
                    raise Unreadable("too_many_rows", limit=MAX_ROWS)
                if unpacked > MAX_UNPACKED:  # more than the file says about itself
                    raise Unreadable("too_big_unpacked", megabytes=unpacked >> 20, limit=MAX_UNPACKED >> 20)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise Unreadable("damaged", reason="zip") from None


def _grid(name: str, sheet: Any) -> Grid:
    if sheet.start is None:
        return Grid(name, [], [])
    above, left = sheet.start
    height, width = above + sheet.height, left + sheet.width
    if height > MAX_ROWS + 1:
        raise Unreadable("too_many_rows", limit=MAX_ROWS, sheet=name, rows=height)
    if sheet.height * sheet.width > MAX_CELLS:
        raise Unreadable("too_many_cells", limit=MAX_CELLS, sheet=name)
    empty: list[Cell] = [None] * left
    rows: list[list[Cell]] = [[] for _ in range(above)]
    for row in sheet.iter_rows():
        rows.append(_trimmed(empty + [_plain(value) for value in row]))
        if len(rows[-1]) > MAX_COLUMNS:
            raise Unreadable("too_many_columns", row=len(rows), limit=MAX_COLUMNS, sheet=name)
    merges = [
        merge for merge in (sheet.merged_cell_ranges or [])[:20_000] if merge[0][0] < height and merge[0][1] < width
    ]
    return Grid(name, rows, merges)


def _trimmed(row: list[Cell]) -> list[Cell]:
    while row and row[-1] is None:
        row.pop()
    return row


def _plain(value: Any) -> Cell:
    """A cell as text, number or nothing; days and times as ISO text, which reads one way only."""
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, dt.datetime) and value.time() == dt.time(0):
        return value.date().isoformat()
    if isinstance(value, (dt.date, dt.time, dt.datetime)):
        return value.isoformat()
    return str(value)
