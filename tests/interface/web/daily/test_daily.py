"""The daily loop in a browser's eyes."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.selling.fieldwork.conftest import DAY, at, lines_of
from tests.selling.fieldwork.test_visits import made
from tests.world import World
from xiaocheng.control.reports.commands import ReportText, save_draft, submit
from xiaocheng.control.reports.queries import report_of
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.queries import notes
from xiaocheng.selling.customers.queries import Customer
from xiaocheng.selling.fieldwork.commands import LineDraft, add_line, draft_plan, edit_line, settle_line, submit_plan
from xiaocheng.selling.fieldwork.queries import Visit, VisitPlan, plan_of, visit_under_way, visits


def shown(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


def sent(client: Client, url: str, status: int = 302, **data: object) -> str:
    answer = client.post(url, data)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.headers.get("Location", "") or answer.content.decode()


def the_visit(world: World) -> Visit:
    return visits(world.actor("east_rep")).get()


def test_a_rep_makes_his_plan_and_submits_it(world: World, customer_ids: dict[str, int]) -> None:
    browser = world.client("east_rep")
    page = shown(browser, "/plan/")
    assert "还没有联系过" in page and "外人的客户" not in page
    sent(browser, "/plan/lines/suggested/", customer=customer_ids["甲木业"])
    sent(browser, "/plan/lines/new/", customer_id=customer_ids["乙机械"], purpose="collect", starts_at="10:30")
    page = shown(browser, "/plan/")
    assert "10:30" in page and "提交签核" in page and "08:30 之前提交为按时" in page
    sent(browser, "/plan/submit/", day=DAY)
    assert "待签核" in shown(browser, "/plan/")


def test_one_tap_makes_the_plan_and_shows_why(world: World, customer_ids: dict[str, int]) -> None:
    browser = world.client("east_rep")
    assert "一键安排" in shown(browser, "/plan/")
    sent(browser, "/plan/propose/", day=DAY)
    page = shown(browser, "/plan/")
    assert page.count("还没有联系过") == 3 and "一键安排" not in page
    plan = plan_of(world.actor("east_rep"), world.id("east_rep"), DAY)
    assert plan and "还没有联系过" in shown(world.client("east_manager"), f"/plans/{plan.plan.pk}/")


def test_a_line_is_edited_moved_up_and_dropped(world: World, plan: VisitPlan) -> None:
    browser = world.client("east_rep")
    first, second = lines_of(plan)
    assert "乙机械" in shown(browser, f"/plan/lines/{second.pk}/edit/")
    sent(browser, f"/plan/lines/{second.pk}/edit/", customer_id=second.customer_id, purpose="service", note="带样品")
    plan.refresh_from_db()
    sent(browser, f"/plan/lines/{second.pk}/move/", to="up", version=plan.version)
    sent(browser, f"/plan/lines/{first.pk}/move/", 409, to="up", version=plan.version)
    sent(browser, f"/plan/lines/{first.pk}/drop/")
    assert [(line.pk, line.note) for line in lines_of(plan)] == [(second.pk, "带样品")]


def test_lines_are_put_into_the_order_that_was_dragged(world: World, plan: VisitPlan) -> None:
    browser = world.client("east_rep")
    first, second = lines_of(plan)
    asked = {"lines": f"{second.pk},{first.pk},x", "version": plan.version}
    sent(browser, f"/plans/{plan.pk}/order/", **asked)
    assert [line.pk for line in lines_of(plan)] == [second.pk, first.pk]
    assert "别人已经保存" in sent(browser, f"/plans/{plan.pk}/order/", 409, **asked)
    sent(world.client("east_peer"), f"/plans/{plan.pk}/order/", 404, **asked)


def test_the_order_by_distance_is_shown_and_then_taken(
    world: World, plan: VisitPlan, customer_ids: dict[str, int]
) -> None:
    browser, rep = world.client("east_rep"), world.actor("east_rep")
    assert "按距离排序" not in shown(browser, "/plan/")
    add_line(rep, plan.pk, LineDraft(customer_id=customer_ids["丙食品"]))
    assert "按距离排序" in shown(browser, "/plan/") and "要有两位以上" in shown(browser, f"/plans/{plan.pk}/tour/")
    for name, east in (("甲木业", "121.1"), ("乙机械", "121.9"), ("丙食品", "121.2")):
        Customer.objects.visible_to(SYSTEM).filter(pk=customer_ids[name]).update(latitude="31", longitude=east)
    page = shown(browser, f"/plans/{plan.pk}/tour/")
    assert "直线距离共 76.2 公里,现在的顺序是 143.0 公里" in page
    plan.refresh_from_db()
    sent(browser, f"/plans/{plan.pk}/tour/", _version=plan.version)
    order = [line.customer.name for line in lines_of(plan) if line.customer]
    assert order in (["甲木业", "丙食品", "乙机械"], ["乙机械", "丙食品", "甲木业"])  # either way round
    assert "最短路线" in shown(browser, f"/plans/{plan.pk}/tour/")
    assert "别人已经保存" in sent(browser, f"/plans/{plan.pk}/tour/", 409, _version=plan.version)
    shown(world.client("east_manager"), f"/plans/{plan.pk}/tour/", 404)


def test_windows_that_overlap_and_the_area_stand_beside_the_lines(world: World, plan: VisitPlan) -> None:
    browser = world.client("east_rep")
    for line, area in zip(lines_of(plan), ("张江", ""), strict=True):
        sent(
            browser,
            f"/plan/lines/{line.pk}/edit/",
            customer_id=line.customer_id,
            purpose="order",
            starts_at="09:00",
            ends_at="10:00",
            area=area,
        )
    page = shown(browser, "/plan/")
    assert "时间与乙机械重叠" in page and "时间与甲木业重叠" in page and "张江" in page
    assert "时间与乙机械重叠" in shown(world.client("east_manager"), f"/plans/{plan.pk}/")


def test_what_is_wrong_with_a_line_stands_at_its_field(world: World, plan: VisitPlan) -> None:
    page = sent(world.client("east_rep"), "/plan/lines/new/", 422, purpose="order")
    assert "或填写要走访的区域" in page


def test_what_is_refused_leaves_no_empty_plan(world: World, customer_ids: dict[str, int]) -> None:
    browser = world.client("east_rep")
    sent(browser, "/plan/submit/", 422, day=DAY)
    sent(browser, "/plan/lines/new/", 422, purpose="order")
    sent(browser, "/plan/lines/new/", 404, purpose="order", customer_id=customer_ids["外人的客户"])
    assert plan_of(world.actor("east_rep"), world.id("east_rep"), DAY) is None


def test_yesterdays_plan_is_copied_with_one_tap(world: World, plan: VisitPlan) -> None:
    tomorrow = DAY + dt.timedelta(days=1)
    browser = world.client("east_rep")
    assert "复制" in shown(browser, f"/plan/?day={tomorrow}")
    sent(browser, "/plan/copy/", day=tomorrow)
    found = plan_of(world.actor("east_rep"), world.id("east_rep"), tomorrow)
    assert found is not None and len(found.lines) == 2


@pytest.mark.parametrize("day", ["2026-03-01", "1999-01-01", "nonsense", "9999-12-31", ""])
def test_any_day_in_the_address_gives_a_page(world: World, plan: VisitPlan, day: str) -> None:
    browser = world.client("east_rep")
    for url in (f"/plan/?day={day}", f"/report/?day={day}"):
        shown(browser, url)
    shown(world.client("east_manager"), f"/team/day/?day={day}")


def test_the_supervisor_reads_signs_and_returns(world: World, plan: VisitPlan) -> None:
    version = submit_plan(world.actor("east_rep"), plan.pk).version
    browser = world.client("east_manager")
    assert f'value="{plan.pk}:{version}"' in shown(browser, "/inbox/")
    assert "同意" in shown(browser, f"/plans/{plan.pk}/")
    page = sent(browser, f"/plans/{plan.pk}/return/?version={version}", 422, comment="")
    assert "写明要改什么" in page
    sent(browser, f"/plans/{plan.pk}/return/?version={version}", comment="先去丙食品")
    assert "先去丙食品" in shown(world.client("east_rep"), "/plan/")
    again = submit_plan(world.actor("east_rep"), plan.pk).version
    sent(browser, f"/plans/{plan.pk}/sign/", version=again, comment="好")
    plan.refresh_from_db()
    assert plan.state == "signed"
    assert "都签完了" in shown(browser, "/inbox/")


def test_ticked_papers_are_signed_together_and_a_refusal_is_told(world: World, plan: VisitPlan) -> None:
    version = submit_plan(world.actor("east_rep"), plan.pk).version
    browser = world.client("east_manager")
    sent(browser, "/inbox/sign/", plan=[f"{plan.pk}:{version}", "999:1", "rubbish"])
    page = shown(browser, "/inbox/")
    assert "已签 1 份;1 份没有签。#999:" in page
    answer = browser.post("/inbox/sign/", {})
    assert answer.status_code == 422 and "请先勾选" in answer.content.decode()


def test_each_paper_that_was_refused_is_named_with_its_reason(world: World, plan: VisitPlan) -> None:
    rep, browser = world.actor("east_rep"), world.client("east_manager")
    line = lines_of(plan)[0]
    edit_line(
        rep, line.pk, LineDraft(customer_id=line.customer_id, starts_at=dt.time(9), ends_at=dt.time(10), note="带样品")
    )
    version = submit_plan(rep, plan.pk).version
    page = shown(browser, "/inbox/")
    assert "09:00–10:00 甲木业" in page and "带样品" in page
    peer = draft_plan(world.actor("east_peer"), DAY)
    add_line(world.actor("east_peer"), peer.pk, LineDraft(area="工业园"))
    theirs = submit_plan(world.actor("east_peer"), peer.pk).version
    sent(browser, f"/plans/{peer.pk}/return/?version={theirs}", comment="换一区")
    sent(browser, "/inbox/sign/", plan=[f"{plan.pk}:{version - 1}", f"{peer.pk}:{theirs}"])
    page = shown(browser, "/inbox/")
    assert "已签 0 份;2 份没有签" in page
    sent(browser, "/inbox/sign/", plan=[f"{plan.pk}:{version - 1}"] * 2)
    assert "已签 0 份;2 份没有签" in shown(browser, "/inbox/")
    report = save_draft(rep, DAY, ReportText(learnt="写了一半"))
    sent(browser, "/inbox/sign/", report=[f"{report.pk}:1"])
    assert f"#{report.pk}:" in shown(browser, "/inbox/")  # nobody reads over the shoulder
    for row, why in ((plan, "又改过了"), (peer, "已退回")):
        assert re.search(f"{row.person.name} · 今天:[^:]*{why}", page), (row, page[-3000:])


def test_what_was_changed_after_the_signature_stands_beside_how_it_was(world: World, plan: VisitPlan) -> None:
    version = submit_plan(world.actor("east_rep"), plan.pk).version
    sent(world.client("east_manager"), f"/plans/{plan.pk}/sign/", version=version)
    browser, line = world.client("east_rep"), lines_of(plan)[0]
    sent(browser, f"/plan/lines/{line.pk}/edit/", customer_id=line.customer_id, purpose="collect", starts_at="09:00")
    sent(browser, "/plan/lines/new/", area="浦东", purpose="survey")
    page = shown(world.client("east_manager"), f"/plans/{plan.pk}/")
    assert page.count("签核后改") == 1 and page.count("签核后加") == 1
    assert f"签核时:开始时间 无、目的 {line.get_purpose_display()}" in page
    assert shown(browser, "/plan/").count(f"/{line.pk}/drop/") == 0


def test_a_rep_has_no_inbox_and_signs_nothing(world: World, plan: VisitPlan) -> None:
    version = submit_plan(world.actor("east_rep"), plan.pk).version
    browser = world.client("east_rep")
    shown(browser, "/inbox/", 403)
    sent(browser, f"/plans/{plan.pk}/sign/", 403, version=version)
    assert "/inbox/" not in shown(browser, "/plan/")


def test_check_in_and_check_out_are_one_tap_each_and_then_the_result(world: World, plan: VisitPlan) -> None:
    browser, line = world.client("east_rep"), lines_of(plan)[0]
    assert sent(browser, "/visits/check-in/", line=line.pk) == f"/visits/{the_visit(world).pk}/"
    assert "拜访进行中" in shown(browser, "/plan/")
    visit = the_visit(world)
    assert sent(browser, f"/visits/{visit.pk}/leave/") == f"/visits/{visit.pk}/result/"
    page = shown(browser, f"/visits/{visit.pk}/result/")
    assert page.index('name="outcome"') < page.index('name="result"') < page.index('name="next_on"')
    page = sent(browser, f"/visits/{visit.pk}/result/", 422, _version=1)
    assert page.count('class="wrong"') == 2, "two mandatory answers"
    sent(browser, f"/visits/{visit.pk}/result/", _version=1, outcome="met_decider", result="order", note="首单")
    assert the_visit(world).is_effective
    assert "首单" in shown(world.client("east_manager"), f"/visits/{visit.pk}/")
    assert visit_under_way(world.actor("east_rep")) is None


def test_a_result_corrected_by_an_older_form_shows_both_texts(world: World, plan: VisitPlan) -> None:
    done = made(world, line_id=lines_of(plan)[0].pk)
    page = sent(
        world.client("east_rep"), f"/visits/{done.pk}/result/", 409, _version=1, outcome="not_met", result="nothing"
    )
    assert "别人已经保存" in page


def test_an_unplanned_visit_and_a_follow_up_take_one_form_each(
    world: World, plan: VisitPlan, customer_ids: dict[str, int]
) -> None:
    browser = world.client("east_rep")
    sent(browser, "/visits/new/", customer_id=customer_ids["丙食品"], purpose="develop")
    assert the_visit(world).is_off_plan
    sent(
        browser,
        "/visits/follow-up/",
        customer_id=customer_ids["甲木业"],
        kind="call",
        outcome="met_other",
        next_on=DAY + dt.timedelta(days=3),
    )
    page = shown(browser, "/visits/")
    assert "丙食品" in page and "约定下一步" in page
    sent(browser, "/visits/new/", 404, customer_id=customer_ids["外人的客户"], purpose="develop")


def test_the_report_is_assembled_kept_handed_in_and_signed(world: World, plan: VisitPlan) -> None:
    rep, browser = world.actor("east_rep"), world.client("east_rep")
    submit_plan(rep, plan.pk)
    first, second = lines_of(plan)
    made(world, line_id=first.pk)
    with at("18:00"):
        assert "先补上再提交" in shown(browser, "/report/")
        sent(browser, f"/plan/lines/{second.pk}/settle/", outcome="not_done", reason="客户出差")
        sent(browser, "/report/", learnt="写了一半", draft="1")
        page = shown(browser, "/report/")
        assert "写了一半" in page and 'name="_version" value="1"' in page
        page = sent(browser, "/report/", 409, learnt="另一台设备写的", _version=0)
        assert "现在的内容" in page and "写了一半" in page and "另一台设备写的" in page
        sent(browser, "/report/", learnt="先约决策人", _version=1)
        row = report_of(rep, rep.person_id or 0, DAY)
        assert row is not None and row.state == "submitted"
        manager = world.client("east_manager")
        page = shown(manager, f"/reports/{row.pk}/")
        assert "先约决策人" in page and "客户出差" in page and "同意" in page
        sent(manager, f"/reports/{row.pk}/comment/", comment="继续")
        sent(manager, f"/reports/{row.pk}/sign/", version=1, comment="好")
        assert "已批阅" in shown(browser, "/report/")
        sent(browser, "/report/", 422, learnt="再改", _version=2)
        sent(browser, f"/reports/{row.pk}/revise/", reason="漏写")
        assert "重新提交" in shown(browser, "/report/")


def test_a_change_after_the_submission_is_shown_beside_the_figure(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    made(world, line_id=lines_of(plan)[0].pk)
    settle_line(rep, lines_of(plan)[1].pk, outcome="not_done", reason="客户出差")
    with at("18:00"):
        row = submit(rep, DAY, ReportText(learnt="心得"))
        told = {"customer_id": lines_of(plan)[1].customer_id, "kind": "call", "outcome": "met_other"}
        sent(world.client("east_rep"), "/visits/follow-up/", **told)
        assert "提交后变为 1" in shown(world.client("east_manager"), f"/reports/{row.pk}/")


def test_the_team_day_shows_everybodys_progress(world: World, plan: VisitPlan) -> None:
    submit_plan(world.actor("east_rep"), plan.pk)
    made(world, line_id=lines_of(plan)[0].pk)
    page = shown(world.client("east_manager"), "/team/day/")
    assert "1 / 2" in page and "没有计划" in page and "未签核已出发" in page
    assert "钱外人" not in page


@pytest.mark.parametrize("url", ["/plans/{plan}/", "/visits/{visit}/", "/reports/{report}/"])
def test_an_outsider_finds_nothing(world: World, plan: VisitPlan, url: str) -> None:
    rep = world.actor("east_rep")
    done = made(world, line_id=lines_of(plan)[0].pk)
    settle_line(rep, lines_of(plan)[1].pk, outcome="not_done", reason="客户出差")
    with at("18:00"):
        row = submit(rep, DAY, ReportText(learnt="心得"))
    there = url.format(plan=plan.pk, visit=done.pk, report=row.pk)
    for key in ("south_rep", "south_manager", "east_peer"):
        shown(world.client(key), there, 404)
    shown(world.client("director"), there)


def test_a_bell_tells_and_leads_to_the_page(world: World, plan: VisitPlan) -> None:
    submit_plan(world.actor("east_rep"), plan.pk)
    tell(SYSTEM)
    browser = world.client("east_manager")
    assert "张三 提交了" in shown(browser, "/notifications/")
    note = notes(world.actor("east_manager")).get()
    assert browser.get(f"/notifications/{note.pk}/").headers["Location"] == f"/plans/{plan.pk}/"
    assert "没有通知" in shown(browser, "/notifications/?tab=unread")
    shown(world.client("east_rep"), f"/notifications/{note.pk}/", 404)


def test_a_visit_shows_its_photos_and_why_it_was_not_effective(world: World, plan: VisitPlan) -> None:
    change_rule(world.actor("administrator"), "FieldworkRules.effective_minutes", "60", DAY)
    done = made(world, line_id=lines_of(plan)[0].pk)
    mine, boss = world.client("east_rep"), world.client("east_manager")
    address = f"/visits/{done.pk}/"
    sent(mine, f"{address}photos/", 422)
    photo = SimpleUploadedFile("门头.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20)
    sent(mine, f"{address}photos/", photo=photo)
    assert "未计为有效拜访:停留 40 分钟,不足 60 分钟" in shown(mine, address)
    seen = shown(boss, address)
    assert "<img" in seen and 'name="photo"' in shown(mine, address) and 'name="photo"' not in seen
    address_of_photo = re.search(r'<img src="([^"]+)"', seen)
    assert address_of_photo and boss.get(address_of_photo[1]).headers["Content-Type"] == "image/png"
    assert world.client("south_rep").get(address_of_photo[1]).status_code == 404


def test_the_place_is_asked_of_whoever_agreed_and_may_become_the_customers(world: World, plan: VisitPlan) -> None:
    browser, line = world.client("east_rep"), lines_of(plan)[0]
    here = {"latitude": "31.230416", "longitude": "121.473701", "accuracy": "12.4"}
    assert 'href="/me/place/"' in shown(browser, "/me/") and "data-place" not in shown(browser, "/plan/")
    assert 'href="/me/place/"' not in shown(world.client("administrator"), "/me/")
    sent(browser, "/me/place/say/", given="1")
    assert "您已同意记录签到位置" in shown(browser, "/me/place/") and "data-place" in shown(browser, "/plan/")
    assert "data-place" in shown(browser, "/visits/new/")
    address = sent(browser, "/visits/check-in/", line=line.pk, **here)
    assert "无法核实" in shown(browser, address) and "设为客户位置" in shown(browser, address)
    assert "客户还没有位置" not in shown(world.client("east_manager"), address)
    sent(browser, f"{address}place/")
    assert "客户还没有位置" not in shown(browser, address)
    sent(browser, f"{address}leave/", latitude="31.24", longitude="121.47", accuracy="x")
    assert shown(browser, address).count("无法核实") == 1


def test_a_day_is_clocked_on_the_home_page_and_seen_on_the_teams(world: World, morning: None) -> None:
    browser, boss = world.client("east_rep"), world.client("east_manager")
    with at("09:12"):
        assert "上班打卡" in shown(browser, "/today/") and "尚未到岗" in shown(boss, "/team/")
        sent(browser, "/clock/in/")
        page = shown(browser, "/today/")
        assert "09:12 到岗" in page and "迟到 12 分钟" in page and "/clock/in/" not in page
        assert all("迟到 12 分钟" in shown(boss, url) for url in ("/team/", "/team/day/"))
    with at("17:30"):
        sent(browser, "/clock/out/")
    with at("18:30"):
        page = shown(browser, "/today/")
        assert "09:12 到岗,17:30 离岗" in page and "早退 30 分钟" in page and "重打下班卡" in page
        sent(browser, "/clock/out/")
        assert "早退" not in shown(browser, "/today/")
    assert "迟到" not in shown(world.client("south_manager"), "/team/day/")
    sent(world.client("administrator"), "/clock/in/", 403)
    assert "考勤" not in shown(world.client("administrator"), "/today/")


def test_whoever_agreed_is_asked_for_the_place_of_the_clock(world: World, morning: None) -> None:
    browser = world.client("east_rep")
    assert "data-place" not in shown(browser, "/today/")
    sent(browser, "/me/place/say/", given="1")
    assert "data-place" in shown(browser, "/today/")
    sent(browser, "/clock/in/", latitude="31.2304", longitude="121.4737", accuracy="12")
    assert "无法核实" in shown(browser, "/today/")


def test_a_report_keeps_the_attendance_of_its_day_and_says_what_changed(world: World, morning: None) -> None:
    rep, browser = world.actor("east_rep"), world.client("east_rep")
    with at("09:20"):
        sent(browser, "/clock/in/")
    with at("18:30"):
        assert "迟到 20 分钟" in shown(browser, "/report/")
        row = submit(rep, DAY, ReportText(learnt="先打卡"))
        assert "提交后变为" not in shown(browser, f"/reports/{row.pk}/")
    with at("19:10"):
        sent(browser, "/clock/out/")
        page = shown(world.client("east_manager"), f"/reports/{row.pk}/")
    assert "当天考勤" in page and "提交后变为 09:20 到岗,19:10 离岗, 迟到 20 分钟" in page
    assert row.editions.get().attendance["found"] == [["late", 20]]


def test_leave_is_asked_for_on_a_page_and_granted_in_the_inbox(world: World, morning: None) -> None:
    browser, boss = world.client("east_rep"), world.client("east_manager")
    page = shown(browser, "/attendance/requests/")
    assert "还没有申请" in page and all(word in page for word in ("请假", "出差", "晚归", "补卡"))
    assert "年假" in shown(browser, "/attendance/requests/leave/")
    said = {"leave_kind": "annual", "first_on": DAY, "reason": "回老家"}
    sent(browser, "/attendance/requests/leave/", 422, **said | {"reason": " "})
    address = sent(browser, "/attendance/requests/leave/", **said)
    page = shown(boss, address)
    assert "回老家" in page and "待审批" in page and "同意" in page
    assert "请假 · 年假" in shown(boss, "/team/")
    inbox = shown(boss, "/inbox/")
    pk = address.rstrip("/").rpartition("/")[2]
    assert f'name="request" value="{pk}:1"' in inbox
    tell(SYSTEM)
    assert "提交了考勤申请,请审批" in shown(boss, "/notifications/")
    sent(boss, "/inbox/sign/", request=f"{pk}:1")
    assert "已同意" in shown(browser, address) and "当天没有上班" in shown(browser, "/today/")
    assert "请假" in shown(boss, "/team/day/")
    shown(world.client("south_manager"), address, 404)
    assert "回老家" not in shown(world.client("south_manager"), "/attendance/requests/?tab=team")


def test_a_request_is_returned_with_a_word_or_withdrawn(world: World, morning: None) -> None:
    browser, boss = world.client("east_rep"), world.client("east_manager")
    address = sent(browser, "/attendance/requests/trip/", first_on=DAY, begins_at="13:00", reason="去苏州")
    assert "13:00" in shown(boss, address)
    sent(boss, f"{address}refuse/", comment="改到周三")
    assert "改到周三" in shown(browser, address)
    address = sent(browser, "/attendance/requests/late-return/", first_on=DAY, reason="去苏州")
    sent(browser, f"{address}withdraw/")
    assert "已撤回" in shown(browser, address)
    with at("18:30"):
        address = sent(
            browser, "/attendance/requests/correction/", first_on=DAY, tap="in", begins_at="08:50", reason="忘了"
        )
        sent(boss, f"{address}grant/")
        assert "08:50 到岗" in shown(browser, "/today/")
