"""The sheet of a process: on paper and as a file, with the figures of what its reader sees."""

from __future__ import annotations

import io
import re
from typing import Any

from django.test import Client
from python_calamine import CalamineWorkbook

from tests.selling.pipeline.deals import Deals
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.org.commands import edit_role
from xiaocheng.selling.pipeline import commands


def sheet(client: Client, deals: Deals, query: str = "") -> str:
    return client.get(f"/processes/{deals.process.pk}/sheet/{query}").content.decode()


def row_of(page: str, name: str) -> list[str]:
    """The cells of a stage as text."""
    (row,) = re.findall(rf'<tr>\n<th scope="row">\d+\. {name}<.*?</tr>', page, re.DOTALL)
    return [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in re.findall("<td.*?</td>", row, re.DOTALL)
    ]


def workbook(answer: Any) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return book.get_sheet_by_index(0).to_python()


def test_the_sheet_says_what_the_process_asks_for_and_how_it_went(deals: Deals) -> None:
    deals.stages["negotiate"].movers = [deals.world.role_ids["director"]]
    deals.stages["negotiate"].save()
    deals.move(deals.opened(), "contact")
    deals.opened("south_rep")
    page = sheet(deals.world.client("director"), deals)
    for said in (
        "销售管理流程表",
        "总部",
        "标准销售流程",
        "第 1 版 · 使用中",
        "发布日期",
        "数字的期间",
        "按您看得到的商机",
    ):
        assert said in page
    identify, negotiate, needs = (row_of(page, name) for name in ("识别", "谈判", "需求分析"))
    assert "判断这家客户值不值得投入时间。" in identify[0]
    assert "查重并登记客户" in identify[1]
    assert identify[3:6] == ["能跟进商机的人", "7", "5"]
    assert identify[7] == "2"
    assert negotiate[3] == "总监"
    assert "离开前必填: 业务背景、现存问题、痛点" in needs[2]
    assert row_of(sheet(deals.world.client("east_rep"), deals), "识别")[7] == "1"


def test_an_older_edition_and_a_draft_have_their_sheets_too(deals: Deals) -> None:
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    commands.save_stage(SYSTEM, draft.pk, commands.StageDraft("先租后买"))
    rep = deals.world.client("east_rep")
    assert "先租后买" in sheet(rep, deals, "?version=2")
    assert "第 2 版 · 草稿" in sheet(rep, deals, "?version=2")
    assert "先租后买" not in sheet(rep, deals)
    assert rep.get("/processes/99/sheet/").status_code == 404


def test_the_file_is_the_sheet_and_the_journal_knows(deals: Deals) -> None:
    deals.move(deals.opened(), "contact")
    director, address = deals.world.client("director"), f"/processes/{deals.process.pk}/sheet/export/"
    rows = workbook(director.get(address))
    assert rows[0][0] == "销售管理流程表-标准销售流程"
    head = next(i for i, row in enumerate(rows) if row[0] == "序号")
    assert [row[0] for row in rows[1:head]][:3] == ["公司: 总部", "流程: 标准销售流程", "用于: 不限"]
    lines = {row[1]: dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :]}
    assert len(lines) == 9
    assert (lines["识别"]["预计天数"], lines["识别"]["成交概率"], lines["识别"]["进入次数"]) == (7, "10%", "1")
    assert lines["接触"]["步骤"].splitlines()[0] == "1. 电话或登门约见"
    entry = JournalEntry.objects.filter(kind="import_export.ListExported").latest("pk")
    assert (entry.data["what"], entry.data["rows"]) == ("销售管理流程表-标准销售流程", 9)


def test_who_may_not_export_reads_and_who_may_not_see_the_analysis_gets_no_figures(deals: Deals) -> None:
    rep, role = deals.world.client("east_rep"), deals.world.role("rep")
    deals.opened()
    address = f"/processes/{deals.process.pk}/sheet/export/"
    allowed = [key for key in role.capabilities if key not in {"insight.see", "import_export.export"}]
    edit_role(SYSTEM, role.pk, role.edit_version, name=role.name, allowed=allowed)
    assert rep.get(address).status_code == 403
    page = sheet(rep, deals)
    assert "导出 Excel" not in page
    assert ("进入次数" in page, "数字的期间" in page, "识别" in page) == (False, False, True)
