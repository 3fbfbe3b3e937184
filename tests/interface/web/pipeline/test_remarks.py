"""The pages of remarks on processes: made where one works, supported, decided, realised."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from tests.selling.pipeline.deals import Deals
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.import_export.reading.reader import read_file
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import edit_role
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.models import Notification
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.commands import RemarkDraft
from xiaocheng.selling.pipeline.models import ProcessRemark


@pytest.fixture
def row(deals: Deals) -> ProcessRemark:
    """A remark on the quote, seen in a deal."""
    deal = deals.opened(name="绝密商机")
    draft = RemarkDraft("slow", "折扣审批太慢", opportunity_id=deal.pk)
    return commands.remark(deals.world.actor("east_rep"), deals.stages["quote"].pk, draft)


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_a_remark_is_made_from_the_guidance_of_a_deal_and_from_the_process(deals: Deals) -> None:
    deal, rep = deals.opened(), deals.world.client("east_rep")
    stage = deals.stages["identify"]
    url = f"/processes/stages/{stage.pk}/remark/"
    assert f"{url}?deal={deal.pk}" in page(rep, f"/opportunities/{deal.pk}/")
    assert url in page(rep, f"/processes/{deals.process.pk}/")
    form = page(rep, f"{url}?deal={deal.pk}")
    assert all(str(step.text) in form for step in stage.checklist) and "整个阶段" in form
    assert rep.post(url, {"kind": "slow", "text": ""}).status_code == 422
    sent = {"kind": "unclear", "text": "怎么算识别?", "step": stage.checklist[0].text}
    assert rep.post(f"{url}?deal={deal.pk}", sent).status_code == 302
    made = ProcessRemark.objects.get()
    assert (made.step, made.kind, made.opportunity_id) == (stage.checklist[0].text, "unclear", deal.pk)
    assert rep.post(f"{url}?deal=99999", sent).status_code == 404
    assert deals.world.client("promoter").get(url).status_code == 403


def test_stages_show_how_many_remarks_wait_and_lead_to_them(deals: Deals, row: ProcessRemark) -> None:
    rep = deals.world.client("south_rep")
    process = page(rep, f"/processes/{deals.process.pk}/")
    link = f"/processes/remarks/?process={deals.process.pk}&amp;stage=quote"
    assert link in process and "1 条意见" in process
    assert "折扣审批太慢" in page(rep, link.replace("&amp;", "&"))
    assert "折扣审批太慢" not in page(rep, "/processes/remarks/?stage=contact")
    assert "折扣审批太慢" not in page(rep, "/processes/remarks/?tab=mine")
    assert "折扣审批太慢" in page(deals.world.client("east_rep"), "/processes/remarks/?tab=mine&q=sptm")


def test_the_deal_behind_shows_to_whoever_sees_it(deals: Deals, row: ProcessRemark) -> None:
    url = f"/processes/remarks/{row.pk}/"
    assert "绝密商机" in page(deals.world.client("east_manager"), url)
    outside = page(deals.world.client("south_rep"), url)
    assert "折扣审批太慢" in outside and "绝密商机" not in outside
    assert f"/opportunities/{row.opportunity_id}/" not in outside


def test_a_colleague_supports_with_one_tap_and_takes_it_back(deals: Deals, row: ProcessRemark) -> None:
    url, peer = f"/processes/remarks/{row.pk}/", deals.world.client("east_peer")
    assert "support/" not in page(deals.world.client("east_rep"), url)
    peer.post(f"{url}support/")
    shown = page(peer, url)
    assert "附议:赵六" in shown and "unsupport/" in shown
    peer.post(f"{url}unsupport/")
    assert "附议:赵六" not in page(peer, url)


def test_who_keeps_the_process_is_led_from_the_note_and_the_todo_and_decides(deals: Deals, row: ProcessRemark) -> None:
    director, url = deals.world.client("director"), f"/processes/remarks/{row.pk}/"
    tell(SYSTEM)
    note = Notification.objects.visible_to(SYSTEM).get(person=deals.world.id("director"))
    assert director.get(f"/notifications/{note.pk}/")["Location"] == url
    assert f"/processes/remarks/?process={deals.process.pk}" in page(director, "/tasks/")
    assert "decide/" not in page(deals.world.client("east_manager"), url)
    assert deals.world.client("east_manager").get(f"{url}decide/").status_code == 403
    form = page(director, f"{url}decide/")
    assert "折扣审批太慢" in form and "起草新版本" in form and "使用中的第 1 版" in form
    sent = {"decision": "taken_up", "reason": "改成线上审批", "_version": "1"}
    assert director.post(f"{url}decide/", sent | {"reason": ""}).status_code == 422
    assert director.post(f"{url}decide/", sent | {"decision": "later"}).status_code == 422
    assert director.post(f"{url}decide/", sent).status_code == 302
    assert director.post(f"{url}decide/", sent | {"decision": "declined"}).status_code == 422
    shown = page(director, url)
    assert "改成线上审批" in shown and "第 2 版" in shown and "草稿" in shown
    draft = page(director, f"/processes/{deals.process.pk}/?version=2")
    assert "这一版要实现的意见" in draft and "折扣审批太慢" in draft
    row.refresh_from_db()
    commands.publish(deals.world.actor("director"), row.version_id or 0)
    assert "已实现" in page(director, url)
    assert "这一版实现的意见" in page(director, f"/processes/{deals.process.pk}/?version=2")


def test_the_second_of_two_who_decide_is_shown_what_stands(deals: Deals, row: ProcessRemark) -> None:
    url = f"/processes/remarks/{row.pk}/decide/"
    first = {"decision": "later", "reason": "年底再看", "until": "2099-12-01", "_version": "1"}
    assert deals.world.client("director").post(url, first).status_code == 302
    late = deals.world.client("administrator").post(url, {"decision": "declined", "reason": "不用", "_version": "1"})
    assert late.status_code == 409 and "年底再看" in late.content.decode()
    row.refresh_from_db()
    assert row.state == "later"


def test_the_list_goes_out_as_a_file_without_the_deal(deals: Deals, row: ProcessRemark, tmp_path: Path) -> None:
    rep = deals.world.client("south_rep")
    assert rep.get("/processes/remarks/export/").status_code == 403
    role = deals.world.role("rep")
    edit_role(SYSTEM, role.pk, role.edit_version, name=role.name, allowed=[*role.capabilities, EXPORT])
    answer = deals.world.client("south_rep").get("/processes/remarks/export/")
    file = tmp_path / "out.xlsx"
    file.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    [line] = [cells for _number, cells in read_file(file, tmp_path / "spool", "out.xlsx")[0].rows()]
    assert [line[0], line[2], line[4], line[6]] == ["折扣审批太慢", "报价", "太慢", "待决定"]
    assert "绝密" not in str(line)


def test_the_author_edits_and_withdraws_on_the_page_and_nobody_else_is_offered_it(
    deals: Deals, row: ProcessRemark
) -> None:
    world, url = deals.world, f"/processes/remarks/{row.pk}/"
    rep, director = world.client("east_rep"), world.client("director")
    shown = page(rep, url)
    assert f"{url}edit/" in shown and f"{url}withdraw/" in shown
    assert "withdraw/" not in page(director, url) and "edit/" not in page(director, url)
    assert director.get(f"{url}edit/").status_code == 422 and director.post(f"{url}withdraw/").status_code == 422
    assert world.client("promoter").get(f"{url}edit/").status_code == 403
    assert "折扣审批太慢" in page(rep, f"{url}edit/")
    sent = {"kind": "unclear", "text": "折扣由谁批?", "step": "", "_version": "1"}
    assert rep.post(f"{url}edit/", {**sent, "text": ""}).status_code == 422
    assert rep.post(f"{url}edit/", sent).status_code == 302
    assert rep.post(f"{url}edit/", sent).status_code == 409
    assert "折扣由谁批?" in page(director, url)
    assert rep.post(f"{url}withdraw/").status_code == 302
    after = page(rep, url)
    assert "已撤回" in after and "withdraw/" not in after and "support/" not in after
    assert "decide/" not in page(director, url)


def test_a_program_edits_and_withdraws_ones_own_remark(deals: Deals, row: ProcessRemark) -> None:
    rep, other = deals.world.client("east_rep"), deals.world.client("east_manager")
    url, sent = f"/api/v1/remarks/{row.pk}", {"version": 1, "kind": "unclear", "text": "折扣由谁批?"}
    assert other.put(url, sent, content_type="application/json").status_code == 422
    told = rep.put(url, sent, content_type="application/json").json()
    assert (told["text"], told["kind"], told["version"]) == ("折扣由谁批?", "unclear", 2)
    assert rep.put(url, sent, content_type="application/json").status_code == 409
    assert other.delete(url).status_code == 422
    assert rep.delete(url).json()["state"] == "withdrawn"
    assert rep.delete(url).status_code == 422
