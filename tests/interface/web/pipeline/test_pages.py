"""The pages of opportunities: what they show, what their forms do, and what they cost."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.selling.pipeline.deals import Deals
from xiaocheng.foundation.files.queries import attachments
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.commands import OpportunityDraft
from xiaocheng.selling.pipeline.models import Opportunity

NO_LINES = {"lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def text_of(client: Client, url: str, **more: Any) -> str:
    answer = client.get(url, **more)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def newest() -> Opportunity:
    found: Opportunity = Opportunity.objects.visible_to(SYSTEM).latest("pk")
    return found


def test_the_list_shows_each_view_and_its_work_list(deals: Deals) -> None:
    deals.opened(name="有客户的")
    deals.opened(name="少客户的", customer_id=None)
    deals.opened("south_rep", name="外人的")
    rep = deals.world.client("east_rep")
    mine = text_of(rep, "/opportunities/")
    assert "有客户的" in mine
    assert "少客户的" in mine
    assert "外人的" not in mine
    lacking = text_of(rep, "/opportunities/?tab=no_customer")
    assert "少客户的" in lacking
    assert "有客户的" not in lacking
    assert "有客户的" not in text_of(deals.world.client("east_manager"), "/opportunities/?tab=mine")
    assert "有客户的" in text_of(deals.world.client("east_manager"), "/opportunities/")
    assert "?tab=team" not in mine
    assert "有客户的" in text_of(rep, "/opportunities/?q=ykh")


def test_filters_of_the_list(deals: Deals) -> None:
    first, second = deals.opened(name="第一单"), deals.opened(name="第二单")
    deals.move(first, "contact")
    commands.lose(deals.world.actor("east_rep"), second.pk, "price")
    rep = deals.world.client("east_rep")
    for query, shown, hidden in (
        ("", "第一单", "第二单"),
        ("state=any&stage=lost", "第二单", "第一单"),
        ("stage=contact", "第一单", "第二单"),
        ("state=lost", "第二单", "第一单"),
        (f"owner={deals.world.id('east_peer')}", "没有符合条件", "第一单"),
        ("closes_from=2027-02-01", "没有符合条件", "第一单"),
        ("closes_from=2027-01-31&closes_to=2027-01-31", "第一单", "没有符合条件"),
    ):
        page = text_of(rep, f"/opportunities/?{query}")
        assert shown in page
        assert hidden not in page


def test_a_new_opportunity_needs_only_a_customer(deals: Deals) -> None:
    rep = deals.world.client("east_rep")
    customer = deals.customer()
    assert f'value="{customer}" selected' in text_of(rep, f"/opportunities/new/?customer={customer}")
    form = text_of(rep, "/opportunities/new/").split('<form method="post" action="/opp')[1]
    fields = re.findall(r'name="(\w+)"', form.split("<details")[0])
    assert [name for name in fields if not name.startswith(("_", "csrf"))] == [
        "customer", "product", "amount", "expected_close_on", "next_step", "next_step_on",
    ]  # fmt: skip
    answer = rep.post("/opportunities/new/", {"customer": customer, "amount": "1.2万"})
    assert (newest().name, newest().amount) == ("甲公司", Decimal(12_000))
    assert answer["Location"] == f"/opportunities/{newest().pk}/"


def test_a_form_with_nonsense_is_422_with_the_field_named(deals: Deals) -> None:
    rep = deals.world.client("east_rep")
    hidden = deals.customer("south_rep", "外人公司")
    for data, status, words in (
        ({}, 422, "请选择客户"),
        ({"name": "x", "amount": "很多"}, 422, "amount"),
        ({"name": "x", "amount": "-5"}, 422, "负数"),
        ({"name": "x", "product": "abc"}, 422, "product"),
        ({"customer": hidden}, 404, ""),
    ):
        answer = rep.post("/opportunities/new/", data)
        assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert not Opportunity.objects.visible_to(SYSTEM).exists()


def test_the_page_shows_the_way_the_guidance_and_what_is_missing(deals: Deals) -> None:
    row = commands.open_opportunity(deals.world.actor("east_rep"), OpportunityDraft(name="新线<script>"))
    rep = deals.world.client("east_rep")
    page = text_of(rep, f"/opportunities/{row.pk}/")
    for words in ("判断这家客户值不值得投入时间", "查重并登记客户", "推进到「接触」", "缺客户", "新线&lt;script&gt;"):
        assert words in page
    deals.move(row, "contact")
    page = text_of(rep, f"/opportunities/{row.pk}/")
    assert "还缺" in page
    assert f"/opportunities/{row.pk}/advance/{deals.stages['needs'].pk}/" in page
    assert "撤回" in page
    assert "新建商机「新线&lt;script&gt;」" in text_of(rep, f"/opportunities/{row.pk}/?tab=story")
    assert "吴小沪" not in text_of(rep, f"/opportunities/{row.pk}/?tab=way")


def test_its_files_are_attached_shown_and_taken_away_by_whoever_sees_it(
    deals: Deals, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    row = deals.opened()
    rep, address = deals.world.client("east_rep"), f"/opportunities/{row.pk}/?tab=files"
    attach = f"/files/pipeline.opportunity/{row.pk}/attach/"
    assert attach in text_of(rep, address)
    assert rep.post(attach, {"file": SimpleUploadedFile("报价.pdf", b"%PDF-1.7 x")}).status_code == 302
    [file] = attachments(deals.world.actor("east_rep"), "pipeline.opportunity", row.pk)
    shown = text_of(deals.world.client("east_manager"), address)
    assert "报价.pdf" in shown and f"/files/{file.pk}/" in shown
    assert "报价.pdf" in text_of(rep, f"/opportunities/{row.pk}/?tab=story")
    stranger = deals.world.client("south_rep")
    for answer in (stranger.get(address), stranger.get(f"/files/{file.pk}/"), stranger.post(attach)):
        assert answer.status_code == 404
    assert rep.post(f"/files/{file.pk}/remove/").status_code == 302
    assert "还没有附件" in text_of(rep, address)


def test_a_move_asks_for_the_next_step_and_a_tap_takes_it_back(deals: Deals) -> None:
    row, rep = deals.opened(), deals.world.client("east_rep")
    url = f"/opportunities/{row.pk}/advance/{deals.stages['contact'].pk}/?seen=1"
    assert 'name="next_step_on"' in text_of(rep, url)
    assert rep.post(url, {"seen": 1}).status_code == 302
    assert deals.stage(row) == "contact"
    stale = rep.post(f"/opportunities/{row.pk}/advance/{deals.stages['quote'].pk}/", {"seen": 1}, headers=HTMX)
    assert (stale.status_code, "刷新" in stale.content.decode()) == (422, True)
    assert rep.post(f"/opportunities/{row.pk}/undo/").status_code == 302
    assert deals.stage(row) == "identify"


def test_the_way_on_asks_for_what_is_missing_and_moves_with_it(deals: Deals) -> None:
    row = commands.open_opportunity(deals.world.actor("east_rep"), OpportunityDraft(name="新线"))
    deals.move(row, "contact")
    rep, customer = deals.world.client("east_rep"), deals.customer()
    url = f"/opportunities/{row.pk}/advance/{deals.stages['needs'].pk}/"
    assert 'name="customer"' in text_of(rep, url)
    assert rep.post(url, {"seen": 2}).status_code == 422
    assert rep.post(url, {"seen": 2, "customer": customer}).status_code == 302
    assert (deals.stage(row), deals.fresh(row).customer_id) == ("needs", customer)


def test_a_manager_lets_it_pass_in_the_same_form(deals: Deals) -> None:
    row = commands.open_opportunity(deals.world.actor("east_rep"), OpportunityDraft(name="新线"))
    deals.move(row, "contact")
    manager = deals.world.client("east_manager")
    url = f"/opportunities/{row.pk}/advance/{deals.stages['needs'].pk}/"
    assert 'name="bypass"' not in text_of(deals.world.client("east_rep"), url)
    assert manager.post(url, {"seen": 2, "bypass": "on", "reason": ""}).status_code == 422
    assert manager.post(url, {"seen": 2, "bypass": "on", "reason": "客户保密"}).status_code == 302
    assert row.transitions.latest("pk").is_bypass


def test_winning_and_losing_ask_why(deals: Deals) -> None:
    won, lost, rep = deals.opened(), deals.opened(), deals.world.client("east_rep")
    assert 'name="amount" value="1000"' in text_of(rep, f"/opportunities/{won.pk}/win/")
    assert rep.post(f"/opportunities/{won.pk}/win/", {"seen": 1}).status_code == 422
    rep.post(f"/opportunities/{won.pk}/win/", {"seen": 1, "reason": "方案好", "amount": "2,000"})
    assert (deals.fresh(won).state, deals.fresh(won).amount) == ("won", 2000)
    form = text_of(rep, f"/opportunities/{lost.pk}/lose/")
    assert "时机不对" in form
    assert 'value="import"' not in form
    assert rep.post(f"/opportunities/{lost.pk}/lose/", {"seen": 1, "reason": "bad"}).status_code == 422
    rep.post(f"/opportunities/{lost.pk}/lose/", {"seen": 1, "reason": "timing", "note": "明年再说"})
    assert (deals.fresh(lost).close_reason, deals.fresh(lost).close_note) == ("timing", "明年再说")
    assert re.search("时机不对.明年再说", text_of(rep, f"/opportunities/{lost.pk}/"))
    asked = text_of(rep, f"/opportunities/{lost.pk}/reopen/")
    assert f'value="{deals.stages["identify"].pk}"' in asked.split("checked")[0][-200:]
    assert str(deals.stages["won"].pk) not in re.findall(r'name="stage" value="(\d+)"', asked)
    assert rep.post(f"/opportunities/{lost.pk}/reopen/", {"reason": "预算批了"}).status_code == 422
    rep.post(f"/opportunities/{lost.pk}/reopen/", {"reason": "预算批了", "stage": deals.stages["quote"].pk})
    assert (deals.fresh(lost).is_open, deals.stage(lost)) == (True, "quote")


def test_an_edit_shows_both_texts_when_somebody_was_first(deals: Deals) -> None:
    row, rep = deals.opened(), deals.world.client("east_rep")
    form = {"name": "改名", "amount": "5"}
    assert rep.post(f"/opportunities/{row.pk}/edit/", {**form, "_version": row.edit_version}).status_code == 302
    late = rep.post(f"/opportunities/{row.pk}/edit/", {**form, "name": "又改", "_version": row.edit_version})
    assert (late.status_code, "改名" in late.content.decode()) == (409, True)
    assert rep.post(f"/opportunities/{row.pk}/edit/", {"name": " ", "_version": 9}).status_code == 422
    version = deals.fresh(row).edit_version
    rep.post(
        f"/opportunities/{row.pk}/needs/",
        {"background": "扩产", "problems": "慢", "pains": "赔钱", "_version": version},
    )
    rep.post(
        f"/opportunities/{row.pk}/next-step/",
        {"next_step": "演示", "next_step_on": "2027-01-05", "_version": version + 1},
    )
    assert "演示" in text_of(rep, f"/opportunities/{row.pk}/")
    assert (deals.fresh(row).name, deals.fresh(row).background) == ("改名", "扩产")


def test_editing_does_not_lose_a_customer_out_of_sight(deals: Deals) -> None:
    row = deals.opened()
    commands.hand_over(deals.world.actor("director"), [row.pk], deals.world.id("south_rep"))
    manager = deals.world.client("south_manager")  # the customer is opened to the owner alone
    assert 'name="customer"' not in text_of(manager, f"/opportunities/{row.pk}/edit/")
    manager.post(f"/opportunities/{row.pk}/edit/", {"name": "接手", "_version": row.edit_version})
    assert (deals.fresh(row).name, deals.fresh(row).customer_id) == ("接手", row.customer_id)
    assert "甲公司" in text_of(manager, f"/opportunities/{row.pk}/")


def test_opportunities_are_handed_over_together(deals: Deals) -> None:
    rows = [deals.opened(), deals.opened()]
    ids = "&".join(f"ids={row.pk}" for row in rows)
    manager = deals.world.client("east_manager")
    assert "共 2 个商机" in text_of(manager, f"/opportunities/hand-over/?{ids}")
    manager.post(f"/opportunities/hand-over/?{ids}", {"owner": deals.world.id("shanghai_rep")})
    assert {deals.fresh(row).owner_id for row in rows} == {deals.world.id("shanghai_rep")}


def test_an_opportunity_goes_over_to_another_process(deals: Deals) -> None:
    short = commands.install_template(SYSTEM, "short").versions.get()
    row, rep = deals.opened(), deals.world.client("east_rep")
    target = short.stages.get(code="quote")
    assert "简易销售流程" in text_of(rep, f"/opportunities/{row.pk}/process/")
    url = f"/opportunities/{row.pk}/process/"
    assert rep.post(url, {"stage": "9-9", "reason": "小单"}).status_code == 422
    assert rep.post(url, {"stage": f"{short.pk}-{target.pk}", "reason": "小单"}).status_code == 302
    assert deals.fresh(row).version_id == short.pk


@pytest.mark.parametrize(
    "path",
    ["", "edit/", "needs/", "next-step/", "win/", "lose/", "reopen/", "process/", "advance/{stage}/"],
)
def test_a_hidden_and_a_missing_one_answer_alike(deals: Deals, path: str) -> None:
    row = deals.opened()
    outsider, stage = deals.world.client("south_rep"), deals.stages["contact"].pk
    for pk in (row.pk, 999_999):
        assert outsider.get(f"/opportunities/{pk}/{path.format(stage=stage)}").status_code == 404


def test_the_board_shows_totals_and_cards_and_pages_through_a_column(deals: Deals) -> None:
    for n in range(25):
        deals.opened(name=f"单{n:02}", customer_id=None, amount=Decimal("10.5"))
    rep = deals.world.client("east_rep")
    page = text_of(rep, "/opportunities/board/")
    assert ">25 · 262.5 元<" in page
    assert page.count('class="board-card deal"') == 20
    more = re.search(r'hx-get="([^"]+/board/identify/[^"]+)"', page)
    assert more
    rest = text_of(rep, more[1].replace("&amp;", "&"))
    assert rest.count('class="board-card deal"') == 5
    assert "hx-get" not in rest
    assert 'class="board-card deal"' not in text_of(deals.world.client("south_rep"), "/opportunities/board/?tab=all")
    assert text_of(rep, "/opportunities/board/?q=单07").count('class="board-card deal"') == 1


def drop(client: Client, row: Opportunity, stage: int, seen: int = 1) -> Any:
    return client.post(f"/opportunities/{row.pk}/drop/?seen={seen}&tab=mine&q=", {"to": stage}, headers=HTMX)


def test_a_dropped_card_moves_and_the_totals_follow(deals: Deals) -> None:
    row, rep = deals.opened(), deals.world.client("east_rep")
    answer = drop(rep, row, deals.stages["contact"].pk)
    body = answer.content.decode()
    assert deals.stage(row) == "contact"
    assert f'id="deal-{row.pk}" hx-swap-oob="true"' in body
    assert f"/opportunities/{row.pk}/drop/?seen=2" in body
    assert re.search(r'id="total-identify" hx-swap-oob="true">0 ·', body)
    assert re.search(r'id="total-contact" hx-swap-oob="true">1 ·', body)
    assert drop(rep, row, deals.stages["needs"].pk, seen=1).status_code == 422


def test_a_drop_asks_in_the_drawer_for_what_is_missing_and_for_reasons(deals: Deals) -> None:
    row = commands.open_opportunity(deals.world.actor("east_rep"), OpportunityDraft(name="新线"))
    rep = deals.world.client("east_rep")
    for code, form in (("won", "win/"), ("lost", "lose/"), ("quote", f"advance/{deals.stages['quote'].pk}/")):
        answer = drop(rep, row, deals.stages[code].pk)
        assert (answer.status_code, answer["HX-Retarget"]) == (200, "#drawer-body")
        assert f'hx-get="/opportunities/{row.pk}/{form}?seen=1"' in answer.content.decode()
    assert deals.stage(row) == "identify"


def test_a_drop_that_the_process_forbids_is_refused_with_the_sentence(deals: Deals) -> None:
    row = deals.opened()
    version = row.version
    version.skip_allowed = False
    version.save()
    answer = drop(deals.world.client("east_rep"), row, deals.stages["quote"].pk)
    assert (answer.status_code, "请先完成" in answer.content.decode()) == (422, True)
    assert drop(deals.world.client("east_rep"), row, 2**70).status_code == 404


def statements(client: Client, url: str) -> int:
    """How often a page reads what is its own: who is asking is read by every page."""
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return sum("pipeline_" in query["sql"] or "customers_" in query["sql"] for query in caught.captured_queries)


def test_pages_take_the_same_few_statements_however_full_they_are(deals: Deals) -> None:
    row = deals.opened()
    rep = deals.world.client("east_rep")
    pages = {"/opportunities/": 2, "/opportunities/board/": 5, f"/opportunities/{row.pk}/": 9}
    before = {url: statements(rep, url) for url in pages}
    for code in ("identify", "contact"):
        for n in range(6):
            fresh = deals.opened(name=f"{code}{n}")
            if code != "identify":
                deals.move(fresh, code)
    assert {url: statements(rep, url) for url in pages} == before == pages


def test_processes_are_drafted_changed_and_published(deals: Deals) -> None:
    director = deals.world.client("director")
    page = text_of(director, "/processes/")
    assert "标准销售流程" in page
    assert "简易销售流程" in page
    director.post("/processes/install/short/")
    assert "寻找客户" in text_of(director, "/processes/")
    director.post(f"/processes/{deals.process.pk}/draft/")
    draft = deals.process.versions.get(state="draft")
    base = f"/processes/editions/{draft.pk}"
    director.post(
        f"{base}/stages/new/",
        {
            "name": "试用",
            "kind": "open",
            "probability": "70",
            "forecast_category": "best",
            "more_steps": "装机\n\n回访",
            **NO_LINES,
        },
    )
    trial = draft.stages.get(name="试用")
    assert [step.text for step in trial.checklist] == ["装机", "回访"]
    assert director.post(f"{base}/stages/new/", {}).status_code == 422
    director.post(f"{base}/stages/{trial.pk}/raise/")
    needs = draft.stages.get(code="needs")
    director.post(f"{base}/stages/{needs.pk}/drop/")
    director.post(f"{base}/rules/", {"back_allowed": "on"})
    shown = text_of(director, f"/processes/{deals.process.pk}/?version=2")
    assert "装机" in shown
    assert "不能跳过阶段" in shown
    director.post(f"{base}/publish/")
    names = [stage.name for stage in queries.version(SYSTEM, draft.pk).stages.all()]
    assert names == ["识别", "接触", "产品介绍", "报价", "试用", "谈判", "成交", "售后", "输单"]


def test_stages_of_a_draft_go_up_and_down_by_buttons_within_their_kind(deals: Deals) -> None:
    director = deals.world.client("director")
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    stages = {stage.code: stage.pk for stage in draft.stages.all()}
    base = f"/processes/editions/{draft.pk}/stages"
    page = text_of(director, f"/processes/{deals.process.pk}/?version=2")
    assert page.count("data-stages") == 4
    assert (f'id="raise-{stages["identify"]}"' in page, f'id="lower-{stages["identify"]}"' in page) == (False, True)
    assert (f'id="lower-{stages["negotiate"]}"' in page, f'id="raise-{stages["won"]}"' in page) == (False, False)
    for act, code in (("lower", "identify"), ("raise", "quote"), ("lower", "negotiate"), ("raise", "won")):
        assert director.post(f"{base}/{stages[code]}/{act}/", headers=HTMX)["HX-Trigger"].startswith('{"stages-placed"')
    director.post(f"{base}/{stages['needs']}/place/", {"before": stages["contact"]})
    order = [stage.code for stage in queries.stages_of_version(SYSTEM, draft.pk)]
    assert order == ["needs", "contact", "identify", "quote", "introduce", "negotiate", "won", "service", "lost"]
    assert director.post(f"{base}/{stages['needs']}/place/", {"before": 10**6}).status_code == 404
    assert deals.world.client("east_rep").post(f"{base}/{stages['needs']}/place/").status_code == 403
    assert "data-stages" not in text_of(director, f"/processes/{deals.process.pk}/")


def test_a_process_of_ones_own_starts_with_three_stages(deals: Deals) -> None:
    admin = deals.world.client("administrator")
    data = {"name": "投标", "customer_kind": "", "first": "招标信息", "won": "中标", "lost": "落标"}
    admin.post("/processes/new/", data)
    process = queries.processes(SYSTEM).get(name="投标")
    assert [stage.name for stage in process.versions.get().stages.all()] == ["招标信息", "中标", "落标"]
    assert admin.post("/processes/new/", data).status_code == 422
    admin.post(f"/processes/{process.pk}/edit/", {"name": "招投标", "is_active": "on", "_version": "1"})
    assert queries.process(SYSTEM, process.pk).name == "招投标"


def test_the_page_of_a_process_says_which_new_opportunities_get_it(deals: Deals) -> None:
    director = deals.world.client("director")
    short = commands.install_template(SYSTEM, "short")
    page, url = f"/processes/{short.pk}/", f"/processes/{short.pk}/edit/"
    assert "「标准销售流程」也用于这些客户,而且建得更早" in text_of(director, page)
    assert "「简易销售流程」也用于这些客户;这个流程建得更早" in text_of(director, f"/processes/{deals.process.pk}/")
    asked = {"name": short.name, "is_active": "on", "customer_kind": "dealer"}
    director.post(url, asked | {"_version": "1"})
    assert "客户是经销商的新商机用这个流程,除非有按行业指定的。" in text_of(director, page)
    director.post(url, asked | {"industry": "manufacturing", "_version": "2"})
    assert "客户是经销商、行业是制造的新商机用这个流程。" in text_of(director, page)
    assert 'value="manufacturing" selected' in text_of(director, url)
    director.post(url, asked | {"customer_kind": "", "industry": "manufacturing", "_version": "3"})
    assert "客户行业是制造的新商机用这个流程" in text_of(director, page)
    assert "没有为客户的类型或行业指定流程的新商机用这个流程。" in text_of(director, f"/processes/{deals.process.pk}/")
    listed = text_of(director, "/processes/")
    assert "制造" in listed
    assert "先看客户的行业,再看客户类型" in listed
    director.post(url, asked | {"is_active": "", "_version": "4"})
    assert "已停用:新商机不会用这个流程。" in text_of(director, page)
    assert director.post(url, asked | {"industry": "witchcraft", "_version": "5"}).status_code == 422
    assert director.post(url, asked | {"_version": "4"}).status_code == 409
    fresh = commands.add_process(SYSTEM, commands.ProcessDraft("试一试", "try"))
    assert "还没有发布" in text_of(director, f"/processes/{fresh.pk}/")


def test_the_process_is_drawn_with_days_chances_gates_and_ends(deals: Deals) -> None:
    deals.stages["negotiate"].movers = [deals.world.role_ids["director"]]
    deals.stages["negotiate"].save()
    rep, url = deals.world.client("east_rep"), f"/processes/{deals.process.pk}/"
    drawn = re.search(r'<figure class="flow.*?</figure>', text_of(rep, url), re.DOTALL)
    assert drawn
    boxes = re.findall(r'flow-step is-(\w+)"><strong>(?:<svg.*?</svg>)?(.*?)</strong>(.*?)</li>', drawn[0], re.DOTALL)
    assert [name for _kind, name, _rest in boxes] == [
        "识别", "接触", "需求分析", "产品介绍", "报价", "谈判", "输单", "成交", "售后"
    ]  # fmt: skip
    said = {name: re.sub(r"<[^>]+>", " ", rest) for _kind, name, rest in boxes}
    assert "7 天 · 10%" in said["识别"]
    assert "离开前 3 项" in said["需求分析"]
    assert "进入前 2 项" in said["报价"]
    assert "限 总监" in said["谈判"]
    assert ("可以跳过" in drawn[0], "可以退回" in drawn[0], "style=" in drawn[0]) == (True, True, False)
    deals.version.skip_allowed = False
    deals.version.save()
    assert "flow-way is-over" not in text_of(rep, url)


def test_a_draft_is_thrown_away_on_its_page(deals: Deals) -> None:
    admin = deals.world.client("administrator")
    draft = commands.draft_version(SYSTEM, deals.version.process_id)
    address = f"/processes/{deals.version.process_id}/?version={draft.number}"
    assert "放弃草稿" in admin.get(address).content.decode()
    gone = admin.post(f"/processes/editions/{draft.pk}/discard/")
    assert gone.headers["Location"] == f"/processes/{deals.version.process_id}/"
    fresh = commands.add_process(SYSTEM, commands.ProcessDraft("试一试", "try"))
    gone = admin.post(f"/processes/editions/{fresh.versions.get().pk}/discard/")
    assert gone.headers["Location"] == "/processes/"
    assert admin.post("/processes/templates/nonsense/install/").status_code == 404


def test_a_rep_reads_the_process_and_changes_nothing(deals: Deals) -> None:
    rep = deals.world.client("east_rep")
    page = text_of(rep, f"/processes/{deals.process.pk}/")
    assert "查重并登记客户" in page
    assert "起草新版本" not in page
    assert "启用" not in text_of(rep, "/processes/")
    assert rep.post(f"/processes/{deals.process.pk}/draft/").status_code == 403
    assert rep.get("/processes/new/").status_code == 403
    assert rep.get("/processes/99/").status_code == 404
