"""A text file as rows of cells: encoding, delimiter, line ends, null bytes, unclosed quotes."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .encoding import guess
from .unreadable import MAX_COLUMNS, MAX_ROWS, Unreadable

DELIMITERS = (",", "\t", ";", "|", "，", "；")
SNIFFED_LINES = 60
LINES_OF_A_CELL = 500  # more than that is a quote that was never closed
CONTROL = {code: None for code in range(32) if chr(code) not in "\t\n\r"}
HTML = ("<html", "<table", "<!doctype", "<head", "<body", "<meta")

csv.field_size_limit(1_000_000)


@dataclass(frozen=True)
class TextTable:
    """The cells of a text file, and what was strange about it."""

    rows: list[list[str | None]]  # a cell that holds nothing, or only blanks, is None
    encoding: str
    delimiter: str
    nulls: int
    garbled_rows: list[int]  # row numbers in which characters could not be read


def read_text(data: bytes, encoding: str = "") -> TextTable:
    """Read the bytes of a text file, in the encoding that somebody says or else the likeliest; Unreadable if none."""
    encoding = encoding or guess(data)
    text = data.decode(encoding, "replace")
    _refuse_other_kinds(text)
    nulls = text.count("\0")
    text = text.translate(CONTROL) if nulls or "\f" in text or "\x1a" in text else text
    delimiter = sniff(text)
    rows = list(_rows(text, delimiter))
    strange = rows if "\ufffd" in text else []
    garbled = [number for number, row in enumerate(strange, 1) if any("\ufffd" in cell for cell in row if cell)]
    if len(garbled) > max(20, len(rows) // 5):
        raise Unreadable("encoding", encoding=encoding, row=garbled[0])
    return TextTable(rows, encoding, delimiter, nulls, garbled)


def _refuse_other_kinds(text: str) -> None:
    start = text[:2000].lstrip("\ufeff \t\r\n").lower()
    if start.startswith(HTML):
        raise Unreadable("html")
    if start.startswith("<?xml"):
        raise Unreadable("xml")
    sample = text[:200_000]
    control = len(sample) - len(sample.translate(CONTROL))
    if control > max(8, len(sample) // 20):
        raise Unreadable("not_a_table")


def sniff(text: str) -> str:
    """The delimiter that cuts the first lines into the most equal rows of more than one cell; else a comma."""
    sample = _first_lines(text)
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        if delimiter not in sample:
            continue
        widths = Counter(len(row) for row in _cut(sample, delimiter) if any(cell.strip() for cell in row))
        widths.pop(1, None)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        score = count / sum(widths.values()) * count * min(width, 20) ** 0.5
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _first_lines(text: str) -> str:
    lines = io.StringIO(text[:200_000], newline="")
    return "".join(line for line, _number in zip(lines, range(SNIFFED_LINES), strict=False))


def _cut(sample: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
    except csv.Error:
        return []


class _Lines:
    """The lines of a text, with those that the reader took for the present row."""

    def __init__(self, text: str) -> None:
        self.lines = io.StringIO(text, newline="")
        self.of_row: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            self.of_row.append(line)
            yield line


def _rows(text: str, delimiter: str) -> Iterator[list[str | None]]:
    if text.count("\n") > MAX_ROWS + 1 and '"' not in text:  # no cell holds a line end: nothing has to be cut
        raise Unreadable("too_many_rows", limit=MAX_ROWS)
    lines = _Lines(text)
    number = 0
    raw = ""
    try:
        for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter != "\t"):
            number += 1
            if number > MAX_ROWS + 1:
                raise Unreadable("too_many_rows", limit=MAX_ROWS)
            if len(row) > MAX_COLUMNS:
                raise Unreadable("too_many_columns", row=number, limit=MAX_COLUMNS)
            raw = "".join(lines.of_row) if len(lines.of_row) > 1 else lines.of_row[0]
            if len(lines.of_row) > LINES_OF_A_CELL:
                raise Unreadable("open_quote", row=number)
            lines.of_row.clear()
            yield [cell if cell and not cell.isspace() else None for cell in row]
    except csv.Error:
        raise Unreadable("open_quote", row=number + 1) from None
    if _is_cut_off(raw, delimiter):
        raise Unreadable("open_quote", row=number)


def _is_cut_off(row: str, delimiter: str) -> bool:
    """True when a row ends inside quotes; only a strict reader says so."""
    try:
        list(csv.reader([row], delimiter=delimiter, skipinitialspace=delimiter != "\t", strict=True))
    except csv.Error as error:
        return "end of data" in str(error)
    return False
