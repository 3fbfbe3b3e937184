"""Files as people upload them: every encoding and shape, damaged, hostile and huge ones."""

import random
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter

from tests.support.hostile import bomb as bomb_in
from tests.support.hostile import many_rows, seconds_of_children, workbook
from tests.support.shared import shared_data
from xiaocheng.foundation.import_export import cells
from xiaocheng.foundation.import_export.kinds import Date, Number
from xiaocheng.foundation.import_export.reading.reader import read_file
from xiaocheng.foundation.kernel.errors import RuleBroken

SHORT = "客户名称,电话,备注\n上海华建,021-55551234,重点客户\n北京诚信,010-66667777,\n"
SIMPLIFIED, TRADITIONAL = SHORT, "客戶名稱,電話,備註\n臺北華建,02-55551234,重點客戶\n高雄誠信,07-66667777,\n"
WESTERN = "Name;Ort;Zahl\nMüller;München;1\nGonzález;León;2\n"


@pytest.fixture
def read(tmp_path):
    def read_bytes(content, name="file.csv"):
        source = tmp_path / "source"
        if isinstance(content, bytes):
            source.write_bytes(content)
        else:
            source = content
        return read_file(source, tmp_path / "spool", name)

    return read_bytes


def refusal(read, content, name="file.csv"):
    before = seconds_of_children()
    with pytest.raises(RuleBroken) as refused:
        read(content, name)
    assert seconds_of_children() - before < 5
    assert str(refused.value).startswith(f"「{name}」")
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "utf-8"), (SIMPLIFIED, "utf-8-sig"), (SIMPLIFIED, "gb18030"), (SIMPLIFIED, "utf-16"),
        (TRADITIONAL, "big5"), (TRADITIONAL, "utf-8"), (WESTERN, "latin-1"), (WESTERN, "cp1252"), (WESTERN, "utf-8"),
        (WESTERN, "utf-16-le"), ("姓名,电话\n张三,1\n", "gbk"), ("姓名,電話\n王小明,02\n", "big5"),
    ],
)  # fmt: skip
def test_the_encoding_is_found(read, text, encoding):
    sheet = read(text.encode(encoding))[0]
    delimiter = ";" if ";" in text else ","
    assert sheet.header == text.splitlines()[0].split(delimiter)
    assert [cell for _number, row in sheet.rows() for cell in row if cell] == [
        cell for line in text.splitlines()[1:] for cell in line.split(delimiter) if cell
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，"])
def test_the_delimiter_is_found(read, delimiter):
    text = "name,price,note\na b,1,x\nc,2,y z\n".replace(",", delimiter)
    assert read(text.encode())[0].header == ["name", "price", "note"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_end_is_understood(read, ending):
    sheet = read(f'a,b{ending}1,"two{ending}lines"{ending}3,4{ending}'.encode())[0]
    assert [number for number, _row in sheet.rows()] == [2, 3]


def test_null_bytes_are_taken_out_and_counted(read):
    sheet = read(b"a,b\n\x001,2\n")[0]
    assert (sheet.nulls, list(sheet.rows())) == (1, [(2, ["1", "2"])])


def test_a_row_with_more_or_fewer_cells_than_the_header_is_marked(read):
    sheet = read(b"a,b,c\n1,2,3\n1,2,3,4\n1\n1,2,3\n")[0]
    assert sheet.uneven == {3: 4, 4: 1}


def test_cells_left_out_at_the_end_are_a_habit_of_some_programs(read):
    sheet = read(b"a,b,c\n" + b"1,2\n" * 20)[0]
    assert sheet.uneven == {}


def test_titles_blank_rows_and_totals_are_left_out_and_reported(read):
    rows = "八月销售,,\n\n姓名,数量,金额\n张三,1,2\n李四,3,4\n小计,4,6\n\n总 计,,6\n"
    sheet = read(rows.encode())[0]
    assert (sheet.header_row, [number for number, _row in sheet.rows()]) == (3, [4, 5])
    assert [(item["row"], item["why"]) for item in sheet.skipped] == [(1, "title"), (6, "total"), (8, "total")]


def test_a_customer_called_total_is_no_total(read):
    sheet = read("客户,城市,备注\nTotal,巴黎,能源\n合计科技,上海,软件\n".encode())[0]
    assert (sheet.row_count, sheet.skipped) == (2, [])


def test_columns_of_the_same_name_take_the_name_of_their_group(tmp_path, read):
    path = tmp_path / "grouped.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.merge_range(0, 1, 0, 2, "一季度")
        page.merge_range(0, 3, 0, 4, "二季度")
        page.write_row(1, 0, ["产品", "数量", "金额", "数量", "金额"])
        page.write_row(2, 0, ["甲", 1, 2, 3, 4])
    assert read(path)[0].header == ["产品", "一季度 数量", "一季度 金额", "二季度 数量", "二季度 金额"]


ZH = ["01_gbk_crlf.csv", "02_utf8_bom.csv", "05_fullwidth_digits_and_spaces.csv", "07_mixed_dates.xlsx",
      "08_merged_headers_subtotals.xlsx"]  # fmt: skip


@pytest.mark.parametrize("name", ZH)
def test_five_shapes_of_the_same_order_lines_have_the_same_totals(read, name):
    sheet = read(shared_data("import_files", "zh", name))[0]
    at = {heading: column for column, heading in enumerate(sheet.header)}
    rows = list(sheet.rows())
    number, day = Number(negative=True).column({}), Date().column({})
    sums = {key: sum(number.read(row[at[key]]) for _n, row in rows) for key in ("销售额", "数量", "利润")}
    days = [day.read(row[at["订单日期"]]) for _n, row in rows]
    assert len(rows) == 500
    assert sums == {"销售额": Decimal("904060.031"), "数量": Decimal(1928), "利润": Decimal("93987.271")}
    assert (str(min(days)), str(max(days))) == ("2014-01-21", "2017-12-29")
    assert len({cells.text(row[at["客户 ID"]]) for _n, row in rows}) == 204
    assert len({cells.text(row[at["订单 ID"]]) for _n, row in rows}) == 228
    assert {cells.text(row[at["地区"]]) for _n, row in rows} == {"华东", "华北", "中南", "东北", "西北", "西南"}


@pytest.mark.parametrize(
    ("folder", "name", "rows"),
    [
        ("csvkit", "bad.csv", 3), ("csvkit", "mac_newlines.csv", 2), ("csvkit", "null_byte.csv", 1),
        ("csvkit", "test_latin1.csv", 2), ("csvkit", "test_locale.csv", 1), ("csvkit", "test_skip_lines.csv", 1),
        ("csvkit", "test_utf16_little.csv", 2), ("tablib", "bad_dimensions.xlsx", 3), ("tablib", "founders.xlsx", 3),
        ("tablib", "ragged.xlsx", 1), ("odoo", "crm_lead.xls", 8), ("odoo", "res_partner.xlsx", 3),
        ("odoo", "o2m_customers_contacts.csv", 8), ("frappe", "sample_import_file_semicolon.csv", 4),
    ],
)  # fmt: skip
def test_files_that_trouble_other_importers_are_read(read, folder, name, rows):
    assert read(shared_data("import_files", folder, name))[0].row_count == rows


def test_a_workbook_of_errors_has_no_rows(read):
    assert "没有数据行" in refusal(read, shared_data("import_files", "tablib", "errors.xls"), "errors.xls")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空文件"),
        (b" \n\n", "空文件"),
        (b"a,b\n", "没有数据行"),
        (b"%PDF-1.7 ...", "不是表格"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"<?xml version='1.0'?><Workbook/>", "XML"),
        (b"PK\x03\x04" + bytes(500), "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64) + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b'a,b\n1,2\n3,"4\n5,6\n', "第 3 行有一个没有结束的引号"),
        (b'a,b\n3,"4\n' + b"5,6\n" * 5000, "第 2 行有一个没有结束的引号"),
        (",".join(["c"] * 300).encode() + b"\n1\n", "超过 256 列"),
        (random.Random(1).randbytes(50_000), "不是表格"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(read, content, said):
    assert said in refusal(read, content)


def test_a_truncated_workbook_is_refused(tmp_path, read):
    whole = workbook(tmp_path / "whole.xlsx", many_rows(2000)).read_bytes()
    for share in (0.3, 0.7, 0.99):
        assert "损坏" in refusal(read, whole[: int(len(whole) * share)])


def test_a_packed_folder_is_refused(tmp_path, read):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("a.csv", "a,b\n1,2\n")
    assert "压缩包" in refusal(read, tmp_path / "a.zip")


def test_two_million_rows_are_refused_in_a_text_file(read):
    assert "超过 200000 行" in refusal(read, b"name,phone\n" + b"c1000000,11000000\n" * 2_000_000)


def test_too_many_rows_are_refused_in_a_workbook(tmp_path, read):
    path = workbook(tmp_path / "long.xlsx", many_rows(250_000))
    assert "超过 200000 行" in refusal(read, path)


@pytest.fixture(scope="module")
def bomb(tmp_path_factory):
    return bomb_in(tmp_path_factory.mktemp("bomb"))


def test_a_bomb_is_refused_by_what_it_would_unpack_to(bomb, read):
    assert bomb.stat().st_size < 5_000_000
    assert "解压后有 4" in refusal(read, bomb)


def test_a_bomb_that_lies_about_its_size_is_refused(bomb, read):
    content = bytearray(bomb.read_bytes())
    at = content.rfind(b"PK\x01\x02")  # the sheet's entry in the directory is the last one
    content[at + 24 : at + 28] = (9_000_000).to_bytes(4, "little")
    refusal(read, bytes(content))


def test_two_cells_in_far_corners_do_not_fill_the_memory(tmp_path, read):
    corners = (
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    )
    assert refusal(read, workbook(tmp_path / "sparse.xlsx", corners))


def test_formulas_are_read_as_their_results_and_as_text(tmp_path, read):
    path = tmp_path / "formulas.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["name", "sum"])
        page.write(1, 0, "a")
        page.write_formula(1, 1, "=1+1", None, 2)
    assert list(read(path)[0].rows()) == [(2, ["a", 2])]
    assert list(read(b"name,sum\na,=1+1\n")[0].rows()) == [(2, ["a", "=1+1"])]


@pytest.mark.full
@pytest.mark.parametrize("columns", [5, 25])
def test_the_largest_table_that_is_allowed_is_read_in_the_time_that_it_has(read, columns):
    rows = "".join(f"{','.join(f'{n}号内容' for _column in range(columns))}\n" for n in range(199_999))
    header = ",".join(f"第{n}列" for n in range(columns))
    [sheet] = read(f"{header}\n{rows}".encode("gb18030"))
    assert sheet.row_count == 199_999
