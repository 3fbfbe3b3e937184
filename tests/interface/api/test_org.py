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
    roles = {item["code"]: item for item in program("east_rep").get("/roles")}
    assert "org.manage_people" in roles["administrator"]["capabilities"]
    assert roles["rep"]["signing_limit"] is None


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
