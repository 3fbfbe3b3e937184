"""Standing in, lending, mentoring and duty through the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from tests.interface.api.conftest import Program
from tests.world import World
from xiaocheng.foundation.kernel import clock

Make = Callable[[str], Program]


def test_a_rep_names_his_own_deputy_and_nobody_elses(program: Make, world: World) -> None:
    rep, me = program("east_rep"), world.id("east_rep")
    body = {"deputy_id": world.id("east_peer"), "since": clock.today().isoformat(), "reason": "休假"}
    made = rep.ask("POST", f"/people/{me}/delegations", body).json
    assert [item["id"] for item in rep.get(f"/people/{me}/arrangements")["delegations"]] == [made["id"]]
    other = world.id("south_rep")
    assert rep.ask("POST", f"/people/{other}/delegations", body).status == 403
    assert rep.ask("GET", f"/people/{other}/arrangements").status == 403
    assert program("south_rep").ask("POST", f"/arrangements/delegation/{made['id']}/end").status == 403
    assert rep.ask("POST", f"/arrangements/delegation/{made['id']}/end").status == 200
    assert rep.get(f"/people/{me}/arrangements")["delegations"] == []


def test_a_person_is_lent_and_mentored_by_who_keeps_the_people(program: Make, world: World) -> None:
    admin, rep = program("administrator"), world.id("east_rep")
    today = clock.today().isoformat()
    lending = {"department_id": world.department_ids["south"], "since": today, "is_credited": False}
    assert program("east_manager").ask("POST", f"/people/{rep}/lendings", lending).status == 403
    assert admin.ask("POST", f"/people/{rep}/lendings", lending).json["is_credited"] is False
    guide = {"mentor_id": world.id("east_peer"), "since": today, "aim": "拜访技巧"}
    mentorship = admin.ask("POST", f"/people/{rep}/mentorships", guide).json
    found = program("east_rep").get(f"/people/{rep}/arrangements")
    assert [item["department_id"] for item in found["lendings"]] == [world.department_ids["south"]]
    assert [item["aim"] for item in found["mentorships"]] == ["拜访技巧"]
    assert admin.ask("POST", f"/arrangements/mentorship/{mentorship['id']}/end").status == 200
    assert admin.ask("POST", "/arrangements/marriage/1/end").status == 422


def test_a_showroom_is_opened_and_its_roster_filled_by_turn(program: Make, world: World) -> None:
    admin, rep = program("administrator"), program("east_rep")
    new = {"name": "一号展厅", "kind": "site", "department_id": world.department_ids["east"]}
    assert rep.ask("POST", "/duty", new).status == 403
    site = admin.ask("POST", "/duty", new).json
    first = clock.today()
    people = [world.id("east_rep"), world.id("east_peer")]
    duty = {"first": first.isoformat(), "last": (first + dt.timedelta(days=2)).isoformat(), "person_ids": people,
            "by_turn": True}  # fmt: skip
    assert admin.ask("PUT", f"/duty/{site['id']}/roster", duty).json == {"days": 3}
    names = [item["people"] for item in rep.get(f"/duty/{site['id']}/roster?first={first}")]
    assert [len(day) for day in names] == [1, 1, 1]
    assert names[0] == names[2] != names[1]
    closed = admin.ask("PUT", f"/duty/{site['id']}", {**new, "version": site["version"], "is_active": False}).json
    assert rep.get("/duty") == [closed]
