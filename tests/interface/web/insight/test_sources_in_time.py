"""How soon the customers of each source have an opportunity, on the page of the sources and in its file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.insight.conftest import Sales, day
from xiaocheng.foundation.kernel import clock
from xiaocheng.selling.customers.commands import CustomerDraft, register

from .test_exporting import sheet
from .test_pages import LINK, page, read

YEAR = "kind=year&on=2026-06-30"
HEADS = {
    "zh-hans": ("30 天内有商机", "60 天内商机转化率"),
    "zh-hant": ("30 天內有商機", "60 天內商機轉化率"),
    "en": ("Opportunity in 30 days", "Opportunity rate within 60 days"),
}


@pytest.fixture
def followed(sales: Sales) -> Iterator[Sales]:
    """Six customers each of two sources, and one without: of the one all soon have an opportunity, of the other two."""
    for source, count in (("referral", 5), ("exhibition", 2), ("", 0)):
        for n in range(6 if source else 1):
            with clock.as_of(day(n)):
                draft = CustomerDraft(name=f"{source} {n}", source=source, despite_duplicates=True)
                customer = register(sales.rep("east_rep"), draft).pk
            if n < count:
                sales.open("east_rep", n + 12, customer_id=customer)
    with clock.as_of(day(70)):
        yield sales


def test_the_sources_say_how_soon_there_are_opportunities(followed: Sales) -> None:
    shown = page(followed.world.client("director"), "sources", YEAR)
    assert "登记后 60 天内有商机的比例最高的来源是「客户推荐」:83.3%(n=6)" in shown
    assert ">83.3%<" in shown
    assert re.search(r'data-label="60 天内有商机"[^>]*><a [^>]*>33.3%</a><small>n=6 \([\d.]+%–[\d.]+%\)', shown)
    assert re.search(r'class="num few" data-label="90 天内有商机">—<', shown)  # nobody was followed so long
    assert re.search(r'class="num few" data-label="60 天内有商机"><a [^>]*>0/1</a>', shown)
    assert "商机转化率(截至目前)" in shown
    assert "60 天内商机转化率" in shown


@pytest.mark.parametrize("language", HEADS)
def test_in_the_readers_language(followed: Sales, language: str) -> None:
    client = followed.world.client("director")
    client.post("/me/", {"language": language, "theme": "auto"})
    shown = page(client, "sources", YEAR)
    assert all(head in shown for head in HEADS[language])


@pytest.mark.parametrize("who", ["director", "east_manager", "east_rep"])
def test_each_share_opens_to_the_customers_with_an_opportunity_so_soon(followed: Sales, who: str) -> None:
    client = followed.world.client(who)
    shown = page(client, "sources", YEAR)
    [address] = {a for a, text in LINK.findall(shown) if "of=opened_60" in a and "source=referral" in a}
    rows = read(client, address)
    assert "登记后 60 天内有商机的客户" in rows
    assert len(re.findall('<tr class="', rows)) == 5


def test_an_outsider_learns_nothing_of_it(followed: Sales) -> None:
    client = followed.world.client("south_rep")
    assert "这段时间没有记录" in page(client, "sources", YEAR)
    assert "referral" not in read(client, f"/insight/rows/source-customers/?{YEAR}&of=opened_60")
    assert client.get("/insight/rows/source-customers/?of=opened_45").status_code == 404
    promoter = followed.world.client("promoter")
    assert promoter.get("/insight/rows/source-customers/?of=opened_60").status_code == 403


def test_the_file_has_the_shares_too(followed: Sales, tmp_path: Path) -> None:
    found = sheet(followed.world.client("director").get(f"/insight/sources/export/?{YEAR}"), tmp_path)
    lines = {row[0]: dict(zip(found.header, row, strict=False)) for _number, row in found.rows()}
    assert lines["客户推荐"]["60 天内有商机"] == "83.3%"
    assert str(lines["客户推荐"]["60 天内有商机:附注"]).startswith("n=6")
    assert lines["客户推荐"]["90 天内有商机"] == "—"
