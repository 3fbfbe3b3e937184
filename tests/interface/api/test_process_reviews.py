"""Reviews of processes through the API."""

from __future__ import annotations

from collections.abc import Callable

from tests.interface.api.conftest import Program
from tests.selling.pipeline.deals import Deals
from tests.world import World
from xiaocheng.foundation.kernel import clock

Make = Callable[[str], Program]


def test_a_program_begins_writes_finishes_and_amends_a_review(program: Make, world: World) -> None:
    deals, manager, rep = Deals(world), program("east_manager"), program("east_rep")
    deals.move(deals.opened(), "contact")
    today = clock.today().isoformat()
    body = {"process_id": deals.process.pk, "first": today, "last": today}
    assert rep.ask("POST", "/process-reviews", body).status == 422
    made = manager.ask("POST", "/process-reviews", body).json
    assert (made["state"], made["basis"], made["version"]) == ("draft", "team", 1)
    path = f"/process-reviews/{made['id']}"
    assert rep.ask("GET", path).status == 404
    action = {"person_id": world.id("east_rep"), "due_on": "2099-01-01", "text": "回访"}
    edit = {"version": 1, "findings": "没人跟", "actions": [action]}
    assert manager.ask("PUT", path, edit).json["version"] == 2
    assert manager.ask("PUT", path, edit).status == 409
    assert program("director").ask("PUT", path, {**edit, "version": 2}).status == 422
    assert manager.ask("POST", f"{path}/finish", {"version": 2}).json["state"] == "finished"
    assert manager.ask("DELETE", path).status == 422
    assert manager.ask("POST", f"{path}/addenda", {"text": "补记"}).json["text"] == "补记"
    page = program("director").get(path)
    assert (page["actions"], page["since"]) == ([action], None)
    assert page["then"] == page["now"] and page["then"]["stages"][0]["exits"]["advanced"] == 1
    assert [item["id"] for item in manager.get("/process-reviews?view=finished")["items"]] == [made["id"]]
    assert rep.get("/process-reviews")["items"] == []
    other = manager.ask("POST", "/process-reviews", body).json
    assert manager.ask("DELETE", f"/process-reviews/{other['id']}").status == 200
