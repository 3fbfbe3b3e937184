"""The import wizard under a hand, with a worker beside it: choose, map, check, try, run, fetch what was left out."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.customers.models import Customer

from .conftest import Visit

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FILE = (
    "客户名称,电话,行业,负责人\n甲公司,021-55551234,制造,张三\n乙公司,010-66667777,信息技木,\n,13800000000,制造,张三\n"
)


def test_a_file_is_taken_in_and_its_bad_row_comes_back(browse: Visit) -> None:
    page = browse("administrator", "/imports/")
    page.get_by_role("link", name="导入文件").first.click()
    upload = {"name": "客户.csv", "mimeType": "text/csv", "buffer": FILE.encode("gb18030")}
    page.locator("#id_file").set_input_files(files=[upload])  # type: ignore[list-item]
    page.get_by_role("button", name="上传并读取").click()

    expect(page.get_by_text("按 gb18030 编码读取,表头是第 1 行。")).to_be_visible()
    expect(page.locator("#id_c0")).to_have_value("name")
    expect(page.locator("#id_c3")).to_have_value("owner")
    page.get_by_role("button", name="下一步").click()
    page.locator("#id_v0_0").select_option("=technology")
    page.get_by_role("button", name="下一步").click()

    expect(page.get_by_role("heading", name="前几行的读法")).to_be_visible()
    expect(page.locator(".import-table")).to_contain_text("乙公司")
    page.get_by_role("button", name="检查全部数据行").click()
    expect(page.get_by_text("正在检查全部数据行")).to_be_visible()
    call_command("work", once=True)
    expect(page.get_by_text("1 行有错误,2 行可以导入")).to_be_visible()
    page.get_by_role("button", name="试运行").click()
    call_command("work", once=True)
    expect(page.get_by_text("导入的结果会是这样;还没有保存任何内容。")).to_be_visible()
    assert not Customer.objects.visible_to(SYSTEM).exists()

    page.get_by_role("button", name="跳过有错误的行").click()
    call_command("work", once=True)
    expect(page.get_by_role("link", name="查看列表")).to_be_visible()
    expect(page.locator(".tiles")).to_contain_text("新增")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="CSV").click()
    lines = fetched.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert "原行号" in lines[0] and "13800000000" in lines[1] and len(lines) == 2
    page.get_by_role("link", name="查看列表").click()
    expect(page.get_by_role("link", name="甲公司")).to_be_visible()
    expect(page.get_by_role("link", name="乙公司")).to_be_visible()
