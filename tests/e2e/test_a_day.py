"""A working day of a rep with a phone and of the supervisor at a desk, from the plan to the signed report."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.world import World
from xiaocheng.selling.customers.commands import CustomerDraft, register

from .conftest import PHONE, Visit

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_from_the_plan_to_the_signed_report(world: World, browse: Visit, set_clock: Callable[[str], None]) -> None:
    set_clock("08:00")
    register(world.actor("east_rep"), CustomerDraft(name="甲木业"))

    rep = browse("east_rep", "/plan/", PHONE)
    rep.get_by_role("button", name="把甲木业加入计划").click()
    expect(rep.get_by_role("status").get_by_text("已加入计划")).to_be_visible()
    rep.get_by_role("button", name="提交签核").click()
    expect(rep.get_by_text("待签核", exact=True)).to_be_visible()

    manager = browse("east_manager", "/inbox/")
    manager.get_by_role("link", name="张三 · 今天").click()
    expect(manager.get_by_role("link", name="甲木业")).to_be_visible()
    manager.get_by_label("批示(可不填)").fill("先谈价格")
    manager.get_by_role("button", name="同意").click()
    expect(manager.get_by_text("都签完了")).to_be_visible()

    set_clock("10:00")
    rep.goto("/today/")
    expect(rep.get_by_text("已完成 0 / 1")).to_be_visible()
    rep.get_by_role("button", name="签到").click()
    expect(rep.get_by_text("已签到")).to_be_visible()
    rep.goto("/today/")
    expect(rep.get_by_text("10:00 签到,拜访进行中")).to_be_visible()
    set_clock("10:40")
    rep.get_by_role("button", name="签退").click()
    rep.get_by_role("radio", name="见到决策人").check()
    rep.get_by_role("radio", name="订货").check()
    rep.get_by_label("洽谈记录").fill("首单 20 台")
    rep.get_by_role("button", name="保存").click()
    expect(rep.get_by_text("首单 20 台")).to_be_visible()

    set_clock("18:00")
    rep.goto("/report/")
    expect(rep.get_by_text("见到决策人 · 订货")).to_be_visible()
    rep.get_by_label("今日心得").fill("先约决策人")
    rep.get_by_role("button", name="提交日报").click()
    expect(rep.get_by_text("日报已提交")).to_be_visible()

    manager.goto("/inbox/")
    manager.get_by_role("link", name="张三 · 今天").click()
    expect(manager.get_by_text("先约决策人")).to_be_visible()
    expect(manager.get_by_text("首单 20 台")).to_be_visible()
    manager.get_by_label("批示(可不填)").fill("继续跟进")
    manager.get_by_role("button", name="同意").click()
    expect(manager.get_by_role("status").get_by_text("已批阅")).to_be_visible()

    rep.goto("/report/")
    expect(rep.get_by_text("已批阅", exact=True)).to_be_visible()
    expect(rep.get_by_text("继续跟进")).to_be_visible()
