"""The seven questions about a process: their answers, what stands behind them, to whom, and as a file."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.insight.conftest import Sales
from tests.support.kept import made_once
from tests.world import World
from xiaocheng.foundation.import_export.reading.reader import read_file
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.insight.queries import health, result
from xiaocheng.selling.pipeline.commands import CoOwner, agree_shares

from .test_pages import LINK, OF_THE_SHELL, REMEMBERED, YEAR, page, read

QUESTIONS = (
    "好的客户和商机从哪里来?",
    "赢单的商机走过哪些步骤?",
    "每个阶段的必做动作做了吗?",
    "业务员按步骤做了吗,还是各行其道?",
    "在哪个阶段流失最多?",
    "从一个阶段到下一个阶段要多久?",
    "跳过阶段有害吗?",
)


@pytest.fixture
def sold(sales: Sales) -> Sales:
    """Ten of two sources: five straight to the win, three that leave the quote out, two lost, one of them invalid."""
    made_once("sold ten of two sources", lambda: _sell(sales))
    return sales


def _sell(sales: Sales) -> None:
    for n in range(10):
        deal = sales.open("east_rep" if n % 2 else "shanghai_rep", n, 1000, source=("referral", "website")[n % 2])
        if n < 5:
            sales.move(deal, "quote", n + 1)
        if n < 8:
            sales.move(deal, "talk", n + 3)
            sales.win(deal, n + 9)
        else:
            sales.lose(deal, n + 4, "invalid" if n == 9 else "price")


def answers(shown: str) -> list[str]:
    return re.findall(r'(?:figcaption class="sentence"|p class="answer")>([^<]*)<', shown)


def test_seven_questions_get_seven_answers_from_the_data(sold: Sales) -> None:
    shown = page(sold.world.client("director"), "health")
    assert [shown.index(question) for question in QUESTIONS] == sorted(shown.index(question) for question in QUESTIONS)
    sources, paths, activities, agreement, losses, times, left_out = answers(shown)
    assert "新建商机 10 个" in sources
    assert paths == "赢单的 8 个商机走了 2 条不同的路径,最常见的是「认识 → 报价 → 谈判」:5 个,占 62.5%。"
    assert "没有离开过有必做步骤的阶段" in activities
    assert "关闭的 9 个商机里,100.0% 没有违反流程" in agreement
    assert "按部就班的占 66.7%,有跳阶的 3 个,有退回的 0 个。" in agreement
    assert losses.startswith("流失最多的阶段是「认识」:1 次")
    assert "一半在" in times
    assert left_out == "向前离开的 21 次里跳阶 3 次(14.3%),从「认识」跳得最多:3 次。"
    assert "另有 1 次以「无效或重复」结束,不计入流失。" in shown


def test_wins_by_source_are_those_of_the_results_also_where_a_deal_is_shared(sold: Sales) -> None:
    deal = sold.open("east_rep", 3, 500, source="referral")
    agree_shares(SYSTEM, deal.pk, [CoOwner(sold.world.id("shanghai_rep"), Decimal(60))])
    sold.win(deal, 20)
    for who, won in (("director", 9), ("shanghai_rep", Decimal("4.6"))):
        actor, selection = sold.world.actor(who), sold.selection()
        lines = health(actor, selection).sources
        assert sum(line.won.numerator for line in lines) == result(actor, selection).orders.numerator == won
        assert sum(line.revenue.numerator for line in lines) == result(actor, selection).revenue.numerator


def test_where_the_data_do_not_carry_an_answer_the_page_says_so(sales: Sales) -> None:
    sales.win(sales.open(), 3)
    sources, paths, _activities, agreement, *_rest = answers(page(sales.world.client("director"), "health"))
    assert "还比不出哪个来源更容易赢单" in sources
    assert paths == "经历有记录的赢单只有 1 个,还看不出走哪条路。"
    assert agreement == "经历有记录的关闭商机只有 1 个,还说不出遵循得怎样。"


def test_nothing_happened_is_said_instead_of_seven_zeros(world: World) -> None:
    shown = page(world.client("director"), "health")
    assert "这段时间没有记录" in shown
    assert QUESTIONS[0] not in shown


@pytest.mark.parametrize("who", ["director", "east_manager", "east_rep", "shanghai_rep", "south_manager"])
def test_every_count_leads_to_as_many_rows_as_it_says(sold: Sales, who: str) -> None:
    client = sold.world.client(who)
    counts = {(at, int(text)) for at, text in LINK.findall(page(client, "health")) if text.isdigit()}
    counts |= {(at, int(text)) for at, text in LINK.findall(page(client, "conformance")) if text.isdigit()}
    assert bool(counts) == (who != "south_manager")
    for address, count in counts:
        assert len(re.findall('<tr class="', read(client, address))) == count, address


def test_a_manager_reads_answers_about_what_he_sees_alone(sold: Sales) -> None:
    assert "新建商机 10 个" in page(sold.world.client("director"), "health")
    assert "新建商机 5 个" in page(sold.world.client("east_rep"), "health")
    assert "这段时间没有记录" in page(sold.world.client("south_manager"), "health")


def test_paths_lead_to_their_deals_and_the_deals_say_their_path(sold: Sales) -> None:
    shown = page(sold.world.client("director"), "conformance")
    address = next(at for at, text in LINK.findall(shown) if "path=meet%3Etalk" in at and text == "3")
    rows = read(sold.world.client("director"), address)
    assert rows.count("认识 → 谈判") == 3


def test_no_raw_difference_between_those_that_skip_and_others_is_shown(sold: Sales) -> None:
    shown = page(sold.world.client("director"), "health")
    assert "不比赢单率" in shown[shown.index(QUESTIONS[6]) :]
    assert "样本不足" not in shown  # before the first estimate


def test_the_file_has_a_sheet_for_each_question(sold: Sales, tmp_path: Path) -> None:
    answer: Any = sold.world.client("director").get(f"/insight/health/export/?{YEAR}")
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    sheets = read_file(path, tmp_path / "spool", "out.xlsx")
    assert [sheet.name[0] for sheet in sheets] == list("1234567")


def test_the_number_of_queries_is_pinned_and_does_not_grow_with_deals(sold: Sales) -> None:
    def asked(client: Client) -> int:
        with CaptureQueriesContext(connection) as found:
            page(client, "health")
        return len([query for query in found if not any(table in query["sql"] for table in REMEMBERED)])

    client = sold.world.client("director")
    asked(client)
    number = asked(client)
    for n in range(6):
        sold.win(sold.open("south_rep", n), n + 1)
    asked(client)  # with the estimates of the funnel, which are kept while nothing changes
    assert asked(client) == number == OF_THE_SHELL + 11


def test_the_page_speaks_english(sold: Sales) -> None:
    director = sold.world.client("director")
    director.post("/me/", {"language": "en", "theme": "auto"})
    shown = unescape(director.get(f"/insight/health/?{YEAR}").content.decode())
    assert "Does leaving out stages do harm?" in shown
    assert not re.search("[一-鿿]", "".join(answers(shown)).replace("认识", "").replace("报价", "").replace("谈判", ""))
