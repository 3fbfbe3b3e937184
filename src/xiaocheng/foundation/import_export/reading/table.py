"""Where the header is, which rows are data, and which are titles, subtotals and notes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .workbook import Cell, Merge

TOP_ROWS, TOP_COLUMNS = 12, 10
LOOKED_AT = 30  # rows at the top among which the header is looked for
TOTAL = re.compile(
    r"^(.{0,20}[\s(（【:：-])?(本页|本月|总|小|合|累|共|全部)\s*[计計](金额|金額|数量|數量)?[)）】:：]?$"
    r"|^.{0,12}(小计|合计|总计|累计|小計|合計|總計|累計)[:：]?$"
    r"|^((sub|grand)[\s-]?)?totals?:?$",
    re.IGNORECASE,
)

HINT = re.compile("[计計]|total", re.IGNORECASE)  # no cell is a total without: the rest need not be looked at closely


@dataclass
class Table:
    """A sheet as header and data rows, and what was left out or filled in."""

    name: str
    header: list[str]
    header_row: int  # as people count rows, from 1
    rows: list[tuple[int, list[Cell]]]
    skipped: list[dict[str, Any]] = field(default_factory=list)  # row, why (title, total, note), text
    filled_columns: list[int] = field(default_factory=list)  # vertically merged cells, filled down
    top: list[list[str]] = field(default_factory=list)  # the first rows as they stand, to find the header among them
    uneven: list[tuple[int, int]] = field(default_factory=list)  # rows of a text file with another number of cells

    @property
    def columns(self) -> int:
        """Number of columns, those without a heading included."""
        return len(self.header)


def find_table(
    name: str, rows: list[list[Cell]], merges: list[Merge] | None = None, header_row: int | None = None
) -> Table | None:
    """The table on a sheet, or None when there is none; somebody may say which row is its header."""
    groups = [merge for merge in merges or [] if merge[0][0] == merge[1][0]]
    notes = {merge[0][0]: merge[1][1] - merge[0][1] + 1 for merge in groups}
    filled = _fill_down(rows, merges or [])
    at = _header_index(rows, notes) if header_row is None else header_row - 1
    if at is None or not 0 <= at < len(rows):
        return None
    table = Table(name, _headings(rows, at, groups), at + 1, [], filled_columns=filled)
    table.top = [[_text(cell)[:40] for cell in row[:TOP_COLUMNS]] for row in rows[:TOP_ROWS]]
    for index in range(at):
        _skip(table, index, "title", rows[index])
    for index in range(at + 1, len(rows)):
        _sort_in(table, index, rows[index], notes.get(index, 0))
    _widen(table)
    return table


def _fill_down(rows: list[list[Cell]], merges: list[Merge]) -> list[int]:
    """Give every row of a vertical merge the value of its first; returns the columns in which data was filled."""
    filled: Counter[int] = Counter()
    for (first, left), (last, right) in merges:
        if first == last or left != right or first >= len(rows) or left >= len(rows[first]):
            continue
        for index in range(first + 1, min(last, len(rows) - 1) + 1):
            row = rows[index]
            if any(cell is not None for cell in row):
                row.extend([None] * (left + 1 - len(row)))
                row[left] = rows[first][left]
                filled[left] += 1
    return sorted(column for column, count in filled.items() if count > 1)


def _header_index(rows: list[list[Cell]], notes: dict[int, int]) -> int | None:
    """The first row that names most columns in words; else the first that has most columns."""
    top = [(index, _filled(row)) for index, row in enumerate(rows[: LOOKED_AT + 20]) if _filled(row)][:LOOKED_AT]
    if not top:
        return None
    width = max(filled for _index, filled in top)
    wide = [index for index, filled in top if filled >= max(0.6 * width, 1) and notes.get(index, 0) < max(width, 2)]
    for index in wide:
        if 2 * sum(_is_words(cell) for cell in rows[index]) > _filled(rows[index]):
            return index
    return wide[0] if wide else top[0][0]


def _headings(rows: list[list[Cell]], at: int, groups: list[Merge]) -> list[str]:
    """The names of the columns; equal ones take the name of the merged group above them, then a number."""
    names = [_text(cell) for cell in rows[at]]
    count = Counter(names)
    for (row, left), (_row, right) in groups:
        if row == at - 1 and left < len(rows[row]):
            for column in range(left, min(right + 1, len(names))):
                if count[names[column]] > 1:
                    names[column] = f"{_text(rows[row][left])} {names[column]}".strip()
    seen: Counter[str] = Counter()
    for column, name in enumerate(names):
        seen[name] += 1
        if name and seen[name] > 1:
            names[column] = f"{name} ({seen[name]})"
    return names


def _sort_in(table: Table, index: int, row: list[Cell], merged: int) -> None:
    filled = _filled(row)
    if not filled:
        return
    if merged >= max(0.6 * table.columns, 3) and filled <= 2:
        _skip(table, index, "note", row)
    elif _is_total_row([cell for cell in row if cell is not None], filled <= 0.6 * table.columns):
        _skip(table, index, "total", row)
    else:
        table.rows.append((index + 1, row))


def _skip(table: Table, index: int, why: str, row: list[Cell]) -> None:
    text = " ".join(_text(cell) for cell in row if cell is not None).strip()
    if text:
        table.skipped.append({"row": index + 1, "why": why, "text": text[:80]})


def _widen(table: Table) -> None:
    """Rows longer than the header get columns without a name; empty columns at the end are dropped."""
    width = max([len(table.header), *(len(row) for _number, row in table.rows)])
    table.header += [""] * (width - len(table.header))
    while table.header and not table.header[-1] and all(len(row) < len(table.header) for _n, row in table.rows):
        table.header.pop()


def note_uneven_rows(table: Table, width: int) -> None:
    """List the rows with more cells than the header, and those with fewer unless that is the file's habit."""
    long = [(number, len(row)) for number, row in table.rows if len(row) > width and _filled(row[width:])]
    short = [(number, len(row)) for number, row in table.rows if len(row) < width]
    habit = len(short) > max(3, len(table.rows) // 50)
    table.uneven = sorted(long if habit else long + short)


def _filled(row: list[Cell]) -> int:
    return len(row) - row.count(None)


def _is_words(cell: Cell) -> bool:
    if not isinstance(cell, str) or not cell.strip() or len(cell) > 100:
        return False
    return not re.fullmatch(r"[\d０-９\s.,，:：/\-－+％%￥¥$€]+", cell)


def _is_total_row(cells: list[Cell], is_sparse: bool) -> bool:
    """A row that says total near its beginning, and little else, or else only figures."""
    at = next((at for at, cell in enumerate(cells[:3]) if _is_total(cell)), None)
    return at is not None and (is_sparse or not any(_is_words(cell) for cell in cells[at + 1 :]))


def _is_total(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(HINT.search(cell)) and bool(TOTAL.match(cell.strip()))


def _text(cell: Cell) -> str:
    return "" if cell is None else " ".join(str(cell).split())
