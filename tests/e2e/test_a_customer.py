"""A customer from the first typed letter: the hint at a likely duplicate, the page, an edit, a contact, the story."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.world import World
from xiaocheng.selling.customers.commands import CustomerDraft, register

from .conftest import PHONE, Visit

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_customer_is_registered_edited_and_gets_a_contact(world: World, browse: Visit) -> None:
    register(world.actor("east_peer"), CustomerDraft(name="华建木业有限公司"))
    page = browse("east_rep", "/customers/", PHONE)
    page.get_by_role("link", name="登记客户").first.click()
    drawer = page.get_by_role("dialog", name="登记客户")
    drawer.get_by_label("客户名称").press_sequentially("华建木业", delay=20)
    expect(drawer.get_by_text("可能已经登记过")).to_be_visible()
    expect(drawer.get_by_text("一位您看不到的客户")).to_be_visible()
    drawer.get_by_label("电话").fill("021-55551234")
    drawer.get_by_label("来源").select_option(index=1)
    drawer.get_by_role("button", name="登记").click()
    expect(drawer.get_by_role("alert")).to_contain_text("这位客户已经登记过,负责人:赵六")
    drawer.get_by_label("不是重复").check()
    drawer.get_by_role("button", name="登记").click()
    expect(page.get_by_role("heading", name="华建木业")).to_be_visible()

    page.get_by_role("link", name="修改", exact=True).click()
    form = page.get_by_role("dialog", name="修改客户资料")
    form.get_by_label("客户名称").fill("华建木业(浦东)")
    form.get_by_label("地址").fill("张江路 1 号")
    form.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").get_by_text("已保存")).to_be_visible()
    expect(page.get_by_role("heading", name="华建木业(浦东)")).to_be_visible()

    page.get_by_role("link", name="添加", exact=True).click()
    contact = page.get_by_role("dialog", name="添加联系人")
    contact.get_by_label("姓名").fill("周采购")
    contact.get_by_label("职务").fill("采购经理")
    contact.get_by_role("button", name="保存").click()
    expect(page.get_by_role("link", name="周采购", exact=True)).to_be_visible()
    story = page.locator("ol.story li")
    expect(story).to_have_count(3)
    expect(story.first).to_contain_text("周采购")
    expect(story.last).to_contain_text("张三")
    page.get_by_role("link", name="资料", exact=True).click()
    expect(page.get_by_text("张江路 1 号")).to_be_visible()
