"""The daily loop through the API: plan, visit, report, sign, the notes about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.selling.fieldwork.conftest import DAY, at, customer_ids, morning
from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.interface.notifications.commands import tell

from .conftest import Program

__all__ = ["customer_ids", "morning"]
Programs = Callable[[str], Program]


def test_a_program_goes_once_through_the_loop(world: World, customer_ids: dict[str, int], program: Programs) -> None:
    rep, manager = program("east_rep"), program("east_manager")
    plan = rep.ask("PUT", f"/plans/days/{DAY}").json
    lines = [{"customer_id": customer_ids[name], "purpose": "order"} for name in ("甲木业", "乙机械")]
    plan = rep.ask("POST", f"/plans/{plan['id']}/lines", {"lines": lines}).json
    first, second = plan["lines"]
    order = {"line_ids": [second["id"], first["id"]], "version": plan["version"]}
    turned = rep.ask("PUT", f"/plans/{plan['id']}/order", order).json
    assert [line["id"] for line in turned["lines"]] == order["line_ids"] and turned["overlaps"] == []
    stale = rep.ask("PUT", f"/plans/{plan['id']}/order", order)
    assert (stale.status, stale.json["current"]["version"]) == (409, turned["version"])
    plan = rep.ask("POST", f"/plans/{plan['id']}/submit").json
    assert (plan["state"], plan["late_minutes"]) == ("submitted", 0)
    (waiting,) = manager.get("/plans/waiting")
    stale = manager.ask("POST", f"/plans/{plan['id']}/sign", {"version": waiting["version"] - 1})
    assert (stale.status, "又改过" in stale.json["sentence"]) == (422, True)
    papers = [{"id": plan["id"], "version": waiting["version"]}, {"id": 999, "version": 1}]
    signed = manager.ask("POST", "/plans/sign", {"papers": papers, "comment": "好"}).json
    assert [item["refusal"] is None for item in signed] == [True, False]

    visit = rep.ask("POST", "/visits/check-in", {"line_id": first["id"]}).json
    assert rep.ask("POST", "/visits/check-in", {"line_id": first["id"]}).json["id"] == visit["id"]
    path = f"/visits/{visit['id']}"
    rep.ask("POST", f"{path}/check-out")
    told = {"version": visit["version"], "outcome": "met_decider", "result": "order"}
    visit = rep.ask("POST", f"{path}/result", told).json
    assert (visit["is_effective"], visit["plan_line_id"]) == (True, first["id"])
    assert rep.ask("PUT", f"{path}/result", told).status == 409
    assert rep.get(f"{path}/shortfalls") == []
    settled = {"outcome": "not_done", "reason": "客户出差"}
    assert rep.ask("POST", f"/plan-lines/{second['id']}/settle", settled).json["outcome"] == "not_done"
    call = rep.ask("POST", "/visits/contacts", {"customer_id": customer_ids["丙食品"], "next_on": "2026-03-09"}).json
    assert (call["kind"], call["result"]) == ("call", "next_step")
    assert len(rep.get(f"/visits?day={DAY}")["items"]) == 2

    with at("18:00"):
        handed = rep.ask("POST", f"/reports/days/{DAY}/submit", {"learnt": "先约决策人", "version": 0}).json
        page = manager.get(f"/reports/{handed['id']}")
        figures = {item["key"]: (item["value"], item["now"]) for item in page["figures"]}
        assert figures["fieldwork.plan_done"] == ("1", "1")
        assert page["editions"][0]["learnt"] == "先约决策人"
        verdict = {"version": handed["edition"], "comment": "继续"}
        assert manager.ask("POST", f"/reports/{handed['id']}/sign", verdict).json["state"] == "signed"
        owed = {item["name"]: item["is_missing"] for item in manager.get(f"/reports/owed?day={DAY}")}
        assert owed == {"张三": False, "赵六": True, "吴小沪": True, "周上海": False}

    tell(SYSTEM)
    notes = rep.get("/notifications?unread=true&newest=true")["items"]
    assert [note["about_kind"] for note in notes] == ["reports.dailyreport", "fieldwork.plan"]
    assert rep.ask("POST", f"/notifications/{notes[0]['id']}/read").json["read_at"] is not None
    assert rep.ask("POST", "/notifications/read").json == {"count": 1}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/plans/{plan}", None),
        ("POST", "/plans/{plan}/sign", {"version": 1}),
        ("POST", "/plans/{plan}/submit", None),
        ("DELETE", "/plan-lines/{line}", None),
        ("POST", "/visits/check-in", {"line_id": 1}),
        ("POST", "/visits/contacts", {"customer_id": 1}),
    ],
)
def test_an_outsider_finds_nothing(
    world: World,
    customer_ids: dict[str, int],
    program: Programs,
    method: str,
    path: str,
    body: dict[str, int] | None,
) -> None:
    rep = program("east_rep")
    plan = rep.ask("PUT", f"/plans/days/{DAY}").json
    lines = {"lines": [{"customer_id": customer_ids["甲木业"]}]}
    line = rep.ask("POST", f"/plans/{plan['id']}/lines", lines).json["lines"][0]
    if body and "line_id" in body:
        body = {"line_id": line["id"]}
    if body and "customer_id" in body:
        body = {"customer_id": customer_ids["甲木业"]}
    there = path.format(plan=plan["id"], line=line["id"])
    assert program("south_rep").ask(method, there, body).status == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/plans/days/0001-01-01", None),
        ("/plans/days/9999-12-31", None),
        ("/reports/days/0001-01-01", {"learnt": "x", "version": 0}),
    ],
)
def test_a_day_out_of_all_reason_is_refused(
    world: World, morning: None, program: Programs, path: str, body: dict[str, object] | None
) -> None:
    assert program("east_rep").ask("PUT", path, body).status == 422


def test_tasks_are_ticked_off_together_as_far_as_one_sees_them(program: Programs, world: World) -> None:
    rep, stranger = program("east_rep"), program("south_rep")
    mine = [rep.ask("POST", "/tasks", {"title": f"回电 {n}", "due_on": "2026-03-02"}).json["id"] for n in (1, 2)]
    other = stranger.ask("POST", "/tasks", {"title": "别人的", "due_on": "2026-03-02"}).json["id"]
    assert rep.ask("POST", "/tasks/finish", {"task_ids": [*mine, other]}).json == {"task_ids": mine}
    assert [item["id"] for item in stranger.get("/tasks")["items"]] == [other]


def test_attendance_is_clocked_and_read_within_sight(world: World, morning: None, program: Programs) -> None:
    rep, boss = program("east_rep"), program("east_manager")
    with at("09:20"):
        tap = rep.ask("POST", "/attendance/clock-in").json
        assert (tap["tap"], tap["day"], tap["verdict"]) == ("in", DAY.isoformat(), "")
        lines = {line["person_id"]: line for line in boss.get("/attendance/days")}
    line = lines[world.id("east_rep")]
    assert (line["way"], line["is_due"], line["found"]) == ("customer", True, [{"finding": "late", "minutes": 20}])
    assert world.id("south_rep") not in lines and line["taps"] == [tap]
    with at("18:00"):
        assert rep.ask("POST", "/attendance/clock-out").json["tap"] == "out"


def test_a_program_asks_for_leave_and_another_grants_it(world: World, morning: None, program: Programs) -> None:
    rep, boss = program("east_rep"), program("east_manager")
    body = {"kind": "leave", "leave_kind": "annual", "first_on": DAY.isoformat(), "reason": "回老家"}
    row = rep.ask("POST", "/attendance-requests", body).json
    assert (row["state"], row["leave_kind"]) == ("submitted", "annual")
    assert rep.ask("POST", "/attendance-requests", body | {"kind": "trip", "leave_kind": ""}).status == 422
    assert [it["id"] for it in boss.get("/attendance-requests/waiting")] == [row["id"]]
    path = f"/attendance-requests/{row['id']}"
    assert boss.ask("POST", f"{path}/refuse", {"comment": ""}).status == 422
    decided = boss.ask("POST", "/attendance-requests/grant", {"request_ids": [row["id"]]}).json
    assert [it["refusal"] for it in decided] == [None] and boss.get(path)["state"] == "signed"
    assert rep.ask("POST", f"{path}/withdraw").status == 422
    line = next(it for it in boss.get("/attendance/days") if it["person_id"] == world.id("east_rep"))
    assert (line["excuse"], line["is_due"]) == ("leave", False)
    assert program("south_rep").get("/attendance-requests")["items"] == []
