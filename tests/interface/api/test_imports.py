"""A file taken in by a program: uploaded, understood, checked, run and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from tests.interface.api.conftest import Program
from tests.world import World
from xiaocheng.foundation.fields.queries import forget_cached
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.pipeline.models import Opportunity, Process

Make = Callable[[str], Program]
CUSTOMERS = "客户名称,联系电话,行业,负责人\n甲公司,021-55551234,制造,张三\n乙公司,010-66667777,信息技木,\n"
DEALS = """商机名称,阶段,负责人,开始日期
甲单,洽谈,张三,2026-01-05
乙单,赢单,张三,2026-01-06
丙单,丢单,张三,2026-01-07
"""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path / "data")
    forget_cached()
    yield
    forget_cached()


def upload(program: Program, text: str | bytes, name: str = "客户.csv") -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    headers = {"Authorization": f"Bearer {program.secret}"}
    return Client().post("/api/v1/imports", {"file": SimpleUploadedFile(name, content)}, headers=headers)


def have(program: Program, path: str, body: Any = None) -> Any:
    """Ask for work, let the worker do it, and give the import afterwards."""
    asked = program.ask("POST", path, body)
    assert asked.status == 200, asked
    call_command("work", once=True)
    return program.get(path.rpartition("/")[0])


def test_a_file_becomes_customers_and_is_taken_back(program: Make) -> None:
    admin = program("administrator")
    job = upload(admin, CUSTOMERS).json()
    path = f"/imports/{job['id']}"
    assert (job["target"], job["state"], job["columns"]["name"]) == ("customers", "read", 0)
    job = admin.ask("POST", f"{path}/columns", {"columns": job["columns"]}).json
    [field] = [item for item in job["texts"] if item["field"] == "industry"]
    assert "technology" in [offer["value"] for offer in field["texts"][0]["offers"]]
    said = {"field": "industry", "text": "信息技木", "value": "technology"}
    assert admin.ask("POST", f"{path}/texts", {"texts": [said]}).status == 200
    assert have(admin, f"{path}/check", {"dry": True})["counts"]["new"] == 2
    assert not Customer.objects.visible_to(SYSTEM).exists()
    job = have(admin, f"{path}/run", {})
    assert (job["state"], job["counts"]["new"], job["may_undo"]) == ("done", 2, True)
    assert sorted(Customer.objects.visible_to(SYSTEM).values_list("industry", flat=True)) == [
        "manufacturing",
        "technology",
    ]
    changed = upload(admin, "客户名称,电话\n甲公司,021-77778888\n").json()
    path = f"/imports/{changed['id']}"
    way = {"columns": {"name": 0, "phone": 1}, "mode": "update", "key": "name"}
    assert admin.ask("POST", f"{path}/columns", way).json["mode"] == "update"
    assert have(admin, f"{path}/check", {})["counts"]["changed"] == 1
    (told,) = admin.ask("GET", f"{path}/rows?only=changed").json["rows"]
    assert told["changes"] == {"phone": {"before": "021-55551234", "after": "021-77778888"}}
    path = f"/imports/{job['id']}"
    assert have(admin, f"{path}/undo")["state"] == "undone"
    assert not Customer.objects.visible_to(SYSTEM).exists()


def test_rows_with_problems_are_told_and_left_out_only_if_one_says_so(program: Make) -> None:
    admin = program("administrator")
    job = upload(admin, "客户名称,联系电话\n甲公司,021-55551234\n,010-66667777\n").json()
    path = f"/imports/{job['id']}"
    admin.ask("POST", f"{path}/columns", {"columns": job["columns"]})
    job = have(admin, f"{path}/check", {})
    assert (job["bad_rows"], job["problems"][0]["rows"]) == (1, [3])
    assert admin.ask("POST", f"{path}/run", {}).status == 422
    headers = {"Authorization": f"Bearer {admin.secret}"}
    answer = Client().get(f"/api/v1{path}/errors", headers=headers)
    assert "010-66667777" in b"".join(answer.streaming_content).decode()
    assert have(admin, f"{path}/run", {"skip_problems": True})["counts"] == {
        "new": 1,
        "changed": 0,
        "same": 0,
        "refused": 1,
    }


def test_only_what_was_there_to_choose_is_taken(program: Make) -> None:
    admin = program("administrator")
    job = upload(admin, CUSTOMERS).json()
    path = f"/imports/{job['id']}"
    admin.ask("POST", f"{path}/columns", {"columns": job["columns"]})
    for wrong in ({"value": "nonsense"}, {"value": 7}, {"text": "nowhere"}, {"field": "name"}):
        said = {"field": "industry", "text": "信息技木", **wrong}
        assert admin.ask("POST", f"{path}/texts", {"texts": [said]}).status == 422, wrong
    assert admin.ask("POST", f"{path}/columns", {"columns": {"phone": 1}}).json["field"] == "name"
    assert admin.ask("POST", f"{path}/table", {"sheet": 9, "target": "customers"}).json["field"] == "target"
    assert admin.ask("POST", f"{path}/reading", {"header_row": 999}).json["field"] == "header_row"
    assert admin.ask("POST", f"{path}/stages", {"stages": [], "opened_in": ""}).json["field"] == "stages"
    assert upload(admin, b"\x00\x01\x02", "x.xlsx").json()["field"] == "file"


def test_a_file_is_read_again_as_one_says(program: Make) -> None:
    admin = program("administrator")
    job = upload(admin, "名单,2026\n客户名称,联系电话\n甲公司,021-55551234\n".encode("gb18030")).json()
    path = f"/imports/{job['id']}"
    again = admin.ask("POST", f"{path}/reading", {"encoding": "gb18030", "header_row": 2}).json
    assert again["header"] == ["客户名称", "联系电话"]
    chosen = admin.ask("POST", f"{path}/table", {"sheet": 0, "target": "customers"}).json
    assert (chosen["target"], chosen["columns"]["phone"]) == ("customers", 1)


def test_stages_of_a_former_system_become_a_process(program: Make) -> None:
    admin = program("administrator")
    job = upload(admin, DEALS, "商机.csv").json()
    path = f"/imports/{job['id']}"
    job = admin.ask("POST", f"{path}/columns", {"columns": job["columns"]}).json
    stages = [{"text": item["text"], "kind": item["kind"]} for item in job["setup"]["stages"]]
    said = {"name": "旧系统", "stages": stages, "opened_in": "洽谈"}
    bad = {**said, "stages": [{**stages[0], "code": "none"}, *stages[1:]]}
    assert admin.ask("POST", f"{path}/stages", bad).json["field"] == "stages"
    assert admin.ask("POST", f"{path}/stages", said).status == 200
    assert not Process.objects.exists()
    assert have(admin, f"{path}/check", {})["problems"] == []
    assert have(admin, f"{path}/run", {})["counts"]["new"] == 3
    assert Process.objects.get().name == "旧系统"
    assert Opportunity.objects.visible_to(SYSTEM).count() == 3


def test_imports_are_for_who_may_and_ones_own(program: Make, world: World) -> None:
    manager, rep = program("east_manager"), program("east_rep")
    job = upload(manager, CUSTOMERS).json()
    assert [item["id"] for item in manager.get("/imports")["items"]] == [job["id"]]
    assert "customers" in [item["key"] for item in manager.get("/imports/targets")]
    assert program("south_manager").ask("GET", f"/imports/{job['id']}").status == 404
    for path in ("/imports", f"/imports/{job['id']}", f"/imports/{job['id']}/errors"):
        assert rep.ask("GET", path).status == 403, path
    assert upload(rep, CUSTOMERS).status_code == 403
    assert rep.get("/imports/targets") == []
