"""The page of customers' value, and the same over the API."""

from __future__ import annotations

from html import unescape

import pytest

from tests.insight.test_worth import sold as sold
from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.insight.commands import count_values

pytestmark = pytest.mark.django_db


def test_the_page_says_the_real_curve_of_the_customers_in_sight(sold: World) -> None:
    page = unescape(sold.client("director").get("/insight/value/").content.decode())
    assert "这里前 20% 的客户带来 80.0%,八成来自 20.0% 的客户(n=10)。" in page
    assert ["甲厂" in page, "癸厂" in page, "其中 2 位小于 0" in page, "顶层客户不多" in page] == [True] * 4
    top = unescape(sold.client("director").get("/insight/value/?class=top&months=36").content.decode())
    assert ["甲厂" in top, "丙厂" in top] == [True, False]
    south = unescape(sold.client("south_rep").get("/insight/value/?by=sales").content.decode())
    assert ["甲厂" in south, "癸厂" in south] == [False, True]
    assert sold.client("east_peer").get("/insight/value/?months=7&class=x").status_code == 200
    assert sold.client("promoter").get("/insight/value/").status_code == 403


def test_a_program_reads_the_same(sold: World) -> None:
    found = sold.client("director").get("/api/v1/insight/value").json()
    assert (found["by"], found["customers_for_80_percent"], len(found["customers"])) == ("profit", 2, 10)
    assert [part["count"] for part in found["classes"]] == [2, 6, 2]
    assert sold.client("south_rep").get("/api/v1/insight/value?months=3").json()["customers"][0]["name"] == "庚厂"
    assert sold.client("promoter").get("/api/v1/insight/value").status_code == 403


def test_effort_is_told_by_class_and_its_rows_are_those_in_sight(sold: World) -> None:
    count_values(SYSTEM)
    page = unescape(sold.client("director").get("/insight/value/").content.decode())
    assert ["计划与实际投入" in page, "没有时长,只计次数" in page, ">96<" in page] == [True, True, True]
    rep = sold.client("east_rep")
    top = unescape(rep.get("/insight/value/customers/?tab=top").content.decode())
    assert ["甲厂" in top, "丙厂" in top] == [True, False]
    neglected = rep.get("/api/v1/insight/values?view=neglected").json()["items"]
    assert [row["klass"] for row in neglected] == ["top", "top"]
    south = sold.client("south_rep").get("/api/v1/insight/efforts").json()
    assert {line["klass"]: line["count"] for line in south} == {"middle": 2, "bottom": 2}
    assert sum(line["count"] for line in sold.client("director").get("/api/v1/insight/efforts").json()) == 10
    assert sold.client("director").get("/insight/value/customers/export/").status_code == 200
    assert sold.client("east_peer").get("/api/v1/insight/efforts").json() == []
    assert sold.client("promoter").get("/insight/value/customers/").status_code == 403
    assert sold.client("promoter").get("/api/v1/insight/values").status_code == 403
