"""Lists going out: nothing in them is calculated by the program that opens them."""

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest

from xiaocheng.foundation.import_export.export import XlsxPage, csv_lines, neutral, write_xlsx
from xiaocheng.foundation.import_export.reading.reader import read_file

FORMULAS = [
    "=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "＝1+1", "＋1+1",
    "－1+1", "＠SUM(A1)", "　=1+1", "'=1+1", '"=1+1', "=HYPERLINK(\"http://x\",\"y\")",
]  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_becomes_text(formula):
    assert neutral(formula) == "'" + formula


@pytest.mark.parametrize(
    "value", ["上海华建", "+8613800000000", "-12.5", "", "a=b", 5, Decimal("-3.5"), dt.date(2026, 1, 1)]
)
def test_what_is_no_formula_stays_as_it_is(value):
    assert neutral(value) == value


def test_a_csv_is_read_back_as_it_was(tmp_path):
    text = "".join(
        csv_lines(["名称", "金额", "日期"], [["=1+1", Decimal("12.50"), dt.date(2026, 1, 31)], ['a"b,c', 1, None]])
    )
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows == [["名称", "金额", "日期"], ["'=1+1", "12.50", "2026-01-31"], ['a"b,c', "1", ""]]


def test_a_workbook_holds_text_numbers_and_days_and_no_formula(tmp_path):
    path = tmp_path / "out.xlsx"
    rows = [[formula, Decimal("12.5"), dt.date(2026, 1, 31), True] for formula in FORMULAS]
    write_xlsx(path, XlsxPage(["名称", "金额", "日期", "是否"], rows, "客户[1]"))
    with zipfile.ZipFile(path) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
    sheet = read_file(path, tmp_path / "spool", "out.xlsx")[0]
    assert sheet.header == ["名称", "金额", "日期", "是否"]
    assert [row[1:] for _number, row in sheet.rows()] == [[12.5, "2026-01-31", True]] * len(FORMULAS)
    assert all(row[0].startswith("'") for _number, row in sheet.rows())
