"""The process that opens one uploaded file: small, limited in memory, time and output, and without the product.

Started by reader.py as `python -m ...child FILE FOLDER`. Writes the data rows of every table as lines of JSON into the
folder, and prints what it found (or why it refused) as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from xiaocheng.foundation.import_export.reading.table import Table, find_table, note_uneven_rows
from xiaocheng.foundation.import_export.reading.text import read_text
from xiaocheng.foundation.import_export.reading.unreadable import MAX_BYTES, Unreadable, seconds_for
from xiaocheng.foundation.import_export.reading.vcard import is_vcard, rows_of
from xiaocheng.foundation.import_export.reading.workbook import is_workbook, read_workbook

MEMORY = 1024 * 1024 * 1024
OUTPUT = 1024 * 1024 * 1024
NOT_SAID: Mapping[str, int] = {}
as_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode  # made once: a row costs half as much


def main(source: str, folder: str, wishes: str = "{}") -> int:
    """Read the file; the answer goes to standard output. `wishes` say its encoding, and the header row of tables."""
    limit(seconds_for(Path(source).stat().st_size))
    try:
        answer = read(Path(source), Path(folder), **json.loads(wishes))
    except Unreadable as reason:
        answer = {"refused": reason.code, "facts": reason.facts}
    except MemoryError:
        answer = {"refused": "too_much_memory", "facts": {}}
    sys.stdout.write(json.dumps(answer))
    return 0


def limit(seconds: int) -> None:
    """Bound what a file can cost; beyond it the system ends this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))  # the first ends it as too slow, the second at once
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(source: Path, folder: Path, encoding: str = "", header_rows: Mapping[str, int] = NOT_SAID) -> dict[str, Any]:
    """What the file holds: its tables, and for a text file its encoding and delimiter."""
    size = source.stat().st_size
    if size > MAX_BYTES:
        raise Unreadable("too_big", megabytes=size >> 20, limit=MAX_BYTES >> 20)
    data = source.read_bytes()
    if not data.strip():
        raise Unreadable("empty")
    if data.startswith(b"%PDF"):
        raise Unreadable("not_a_table")
    found: dict[str, Any] = {"sheets": []}
    for table, extra in _tables(data, encoding, header_rows):
        file = folder / f"{len(found['sheets'])}.jsonl"
        with file.open("w", encoding="utf-8") as out:
            out.writelines(f"{as_json([number, cells])}\n" for number, cells in table.rows)
        found["sheets"].append(_described(table, file.name))
        found |= extra
    if not found["sheets"]:
        raise Unreadable("no_rows")
    return found


def _tables(data: bytes, encoding: str, header_rows: Mapping[str, int]) -> Iterator[tuple[Table, dict[str, Any]]]:
    if is_workbook(data):
        at = 0
        for grid in read_workbook(data):
            wish = header_rows.get(str(at))
            table = find_table(grid.name, grid.rows, grid.merges, wish)
            if table is not None and table.rows:
                at += 1
                yield table, {}
            elif wish is not None:
                raise Unreadable("no_rows", sheet=grid.name)
        return
    if is_vcard(data):
        table = find_table("", rows_of(data), header_row=1)
        if table is not None and table.rows:
            yield table, {}
        return
    text = read_text(data, encoding)
    rows: list[list[Any]] = list(text.rows)
    table = find_table("", rows, header_row=header_rows.get("0"))
    if table is not None and table.rows:
        note_uneven_rows(table, len(text.rows[table.header_row - 1]))
        yield (
            table,
            {
                "encoding": text.encoding,
                "delimiter": text.delimiter,
                "nulls": text.nulls,
                "garbled_rows": text.garbled_rows[:20],
            },
        )


def _described(table: Table, file: str) -> dict[str, Any]:
    return {
        "name": table.name,
        "file": file,
        "header": table.header,
        "header_row": table.header_row,
        "rows": len(table.rows),
        "skipped": table.skipped[:200],
        "skipped_count": len(table.skipped),
        "filled_columns": table.filled_columns,
        "uneven": table.uneven[:10_000],
        "top": table.top,
    }


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
