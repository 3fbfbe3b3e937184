"""The organisation through the API: the same commands, the same refusals."""

from __future__ import annotations

from collections.abc import Callable

from tests.interface.api.conftest import Program
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.periods import PeriodRules
from xiaocheng.foundation.kernel.rules import rules

Make = Callable[[str], Program]


def test_people_are_listed_found_and_told_one_by_one(program: Make, world: World) -> None:
    rep = program("east_rep")
    assert [item["name"] for item in rep.get("/people?search=zhangs")["items"]] == ["张三"]
    assert len(rep.get("/people")["items"]) == 10
    assert rep.get(f"/people/{world.id('east_disabled')}")["is_active"] is False


def test_a_person_joins_moves_and_leaves(program: Make, world: World) -> None:
    admin = program("administrator")
    joined = admin.ask(
        "POST",
        "/people",
        {"username": "neu", "name": "何新人", "department_id": world.department_ids["south"],
         "role_id": world.role_ids["rep"], "manager_id": world.id("south_manager"), "joined_on": "2026-03-01"},
    ).json  # fmt: skip
    assert joined["joined_on"] == "2026-03-01"
    moved = admin.ask(
        "POST",
        f"/people/{joined['id']}/move",
        {"department_id": world.department_ids["east"], "manager_id": world.id("east_manager")},
    ).json
    assert moved["manager_id"] == world.id("east_manager")
    assert admin.ask("POST", f"/people/{joined['id']}/disable", {}).status == 200
    assert admin.get(f"/people/{joined['id']}")["is_active"] is False


def test_departments_come_as_a_tree_and_are_added(program: Make, world: World) -> None:
    admin = program("administrator")
    tree = admin.get("/departments")
    assert [item["name"] for item in tree] == ["总部", "华东区", "上海组", "华南区"]
    assert tree[0]["people"] == 10
    added = admin.ask("POST", "/departments", {"name": "北京组", "parent_id": tree[0]["id"], "is_region": True}).json
    assert (added["name"], added["is_region"], added["people"]) == ("北京组", True, 0)


def test_roles_show_what_they_may(program: Make) -> None:
    roles = {item["code"]: item for item in program("administrator").get("/roles")}
    assert "org.manage_people" in roles["administrator"]["capabilities"]
    assert roles["rep"]["signing_limit"] is None
    assert program("east_rep").ask("GET", "/roles").status == 403


def test_rules_are_shown_and_changed_by_who_may(program: Make) -> None:
    admin = program("administrator")
    shown = {item["key"]: item for item in admin.get("/rules")}
    assert shown["ClockRules.time_zone"]["value"] == "Asia/Shanghai"
    assert program("director").ask("GET", "/rules").status == 403
    today = clock.today()
    path = "/rules/PeriodRules.fiscal_start_month"
    assert admin.ask("PUT", path, {"value": "4", "since": today.isoformat()}).status == 200
    assert rules(PeriodRules, today).fiscal_start_month == 4
    assert admin.ask("PUT", path, {"value": "13", "since": today.isoformat()}).json["field"] == path[7:]
    assert admin.ask("PUT", "/rules/No.such", {"value": "1", "since": today.isoformat()}).status == 404


def test_the_calendar_is_told_day_by_day(program: Make) -> None:
    days = {item["day"]: item for item in program("east_rep").get("/calendar/2026")}
    assert len(days) == 365
    assert days["2026-10-01"] == {"day": "2026-10-01", "is_workday": False, "name": "国庆节"}
    assert program("east_rep").ask("GET", "/calendar/99999").status == 422


def test_ones_own_tokens_are_listed_and_taken_back(program: Make, world: World) -> None:
    rep, peer = program("east_rep"), program("east_peer")
    [token] = rep.get("/tokens")
    assert rep.secret.startswith(token["hint"])
    assert peer.ask("DELETE", f"/tokens/{token['id']}").status == 404
    assert rep.ask("DELETE", f"/tokens/{token['id']}").status == 200
    assert rep.ask("GET", "/me").status == 401


def test_an_edit_keeps_what_it_does_not_name(program: Make, world: World) -> None:
    admin = program("administrator")
    joined = admin.ask(
        "POST",
        "/people",
        {"username": "neu", "name": "何新人", "department_id": world.department_ids["south"],
         "role_id": world.role_ids["rep"], "phone": "13800138000", "skills": ["英语", "焊接"]},
    ).json  # fmt: skip
    path = f"/people/{joined['id']}"
    edit = {"username": "neu", "name": "何新", "role_id": world.role_ids["rep"], "version": joined["version"]}
    edited = admin.ask("PUT", path, edit).json
    assert (edited["name"], edited["phone"], edited["skills"]) == ("何新", "13800138000", ["英语", "焊接"])
    assert admin.ask("PUT", path, {**edit, "version": edited["version"], "skills": ["日语"]}).json["skills"] == ["日语"]


def test_a_person_comes_back_with_a_new_password_and_gets_another(program: Make, world: World) -> None:
    admin, gone = program("administrator"), world.id("east_disabled")
    assert admin.ask("POST", f"/people/{gone}/enable", {"password": "bafe-dugi-hoku-4711"}).json["is_active"] is True
    assert admin.ask("POST", f"/people/{gone}/password", {"password": "short"}).json["field"] == "password"
    assert admin.ask("POST", f"/people/{gone}/password", {"password": "mura-nepo-riva-8812"}).status == 200
    assert world.person("east_disabled").check_password("mura-nepo-riva-8812")
    assert program("east_manager").ask("POST", f"/people/{gone}/password", {"password": "x"}).status == 403


def test_everybody_chooses_his_own_language_and_look(program: Make) -> None:
    rep = program("east_rep")
    assert rep.ask("PUT", "/me/preferences", {"language": "en", "theme": "dark"}).json["theme"] == "dark"
    assert rep.get("/me")["language"] == "en"
    assert rep.ask("PUT", "/me/preferences", {"language": "fr", "theme": "dark"}).status == 422


def test_a_department_is_edited_from_its_version_closed_and_still_told_of(program: Make) -> None:
    admin = program("administrator")
    root = admin.get("/departments")[0]
    added = admin.ask("POST", "/departments", {"name": "北京组", "parent_id": root["id"]}).json
    path = f"/departments/{added['id']}"
    edit = {"version": added["version"], "name": "华北区", "parent_id": root["id"], "is_region": True, "head_id": None,
            "is_active": True}  # fmt: skip
    assert admin.ask("PUT", path, edit).json["name"] == "华北区"
    assert admin.ask("PUT", path, edit).status == 409
    assert admin.ask("PUT", path, {**edit, "version": added["version"] + 1, "is_active": False}).status == 200
    assert added["id"] not in [item["id"] for item in admin.get("/departments")]
    assert added["id"] in [item["id"] for item in admin.get("/departments?active=false")]


def test_posts_are_planned_and_compared_with_who_is_there(program: Make, world: World) -> None:
    admin, department, role = program("administrator"), world.department_ids["south"], world.role_ids["rep"]
    path = f"/departments/{department}/posts"
    assert admin.ask("PUT", f"{path}/{role}", {"planned": 5}).status == 200
    [line] = [item for item in admin.get(path) if item["role_id"] == role]
    assert (line["planned"], line["actual"]) == (5, 1)
    assert program("south_rep").ask("GET", path).status == 403
    assert admin.ask("GET", "/departments/999999/posts").status == 404


def test_a_role_is_added_and_changed_within_what_can_be_allowed(program: Make) -> None:
    admin = program("administrator")
    [may] = [item["key"] for item in admin.get("/capabilities") if item["key"] == "org.read_journal"]
    role = admin.ask("POST", "/roles", {"name": "审计", "capabilities": [may], "signing_limit": "100"}).json
    assert (role["capabilities"], role["signing_limit"]) == ([may], "100")
    edit = {"version": role["version"], "name": "审计", "capabilities": [], "duties": "", "skills": [],
            "signing_limit": None}  # fmt: skip
    changed = admin.ask("PUT", f"/roles/{role['id']}", edit).json
    assert (changed["capabilities"], changed["signing_limit"]) == ([], None)
    assert admin.ask("POST", "/roles", {"name": "神", "capabilities": ["org.everything"]}).status == 422
    assert program("director").ask("POST", "/roles", {"name": "神"}).status == 403
    assert program("director").ask("GET", "/capabilities").status == 403


def test_a_day_is_decided_and_given_back_to_the_table(program: Make) -> None:
    admin, path = program("administrator"), "/calendar/days/2026-03-03"
    assert program("east_rep").ask("PUT", path, {"is_workday": False}).status == 403
    assert admin.ask("PUT", path, {"is_workday": False, "name": "司庆"}).status == 200
    days = {item["day"]: item for item in admin.get("/calendar/2026")}
    assert (days["2026-03-03"]["is_workday"], days["2026-03-03"]["name"]) == (False, "司庆")
    assert admin.ask("PUT", path, {"is_workday": None}).status == 200
    assert {item["day"]: item for item in admin.get("/calendar/2026")}["2026-03-03"]["is_workday"] is True


def test_a_rule_keeps_its_history(program: Make, world: World) -> None:
    admin, since = program("administrator"), clock.today().isoformat()
    for value in ("4", "7"):
        admin.ask("PUT", "/rules/PeriodRules.fiscal_start_month", {"value": value, "since": since})
    history = admin.get("/rules/PeriodRules.fiscal_start_month/history")
    assert [(item["value"], item["person_id"]) for item in history] == [
        ("7", world.id("administrator")),
        ("4", world.id("administrator")),
    ]
    assert program("director").ask("GET", "/rules/PeriodRules.fiscal_start_month/history").status == 403


def test_a_tokens_secret_is_told_once_and_never_kept(program: Make, world: World) -> None:
    rep = program("east_rep")
    made = rep.ask("POST", "/tokens", {"name": "报表"}).json
    assert Program(made["secret"]).get("/me")["id"] == world.id("east_rep")
    assert "secret" not in rep.get("/tokens")[0]
    refused = rep.ask("POST", "/tokens", {"name": "报表"}, Idempotency_Key="once")
    assert (refused.status, len(rep.get("/tokens"))) == (422, 2)


def test_another_persons_tokens_are_for_who_keeps_the_people(program: Make, world: World) -> None:
    program("east_rep")
    path = f"/tokens?person_id={world.id('east_rep')}"
    assert [item["name"] for item in program("administrator").get(path)] == ["test"]
    assert program("east_manager").ask("GET", path).status == 403
