"""Every number of the home pages and of a daily report opens to as many rows as it says, for everybody who reads it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from unicodedata import normalize

import pytest
from django.test import Client

from tests.insight.conftest import Sales
from tests.interface.web.insight.test_exporting import sheet
from tests.selling.fieldwork.conftest import DAY, at, lines_of
from tests.selling.fieldwork.test_visits import made
from tests.world import World
from xiaocheng.control.reports.commands import ReportText, submit
from xiaocheng.control.reports.queries import report_of
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.org.commands import move_person
from xiaocheng.foundation.org.models import Role
from xiaocheng.selling.fieldwork.commands import ContactDraft, log_contact, settle_line, submit_plan
from xiaocheng.selling.fieldwork.queries import VisitPlan
from xiaocheng.selling.pipeline.commands import reopen

TILE = re.compile(r'<div class="figure"><a href="(/[^"]+)">([^<]+)</a>')
ROW = '<tr class="'


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return normalize("NFKC", unescape(answer.content.decode()))


@pytest.fixture
def worked(world: World, sales: Sales, plan: VisitPlan, customer_ids: dict[str, int]) -> World:
    """张三's and 钱外人's morning: plan, visit, calls, an opportunity won and one opened again."""
    rep = world.actor("east_rep")
    with at("08:10"):
        submit_plan(rep, plan.pk)
        log_contact(rep, ContactDraft(customer_id=customer_ids["丙食品"], kind="call", outcome="met_other"))
        log_contact(
            world.actor("south_rep"),
            ContactDraft(customer_id=customer_ids["外人的客户"], kind="message", outcome="met_other"),
        )
    first, second = lines_of(plan)
    made(world, line_id=first.pk)
    made(world, customer_id=customer_ids["丙食品"])
    settle_line(rep, second.pk, outcome="not_done", reason="客户出差")
    with at("17:00"):
        won = sales.open("east_rep", 0.2, amount=1000)
        again = sales.open("east_rep", 0.2, amount=500)
        for deal in (won, again):
            sales.win(deal, 0.3)
        reopen(SYSTEM, again.pk, "客户回来了")
        sales.win(sales.open("south_rep", 0.2, amount=70), 0.3)
    return world


@pytest.mark.parametrize(
    ("who", "page", "tiles"),
    [
        ("east_rep", "/today/", 5),
        ("south_rep", "/today/", 5),
        ("promoter", "/today/", 5),
        ("east_manager", "/team/", 6),
        ("south_manager", "/team/", 6),
        ("director", "/company/", 8),
        ("east_rep", f"/report/?day={DAY}", 10),
    ],
)
def test_every_number_leads_to_as_many_rows(worked: World, who: str, page: str, tiles: int) -> None:
    client = worked.client(who)
    with at("18:00"):
        found = TILE.findall(read(client, page))
        assert len(found) == tiles
        for address, text in found:
            rows = read(client, address)
            if not text.isdigit():
                continue
            net = rows.count(ROW) - 2 * len(re.findall("撤销赢单", rows))
            assert net == int(text), address


def test_the_amount_is_that_of_the_rows(worked: World) -> None:
    client = worked.client("east_rep")
    with at("18:00"):
        [(address, text)] = [found for found in TILE.findall(read(client, "/today/")) if "won_amount" in found[0]]
        rows = read(client, address)
    assert text == "1,000 元"
    assert rows.count(ROW) == 3 and "撤销赢单" in rows and "-500 元" in rows


def test_who_moved_to_another_team_is_counted_and_listed_by_both_supervisors(worked: World) -> None:
    address = f"/numbers/visits/?key=fieldwork.visited&first={DAY}&last={DAY}"
    with at("18:00"):
        move_person(
            SYSTEM, worked.id("east_rep"), department_id=worked.department("south").pk,
            manager_id=worked.id("south_manager"),
        )  # fmt: skip
        for who in ("east_manager", "south_manager", "east_rep"):
            assert read(worked.client(who), address).count(ROW) == 2, who
        assert read(worked.client("south_rep"), address).count(ROW) == 0


def test_nobody_reads_the_rows_of_somebody_out_of_sight(worked: World) -> None:
    asked = f"first={DAY}&last={DAY}&person={worked.id('east_rep')}"
    for sort, key in (
        ("lines", "fieldwork.planned"),
        ("visits", "fieldwork.calls"),
        ("customers", "customers.registered"),
        ("opened", "pipeline.opened"),
        ("closings", "pipeline.won"),
    ):
        address = f"/numbers/{sort}/?key={key}&{asked}"
        assert ROW in read(worked.client("east_manager"), address), key
        assert ROW not in read(worked.client("south_rep"), address), key


def test_a_report_handed_in_opens_to_the_rows_for_its_reader_too(worked: World) -> None:
    with at("18:00"):
        submit(worked.actor("east_rep"), DAY, ReportText(learnt="客户在比较三家"))
        row = report_of(worked.actor("east_rep"), worked.id("east_rep"), DAY)
        assert row is not None
        client = worked.client("east_manager")
        found = TILE.findall(read(client, f"/reports/{row.pk}/"))
        assert len(found) == 10
        for address, text in found:
            rows = read(client, address)
            assert "张三" in rows
            if text.isdigit():
                assert rows.count(ROW) - 2 * len(re.findall("撤销赢单", rows)) == int(text), address


def test_the_page_says_what_is_counted_whose_and_when(worked: World) -> None:
    shown = read(
        worked.client("east_manager"),
        f"/numbers/lines/?key=fieldwork.plan_done&first={DAY}&last={DAY}&person={worked.id('east_rep')}",
    )
    assert "完成计划" in shown and "张三" in shown and "已提交的拜访计划中已拜访的行数" in shown
    assert "甲木业" in shown and "乙机械" not in shown


@pytest.mark.parametrize("address", ["visits/", "visits/?key=fieldwork.planned", "lines/?key=x", "closings/?key=_"])
def test_an_unknown_number_is_not_found(world: World, address: str) -> None:
    assert world.client("director").get(f"/numbers/{address}").status_code == 404


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("lines", "fieldwork.planned"),
        ("visits", "fieldwork.visited"),
        ("customers", "customers.registered"),
        ("opened", "pipeline.opened"),
        ("closings", "pipeline.won"),
    ],
)
def test_the_rows_go_out_as_the_reader_sees_them(worked: World, tmp_path: Path, sort: str, key: str) -> None:
    address, asked = f"/numbers/{sort}", f"key={key}&first={DAY}&last={DAY}"
    manager = worked.client("east_manager")
    assert manager.get(f"{address}/export/?{asked}").status_code == 403
    assert "data-export" not in read(manager, f"{address}/?{asked}")
    role = worked.role("manager")
    Role.objects.update(capabilities=[*role.capabilities, EXPORT])
    for who in ("east_manager", "director"):
        client = worked.client(who)
        page = read(client, f"{address}/?{asked}")
        assert "data-export" in page
        rows = [row for _number, row in sheet(client.get(f"{address}/export/?{asked}"), tmp_path / who).rows()]
        assert len(rows) == page.count(ROW) > 0
        assert "<" not in str(rows)
    assert JournalEntry.objects.filter(kind="import_export.ListExported").count() == 2
