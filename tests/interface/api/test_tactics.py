"""Winning tactics through the API."""

from __future__ import annotations

from collections.abc import Callable

from tests.interface.api.conftest import Program
from tests.selling.pipeline.deals import Deals
from tests.world import World

Make = Callable[[str], Program]


def test_a_program_keeps_offers_uses_and_withdraws_a_tactic(program: Make, world: World) -> None:
    deals, rep, outsider = Deals(world), program("east_rep"), program("south_rep")
    row = deals.move(deals.opened(), "quote")
    body = {"reason": "交期短", "tactic": {"title": "先谈交期", "stage": "quote"}}
    assert rep.ask("POST", f"/opportunities/{row.pk}/win", body).json["state"] == "won"
    [made] = rep.get("/tactics?stage=quote")["items"]
    assert (made["title"], made["text"], made["used"], made["version"]) == ("先谈交期", "交期短", 0, 1)
    later = deals.move(deals.opened("south_rep"), "quote", "south_rep")
    path = f"/opportunities/{later.pk}/tactics"
    assert [(item["why"], item["is_used"]) for item in outsider.get(path)] == [(["product"], False)]
    for _twice in range(2):
        assert outsider.ask("PUT", f"{path}/{made['id']}").json["opportunity_id"] == later.pk
    seen = outsider.get(f"/tactics/{made['id']}")
    assert (seen["opportunity_id"], seen["used_in"], seen["used"]) == (None, [later.pk], 1)
    assert rep.get(f"/tactics/{made['id']}")["opportunity_id"] == row.pk
    assert outsider.ask("DELETE", f"{path}/{made['id']}").status == 200
    edit = {"version": 1, "title": "早谈交期", "text": "第一次见面就谈", "stage": "contact"}
    assert outsider.ask("PUT", f"/tactics/{made['id']}", edit).status == 422
    assert rep.ask("PUT", f"/tactics/{made['id']}", edit).json["stage"] == "contact"
    assert rep.ask("PUT", f"/tactics/{made['id']}", edit).status == 409
    more = rep.ask("POST", f"/opportunities/{row.pk}/tactics", {"title": "带样机"}).json
    assert (more["text"], more["stage"]) == ("交期短", "quote")
    assert program("administrator").ask("DELETE", f"/tactics/{made['id']}").status == 200
    assert [item["id"] for item in rep.get("/tactics")["items"]] == [more["id"]]
    assert program("promoter").ask("GET", "/tactics").status == 403
