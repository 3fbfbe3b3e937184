"""The shell in a real browser: drawer, pickers, lists, board, phone; and nothing that the policy would block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def open_page(world: World, house: list[Any], live_server: Any, context: BrowserContext) -> Iterator[tuple[Page, str]]:
    """A tab of the representative's browser; fails for whatever the policy blocked or the script threw."""
    session = world.client("east_rep").cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    context.set_default_timeout(5_000)
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield page, live_server.url
    assert faults == []


def test_a_form_opens_in_the_drawer_says_what_is_wrong_and_saves(open_page: tuple[Page, str], house: list[Any]) -> None:
    page, url = open_page
    page.goto(f"{url}/house/people/")
    page.get_by_role("link", name="新增人员").click()
    drawer = page.get_by_role("dialog", name="新增人员")
    drawer.get_by_label("姓名").fill("重名")
    drawer.get_by_role("radio", name="全职").check()
    drawer.get_by_role("button", name="保存").click()
    expect(drawer.get_by_text("这个姓名已经有了。")).to_be_visible()
    drawer.get_by_label("姓名").fill("王五")
    drawer.get_by_label("底薪").fill("1.2万")
    drawer.get_by_role("button", name="再加一行").click()
    drawer.locator("[name=lines-1-item]").fill("电脑")
    drawer.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").get_by_text("已保存")).to_be_visible()
    assert (house[0]["name"], house[0]["pay"], house[0]["lines"]) == ("王五", 12000, [{"item": "电脑"}])


def test_a_picker_searches_while_one_types(open_page: tuple[Page, str], house: list[Any], world: World) -> None:
    page, url = open_page
    page.goto(f"{url}/house/people/new/")
    page.get_by_label("姓名").fill("王五")
    page.get_by_role("radio", name="兼职").check()
    page.locator("#id_boss-ts-control").click()
    page.keyboard.type("czj")
    page.get_by_role("option", name="陈总监").click()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").get_by_text("已保存")).to_be_visible()
    assert house[0]["boss"] == world.id("director")


def test_escape_closes_the_drawer_and_focus_returns(open_page: tuple[Page, str]) -> None:
    page, url = open_page
    page.goto(f"{url}/house/people/")
    opener = page.get_by_role("link", name="新增人员")
    opener.click()
    expect(page.get_by_role("dialog", name="新增人员")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_list_is_searched_while_one_types_and_the_address_follows(open_page: tuple[Page, str]) -> None:
    page, url = open_page
    page.goto(f"{url}/house/people/")
    page.get_by_placeholder("姓名、拼音、首字母").press_sequentially("zs", delay=20)
    expect(page.locator("table.list tbody tr")).to_have_count(2)
    expect(page).to_have_url(f"{url}/house/people/?q=zs&tab=all")
    page.get_by_role("row", name="张三").locator("td").nth(2).click()
    expect(page.get_by_role("heading", name="张三")).to_be_visible()


def test_a_slash_leads_to_the_search_over_everything(open_page: tuple[Page, str]) -> None:
    page, url = open_page
    page.goto(f"{url}/house/people/")
    page.keyboard.press("/")
    page.keyboard.type("renyuan", delay=20)
    hit = page.locator(".top-search .found").get_by_role("link", name="人员")
    expect(hit).to_be_visible()
    page.keyboard.press("Escape")
    expect(hit).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    expect(hit).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{url}/search/?q=renyuan")
    expect(page.get_by_role("main").get_by_role("link", name="人员")).to_be_visible()


def test_a_phone_searches_on_a_page_of_its_own(open_page: tuple[Page, str]) -> None:
    page, url = open_page
    page.set_viewport_size(PHONE)
    page.goto(f"{url}/house/people/")
    page.get_by_role("link", name="搜索").click()
    page.get_by_role("searchbox").press_sequentially("ry", delay=20)
    hit = page.get_by_role("main").get_by_role("link", name="人员")
    expect(hit.locator("..")).to_have_css("border-top-width", "1px")
    assert hit.bounding_box()["height"] >= 44  # type: ignore[index]  # a card of its own, for a thumb
    hit.click()
    expect(page).to_have_url(f"{url}/house/people/")


def test_pages_of_a_list_turn_without_loading_the_frame(open_page: tuple[Page, str]) -> None:
    page, url = open_page
    page.goto(f"{url}/house/people/")
    expect(page.locator(".pager .total")).to_have_text("共 10 条")
    page.evaluate("document.body.dataset.same = 'yes'")
    page.get_by_role("link", name="末页").click()
    expect(page.get_by_role("link", name="末页")).to_have_count(0)
    page.get_by_role("link", name="上一页").click()
    expect(page.get_by_role("link", name="末页")).to_be_visible()
    assert page.evaluate("document.body.dataset.same") == "yes"
    page.go_back()
    expect(page.get_by_role("link", name="末页")).to_have_count(0)


def test_a_bulk_act_asks_before_it_acts(open_page: tuple[Page, str], house: list[Any]) -> None:
    page, url = open_page
    page.goto(f"{url}/house/people/")
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_role("checkbox").nth(2).check()
    bar = page.get_by_role("region", name="批量操作")
    expect(bar).to_contain_text("已选 2 条")
    bar.get_by_role("button", name="点名").click()
    page.get_by_role("dialog", name="请确认").get_by_role("button", name="取消").click()
    bar.get_by_role("button", name="点名").click()
    page.get_by_role("dialog", name="请确认").get_by_role("button", name="确定").click()
    expect(page.get_by_role("status").get_by_text("已点名")).to_be_visible()
    assert [len(ids) for ids in house] == [2]


CAN_BE_DRAGGED = "Object.keys(document.querySelector('[data-board-column]')).some((key) => key.startsWith('Sortable'))"


def drag(page: Page, card: str, column: str) -> None:
    start = page.locator(".board-card", has_text=card).bounding_box()
    end = page.get_by_role("region", name=column, exact=True).locator(".board-cards").bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 40, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] + 52, start["y"] + 26, steps=4)
    expect(page.locator(".board-card.is-lifted")).to_have_count(1)  # it is in the hand
    page.mouse.move(end["x"] + 60, end["y"] + 30, steps=12)
    page.mouse.move(end["x"] + 62, end["y"] + 34, steps=3)
    page.wait_for_timeout(200)  # browsers tell what is dragged over only every 50 ms
    page.mouse.up()


def test_a_card_stays_where_it_may_go_and_returns_where_it_may_not(
    open_page: tuple[Page, str], house: list[Any]
) -> None:
    page, url = open_page
    page.set_viewport_size({"width": 1700, "height": 900})
    page.goto(f"{url}/house/gallery/")
    page.wait_for_load_state("networkidle")  # charts have their heights
    page.wait_for_function(CAN_BE_DRAGGED)
    at_once = "document.querySelector('[data-board]').scrollIntoView({block: 'center', behavior: 'instant'})"
    page.evaluate(at_once)  # else it glides, and the cards are no more where they were seen
    drag(page, "识别0", "接触")
    expect(page.get_by_role("region", name="接触", exact=True).locator(".board-card")).to_have_count(4)
    expect(page.locator(".board-card[style]")).to_have_count(0)  # it has come to rest
    drag(page, "识别1", "成交")
    expect(page.get_by_role("status").get_by_text("报价未通过,不能进入成交。")).to_be_visible()
    expect(page.get_by_role("region", name="成交", exact=True).locator(".board-card")).to_have_count(3)
    drag(page, "识别2", "报价")
    expect(page.get_by_role("dialog", name="为什么?")).to_be_visible()
    expect(page.get_by_role("region", name="报价", exact=True).locator(".board-card")).to_have_count(3)
    assert [entry[2] for entry in house] == ["1"]
    expect(page.locator(".board-card[style]")).to_have_count(0)


def test_a_number_opens_its_definition_and_charts_are_drawn(open_page: tuple[Page, str]) -> None:
    page, url = open_page
    page.goto(f"{url}/house/gallery/")
    page.get_by_role("button", name="成交率的口径").click()
    expect(page.get_by_text("成交数 ÷(成交数 + 失单数)")).to_be_visible()
    expect(page.locator(".chart:has(canvas)")).to_have_count(6)
    page.keyboard.press("Escape")
    page.get_by_text("查看数据表").first.click()
    expect(page.get_by_role("link", name="12 万元")).to_be_visible()


@pytest.mark.parametrize("address", ["people/", "people/new/", "gallery/"])
def test_a_small_phone_never_scrolls_sideways_and_every_target_fits_a_thumb(
    open_page: tuple[Page, str], address: str
) -> None:
    page, url = open_page
    page.set_viewport_size(PHONE)
    page.goto(f"{url}/house/{address}")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    targets = "main .btn, .bottom > *, .pager a, .form-control:not(textarea), .form-select, .tabs a"
    heights = [
        box["height"] for box in (x.bounding_box() for x in page.locator(targets).all() if x.is_visible()) if box
    ]
    assert heights and min(heights) >= 43.5


def test_the_plus_of_a_phone_opens_the_sheet_and_then_the_form(open_page: tuple[Page, str]) -> None:
    page, url = open_page
    page.set_viewport_size(PHONE)
    page.goto(f"{url}/house/people/")
    page.get_by_role("navigation", name="手机导航").get_by_role("button", name="快速录入").click()
    page.get_by_role("dialog", name="快速录入").get_by_role("link", name="人员").click()
    expect(page.get_by_role("dialog", name="新增人员")).to_be_visible()


def test_keyboard_reaches_the_text_first(open_page: tuple[Page, str]) -> None:
    page, url = open_page
    page.goto(f"{url}/house/people/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_fault_of_the_server_leaves_the_page_and_says_so(open_page: tuple[Page, str]) -> None:
    page, url = open_page
    page.goto(f"{url}/house/people/")
    page.evaluate("htmx.ajax('GET', '/house/broken/', '#rows')")
    expect(page.get_by_role("status").get_by_text("出错了")).to_be_visible()
    expect(page.locator("table.list")).to_be_visible()


def test_without_script_one_can_search_turn_pages_and_save(
    world: World, house: list[Any], live_server: Any, browser: Any
) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(5_000)
    session = world.client("east_rep").cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/house/people/")
    page.get_by_role("link", name="下一页").click()
    page.get_by_role("link", name="末页").click()
    page.get_by_placeholder("姓名、拼音、首字母").fill("zs")
    page.keyboard.press("Enter")
    expect(page.locator("table.list tbody tr")).to_have_count(2)
    page.get_by_role("link", name="新增人员").click()
    page.get_by_label("姓名").fill("王五")
    page.get_by_role("radio", name="全职").check()
    page.locator("[name=lines-0-item]").fill("钥匙")
    page.get_by_role("button", name="保存").click()
    assert house[0]["name"] == "王五"
    context.close()


def test_a_form_that_comes_back_shows_its_first_fault(open_page: tuple[Page, str]) -> None:
    page, url = open_page
    page.set_viewport_size({"width": 360, "height": 400})
    page.goto(f"{url}/house/people/new/")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_label("姓名")).to_be_focused()
    expect(page.get_by_label("姓名")).to_be_in_viewport()
