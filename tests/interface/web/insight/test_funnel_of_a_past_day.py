"""The page of the funnel as it stood on a past day, and the rows and files behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.insight.conftest import Sales, day
from xiaocheng.foundation.kernel import clock

from .test_exporting import sheet
from .test_pages import LINK, YEAR, page, read

THEN = f"{YEAR}&as_of=2026-03-12"
BAND = {
    "zh-hans": "截至 2026-03-12 的样子",
    "zh-hant": "截至 2026-03-12 的樣子",
    "en": "As of 2026-03-12",
}


@pytest.fixture
def sold(sales: Sales) -> Iterator[Sales]:
    """Eight deals of the first days; on 12 March (day 10) half had gone on, later all of them."""
    deals = [sales.open("east_rep", n / 2, amount=1000 + n) for n in range(8)]
    for deal in deals[:4]:
        sales.move(deal, "quote", 8)
    sales.lose(deals[0], 10)
    for deal in deals[4:]:
        sales.move(deal, "quote", 20)
    sales.reopen(deals[0], 21)
    sales.win(deals[1], 22)
    sales.open("east_rep", 23)
    with clock.as_of(day(40)):
        yield sales


def test_the_page_shows_the_past_day_in_a_band_and_leads_back(sold: Sales) -> None:
    client = sold.world.client("director")
    then, now = page(client, "funnel", THEN), page(client, "funnel")
    assert BAND["zh-hans"] in then
    assert "去向截至 2026-03-12" in then
    assert re.search(r'<a href="\?kind=year&on=2026-06-30">回到今天</a>', then)
    entries = [next(told for address, told in LINK.findall(shown) if "stage=meet" in address) for shown in (then, now)]
    assert entries == ["8", "9"]
    assert "的样子" not in now
    assert "去向截至目前" in now


@pytest.mark.parametrize("language", BAND)
def test_the_band_speaks_the_readers_language(sold: Sales, language: str) -> None:
    client = sold.world.client("director")
    client.post("/me/", {"language": language, "theme": "auto"})
    assert BAND[language] in page(client, "funnel", THEN)


@pytest.mark.parametrize("who", ["director", "east_manager", "east_rep"])
def test_every_count_opens_to_the_rows_as_they_stood(sold: Sales, who: str) -> None:
    client = sold.world.client(who)
    shown = page(client, "funnel", THEN)
    found = [(address, told) for address, told in LINK.findall(shown) if told.isdigit()]
    assert len(found) >= 8
    for address, told in found:
        assert "as_of=2026-03-12" in address
        rows = read(client, address)
        assert len(re.findall('<tr class="', rows)) == int(told), address
        assert "截至 2026-03-12 的样子" in rows


def test_rows_that_left_later_are_shown_as_still_there(sold: Sales) -> None:
    rows = "/insight/rows/stays/?kind=year&on=2026-06-30&stage=meet&exit=staying"
    client = sold.world.client("director")
    assert len(re.findall('<tr class="', read(client, f"{rows}&as_of=2026-03-12"))) == 4
    assert len(re.findall('<tr class="', read(client, rows))) == 1
    assert "03-22" not in read(client, f"{rows}&as_of=2026-03-12")  # when they left in the end


def test_who_sees_nothing_today_sees_nothing_of_the_past(sold: Sales) -> None:
    assert "这段时间没有记录" in page(sold.world.client("south_rep"), "funnel", THEN)
    assert sold.world.client("promoter").get(f"/insight/funnel/?{THEN}").status_code == 403
    assert sold.world.client("promoter").get(f"/insight/funnel/export/?{THEN}").status_code == 403


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (f"{YEAR}&as_of=2026-12-31", "截至的日期还没有到。"),
        (f"{YEAR}&as_of=2025-12-31", "截至的日期早于这段时间的第一天(2026-01-01)。"),
        (f"{YEAR}&as_of=2026-02-31", "没有这一天。"),
        (f"{YEAR}&as_of=yesterday", "没有这一天。"),
        (f"{YEAR}&as_of=0001-01-01", "没有这一天。"),
        (f"{THEN}&against=days&against_first=2026-03-20&against_last=2026-03-25", "早于这段时间的第一天(2026-03-20)"),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_the_form_and_no_figure_is_shown(sold: Sales, query: str, said: str) -> None:
    client = sold.world.client("director")
    shown = page(client, "funnel", query)
    assert said in shown
    assert 'name="as_of"' in shown  # the form is open
    assert re.search(r'name="as_of"[^>]*aria-invalid="true"', shown)
    assert "认识" not in shown
    assert client.get(f"/insight/funnel/export/?{query}").status_code == 422
    if "against" not in query:
        assert client.get(f"/insight/rows/stays/?{query}").status_code == 422


def test_the_form_keeps_the_day_and_other_periods_keep_it_where_it_lies(sold: Sales) -> None:
    client = sold.world.client("director")
    shown = page(client, "funnel", f"{THEN}&filter=open")
    assert re.search(r'value="2026-03-12"[^>]*name="as_of"|name="as_of"[^>]*value="2026-03-12"', shown)
    for kind, query in re.findall(r'href="\?(kind=(?:month|quarter|all|custom)[^"]*as_of=2026-03-12[^"]*)"(>)', shown):
        assert BAND["zh-hans"] in page(client, "funnel", kind), query
    later = page(client, "funnel", "kind=month&on=2026-03-01&as_of=2026-03-12")
    assert 'aria-label="下一期"' not in later
    assert 'aria-label="上一期"' in later


def test_two_funnels_stand_side_by_side_as_of_the_day(sold: Sales) -> None:
    client = sold.world.client("director")
    shown = page(client, "funnel", f"{THEN}&against=person&against_person={sold.world.id('south_rep')}")
    assert BAND["zh-hans"] in shown
    assert ">50.0%<" in shown  # four of eight had gone on
    assert ">50.0%<" not in page(client, "funnel", f"{YEAR}&against=person&against_person={sold.world.id('south_rep')}")


def test_files_are_as_of_the_day_too(sold: Sales, tmp_path: Path) -> None:
    client = sold.world.client("director")
    answer = client.get(f"/insight/funnel/export/?{THEN}")
    assert "20260312" in answer["Content-Disposition"]
    rows = {row[0]: row for _number, row in sheet(answer, tmp_path / "table").rows()}
    assert rows["认识"][1] == 8
    stays = sheet(client.get(f"/insight/rows/stays/export/?{THEN}&stage=meet&exit=staying"), tmp_path / "rows")
    assert len(list(stays.rows())) == 4


def test_other_pages_of_insight_know_only_today(sold: Sales) -> None:
    shown = page(sold.world.client("director"), "win-rate", THEN)
    assert "as_of" not in shown
    assert "的样子" not in shown


def test_cohorts_are_not_told_as_of_a_past_day(sold: Sales) -> None:
    client = sold.world.client("director")
    assert client.get(f"/insight/rows/stays/?{THEN}&exit=cohort_won").status_code == 422
    assert client.get(f"/insight/rows/stays/?{YEAR}&exit=cohort_won").status_code == 200


def test_steps_done_are_not_told_as_of_a_past_day(sold: Sales) -> None:
    client = sold.world.client("director")
    assert client.get(f"/insight/rows/stays/?{THEN}&left=done").status_code == 404
    assert client.get(f"/insight/rows/stays/?{YEAR}&left=done").status_code == 200
