"""Past sales on the pages: the list, the tab of a customer, the rows behind the figures; and over the API."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest

from tests.interface.web.insight.test_exporting import sheet
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.customers.commands import CustomerDraft, register, release
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.fieldwork.commands import check_in
from xiaocheng.selling.trade.commands import SaleDraft, record_sales
from xiaocheng.selling.trade.queries import Receipt

TODAY = dt.date(2026, 4, 20)
TILE = re.compile(r'<div class="figure"><a href="(/[^"]+)">([^<]+)</a>')


@pytest.fixture
def sold(world: World):
    """A customer of 张三 who bought from the south before."""
    with clock.as_of(clock.instant(TODAY, dt.time(10))):
        row = register(world.actor("east_rep"), CustomerDraft(name="甲乙公司", phone="13800138000"))
        bought = {"customer": row.name, "product": "水泵"}
        record_sales(
            SYSTEM,
            [
                SaleDraft(occurred_on=TODAY, amount=Decimal("1500.5"), profit=Decimal(300), number="NEW", **bought),
                SaleDraft(
                    occurred_on=TODAY.replace(year=2024), amount=Decimal(7000), number="OLD",
                    seller_id=world.id("south_rep"), **bought,
                ),
            ],
        )  # fmt: skip
        yield row


def body(world: World, who: str, url: str, status: int = 200) -> str:
    answer = world.client(who).get(url)
    assert answer.status_code == status, url
    return unescape(answer.content.decode())


def test_the_tab_and_the_list_show_what_a_person_sees(world: World, sold: Customer, tmp_path: Path) -> None:
    tab = f"/customers/{sold.pk}/?tab=sales"
    page = body(world, "east_rep", tab)
    assert ["1,500.50" in page, "7,000.00" in page, "8,500.5 元" in page] == [True] * 3
    assert "OLD" in body(world, "east_rep", f"/sales/?customer={sold.pk}")
    assert ["NEW" in body(world, "south_rep", "/sales/"), "OLD" in body(world, "south_rep", "/sales/")] == [False, True]
    assert f"/customers/{sold.pk}/" not in body(world, "south_rep", "/sales/")
    assert "NEW" in body(world, "east_manager", "/sales/?q=甲乙")
    assert "OLD" not in body(world, "east_manager", "/sales/?q=NEW")
    assert "OLD" not in body(world, "director", "/sales/?since=2026-01-01")
    body(world, "promoter", "/sales/", 403)
    found = sheet(world.client("director").get("/sales/export/"), tmp_path)
    first = next(row for _number, row in found.rows())
    assert (found.header[:3], first[2], first[5]) == (["客户", "日期", "单号"], "NEW", 1500.5)


def test_the_figures_of_the_list_equal_the_rows_behind_them(world: World, sold: Customer) -> None:
    found = TILE.findall(body(world, "east_rep", "/sales/"))
    assert [value for _url, value in found] == ["1,500.5 元", "300 元"]
    for url, _value in found:
        rows = body(world, "east_rep", url)
        assert ["NEW" in rows, "OLD" in rows] == [True, False]
    assert TILE.findall(body(world, "south_rep", "/sales/"))[0][1] == "0 元"


def test_in_a_pool_or_only_opened_nothing_of_it_is_told(world: World, sold: Customer) -> None:
    pool_page = f"/customers/{sold.pk}/?tab=sales"
    release(world.actor("east_rep"), sold.pk, "no_need")
    assert "1,500.50" not in body(world, "east_peer", pool_page)
    assert "NEW" not in body(world, "east_peer", "/sales/")
    assert "1,500.50" in body(world, "director", pool_page)


def test_a_program_reads_lines_and_what_a_customer_bought(world: World, sold: Customer) -> None:
    rep = world.client("east_rep")
    [new] = rep.get("/api/v1/sales?since=2025-01-01").json()["items"]
    assert (new["number"], new["amount"], new["credit_person_id"]) == ("NEW", "1500.5000", world.id("east_rep"))
    assert len(rep.get(f"/api/v1/sales?customer_id={sold.pk}").json()["items"]) == 2
    found = rep.get(f"/api/v1/customers/{sold.pk}/sales").json()
    assert Decimal(found["total"]["amount"]) == Decimal("8500.5")
    assert (found["last_on"], found["years"][0]["name"]) == ("2026-04-20", "2026")
    assert world.client("south_rep").get(f"/api/v1/customers/{sold.pk}/sales").status_code == 404
    assert world.client("promoter").get("/api/v1/sales").status_code == 403


def test_money_is_entered_from_a_visit_and_stands_on_it(world: World, sold: Customer) -> None:
    with clock.as_of(clock.instant(TODAY, dt.time(11))):
        visit = check_in(world.actor("east_rep"), customer_id=sold.pk)
        way = f"/receipts/new/?customer={sold.pk}&visit={visit.pk}"
        assert way in body(world, "east_rep", f"/visits/{visit.pk}/").replace("&amp;", "&")
        form = {"customer_id": sold.pk, "visit_id": visit.pk, "amount": "350", "received_on": TODAY.isoformat()}
        assert world.client("east_rep").post("/receipts/new/", form).status_code == 302
        assert "350.00" in body(world, "east_rep", f"/visits/{visit.pk}/")
        receipt = Receipt.objects.visible_to(SYSTEM).get()
        assert f"/visits/{visit.pk}/" in body(world, "east_manager", f"/receipts/{receipt.pk}/")
