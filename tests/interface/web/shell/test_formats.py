"""Numbers, amounts and days as people read them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation

from xiaocheng.foundation.kernel import clock
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.figures import Chart, Flow, Series

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (None, "–"),
        (0, "0 元"),
        (8600, "8,600 元"),
        (Decimal("9999.994"), "9,999.99 元"),
        (125_000, "12.5 万元"),
        (Decimal("-125000"), "-12.5 万元"),
        (12_345_678, "1,234.57 万元"),
        (120_000_000, "1.2 亿元"),
    ],
)
def test_an_amount_is_said_in_yuan_ten_thousands_and_hundred_millions(amount: Any, text: str) -> None:
    with translation.override("zh-hans"):
        assert formats.money(amount) == text


@pytest.mark.parametrize(
    ("amount", "text"), [(8600, "¥8,600"), (1_250_000, "¥1.25M"), (-3_000_000_000, "-¥3B"), (0, "¥0")]
)
def test_in_english_an_amount_has_its_sign_first(amount: Any, text: str) -> None:
    with translation.override("en"):
        assert formats.money(amount) == text


def test_a_document_prints_the_amount_in_full() -> None:
    assert formats.exact_money(Decimal("1234567.5")) == "1,234,567.50"


def test_a_ratio_is_a_percentage_rounded_half_up() -> None:
    assert formats.percent(Decimal("0.63149")) == "63.1%"
    assert formats.percent(0.6315, 2) == "63.15%"
    assert formats.percent(None) == "–"


@pytest.mark.parametrize(
    ("away", "text"),
    [(0, "今天"), (-1, "昨天"), (1, "明天"), (2, "后天"), (-2, "前天"), (-5, "5 天前"), (9, "9 天后")],
)
def test_a_near_day_is_said_as_seen_from_today(away: int, text: str) -> None:
    with translation.override("zh-hans"):
        assert formats.relative_day(clock.today() + dt.timedelta(days=away)) == text


def test_a_far_day_is_written_out_with_its_year_if_it_is_another() -> None:
    assert formats.relative_day(dt.date(2001, 3, 9)) == "2001-03-09"
    assert formats.day(dt.date(clock.today().year, 3, 9)) == "03-09"


@pytest.mark.parametrize(("language", "text"), [("zh-hans", "3月9日 周五"), ("en", "Fri, March 9")])
def test_a_heading_names_the_weekday_as_the_language_does(language: str, text: str) -> None:
    with translation.override(language):
        assert formats.weekday(dt.date(2001, 3, 9)) == text


@pytest.mark.parametrize(("language", "text"), [("zh-hant", "甲。乙。"), ("en", "甲。 乙。")])
def test_sentences_stand_apart_where_the_language_wants_it(language: str, text: str) -> None:
    with translation.override(language):
        assert formats.sentences("甲。", "乙。") == text


def test_a_moment_is_shown_in_the_companys_zone() -> None:
    with timezone.override(clock.zone()):
        assert formats.moment(dt.datetime(2001, 3, 9, 16, 30, tzinfo=dt.UTC)) == "2001-03-10 00:30"


def test_the_table_behind_a_chart_holds_the_charts_own_numbers() -> None:
    series = [Series("签单", [Decimal("125000"), None], urls=["/a/"]), Series("目标", [100000, 100000])]
    chart = Chart("columns", "一月最多。", ["一月", "二月"], series, unit="money")
    assert chart.head() == ["", "签单", "目标"]
    assert chart.rows() == [
        ("一月", [("12.5 万元", "/a/"), ("10 万元", "")]),
        ("二月", [("–", ""), ("10 万元", "")]),
    ]
    assert chart.data()["series"][0]["values"] == [125000.0, None]


def test_a_flow_is_a_table_too() -> None:
    chart = Chart("flow", "多数推进。", ["接触", "报价"], flows=[Flow("接触", "报价", 60, "/b/")])
    assert chart.rows() == [("接触 → 报价", [("60", "/b/")])]
