"""The order of a plan under a person's hand and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.selling.fieldwork.conftest import lines_of
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.fieldwork.commands import LineDraft, add_line, draft_plan, order_lines
from xiaocheng.selling.fieldwork.queries import VisitPlan

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plan(world: World) -> VisitPlan:
    """张三's plan of today with two lines; the server's clock cannot be set."""
    rep = world.actor("east_rep")
    plan = draft_plan(rep, clock.today())
    for name in ("甲木业", "乙机械"):
        customer = register(rep, CustomerDraft(name=name))
        add_line(rep, plan.pk, LineDraft(customer_id=customer.pk, purpose="order"))
    plan.refresh_from_db()
    return plan


@pytest.fixture
def page(world: World, plan: VisitPlan, live_server: Any, context: BrowserContext) -> Iterator[Page]:
    """张三's plan in his browser; fails for whatever the policy blocked or the script threw."""
    session = world.client("east_rep").cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(f"{live_server.url}/plan/", wait_until="networkidle")
    yield page
    assert faults == []


def stops(page: Page) -> list[str]:
    return page.locator(".stops > li .words a").all_inner_texts()


def drag_the_second_up(page: Page) -> None:
    start = page.locator(".stops .stop").nth(1).bounding_box()
    end = page.locator(".stops > li").nth(0).bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 12, start["y"] + 2, steps=4)
    page.mouse.move(end["x"] + 20, end["y"] + 4, steps=12)
    page.mouse.move(end["x"] + 20, end["y"] + 2, steps=3)
    page.wait_for_timeout(200)  # browsers tell what is dragged over only every 50 ms
    page.mouse.up()


def test_a_dragged_line_stays_where_it_was_dropped(page: Page, plan: VisitPlan) -> None:
    first, second = lines_of(plan)
    assert stops(page) == ["甲木业", "乙机械"]
    drag_the_second_up(page)
    expect(page.get_by_role("status").get_by_text("顺序已保存")).to_be_visible()
    expect(page.locator(".stops .stop").first).to_have_text("1")
    assert stops(page) == ["乙机械", "甲木业"]
    assert [line.pk for line in lines_of(plan)] == [second.pk, first.pk]


def test_what_another_device_changed_meanwhile_is_not_overwritten(page: Page, world: World, plan: VisitPlan) -> None:
    first, second = lines_of(plan)
    order_lines(world.actor("east_rep"), plan.pk, [second.pk, first.pk], plan.version)
    drag_the_second_up(page)
    expect(page.get_by_text("别人已经保存了新的内容").first).to_be_visible()
    assert stops(page) == ["甲木业", "乙机械"]
    assert [line.pk for line in lines_of(plan)] == [second.pk, first.pk]


def test_a_line_is_moved_by_keyboard_and_the_focus_stays_with_it(page: Page, plan: VisitPlan) -> None:
    first, second = lines_of(plan)
    menu = page.locator(f"[data-menu='{second.pk}'] summary")
    menu.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="上移").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".stops > li .words a").first).to_have_text("乙机械")
    expect(page.locator(f"[data-menu='{second.pk}'] summary")).to_be_focused()
    assert [line.pk for line in lines_of(plan)] == [second.pk, first.pk]
