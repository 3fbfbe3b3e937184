"""A rep's day on a phone whose connection comes and goes: nothing is lost, nothing comes in twice."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.world import World
from xiaocheng.control.reports.commands import ReportText, save_draft
from xiaocheng.control.reports.queries import report_of
from xiaocheng.foundation.kernel import clock, measures
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.fieldwork.commands import LineDraft, add_lines, draft_plan, submit_plan
from xiaocheng.selling.fieldwork.queries import Visit

from .conftest import MONDAY, PHONE

Browse = Callable[..., Page]
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(world: World, browse: Browse, set_clock: Callable[[str], None]) -> Iterator[Page]:
    """张三's phone at eight o'clock, with today's plan of two visits on it."""
    set_clock("08:00")
    rep = world.actor("east_rep")
    ids = [register(rep, CustomerDraft(name=name)).pk for name in ("甲木业", "乙机械")]
    plan = draft_plan(rep, MONDAY)
    add_lines(rep, plan.pk, [LineDraft(customer_id=pk, purpose="order") for pk in ids])
    submit_plan(rep, plan.pk)
    page = browse("east_rep", "/plan/", PHONE)
    it_is(page, set_clock, "08:00")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/offline/")
    expect(page.locator("[data-part=lines] li")).to_have_count(2)
    yield page


def it_is(page: Page, set_clock: Callable[[str], None], time: str) -> None:
    """Let server and phone show the same time."""
    set_clock(time)
    page.context.clock.set_fixed_time(clock.now())


def part(page: Page, name: str) -> Any:
    return page.locator(f"[data-part={name}]")


def visits(world: World) -> list[Visit]:
    return list(Visit.objects.visible_to(world.actor("east_rep")).order_by("occurred_at"))


def test_a_day_with_the_connection_cut_in_the_middle(
    world: World, phone: Page, set_clock: Callable[[str], None]
) -> None:
    it_is(phone, set_clock, "09:00")
    part(phone, "lines").locator("li", has_text="甲木业").get_by_role("button", name="签到").click()
    expect(part(phone, "visits").locator("li", has_text="甲木业")).to_be_visible()
    expect(part(phone, "count")).to_have_text("全部已发送")
    phone.context.set_offline(True)
    phone.goto("/plan/")  # whatever is opened, the page that works is shown
    expect(phone.get_by_role("heading", name="离线记录")).to_be_visible()
    it_is(phone, set_clock, "09:40")
    here = part(phone, "visits").locator("li", has_text="甲木业")
    here.get_by_role("button", name="签退").click()
    here.get_by_label("见到了谁").select_option("met_decider")
    here.get_by_label("结果").select_option("order")
    here.get_by_label("洽谈记录").fill("谈妥了")
    here.get_by_role("button", name="保存").click()
    expect(part(phone, "items").locator("li")).to_have_count(2)
    it_is(phone, set_clock, "10:30")
    part(phone, "lines").locator("li", has_text="乙机械").get_by_role("button", name="签到").click()
    expect(part(phone, "items").locator("li")).to_have_count(3)
    phone.reload()  # the browser was closed and opened again
    expect(part(phone, "count")).to_have_text(re.compile("^3 项"))
    it_is(phone, set_clock, "11:00")
    there = part(phone, "visits").locator("li", has_text="乙机械")
    there.get_by_role("button", name="签退").click()
    there.get_by_label("见到了谁").select_option("not_met")
    there.get_by_label("结果").select_option("nothing")
    there.get_by_role("button", name="保存").click()
    customer = part(phone, "customers").locator("li", has_text="甲木业")
    customer.get_by_role("button", name="记跟进").click()
    customer.get_by_label("说了什么").fill("约了下周")
    customer.get_by_label("下次联系").fill("2026-03-09")
    customer.get_by_role("button", name="保存").click()
    phone.get_by_label("今日判断").fill("要降价")
    phone.get_by_role("button", name="保存草稿").click()
    expect(part(phone, "count")).to_have_text(re.compile("^7 项"))
    assert len(visits(world)) == 1
    it_is(phone, set_clock, "12:00")
    phone.context.set_offline(False)
    part(phone, "send").click()
    expect(part(phone, "count")).to_have_text("全部已发送")
    first, second, call = visits(world)
    at = lambda hour, minute=0: clock.instant(MONDAY, dt.time(hour, minute))  # noqa: E731
    assert (first.note, first.checked_in_at, first.checked_out_at) == ("谈妥了", at(9), at(9, 40))
    assert (second.checked_in_at, second.checked_out_at, second.is_off_plan) == (at(10, 30), at(11), False)
    assert (call.note, call.next_on, call.occurred_at) == ("约了下周", dt.date(2026, 3, 9), at(11))
    report = report_of(world.actor("east_rep"), world.actor("east_rep").person_id or 0, MONDAY)
    assert report and report.judgement == "要降价"
    assert measures.differences() == []


def test_a_draft_that_was_written_elsewhere_meanwhile_shows_both_texts(
    world: World, phone: Page, set_clock: Callable[[str], None]
) -> None:
    phone.context.set_offline(True)
    phone.get_by_label("今日判断").fill("手机上写的")
    phone.get_by_role("button", name="保存草稿").click()
    expect(part(phone, "count")).to_have_text(re.compile("^1 项"))
    rep = world.actor("east_rep")
    save_draft(rep, MONDAY, ReportText(judgement="电脑上写的"))
    phone.context.set_offline(False)
    part(phone, "send").click()
    item = part(phone, "items").locator("li")
    expect(item).to_contain_text("手机上写的")
    expect(item).to_contain_text("电脑上写的")
    item.get_by_role("button", name="用我写的").click()
    expect(part(phone, "count")).to_have_text("全部已发送")
    report = report_of(rep, rep.person_id or 0, MONDAY)
    assert report and report.judgement == "手机上写的"


def test_signing_out_wipes_the_copy_and_keeps_what_was_not_sent(
    world: World, phone: Page, set_clock: Callable[[str], None]
) -> None:
    phone.context.set_offline(True)
    part(phone, "lines").locator("li", has_text="甲木业").get_by_role("button", name="签到").click()
    expect(part(phone, "items").locator("li")).to_have_count(1)
    phone.route("**/api/v1/**", lambda route: route.abort())  # the server is reached, but for what is kept
    phone.context.set_offline(False)
    phone.goto("/me/")
    expect(phone.locator("#unsent")).to_have_text("1 项还没有发送")
    phone.locator(".main").get_by_role("button", name="退出登录").click()
    phone.get_by_role("button", name="确定").click()
    phone.wait_for_url("**/account/login/**")
    stored = """async () => {
      const asked = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
      const db = await asked(indexedDB.open("xiaocheng"));
      const count = (name) => asked(db.transaction(name).objectStore(name).count());
      return [await count("copy"), await count("items"), (await caches.keys()).includes("xiaocheng-day")];
    }"""
    assert phone.evaluate(stored) == [0, 1, False]


def test_a_tap_that_does_not_get_through_leads_to_where_it_can_be_recorded(
    world: World, phone: Page, set_clock: Callable[[str], None]
) -> None:
    phone.goto("/plan/")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="签到").first.click()
    phone.get_by_role("link", name="没有网络,到离线记录").click()
    expect(phone.get_by_role("heading", name="离线记录")).to_be_visible()
    assert visits(world) == []
