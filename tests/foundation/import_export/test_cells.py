"""Single cells as people and programs write them."""

import datetime as dt
from decimal import Decimal

import pytest

from xiaocheng.foundation.import_export import cells
from xiaocheng.foundation.import_export.kinds import CellRefused, Date, Number, Text, YesNo


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1,234.50", "1234.50"), ("￥1,234", "1234"), ("12.5万", "125000"), ("3亿", "300000000"), ("1,2345", "12345"),
        ("１２９．６９６", "129.696"), ("－６０．７", "-60.7"), ("(123)", "-123"), ("15%", "0.15"), ("1 234", "1234"),
        ("NT$3,000", "3000"), ("200万元", "2000000"), ("1.5e3", "1500"), (129.696, "129.696"), (7, "7"),
        (-60.70400000000001, "-60.704"), ("'42", "42"), ("−5", "-5"),
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(written, meant):
    assert cells.number(written) == Decimal(meant)


@pytest.mark.parametrize("written", ["abc", "1,23", "12,34.5", "1.2.3", "1e999", "九", "12个", "1/2"])
def test_what_is_no_number_is_refused(written):
    with pytest.raises(cells.Unclear):
        cells.number(written)


@pytest.mark.parametrize(
    "written",
    [
        "2017-06-15", "2017/6/15", "2017年6月15日", "20170615", 20170615, "2017.06.15", 42901, "42901", 42901.75,
        "2017-06-15 00:00:00", "2017-06-15T08:30:00", "２０１７－０６－１５", "15/6/2017", "6/15/2017", "15-Jun-2017",
        "June 15, 2017", "民国106年6月15日", "17/6/15", "15.06.2017",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(written):
    assert cells.day(written) == dt.date(2017, 6, 15)


@pytest.mark.parametrize("written", ["2017-13-01", "2017-02-30", "明天", "3/4", "99999999", 12, "1850-01-01", True])
def test_what_is_no_day_is_refused(written):
    with pytest.raises(cells.Unclear):
        cells.day(written)


def column(kind, *written, **options):
    reader = kind.column(options)
    for cell in written:
        reader.look(cell)
    return reader


def test_a_column_tells_whether_day_or_month_comes_first():
    assert column(Date(), "3/4/2017", "25/4/2017").read("3/4/2017") == dt.date(2017, 4, 3)
    assert column(Date(), "3/4/2017", "4/25/2017").read("3/4/2017") == dt.date(2017, 3, 4)


def test_a_column_that_does_not_tell_asks():
    reader = column(Date(), "3/4/2017")
    with pytest.raises(CellRefused, match="两个日期"):
        reader.read("3/4/2017")
    assert column(Date(), "3/4/2017", day_first=True).read("3/4/2017") == dt.date(2017, 4, 3)


def test_a_column_that_contradicts_itself_asks_for_the_unclear_cells_only():
    reader = column(Date(), "25/4/2017", "4/25/2017")
    assert reader.read("25/4/2017") == reader.read("4/25/2017") == dt.date(2017, 4, 25)
    with pytest.raises(CellRefused):
        reader.read("3/4/2017")


def test_a_column_tells_whether_the_comma_is_the_decimal_point():
    assert column(Number(), "1,7", "200.000.000").read("1,7") == Decimal("1.7")
    assert column(Number(), "1,7", "200.000.000").read("200.000.000") == 200_000_000
    assert column(Number(), "1,700.5").read("1,700") == 1700


def test_a_number_keeps_its_places_and_a_negative_one_is_refused():
    assert column(Number(places=2)).read("1.005") == Decimal("1.01")
    with pytest.raises(CellRefused, match="负数"):
        column(Number()).read("-1")
    with pytest.raises(CellRefused, match="不是整数"):
        column(Number(whole=True)).read("1.5")


def test_text_is_trimmed_and_narrowed_but_keeps_chinese_punctuation():
    reader = column(Text(20))
    assert reader.read("　ＡＢＣ１２３  （上海）有限公司，") == "ABC123 （上海）有限公司，"
    assert reader.read("   ") is None
    with pytest.raises(CellRefused, match="最多 20 个"):
        reader.read("长" * 21)


def test_a_number_in_a_text_column_is_what_people_see():
    assert column(Text(20)).read(13800000000) == "13800000000"
    assert column(Text(20)).read(0.1) == "0.1"


def test_text_that_was_neutralised_for_export_comes_back_as_it_was():
    assert column(Text(20)).read("'=1+1") == "=1+1"
    assert column(Text(20)).read("'tis") == "'tis"


@pytest.mark.parametrize(("written", "meant"), [("是", True), ("No", False), (1, True), ("０", False), ("", None)])
def test_yes_and_no(written, meant):
    assert column(YesNo()).read(written) is meant
