"""Processes and pools through the API: what the company decides about how it sells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.interface.api.conftest import Program
from tests.world import World

Make = Callable[[str], Program]
NEW: dict[str, Any] = {
    "name": "渠道销售",
    "code": "channel",
    "stages": [
        {"name": "接洽", "code": "first", "steps": [{"text": "打电话", "evidence": "call", "is_required": True}]},
        {"name": "成交", "kind": "won"},
    ],
}


def test_a_process_is_drafted_stage_by_stage_and_published(program: Make) -> None:
    admin = program("administrator")
    made = admin.ask("POST", "/processes", NEW).json
    [draft] = made["editions"]
    path = f"/editions/{draft['id']}"
    assert admin.ask("POST", f"{path}/publish").status == 422
    lost = admin.ask("POST", f"{path}/stages", {"name": "输单", "kind": "lost"}).json
    demo = admin.ask("POST", f"{path}/stages", {"name": "演示", "probability": 40}).json
    first = draft["stages"][0]
    changed = admin.ask("PUT", f"{path}/stages/{first['id']}", {"name": "初次接洽", "expected_days": 7}).json
    [step] = changed["steps"]
    assert (changed["name"], changed["code"]) == ("初次接洽", "first")
    assert (step["text"], step["evidence"], step["is_required"], bool(step["key"])) == ("打电话", "call", True, True)
    order = admin.ask("POST", f"{path}/stages/{demo['id']}/place", {"before_id": first["id"]}).json["stages"]
    assert [item["name"] for item in order] == ["演示", "初次接洽", "成交", "输单"]
    assert admin.ask("PUT", path, {"skip_allowed": False, "back_allowed": True}).json["skip_allowed"] is False
    assert admin.ask("POST", f"{path}/publish").json["state"] == "published"
    assert [item["code"] for item in admin.get("/processes")] == ["channel"]
    assert admin.ask("DELETE", f"{path}/stages/{lost['id']}").status == 422


def test_a_process_in_use_gets_a_new_edition_and_another_name(program: Make) -> None:
    admin = program("administrator")
    assert "short" in [item["code"] for item in admin.get("/processes/templates")]
    made = admin.ask("POST", "/processes/templates/short/install").json
    assert admin.ask("POST", "/processes/templates/short/install").status == 404
    draft = admin.ask("POST", f"/processes/{made['id']}/draft").json
    assert (draft["number"], draft["state"]) == (2, "draft")
    assert admin.ask("DELETE", f"/editions/{draft['id']}/stages/{draft['stages'][0]['id']}").status == 200
    assert (
        admin.ask("PUT", f"/processes/{made['id']}", {"name": "旧流程", "is_active": False, "version": 1}).json["name"]
        == "旧流程"
    )
    assert admin.get("/processes") == []
    other = admin.ask(
        "PUT",
        f"/processes/{made['id']}",
        {"name": "旧流程", "is_active": False, "customer_kind": "dealer", "version": 2},
    )
    assert (other.json["customer_kind"], other.json["industry"], other.json["chosen_instead_id"]) == (
        "dealer",
        "",
        None,
    )
    wrong = admin.ask(
        "PUT", f"/processes/{made['id']}", {"name": "旧", "is_active": True, "industry": "none", "version": 3}
    )
    assert admin.ask("PUT", f"/processes/{made['id']}", {"name": "旧", "is_active": True, "version": 2}).status == 409
    assert (wrong.status, wrong.json["field"]) == (422, "industry")
    [defined] = admin.get("/processes/definitions")
    assert [item["number"] for item in defined["editions"]] == [2, 1]
    assert admin.get(f"/processes/{made['id']}") == defined


def test_the_sheet_tells_stages_and_figures_of_what_the_caller_sees(program: Make, world: World) -> None:
    made = program("administrator").ask("POST", "/processes/templates/short/install").json
    for key in ("east_rep", "south_rep"):
        program(key).ask("POST", "/opportunities", {"name": "一单"})
    path = f"/editions/{made['editions'][0]['id']}/sheet"
    sheet = program("director").get(path)
    assert (sheet["company"], sheet["process"], sheet["number"], sheet["state"]) == (
        "总部",
        "简易销售流程",
        1,
        "published",
    )
    assert [line["stage"]["name"] for line in sheet["stages"]] == ["寻找客户", "合格", "报价", "合同", "赢", "输"]
    assert sheet["stages"][0]["record"]["entries"]["n"] == 2
    assert program("east_rep").get(path)["stages"][0]["record"]["entries"]["n"] == 1
    assert program("director").ask("GET", "/editions/99/sheet").status == 404


def test_a_draft_tells_its_changes_and_open_opportunities_go_over(program: Make) -> None:
    admin, rep = program("administrator"), program("east_rep")
    made = admin.ask("POST", "/processes/templates/short/install").json
    first = rep.ask("POST", "/opportunities", {"name": "一单"}).json
    draft = admin.ask("POST", f"/processes/{made['id']}/draft").json
    stages = {stage["code"]: stage["id"] for stage in draft["stages"]}
    admin.ask("DELETE", f"/editions/{draft['id']}/stages/{stages['find']}")
    told = admin.get(f"/editions/{draft['id']}/changes")
    assert told == {
        "against": 1,
        "changes": [{"kind": "dropped", "stage": "find", "sentence": "去掉阶段「寻找客户」。"}],
        "dropped": [{"code": "find", "name": "寻找客户", "count": 1}],
    }
    admin.ask("POST", f"/editions/{draft['id']}/publish")
    preview = admin.get(f"/processes/{made['id']}/carry-over")
    [line] = preview["stages"]
    assert (preview["version_id"], preview["out_of_sight"], line["to_id"], line["count"]) == (draft["id"], 0, None, 1)
    assert [(one["name"], one["count"]) for one in line["owners"]] == [("张三", 1)]
    path, body = f"/editions/{draft['id']}/carry-over", {"targets": {"find": stages["qualified"]}, "reason": "新版"}
    assert rep.ask("POST", path, body).status == 403
    assert rep.ask("GET", f"/processes/{made['id']}/carry-over").status == 403
    assert rep.ask("GET", f"/editions/{draft['id']}/changes").status == 403
    assert admin.ask("POST", path, body).json == {"went_on": 0, "moved": 1, "left": 0}
    assert admin.ask("POST", path, body).json == {"went_on": 0, "moved": 0, "left": 0}
    assert rep.get(f"/opportunities/{first['id']}")["opportunity"]["stage"] == "qualified"
    wrong = admin.ask("POST", path, {"targets": {"find": stages["won"]}, "reason": "新版"})
    assert (wrong.status, wrong.json["field"]) == (422, "targets")


def test_only_who_keeps_the_processes_changes_them(program: Make) -> None:
    made = program("administrator").ask("POST", "/processes", NEW).json
    rep, edition = program("east_rep"), made["editions"][0]["id"]
    assert rep.get(f"/processes/{made['id']}")["name"] == "渠道销售"
    for path in ("/processes", "/processes/templates/short/install", "/processes/templates/none/install",
                 f"/processes/{made['id']}/draft", f"/editions/{edition}/publish"):  # fmt: skip
        assert rep.ask("POST", path, NEW if path == "/processes" else None).status == 403, path
    assert rep.ask("GET", "/processes/templates").status == 403


def test_a_pool_is_added_and_changed_with_its_members(program: Make, world: World) -> None:
    admin, rep = program("administrator"), program("east_rep")
    new = {"name": "华东公海", "is_claimable": True, "is_open": False, "members": [world.id("east_rep")]}
    assert rep.ask("POST", "/pools", new).status == 403
    pool = admin.ask("POST", "/pools", new).json
    assert pool["members"] == [world.id("east_rep")]
    assert pool["id"] in [item["id"] for item in rep.get("/pools")]
    assert pool["id"] not in [item["id"] for item in program("south_rep").get("/pools")]
    edit = {**new, "version": pool["version"], "members": [], "departments": [], "feed": {}}
    assert admin.ask("PUT", f"/pools/{pool['id']}", edit).json["members"] == []
    assert admin.ask("PUT", f"/pools/{pool['id']}", edit).status == 409
    assert rep.ask("GET", f"/pools/{pool['id']}").status == 403
    assert admin.get(f"/pools/{pool['id']}")["members"] == []
