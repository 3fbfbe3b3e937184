"""What a phone keeps of the day, and what makes the product an app."""

from __future__ import annotations

import re

from django.test import Client

from tests.selling.fieldwork.conftest import DAY, at, customer_ids, lines_of, morning, plan
from tests.world import World
from xiaocheng.control.reports.commands import ReportText, save_draft
from xiaocheng.selling.fieldwork.commands import check_in
from xiaocheng.selling.fieldwork.queries import VisitPlan

__all__ = ["customer_ids", "morning", "plan"]


def test_it_holds_ones_own_day_and_nobody_elses(world: World, plan: VisitPlan, customer_ids: dict[str, int]) -> None:
    line = lines_of(plan)[0]
    with at("10:00"):
        here = check_in(world.actor("east_rep"), line_id=line.pk)
        save_draft(world.actor("east_rep"), DAY, ReportText(judgement="判断"))
        answer = world.client("east_rep").get("/offline/day/")
        other = world.client("south_rep").get("/offline/day/").json()
    kept = answer.json()
    assert "no-store" in answer["Cache-Control"]
    assert [(row["name"], row["is_open"]) for row in kept["lines"]] == [("甲木业", False), ("乙机械", True)]
    assert [(row["id"], row["line"], row["is_under_way"]) for row in kept["visits"]] == [(here.pk, line.pk, True)]
    assert {row["name"] for row in kept["customers"]} == {"甲木业", "乙机械", "丙食品"}
    assert (kept["report"]["version"], kept["report"]["texts"]["judgement"]) == (1, "判断")
    assert [row["name"] for row in other["customers"]] == ["外人的客户"]
    assert (other["lines"], other["visits"], other["report"]["version"]) == ([], [], 0)


def test_a_visitor_is_told_to_sign_in_and_gets_no_copy(client: Client, world: World) -> None:
    assert client.get("/offline/day/", headers={"HX-Request": "true"}).status_code == 401


def test_the_app_and_its_script_are_there_for_everybody_and_asked_for_anew(client: Client, world: World) -> None:
    manifest, script = client.get("/manifest.webmanifest"), client.get("/service-worker.js")
    assert manifest.json()["display"] == "standalone"
    assert manifest["Cache-Control"] == script["Cache-Control"] == "no-cache"
    kept = re.findall(r"/static/[\w./-]+\?v=\w{12}", script.content.decode())
    assert len(kept) == 5
    assert '"page": "/offline/"' in script.content.decode()


def test_only_who_may_record_visits_has_the_page(world: World) -> None:
    assert 'id="unsent"' in world.client("east_rep").get("/me/").content.decode()
    assert 'id="unsent"' not in world.client("administrator").get("/me/").content.decode()
    assert [world.client(key).get("/offline/").status_code for key in ("east_rep", "administrator")] == [200, 403]
