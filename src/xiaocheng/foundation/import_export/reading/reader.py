"""Reads an uploaded file by way of the child process, and says in a sentence what is wrong with it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.errors import RuleBroken

from .unreadable import seconds_for
from .workbook import Cell

BUSY = 2  # a machine with other work gives the child about half of its time
DEATHS = {-signal.SIGXCPU: "too_slow", -signal.SIGABRT: "too_much_memory", -signal.SIGKILL: "too_much_memory"}
CHILD = "xiaocheng.foundation.import_export.reading.child"


@dataclass(frozen=True)
class Sheet:
    """A table that was found: its header, how many rows, and what was left out or filled in on the way."""

    name: str
    path: Path
    header: list[str]
    header_row: int
    row_count: int
    skipped: list[dict[str, Any]]
    skipped_count: int
    filled_columns: list[int]
    uneven: dict[int, int]
    garbled_rows: frozenset[int]
    top: list[list[str]]
    encoding: str = ""
    nulls: int = 0

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """(row number as people count, cells); a row is as long as the header."""
        width = len(self.header)
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                number, cells = json.loads(line)
                cells.extend([None] * (width - len(cells)))
                yield number, cells


def read_file(source: Path, folder: Path, name: str, **wishes: Any) -> list[Sheet]:
    """The tables in a file, spooled into a folder; RuleBroken says what is wrong with the file called `name`.

    `encoding` and `header_rows` (number of the table -> row) overrule the guesses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    answer = _ask_child(source, folder, wishes)
    if "refused" in answer:
        raise RuleBroken(refusal(name, answer["refused"], answer["facts"]), field="file")
    (folder / "sheets.json").write_text(json.dumps(answer))
    return sheets_in(folder)


def sheets_in(folder: Path) -> list[Sheet]:
    """The tables that were read into a folder before."""
    answer = json.loads((folder / "sheets.json").read_text())
    return [
        Sheet(
            name=sheet["name"],
            path=folder / sheet["file"],
            header=sheet["header"],
            header_row=sheet["header_row"],
            row_count=sheet["rows"],
            skipped=sheet["skipped"],
            skipped_count=sheet["skipped_count"],
            filled_columns=sheet["filled_columns"],
            uneven=dict(sheet["uneven"]),
            garbled_rows=frozenset(answer.get("garbled_rows", ())),
            top=sheet.get("top", []),
            encoding=answer.get("encoding", ""),
            nulls=answer.get("nulls", 0),
        )
        for sheet in answer["sheets"]
    ]


def _ask_child(source: Path, folder: Path, wishes: dict[str, Any]) -> dict[str, Any]:
    seconds = BUSY * seconds_for(source.stat().st_size)
    command = [sys.executable, "-P", "-m", CHILD, str(source), str(folder), json.dumps(wishes)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return {"refused": "too_slow", "facts": {}}
    if done.returncode:
        return {"refused": DEATHS.get(done.returncode, "damaged"), "facts": {}}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def refusal(name: str, code: str, facts: dict[str, Any]) -> str:
    """The sentence for a reason to refuse: which file, where in it, and what to do."""
    where = _("「%(name)s」") % {"name": name}
    if facts.get("sheet"):
        where = _("%(file)s的工作表「%(sheet)s」") % {"file": where, "sheet": facts["sheet"]}
    return REASONS[code]() % {**facts, "where": where}


REASONS: dict[str, Callable[[], str]] = {
    "empty": lambda: _("%(where)s是空文件。请确认选对了文件,内容已经保存。"),
    "no_rows": lambda: _("%(where)s里没有数据行。请确认表头下面有内容,且工作表没有被隐藏。"),
    "not_a_table": lambda: _("%(where)s不是表格文件。请上传 .xlsx、.xls、.ods、.csv 或 .vcf 文件。"),
    "html": lambda: _("%(where)s虽然叫表格,内容其实是网页(HTML)。请用 Excel 或 WPS 打开它,另存为 .xlsx 后再上传。"),
    "xml": lambda: _("%(where)s是 XML 文件。请用 Excel 或 WPS 打开它,另存为 .xlsx 后再上传。"),
    "zip": lambda: _("%(where)s是压缩包。请先解压,再上传里面的表格文件。"),
    "password": lambda: _("%(where)s有密码保护。请在 Excel 或 WPS 中取消密码,保存后再上传。"),
    "damaged": lambda: _("%(where)s已损坏或不完整,无法读取。请重新下载,或用 Excel 或 WPS 打开后另存一份再上传。"),
    "encoding": lambda: _("%(where)s从第 %(row)d 行起有很多无法识别的文字。请用 Excel 或 WPS 另存为 .xlsx 后再上传。"),
    "open_quote": lambda: _("%(where)s第 %(row)d 行有一个没有结束的引号。请补上引号,或检查文件是否下载完整。"),
    "too_big": lambda: _("%(where)s有 %(megabytes)d MB,超过上限 %(limit)d MB。请拆成几个文件分别导入。"),
    "too_big_unpacked": lambda: _("%(where)s解压后有 %(megabytes)d MB,超过 %(limit)d MB。请拆成几个文件。"),
    "too_many_rows": lambda: _("%(where)s超过 %(limit)d 行。请拆成几个文件分别导入。"),
    "too_many_columns": lambda: _("%(where)s第 %(row)d 行超过 %(limit)d 列。请删去多余的列,或检查分隔符。"),
    "too_many_cells": lambda: _("%(where)s的单元格超过 %(limit)d 个。请删去多余的列,或拆成几个文件。"),
    "too_many_sheets": lambda: _("%(where)s的工作表超过 %(limit)d 张。请只保留要导入的工作表。"),
    "too_much_memory": lambda: _("%(where)s过于庞大,无法读取。请删去数据以外的格式和空白,或把数据复制到新文件。"),
    "too_slow": lambda: _("%(where)s读取时间过长。请拆成几个较小的文件,或另存为 .csv 后再上传。"),
}  # fmt: skip
