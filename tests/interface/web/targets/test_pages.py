"""Targets on the pages and over the API."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.test import Client

from tests.world import World
from xiaocheng.control.targets.commands import TargetDraft, set_targets
from xiaocheng.control.targets.queries import Target, targets
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.trade.commands import ReceiptDraft, enter_receipt

TODAY, MARCH = dt.date(2026, 3, 10), dt.date(2026, 3, 1)
RECEIVED = "trade.received"


@pytest.fixture(autouse=True)
def _march(world: World):
    with clock.as_of(clock.instant(TODAY, dt.time(9))):
        yield


def target(world: World, who: str = "east_rep", value: int = 100_000, by: str = "director", **said) -> Target:
    wanted = {"person_id": world.id(who), "measure": RECEIVED, "month": MARCH, "value": Decimal(value)}
    [outcome] = set_targets(world.actor(by), [TargetDraft(**(wanted | said))])
    assert outcome.target, outcome.refusal
    return outcome.target


def paid(world: World, amount: int) -> None:
    rep = world.actor("east_rep")
    customer = register(rep, CustomerDraft(name="甲木业"))
    enter_receipt(rep, ReceiptDraft(customer_id=customer.pk, amount=Decimal(amount), received_on=TODAY))


def cell(world: World, who: str, key: str = RECEIVED) -> str:
    return f"t-{world.id(who)}-{key.replace('.', '-')}"


def posted(client: Client, query: str = "?month=2026-03", **fields: str):
    return client.post(f"/targets/set/{query}", fields, follow=True)


def test_a_supervisor_sets_a_team_in_one_form_and_changes_only_what_he_touched(world: World) -> None:
    row = target(world)
    client = world.client("east_manager")
    page = client.get("/targets/set/?month=2026-03")
    assert f'value="{row.edit_version} 100000"' in page.content.decode()
    mine, peers = cell(world, "east_rep"), cell(world, "east_peer", "fieldwork.visited")
    target(world, value=120_000, version=1)  # by the director meanwhile
    answer = posted(client, **{mine: "100000", f"{mine}-was": "1 100000", peers: "60", "basis": "去年加一成"})
    assert "已保存 1 项目标" in answer.content.decode()
    kept = targets(SYSTEM).order_by("pk").values_list("person__name", "value", "basis")
    assert list(kept) == [("张三", 120_000, ""), ("赵六", 60, "去年加一成")]


def test_who_comes_late_is_told_what_was_not_saved(world: World) -> None:
    target(world)
    target(world, value=120_000, version=1)
    mine = cell(world, "east_rep")
    said = posted(world.client("east_manager"), **{mine: "9万", f"{mine}-was": "1 100000"}).content.decode()
    assert "张三的「回款额」刚被别人改过" in said and targets(SYSTEM).get().value == 120_000


def test_an_emptied_cell_takes_the_target_back_and_a_wrong_one_is_shown_again(world: World) -> None:
    target(world)
    client, mine = world.client("east_manager"), cell(world, "east_rep")
    wrong = posted(client, **{mine: "很多", f"{mine}-was": "1 100000"})
    assert wrong.status_code == 422 and targets(SYSTEM).exists()
    posted(client, **{mine: "", f"{mine}-was": "1 100000"})
    assert not targets(SYSTEM).exists()


def test_the_month_before_fills_the_empty_cells_alone(world: World) -> None:
    target(world, month=dt.date(2026, 2, 1), value=80_000)
    target(world, "east_peer", month=dt.date(2026, 2, 1), value=70_000)
    target(world, "east_peer", value=90_000)
    client = world.client("east_manager")
    page = client.get("/targets/set/?month=2026-03&copy=1").content.decode()
    assert 'value="80000"' in page and 'value="90000"' in page and 'value="70000"' not in page
    assert targets(SYSTEM).filter(month=MARCH).count() == 1  # nothing is set before it is saved


def test_everybody_reads_his_own_and_a_supervisor_his_teams(world: World) -> None:
    target(world, basis="老客户回款为主")
    paid(world, 25_000)
    mine = world.client("east_rep").get("/targets/mine/").content.decode()
    assert "25%" in mine and "2.5 万" in mine and "老客户回款为主" in mine
    team = world.client("east_manager").get("/targets/?month=2026-03").content.decode()
    assert "张三" in team and "25%" in team and "有目标的人员合计" in team
    assert "25%" not in world.client("south_manager").get("/targets/").content.decode()
    assert "25%" not in world.client("east_rep").get("/targets/mine/?month=2026-02").content.decode()
    for page in ("/targets/", "/targets/set/"):
        assert world.client("east_rep").get(page).status_code == 403


def test_a_department_narrows_a_team_only_for_who_may_choose_it(world: World) -> None:
    target(world)
    target(world, "shanghai_rep", value=50_000)
    shanghai, south = world.department_ids["shanghai"], world.department_ids["south"]
    client = world.client("east_manager")
    narrowed = client.get(f"/targets/?team={shanghai}").content.decode()
    assert "吴小沪" in narrowed and "张三" not in narrowed
    assert "张三" in client.get(f"/targets/?team={south}").content.decode()  # not his to choose: all of his


def test_programs_set_read_and_take_back_targets(world: World) -> None:
    client = world.client("east_manager")
    wanted = [
        {"person_id": world.id(who), "measure": RECEIVED, "month": "2026-03-01", "value": "100000"}
        for who in ("east_rep", "south_rep")
    ]
    answer = client.put("/api/v1/targets", json.dumps({"targets": wanted}), content_type="application/json")
    done, refused = answer.json()
    assert done["target"]["version"] == 1 and done["refusal"] is None
    assert refused["target"] is None and refused["refusal"]
    paid(world, 25_000)
    found = client.get("/api/v1/targets/progress?month=2026-03-01").json()
    assert [Decimal(item["ratio"]) for item in found["people"]] == [Decimal("0.25")]
    assert (found["workdays_passed"], found["workdays_left"]) == (6, 16)
    [row] = world.client("east_rep").get("/api/v1/targets").json()["items"]
    gone = client.post(
        f"/api/v1/targets/{row['id']}/withdraw", json.dumps({"version": 1}), content_type="application/json"
    )
    assert gone.status_code == 200 and not targets(SYSTEM).exists()
