"""The pages and operations of competitors."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.selling.pipeline.deals import Deals
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.commands import TacticDraft
from xiaocheng.selling.pipeline.models import Competitor

pytestmark = pytest.mark.django_db


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_a_manager_keeps_the_register_and_a_rep_reads_it(deals: Deals) -> None:
    manager, rep = deals.world.client("east_manager"), deals.world.client("east_rep")
    assert "还没有竞争对手" in page(rep, "/competitors/")
    sent = {"name": "宏达机电", "aliases": "宏达", "strengths": "价格低", "weaknesses": "交期长", "answer": "先谈交期"}
    assert manager.post("/competitors/new/", sent).status_code == 302
    row = Competitor.objects.get()
    assert "价格低" in page(rep, f"/competitors/{row.pk}/") and "宏达机电" in page(rep, "/competitors/?q=宏达")
    edit = {**sent, "weaknesses": "交期长、服务少", "is_active": "on", "_version": str(row.edit_version)}
    assert manager.post(f"/competitors/{row.pk}/edit/", edit).status_code == 302
    assert "服务少" in page(rep, f"/competitors/{row.pk}/")
    assert rep.post("/competitors/new/", sent).status_code == 403
    assert "competitors/new" not in page(rep, "/competitors/")


def test_a_deal_says_whom_it_is_fought_against_and_their_page_says_how_it_went(deals: Deals) -> None:
    rep, director = deals.world.client("east_rep"), deals.world.client("director")
    row = deals.opened(name="宏达争过的项目", competitor="宏达")
    assert director.post("/competitors/collect/").status_code == 302
    rival = Competitor.objects.get(name="宏达")
    lines = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0"}
    lines |= {"lines-0-competitor_id": str(rival.pk), "lines-0-note": "比我们便宜一成"}
    assert rep.post(f"/opportunities/{row.pk}/rivals/", lines).status_code == 302
    assert "比我们便宜一成" in page(rep, f"/opportunities/{row.pk}/")
    for _each in range(6):
        won = deals.opened(competitor="宏达")
        commands.win(deals.world.actor("east_rep"), won.pk, "交期短", tactic=TacticDraft("先谈交期", "", "contact"))
    lost = deals.opened(competitor="宏达")
    commands.lose(deals.world.actor("east_rep"), lost.pk, "price")
    shown = page(rep, f"/competitors/{rival.pk}/")
    assert "85.7%(6 / 7,95% 区间" in shown and "宏达争过的项目" in shown
    assert "价格" in shown and "先谈交期" in shown
    assert "宏达争过的项目" not in page(deals.world.client("south_rep"), f"/competitors/{rival.pk}/")
    assert "85.7%" in page(director, "/competitors/")


def test_two_entries_are_merged_on_the_page(deals: Deals) -> None:
    director = deals.world.client("director")
    for name in ("宏达", "宏达机电"):
        director.post("/competitors/new/", {"name": name})
    gone, kept = Competitor.objects.get(name="宏达"), Competitor.objects.get(name="宏达机电")
    assert director.post(f"/competitors/{gone.pk}/merge/", {"into": str(kept.pk)}).status_code == 302
    assert "把「宏达」合并到竞争对手「宏达机电」" in page(director, f"/competitors/{kept.pk}/")
    assert director.get(f"/competitors/{gone.pk}/").status_code == 404


def test_a_program_keeps_the_register_and_the_rivals_of_a_deal(deals: Deals) -> None:
    manager, rep = deals.world.client("east_manager"), deals.world.client("east_rep")
    row, kind = deals.opened(), {"content_type": "application/json"}
    made = manager.post("/api/v1/competitors", {"name": "宏达", "answer": "先谈交期"}, **kind).json()
    rivals = f"/api/v1/opportunities/{row.pk}/rivals"
    answer = rep.put(rivals, {"rivals": [{"competitor_id": made["id"], "note": "便宜"}]}, **kind)
    assert answer.json() == [{"competitor_id": made["id"], "name": "宏达", "note": "便宜"}]
    assert deals.world.client("south_rep").get(rivals).status_code == 404
    found = rep.get(f"/api/v1/competitors/{made['id']}").json()
    assert (found["against"]["open"], found["competitor"]["answer"]) == (1, "先谈交期")
    edit = {"name": "宏达机电", "is_active": True, "version": made["version"]}
    assert manager.put(f"/api/v1/competitors/{made['id']}", edit, **kind).json()["aliases"] == "宏达"
    assert manager.put(f"/api/v1/competitors/{made['id']}", edit, **kind).status_code == 409
    assert rep.post("/api/v1/competitors/collect", {}, **kind).status_code == 403
