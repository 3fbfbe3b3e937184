"""The board under a person's hand: a card moves, asks, or goes back with a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.selling.pipeline.deals import Deals
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.commands import OpportunityDraft

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def board(deals: Deals, live_server: Any, context: BrowserContext) -> Iterator[Page]:
    """A tab of the representative's browser; fails for whatever the policy blocked or the script threw."""
    session = deals.world.client("east_rep").cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page, faults = context.new_page(), []
    page.set_viewport_size({"width": 1900, "height": 900})
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    page.base = live_server.url  # type: ignore[attr-defined]
    yield page
    assert faults == []


def open_board(page: Page) -> None:
    page.goto(f"{page.base}/opportunities/board/", wait_until="networkidle")  # type: ignore[attr-defined]


def drag(page: Page, name: str, column: int) -> None:
    card = page.locator(".deal", has_text=name)
    card.scroll_into_view_if_needed()
    target = page.locator(f"[data-board-column='{column}']")
    start, end = card.bounding_box(), target.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 20, start["y"] + start["height"] - 12)
    page.mouse.down()
    page.mouse.move(end["x"] + 60, end["y"] + 30, steps=12)
    page.mouse.move(end["x"] + 62, end["y"] + 32, steps=4)
    page.wait_for_timeout(200)  # browsers tell what is dragged over only every 50 ms
    page.mouse.up()


def test_a_dragged_card_moves_twice_and_the_totals_follow(board: Page, deals: Deals) -> None:
    row = deals.opened(name="包装线", amount=Decimal(12_000))
    open_board(board)
    expect(board.locator("#total-identify")).to_have_text("1 · 1.2 万元")
    drag(board, "包装线", deals.stages["contact"].pk)
    expect(board.locator("#total-contact")).to_have_text("1 · 1.2 万元")
    expect(board.locator("#total-identify")).to_have_text("0 · 0 元")
    drawer = board.get_by_role("dialog", name="下一步")  # asked for after a move, and told with one tap
    drawer.locator("[name=next_step]").fill("送样品")
    drawer.get_by_role("button", name="明天").click()
    drawer.get_by_role("button", name="保存").click()
    expect(board.locator(".deal")).to_contain_text("下一步 明天")
    drag(board, "包装线", deals.stages["needs"].pk)
    expect(board.locator("#total-needs")).to_have_text("1 · 1.2 万元")
    assert deals.way(row) == [("identify", "advanced"), ("contact", "advanced"), ("needs", "")]
    assert board.locator("[style]:not(html, svg *)").count() == 0


def test_a_refused_card_goes_back_with_the_sentence(board: Page, deals: Deals) -> None:
    row = deals.opened(name="包装线")
    open_board(board)
    deals.move(row, "contact")  # somebody was faster
    drag(board, "包装线", deals.stages["needs"].pk)
    expect(board.get_by_text("刷新后再试")).to_be_visible()
    expect(board.locator(f"[data-board-column='{deals.stages['identify'].pk}'] .deal")).to_have_count(1)
    assert deals.stage(row) == "contact"


def test_what_a_stage_asks_for_is_filled_in_on_the_way(board: Page, deals: Deals) -> None:
    row = commands.open_opportunity(deals.world.actor("east_rep"), OpportunityDraft(name="新线"))
    open_board(board)
    drag(board, "新线", deals.stages["quote"].pk)
    drawer = board.get_by_role("dialog", name="进入「报价」")
    expect(drawer.get_by_text("还缺")).to_be_visible()
    expect(board.locator(f"[data-board-column='{deals.stages['identify'].pk}'] .deal")).to_have_count(1)
    drawer.get_by_label("金额").fill("3万")
    drawer.get_by_label("预计成交日").fill("2027-03-01")
    board.keyboard.press("Tab")  # leaves the calendar
    drawer.get_by_role("button", name="保存").click()
    expect(board.locator("#total-quote")).to_have_text("1 · 3 万元")
    assert deals.stage(row) == "quote"


def test_a_card_dropped_on_the_win_asks_why(board: Page, deals: Deals) -> None:
    row = deals.opened(name="包装线")
    open_board(board)
    drag(board, "包装线", deals.stages["won"].pk)
    drawer = board.get_by_role("dialog", name="赢单")
    drawer.get_by_label("为什么赢").fill("交期短")
    drawer.get_by_role("button", name="赢单").click()
    expect(board.get_by_text("恭喜赢单")).to_be_visible()
    expect(board.locator(".deal")).to_have_count(0)
    assert deals.fresh(row).close_note == "交期短"


def test_a_long_column_shows_more_when_asked(board: Page, deals: Deals) -> None:
    for n in range(23):
        deals.opened(name=f"单{n:02}", customer_id=None)
    open_board(board)
    expect(board.locator(".deal")).to_have_count(20)
    board.get_by_role("button", name="再显示").click()
    expect(board.locator(".deal")).to_have_count(23)
    drag(board, "单22", deals.stages["contact"].pk)
    expect(board.locator("#total-contact")).to_have_text("1 · 1,000 元")


def test_a_dragged_stage_stands_where_it_was_dropped_and_stays_among_its_kind(board: Page, deals: Deals) -> None:
    session = deals.world.client("director").cookies["sessionid"].value
    board.context.add_cookies([{"name": "sessionid", "value": session, "url": board.base}])  # type: ignore[attr-defined]
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    address = f"{board.base}/processes/{deals.process.pk}/?version=2"  # type: ignore[attr-defined]
    board.set_viewport_size({"width": 1200, "height": 3600})  # all stages at once
    board.goto(address, wait_until="networkidle")

    def pull(name: str, onto: str) -> None:
        grip = board.locator(".stage-card", has=board.get_by_role("heading", name=name)).locator(".grip")
        start = grip.bounding_box()
        end = board.locator(".stage-card", has=board.get_by_role("heading", name=onto)).bounding_box()
        assert start
        assert end
        board.mouse.move(start["x"] + 10, start["y"] + 10)
        board.mouse.down()
        board.mouse.move(start["x"] + 14, start["y"] + 18, steps=4)
        expect(board.locator(".stage-card.is-lifted")).to_have_count(1)
        board.mouse.move(end["x"] + 30, end["y"] + 12, steps=12)
        board.mouse.move(end["x"] + 32, end["y"] + 10, steps=4)
        board.wait_for_timeout(200)  # browsers tell what is dragged over only every 50 ms
        board.mouse.up()

    pull("3. 需求分析", "1. 识别")
    expect(board.get_by_role("heading", name="1. 需求分析")).to_be_visible()
    assert [stage.code for stage in queries.stages_of_version(SYSTEM, draft.pk)][:3] == ["needs", "identify", "contact"]
    pull("1. 需求分析", "9. 输单")
    board.wait_for_timeout(500)
    order = [stage.code for stage in queries.stages_of_version(SYSTEM, draft.pk)]
    assert order[-3:] == ["won", "service", "lost"]
    expect(board.locator("[style]:not(html, svg *)")).to_have_count(0)
    board.get_by_role("button", name="下移").first.press("Enter")
    expect(board.get_by_text("已下移")).to_be_visible()
