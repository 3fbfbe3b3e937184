"""A list as a file: the rows of the page, nothing calculated, and the journal knows."""

import csv
import io
import re
from pathlib import Path

import pytest

from tests.world import World
from xiaocheng.foundation.import_export.reading.reader import read_file
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.interface.web.shell import exporting
from xiaocheng.selling.customers.commands import CustomerDraft, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(world: World) -> World:
    for who, name in (("east_rep", "=cmd|x 公司"), ("east_rep", "华建"), ("south_rep", "南方公司")):
        register(world.actor(who), CustomerDraft(name=name, phone=f"021-5555{len(name)}000"))
    return world


def sheet(answer, tmp_path):
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    return read_file(path, tmp_path / "spool", "out.xlsx")[0]


def test_the_file_holds_the_list_with_its_search_and_order(filled, tmp_path):
    client = filled.client("administrator")
    found = sheet(client.get("/customers/export/?tab=all"), tmp_path)
    assert found.header[:2] == ["客户名称", "级别"]
    assert [row[0] for _number, row in found.rows()] == ["南方公司", "华建", "'=cmd|x 公司"]
    assert [row[3] for _number, row in found.rows()] == ["钱外人", "张三", "张三"]
    only = sheet(client.get("/customers/export/?tab=all&q=huajian"), tmp_path)
    assert [row[0] for _number, row in only.rows()] == ["华建"]


def test_the_journal_knows_who_took_what(filled):
    filled.client("administrator").get("/customers/export/?tab=all")
    entry = JournalEntry.objects.get(kind="import_export.ListExported")
    assert (entry.person_id, entry.data) == (
        filled.id("administrator"),
        {"what": "客户", "rows": 3, "contains_details": True},
    )


def test_a_long_list_goes_out_as_csv(filled, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_XLSX", 2)
    answer = filled.client("administrator").get("/customers/export/?tab=all")
    assert ".csv" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == 4
    assert rows[3][0] == "'=cmd|x 公司"


def test_without_the_capability_there_is_neither_button_nor_file(filled):
    client = filled.client("east_rep")
    assert client.get("/customers/export/").status_code == 403
    assert "data-export" not in client.get("/customers/").content.decode()
    assert "data-export" in filled.client("administrator").get("/customers/").content.decode()


@pytest.mark.parametrize("address", ["/opportunities/export/", "/products/export/"])
def test_other_lists_go_out_too(filled, address, tmp_path):
    answer = filled.client("director").get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"PK")


def test_a_day_has_its_limit_and_the_refusal_says_which_rule(filled):
    change_rule(filled.actor("administrator"), "ExportRules.rows_per_day", "5", clock.today())
    client = filled.client("administrator")
    assert client.get("/customers/export/?tab=all").status_code == 200
    refused = client.get("/customers/export/?tab=all")
    assert refused.status_code == 422
    assert "每人每天导出的行数" in refused.content.decode()
    assert JournalEntry.objects.filter(kind="import_export.ListExported").count() == 1
    assert client.get("/customers/export/?tab=all&q=huajian").status_code == 200


def test_every_list_that_goes_out_goes_through_the_one_door():
    pages = Path(exporting.__file__).parents[1]
    makers = {path for path in pages.rglob("*.py") if re.search(r"as_workbook|csv_lines|write_xlsx", path.read_text())}
    assert {str(path.relative_to(pages)) for path in makers} == {
        "shell/exporting.py",
        "insight/exporting.py",
        "insight/health.py",
        "pipeline/sheet.py",
    }
    assert all("note_export(request.actor" in path.read_text() for path in makers)
