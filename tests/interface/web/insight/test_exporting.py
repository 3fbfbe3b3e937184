"""The tables of insight and the rows behind its numbers as files: what the page shows, to whom it shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.insight.conftest import Sales, day
from tests.world import World
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.import_export.reading.reader import Sheet, read_file
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.org.models import Role
from xiaocheng.selling.customers.commands import CustomerDraft, register

TABLES = ("funnel", "win-rate", "cycle", "deal-cohorts", "revenue", "sources", "movement")
ROWS = ("stays", "closings", "wins", "customers", "source-customers", "source-wins", "changes", "standing")
YEAR = "kind=year&on=2026-06-30"


def sheet(answer: Any, folder: Path) -> Sheet:
    assert answer.status_code == 200, answer.content.decode()[:500]
    folder.mkdir(exist_ok=True)
    path = folder / "out.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    return read_file(path, folder / "spool", "out.xlsx")[0]


@pytest.fixture
def sold(sales: Sales) -> Sales:
    for n in range(4):
        deal = sales.open("east_rep", n, amount=1000 + n)
        sales.move(deal, "quote", n + 2)
        sales.win(deal, n + 30)
    sales.lose(sales.open("south_rep", 2, amount=77), 5)
    register(sales.world.actor("east_rep"), CustomerDraft(name="=cmd|x & <b>"))
    return sales


def test_a_table_goes_out_with_numbers_as_numbers(sold: Sales, tmp_path: Path) -> None:
    found = sheet(sold.world.client("director").get(f"/insight/revenue/export/?{YEAR}&by=person"), tmp_path)
    assert found.header[0] == "人员(业绩归属)"
    lines = {row[0]: row[1:] for _number, row in found.rows()}
    assert lines["张三"][:2] == [4006, 4]


def test_the_cycle_goes_out_line_by_line(sold: Sales, tmp_path: Path) -> None:
    found = sheet(sold.world.client("director").get(f"/insight/cycle/export/?{YEAR}&by=person"), tmp_path)
    [line] = [row for _number, row in found.rows()]
    assert [line[0], *line[1:3], line[4]] == ["张三", 30, 30, 4]


def test_the_sources_go_out_with_their_rates(sold: Sales, tmp_path: Path) -> None:
    with clock.as_of(day(0)):
        customer = register(sold.rep("east_rep"), CustomerDraft(name="东海商贸", source="referral"))
    sold.win(sold.open(customer_id=customer.pk, amount=500), 9)
    found = sheet(sold.world.client("director").get("/insight/sources/export/?kind=all"), tmp_path)
    lines = {row[0]: dict(zip(found.header, row, strict=False)) for _number, row in found.rows()}
    referral = lines["客户推荐"]
    assert [referral[name] for name in ("新增客户", "有过商机", "成交的客户", "赢单金额")] == [1, 1, 1, 500]
    assert referral["成交的客户:附注"] == "1/1"
    assert list(lines)[-1] == "合计"


def test_what_stands_small_below_a_number_goes_along(sold: Sales, tmp_path: Path) -> None:
    found = sheet(sold.world.client("director").get(f"/insight/win-rate/export/?{YEAR}&by=person"), tmp_path)
    notes = next(row for _number, row in found.rows() if row[0] == "张三")[found.header.index("赢单率(成交率):附注")]
    assert str(notes).startswith("n=4")


def test_a_file_holds_only_what_the_person_sees(sold: Sales, tmp_path: Path) -> None:
    role = sold.world.role("manager")
    Role.objects.update(capabilities=[*role.capabilities, EXPORT])
    client = sold.world.client("south_manager")
    lines = [row for _n, row in sheet(client.get(f"/insight/win-rate/export/?{YEAR}&by=person"), tmp_path).rows()]
    assert [row[0] for row in lines] == ["钱外人"]
    rows = [row for _n, row in sheet(client.get(f"/insight/rows/stays/export/?{YEAR}"), tmp_path / "x").rows()]
    assert {row[1] for row in rows} == {"钱外人"}


@pytest.mark.parametrize(("name", "count"), [("stays", 14), ("closings", 5), ("wins", 4)])
def test_the_rows_behind_a_number_go_out_as_many_as_there_are(
    sold: Sales, tmp_path: Path, name: str, count: int
) -> None:
    found = sheet(sold.world.client("director").get(f"/insight/rows/{name}/export/?{YEAR}"), tmp_path)
    assert found.row_count == count
    shown = sold.world.client("director").get(f"/insight/rows/{name}/?{YEAR}").content.decode()
    assert f"共 {count} 条" in shown
    assert "<" not in str(list(found.rows()))


def test_a_name_is_neither_calculated_nor_cut(sold: Sales, tmp_path: Path) -> None:
    answer = sold.world.client("director").get("/insight/rows/customers/export/?key=customers.registered&kind=all")
    assert [row[0] for _number, row in sheet(answer, tmp_path).rows()] == ["'=cmd|x & <b>"]


def test_the_journal_knows_and_the_capability_is_asked_for(sold: Sales) -> None:
    director, rep = sold.world.client("director"), sold.world.client("east_manager")
    for address in [*(f"/insight/{name}" for name in TABLES), *(f"/insight/rows/{name}" for name in ROWS)]:
        before = JournalEntry.objects.filter(kind="import_export.ListExported").count()
        assert director.get(f"{address}/export/?{YEAR}").status_code == 200
        assert JournalEntry.objects.filter(kind="import_export.ListExported").count() == before + 1
        assert "data-export" in director.get(f"{address}/?{YEAR}").content.decode()
        assert rep.get(f"{address}/export/?{YEAR}").status_code == 403
        assert "data-export" not in rep.get(f"{address}/?{YEAR}").content.decode()


@pytest.mark.parametrize("name", TABLES)
def test_nothing_to_export_is_said(world: World, name: str) -> None:
    assert world.client("director").get(f"/insight/{name}/export/?{YEAR}").status_code == 422
