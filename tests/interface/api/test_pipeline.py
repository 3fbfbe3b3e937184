"""Opportunities through the API: the same rules and the same sight as on the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.selling.pipeline.deals import READY, Deals
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.pipeline.commands import StageStep, install_template, keep_stale_days
from xiaocheng.selling.pipeline.steps import as_kept

from .conftest import Program

Programs = Callable[[str], Program]


@pytest.fixture
def deals(world: World) -> Deals:
    return Deals(world)


def test_a_program_opens_moves_and_wins(deals: Deals, program: Programs) -> None:
    rep = program("east_rep")
    (process,) = rep.get("/processes")
    stages = {stage["code"]: stage["id"] for stage in process["stages"]}
    assert process["stages"][0]["steps"]
    body = {"customer_id": deals.customer(), "product_id": deals.product_id, "amount": "1200.50"}
    opened = rep.ask("POST", "/opportunities", body).json
    assert (opened["name"], opened["stage"], Decimal(opened["amount"])) == (
        "甲公司 一号机",
        "identify",
        Decimal("1200.5"),
    )
    path = f"/opportunities/{opened['id']}"
    moved = rep.ask("POST", f"{path}/move", {"stage_id": stages["contact"], "seen": 1}).json
    assert (moved["stage"], moved["span"]) == ("contact", 2)
    stale = rep.ask("POST", f"{path}/move", {"stage_id": stages["needs"], "seen": 1})
    assert (stale.status, "刷新" in stale.json["sentence"]) == (422, True)
    assert rep.ask("POST", f"{path}/undo").json["stage"] == "identify"
    won = rep.ask("POST", f"{path}/win", {"reason": "试用满意", "amount": "1500"}).json
    assert (won["state"], Decimal(won["amount"]), won["closed_at"] is not None) == ("won", 1500, True)
    page = rep.get(path)
    assert page["stops"][0]["state"] == "past"
    assert [move["kind"] for move in page["moves"]] == ["move", "create"]


def test_losing_reopening_and_editing(deals: Deals, program: Programs) -> None:
    row, rep = deals.opened(), program("east_rep")
    path = f"/opportunities/{row.pk}"
    assert rep.ask("POST", f"{path}/lose", {"reason": "no-such"}).json["field"] == "reason"
    assert rep.ask("POST", f"{path}/lose", {"reason": "price", "competitor": "乙厂"}).json["state"] == "lost"
    assert rep.ask("POST", f"{path}/reopen", {"reason": "又谈了"}).json["stage"] == "identify"
    edit = {
        "version": row.edit_version, "name": "二期", "customer_id": row.customer_id, "product_id": None, "amount": "9",
        "expected_close_on": None, "source": "referral", "competitor": "", "next_step": "", "next_step_on": None,
        **READY,
    }  # fmt: skip
    assert rep.ask("PUT", path, edit).json["name"] == "二期"
    assert rep.ask("PUT", path, edit).status == 409


def test_a_gate_holds_here_too_and_names_the_field(deals: Deals, program: Programs) -> None:
    rep = program("east_rep")
    opened = rep.ask("POST", "/opportunities", {"name": "缺客户"}).json
    path = f"/opportunities/{opened['id']}"
    rep.ask("POST", f"{path}/move", {"stage_id": deals.stages["contact"].pk})
    gates = rep.get(path)["gates"]
    assert [(gate["key"], gate["is_met"]) for gate in gates] == [("customer", False)]
    refused = rep.ask("POST", f"{path}/move", {"stage_id": deals.stages["needs"].pk})
    assert (refused.status, refused.json["field"]) == (422, "customer")
    bypass = {"stage_id": deals.stages["needs"].pk, "bypass": True, "reason": "急"}
    assert rep.ask("POST", f"{path}/move", bypass).status == 403
    assert program("east_manager").ask("POST", f"{path}/move", bypass).json["stage"] == "needs"


def test_lists_and_the_board_show_what_the_caller_sees(deals: Deals, program: Programs) -> None:
    mine, other = deals.opened(amount=Decimal(5)), deals.opened("south_rep")
    rep = program("east_rep")
    assert [row["id"] for row in rep.get("/opportunities")["items"]] == [mine.pk]
    assert rep.get(f"/opportunities?state=won&customer_id={mine.customer_id}")["items"] == []
    assert {row["id"] for row in program("director").get("/opportunities")["items"]} == {mine.pk, other.pk}
    board = rep.get(f"/opportunities/board/{deals.process.pk}")
    assert (board[0]["code"], board[0]["count"], Decimal(board[0]["amount"])) == ("identify", 1, 5)
    assert [card["id"] for card in board[0]["cards"]] == [mine.pk]
    assert rep.get(f"/opportunities/board/{deals.process.pk}?cards=0")[0]["cards"] == []
    assert rep.ask("GET", "/opportunities/board/99").status == 404
    assert program("promoter").ask("GET", "/opportunities").status == 403
    for path in ("", "/undo"):
        assert rep.ask("POST" if path else "GET", f"/opportunities/{other.pk}{path}").status == 404


def test_a_manager_hands_over_and_changes_the_process(deals: Deals, program: Programs) -> None:

    row, manager = deals.opened(), program("east_manager")
    body = {"opportunity_ids": [row.pk], "owner_id": deals.world.id("shanghai_rep")}
    assert manager.ask("POST", "/opportunities/handover", body).json == {"moved": [row.pk]}
    short = install_template(SYSTEM, "short").versions.get()
    target = {"version_id": short.pk, "stage_id": short.stages.get(code="quote").pk, "reason": "小单"}
    assert manager.ask("POST", f"/opportunities/{row.pk}/process", target).json["stage"] == "quote"


def test_a_program_ticks_steps_and_sees_what_proves_them(deals: Deals, program: Programs) -> None:
    row, rep = deals.opened(), program("east_rep")
    path = f"/opportunities/{row.pk}"
    assert rep.ask("POST", f"{path}/steps/identify-1", {"note": "没有重复"}).status == 200
    assert rep.ask("POST", f"{path}/steps/identify-1", {}).status == 200  # twice is once
    step = rep.get(path)["stops"][0]["steps"][0]
    assert (step["key"], step["is_done"], step["is_late"], step["note"]) == ("identify-1", True, False, "没有重复")
    assert step["done_by_id"] == deals.world.id("east_rep")
    assert rep.ask("DELETE", f"{path}/steps/identify-1").status == 200
    assert not rep.get(path)["stops"][0]["steps"][0]["is_done"]
    assert rep.ask("POST", f"{path}/steps/none", {}).status == 404
    assert program("south_rep").ask("POST", f"{path}/steps/identify-1", {}).status == 404


def test_gates_of_steps_hold_for_programs_which_tick_on_the_way(deals: Deals, program: Programs) -> None:
    stage = deals.stages["identify"]
    stage.steps = as_kept([StageStep("问清预算", is_required=True, key="ask")])
    stage.save()
    row, rep = deals.opened(), program("east_rep")
    path, to = f"/opportunities/{row.pk}", deals.stages["contact"].pk
    gate = next(gate for gate in rep.get(path)["gates"] if gate["kind"] == "step")
    assert gate == {"kind": "step", "key": "ask", "name": "问清预算", "is_met": False, "by_hand": True}
    refused = rep.ask("POST", f"{path}/move", {"stage_id": to})
    assert (refused.status, "问清预算" in refused.json["sentence"]) == (422, True)
    assert rep.ask("POST", f"{path}/move", {"stage_id": to, "done": ["ask"]}).json["stage"] == "contact"


def test_a_stagnant_one_is_told_with_its_days_and_the_limit_that_was_learned(deals: Deals, program: Programs) -> None:
    keep_stale_days(SYSTEM, {(deals.process.pk, "identify"): 70})
    ages = {71: True, 70: False}
    rows = {}
    for days in ages:
        with clock.as_of(clock.now() - dt.timedelta(days=days)):
            rows[days] = deals.opened()
    rep = program("east_rep")
    for days, is_stale in ages.items():
        page = rep.get(f"/opportunities/{rows[days].pk}")
        assert (page["days_without_activity"], page["stale_days"], page["is_stale"]) == (days, 70, is_stale)
    (process,) = rep.get("/processes")
    assert {stage["code"]: stage["stale_days"] for stage in process["stages"] if stage["stale_days"]} == {
        "identify": 70
    }
