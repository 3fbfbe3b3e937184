"""Remarks on processes through the API."""

from __future__ import annotations

from collections.abc import Callable

from tests.interface.api.conftest import Program
from tests.selling.pipeline.deals import Deals
from tests.world import World

Make = Callable[[str], Program]


def test_a_program_remarks_supports_and_decides(program: Make, world: World) -> None:
    deals, rep, peer, director = Deals(world), program("east_rep"), program("south_rep"), program("director")
    deal, stage = deals.opened(), deals.stages["quote"]
    body = {"kind": "slow", "text": "审批太慢", "opportunity_id": deal.pk}
    made = rep.ask("POST", f"/stages/{stage.pk}/remarks", body).json
    assert (made["state"], made["stage"], made["version"]) == ("open", "quote", 1)
    assert peer.ask("POST", f"/stages/{stage.pk}/remarks", body).status == 404
    path = f"/remarks/{made['id']}"
    assert [peer.ask("PUT", f"{path}/support").json["support"] for _twice in range(2)] == [1, 1]
    assert rep.ask("PUT", f"{path}/support").status == 422
    seen = peer.get(path)
    assert (seen["opportunity_id"], seen["supporters"]) == (None, ["钱外人"])
    assert rep.get(path)["opportunity_id"] == deal.pk
    assert peer.ask("DELETE", f"{path}/support").json["support"] == 0
    assert rep.get(f"/processes/{deals.process.pk}/remarks") == [{"stage": "quote", "count": 1}]
    decision = {"version": 1, "decision": "taken_up", "reason": "好"}
    assert rep.ask("POST", f"{path}/decision", decision).status == 403
    decided = director.ask("POST", f"{path}/decision", decision).json
    assert (decided["state"], decided["realised_at"], decided["version"]) == ("taken_up", None, 2)
    assert director.ask("POST", f"{path}/decision", {**decision, "version": 2}).status == 422
    assert [item["id"] for item in rep.get(f"/editions/{decided['edition_id']}/remarks")] == [made["id"]]
    assert rep.get("/remarks?view=open")["items"] == []
    assert [item["id"] for item in rep.get("/remarks?view=decided&stage=quote&kind=slow")["items"]] == [made["id"]]
    assert director.ask("POST", f"/editions/{decided['edition_id']}/publish").status == 200
    assert rep.get(path)["realised_at"] is not None
    assert program("promoter").ask("GET", "/remarks").status == 403
