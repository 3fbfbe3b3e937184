"""The checklist on an opportunity's page, the editor of steps, and how boards and lists tell how far one is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.selling.pipeline.deals import Deals
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.scope import grant
from xiaocheng.selling.fieldwork.commands import ContactDraft, log_contact
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.commands import StageStep
from xiaocheng.selling.pipeline.models import Opportunity, Stage
from xiaocheng.selling.pipeline.steps import as_kept

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def strict(deals: Deals) -> Deals:
    stage = deals.stages["identify"]
    stage.steps = as_kept(
        [
            StageStep("问清预算", is_required=True, key="ask"),
            StageStep("打过电话", "call", is_required=True, key="rang"),
            StageStep("查一查同行", key="nice"),
        ]
    )
    stage.save()
    return deals


def text_of(client: Client, url: str, **more: Any) -> str:
    answer = client.get(url, **more)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def test_a_step_is_ticked_and_untied_with_one_tap_and_with_a_note(strict: Deals) -> None:
    row, rep = strict.opened(), strict.world.client("east_rep")
    page = text_of(rep, f"/opportunities/{row.pk}/")
    assert "必做 0/2" in page
    assert f"/opportunities/{row.pk}/steps/ask/tick/" in page
    assert f"/opportunities/{row.pk}/steps/rang/tick/" not in page
    assert "有了「电话沟通」的记录会自动打勾" in page
    rep.post(f"/opportunities/{row.pk}/steps/ask/tick/")
    page = text_of(rep, f"/opportunities/{row.pk}/")
    assert "必做 1/2" in page
    assert f"/opportunities/{row.pk}/steps/ask/untick/" in page
    rep.post(f"/opportunities/{row.pk}/steps/ask/untick/")
    assert "问清预算" in text_of(rep, f"/opportunities/{row.pk}/steps/ask/")
    rep.post(f"/opportunities/{row.pk}/steps/ask/", {"note": "最多十万"})
    assert "最多十万" in text_of(rep, f"/opportunities/{row.pk}/")


def test_a_step_that_a_call_proves_leads_to_it_for_whoever_sees_it(strict: Deals) -> None:
    row = strict.opened()
    call = log_contact(strict.world.actor("east_rep"), ContactDraft(customer_id=row.customer_id, opportunity_id=row.pk))
    link = f'href="/visits/{call.pk}/"'
    assert link in text_of(strict.world.client("east_rep"), f"/opportunities/{row.pk}/")
    grant(Opportunity, row.pk, [strict.world.id("south_rep")], "assist")
    page = text_of(strict.world.client("south_rep"), f"/opportunities/{row.pk}/")
    assert "电话沟通" in page
    assert link not in page


def test_the_stages_at_the_top_open_to_what_each_asks_for(strict: Deals) -> None:
    row, rep = strict.opened(), strict.world.client("east_rep")
    quote = strict.stages["quote"]
    page = text_of(rep, f"/opportunities/{row.pk}/?stage={quote.pk}")
    assert "给出完整、看得懂的报价" in page
    assert "金额、预计成交日" in page
    assert f"/opportunities/{row.pk}/advance/{quote.pk}/?seen=1" in page
    assert f"/opportunities/{row.pk}/steps/quote-1/tick/" not in page
    part = text_of(rep, f"/opportunities/{row.pk}/?stage={quote.pk}", headers=HTMX | {"HX-Target": "div#stage-panel"})
    assert "给出完整、看得懂的报价" in part
    assert "<html" not in part
    assert '<div id="stage-panel"></div>' in text_of(rep, f"/opportunities/{row.pk}/?stage=99999999999999999999")


def test_a_stage_that_was_left_says_what_was_left_out_and_takes_it_afterwards(strict: Deals) -> None:
    row, rep = strict.opened(), strict.world.client("east_rep")
    strict.move(row, "contact", "east_manager", bypass=True, reason="急")
    left = f"/opportunities/{row.pk}/?stage={strict.stages['identify'].pk}"
    assert text_of(rep, left).count("没有做") == 3
    rep.post(f"/opportunities/{row.pk}/steps/ask/tick/")
    page = text_of(rep, left)
    assert "补录" in page
    assert page.count("没有做") == 2
    assert f"/opportunities/{row.pk}/steps/ask/untick/" not in page
    assert rep.post(f"/opportunities/{row.pk}/steps/ask/untick/").status_code == 422


def test_who_moves_on_ticks_what_is_missing_on_the_way(strict: Deals) -> None:
    row, rep = strict.opened(), strict.world.client("east_rep")
    commands.note_evidence(SYSTEM, row.pk, "call", "call-1", row.opened_at)
    to = strict.stages["contact"].pk
    form = text_of(rep, f"/opportunities/{row.pk}/advance/{to}/?seen=1")
    assert "还缺:问清预算" in form
    assert 'name="step-ask"' in form
    assert rep.post(f"/opportunities/{row.pk}/advance/{to}/", {"seen": "1"}).status_code == 422
    rep.post(f"/opportunities/{row.pk}/advance/{to}/", {"seen": "1", "step-ask": "on"})
    assert strict.stage(row) == "contact"
    assert row.spans.get(seq=1).done_steps == 2


def test_a_drop_asks_for_ticks_and_refuses_where_only_a_record_helps(strict: Deals) -> None:
    row, rep = strict.opened(), strict.world.client("east_rep")
    drop = f"/opportunities/{row.pk}/drop/?seen=1"
    refused = rep.post(drop, {"to": strict.stages["contact"].pk}, headers=HTMX)
    assert (refused.status_code, "打过电话" in refused.content.decode()) == (422, True)
    commands.note_evidence(SYSTEM, row.pk, "call", "call-1", row.opened_at)
    assert rep.post(drop, {"to": strict.stages["contact"].pk}, headers=HTMX)["HX-Retarget"] == "#drawer-body"


def statements(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        text_of(client, url)
    return len(caught.captured_queries)


def test_board_and_list_say_how_far_each_is_by_one_statement_for_all(strict: Deals) -> None:
    row, rep = strict.opened(name="第一单"), strict.world.client("east_rep")
    commands.tick(strict.world.actor("east_rep"), row.pk, "ask")
    pages = ("/opportunities/", "/opportunities/board/")
    for url in pages:
        assert "必做 1/2" in text_of(rep, url), url
    before = [statements(rep, url) for url in pages]
    for n in range(8):
        fresh = strict.opened(name=f"{n}")
        if n % 2:
            commands.tick(strict.world.actor("east_rep"), fresh.pk, "ask")
    assert [statements(rep, url) for url in pages] == before
    assert text_of(rep, "/opportunities/board/").count("必做 0/2") == 4


def lines(*steps: dict[str, str]) -> dict[str, str]:
    sent = {"lines-TOTAL_FORMS": str(len(steps)), "lines-INITIAL_FORMS": "0"}
    return sent | {f"lines-{n}-{name}": value for n, step in enumerate(steps) for name, value in step.items()}


STAGE = {"name": "识别", "kind": "open", "probability": "10", "forecast_category": "pipeline"}


def test_steps_are_ordered_dropped_added_and_pasted_in_the_form(strict: Deals) -> None:
    director = strict.world.client("director")
    draft = commands.draft_version(SYSTEM, strict.process.pk)
    stage = draft.stages.get(code="identify")
    url = f"/processes/editions/{draft.pk}/stages/{stage.pk}/"
    form = text_of(director, url)
    assert re.findall(r'name="lines-\d-text" value="([^"]+)"', form) == ["问清预算", "打过电话", "查一查同行"]
    sent = lines(
        {"key": "ask", "place": "2", "text": "问清预算和时间"},
        {"key": "rang", "place": "1", "text": "打过电话", "evidence": "call", "is_required": "on"},
        {"key": "", "place": "", "text": ""},
        {"key": "", "place": "", "text": "约下次", "is_required": "on"},
    )
    director.post(url, STAGE | sent | {"more_steps": "第一\n\n 第二 \n第三"})
    steps = Stage.objects.get(pk=stage.pk).checklist
    assert [(step.text, step.evidence, step.is_required) for step in steps] == [
        ("打过电话", "call", True),
        ("问清预算和时间", "", False),
        ("约下次", "", True),
        ("第一", "", False),
        ("第二", "", False),
        ("第三", "", False),
    ]
    assert [step.key for step in steps[:2]] == ["rang", "ask"]
    last_first = [{"key": step.key, "place": str(n), "text": str(step.text)} for n, step in enumerate(steps, 1)]
    last_first[5]["place"], last_first[1]["text"] = "1", ""
    director.post(url, STAGE | lines(*last_first))
    texts = [step.text for step in Stage.objects.get(pk=stage.pk).checklist]
    assert texts == ["第三", "打过电话", "约下次", "第一", "第二"]
    director.post(
        url, STAGE | lines(*({"place": place, "text": text} for text, place in zip("甲乙丙", "312", strict=True)))
    )
    assert [step.text for step in Stage.objects.get(pk=stage.pk).checklist] == ["乙", "丙", "甲"]
    wrong = director.post(url, STAGE | lines({"text": "跳舞", "evidence": "dance"}))
    assert wrong.status_code == 422
    shown = text_of(director, f"/processes/{strict.process.pk}/?version=2")
    assert "<li>乙</li>" in shown
    assert "电话沟通" in shown


def test_the_needs_analysis_is_asked_where_it_is_made_and_carried_on_from_there(deals: Deals) -> None:
    row, rep = deals.opened(), deals.world.client("east_rep")
    page = f"/opportunities/{row.pk}/"
    shown = {}
    for code in ("identify", "needs", "introduce", "quote", "negotiate"):
        if code != "identify":
            deals.move(row, code)
        text = text_of(rep, page)
        assert text.count("每天停两小时") == {"identify": 0, "needs": 1}.get(code, 2), (
            code
        )  # in a folded card's head, too
        shown[code] = re.findall(r'<details class="card needs"( open)?>', text)
    assert shown == {"identify": [], "needs": [" open"], "introduce": [""], "quote": [""], "negotiate": [""]}
    form = text_of(rep, f"{page}needs/", headers=HTMX | {"HX-Target": "div#needs"})
    assert 'name="pains"' in form
    assert "<html" not in form
    commands.win(deals.world.actor("east_rep"), row.pk, "好")
    assert "每天停两小时" not in text_of(rep, page)


def test_the_day_begins_with_what_lacks_a_next_step(deals: Deals) -> None:
    deals.opened(name="没有下一步的")
    rep = deals.world.client("east_rep")
    assert "1 个商机还没有下一步" in text_of(rep, "/today/")
    assert "没有下一步的" in text_of(rep, "/opportunities/?tab=mine&pace=no_step")
    assert "缺下一步" in text_of(rep, "/opportunities/board/")
    assert "还没有下一步" not in text_of(deals.world.client("south_rep"), "/today/")
