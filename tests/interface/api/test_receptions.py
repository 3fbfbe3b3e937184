"""Receptions and turns through the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.interface.api.conftest import Program
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import add_duty_site, set_duty

Make = Callable[[str], Program]
pytestmark = pytest.mark.django_db


def test_a_reception_is_registered_corrected_counted_and_taken_back(world: World, program: Make) -> None:
    today = clock.today()
    site = add_duty_site(SYSTEM, "400 热线", "hotline", world.department_ids["east"]).pk
    set_duty(SYSTEM, site, today, today, [world.id("east_rep"), world.id("east_peer")])
    rep, peer = program("east_rep"), program("east_peer")
    [line] = rep.get("/receptions/turns")
    assert (line["number"], line["person_ids"][0]) == (0, world.id("east_rep"))
    assert rep.ask("POST", f"/duty/{site}/turn/pass", {"seen": 0, "reason": "外出"}).json["way"] == "passed"
    assert peer.ask("POST", f"/duty/{site}/turn", {"seen": 1}).json["number"] == 2
    new = {"channel": "hotline", "site_id": site, "receiver_id": world.id("east_peer"), "name": "王芳",
           "phone": "13912345678"}  # fmt: skip
    made = peer.ask("POST", "/receptions", new).json
    assert (made["outcome"], made["receiver_id"], made["owner_id"]) == ("new", world.id("east_peer"), None)
    edit = {"version": 1, "name": "王芳芳", "party_size": 2, "companions": "", "note": "谈了", "next_on": None,
            "helper_ids": [world.id("east_rep")], "is_team": False}  # fmt: skip
    assert peer.ask("PUT", f"/receptions/{made['id']}", edit).json["name"] == "王芳芳"
    assert rep.get(f"/receptions/{made['id']}")["helper_ids"] == [world.id("east_rep")]
    assert [row["id"] for row in peer.get("/receptions?search=13912345678")["items"]] == [made["id"]]
    during = f"first={today}&last={today}"
    assert [row["received"] for row in peer.get(f"/receptions/figures?by=channel&{during}")] == [1]
    assert program("south_rep").ask("GET", f"/receptions/{made['id']}").status == 404
    done = peer.ask("POST", f"/receptions/{made['id']}/cancel", {"reason": "登错了"}).json
    assert done["cancelled_at"] and peer.get(f"/receptions/figures?by=channel&{during}") == []
