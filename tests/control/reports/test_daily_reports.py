from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.selling.fieldwork.conftest import DAY, at, lines_of
from tests.selling.fieldwork.test_visits import GOOD, made
from tests.world import World
from xiaocheng.control.reports.commands import (
    NOT_BEGUN,
    ReportText,
    comment,
    return_,
    revise,
    save_draft,
    sign,
    sign_many,
    submit,
)
from xiaocheng.control.reports.queries import (
    DailyReport,
    day_of_work,
    figures_of,
    missing_reports,
    report,
    report_of,
    reports,
    team_reports,
    waiting_reports,
)
from xiaocheng.foundation.kernel import measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.foundation.org.commands import change_rule, delegate, mark_calendar_day
from xiaocheng.selling.catalogue.commands import ProductDraft, add_product
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.fieldwork.commands import VisitResult, amend_result, check_in, settle_line, submit_plan
from xiaocheng.selling.fieldwork.queries import VisitPlan, visits_of_day
from xiaocheng.selling.trade.commands import (
    OrderDraft,
    OrderLineDraft,
    ReceiptDraft,
    cancel_order,
    enter_receipt,
    place_order,
)

SIGNED = "reports.ReportSigned"
TEXT = ReportText(judgement="甲木业月内可签", learnt="先约决策人,再上门", tomorrow="跟进乙机械")


@pytest.fixture
def day_done(world: World, plan: VisitPlan) -> None:
    """The plan is submitted; one line is visited, the other not."""
    rep = world.actor("east_rep")
    submit_plan(rep, plan.pk)
    first, second = lines_of(plan)
    made(world, line_id=first.pk)
    settle_line(rep, second.pk, outcome="not_done", reason="客户出差")


def handed_in(world: World, time: str = "18:00", day: dt.date = DAY) -> DailyReport:
    with at(time, day):
        rep = world.actor("east_rep")
        begun = report_of(rep, world.id("east_rep"), DAY)
        return submit(rep, DAY, TEXT, begun.edit_version if begun else NOT_BEGUN)


def test_the_report_is_assembled_from_the_days_work(world: World, day_done: None, plan: VisitPlan) -> None:
    work = day_of_work(world.actor("east_manager"), world.id("east_rep"), DAY)
    assert work.plan is not None
    assert [line.outcome for line in work.plan.lines] == ["done", "not_done"]
    assert (work.off_plan, work.contacts, work.unsettled, work.without_result) == ([], [], [], [])
    assert work.began_at is not None and work.ended_at is not None
    page = report(world.actor("east_rep"), handed_in(world).pk)
    figures = {figure.measure.key: int(figure.value) for figure in page.figures}
    assert figures["fieldwork.planned"] == 2
    assert figures["fieldwork.plan_done"] == figures["fieldwork.visited"] == figures["fieldwork.effective"] == 1


def test_a_line_without_outcome_and_a_visit_without_result_hold_up_the_report(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    submit_plan(rep, plan.pk)
    with pytest.raises(RuleBroken, match="还有 2 家没有说明结果"):
        handed_in(world)
    first, second = lines_of(plan)
    settle_line(rep, second.pk, outcome="not_done", reason="客户出差")
    with at("10:00"):
        check_in(rep, line_id=first.pk)
    with pytest.raises(RuleBroken, match="还有 1 次拜访没有填写结果"):
        handed_in(world)


def test_the_rep_adds_what_he_learnt(world: World, day_done: None) -> None:
    with pytest.raises(RuleBroken) as refusal:
        submit(world.actor("east_rep"), DAY, ReportText(learnt="  "))
    assert refusal.value.field == "learnt"


@pytest.mark.parametrize(
    ("time", "minutes"), [("19:59:59", 0), ("20:00", 1), ("20:00:30", 1), ("20:01:01", 2), ("21:15", 75)]
)
def test_a_report_is_due_at_eight_in_the_evening(world: World, day_done: None, time: str, minutes: int) -> None:
    assert handed_in(world, time).late_minutes == minutes


def test_the_hour_is_the_companys_own_and_lies_in_its_zone(world: World, day_done: None) -> None:
    change_rule(world.actor("administrator"), "ReportRules.due_at", "17:30", DAY)
    assert handed_in(world, "18:00").late_minutes == 30


def test_whoever_returns_late_reports_by_nine_of_the_next_workday(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    submit_plan(rep, plan.pk)
    first, second = lines_of(plan)
    settle_line(rep, second.pk, outcome="not_done", reason="客户出差")
    with at("18:30"):
        visit = check_in(rep, line_id=first.pk)
    with at("19:30"):
        from xiaocheng.selling.fieldwork.commands import record_result

        record_result(rep, visit.pk, visit.edit_version, GOOD)
    mark_calendar_day(world.actor("administrator"), DAY + dt.timedelta(days=1), False, "店庆")
    assert handed_in(world, "08:59", DAY + dt.timedelta(days=2)).late_minutes == 0


def test_a_day_that_has_not_come_cannot_be_reported(world: World, morning: None) -> None:
    with pytest.raises(RuleBroken, match="还没有到"):
        save_draft(world.actor("east_rep"), DAY + dt.timedelta(days=1), TEXT)


def test_a_draft_is_kept_and_nobody_reads_it_over_the_shoulder(world: World, day_done: None) -> None:
    draft = save_draft(world.actor("east_rep"), DAY, ReportText(learnt="写了一半"))
    assert save_draft(world.actor("east_rep"), DAY, TEXT, draft.edit_version).pk == draft.pk
    for former in (draft.edit_version, NOT_BEGUN):  # on the other device
        with pytest.raises(EditConflict) as conflict:
            save_draft(world.actor("east_rep"), DAY, ReportText(learnt="旧的"), former)
        assert conflict.value.current["learnt"] == TEXT.learnt
    with pytest.raises(NotFound):
        report(world.actor("east_manager"), draft.pk)
    assert not reports(world.actor("east_manager")).exists()
    assert [row.pk for row in reports(world.actor("east_rep"))] == [draft.pk]


def test_the_supervisor_signs_with_a_comment_and_the_report_is_locked(world: World, day_done: None) -> None:
    handed = handed_in(world)
    (waiting,) = waiting_reports(world.actor("east_manager"))
    signed = sign(world.actor("east_manager"), waiting.pk, waiting.edition, "甲木业要见总经理")
    assert (signed.state, signed.decided_by_id, signed.instruction) == (
        "signed",
        world.id("east_manager"),
        "甲木业要见总经理",
    )
    for act in (
        lambda: save_draft(world.actor("east_rep"), DAY, TEXT),
        lambda: submit(world.actor("east_rep"), DAY, TEXT),
        lambda: sign(world.actor("east_manager"), handed.pk, handed.edition),
    ):
        with pytest.raises(RuleBroken, match="已批阅"):
            act()


@pytest.mark.parametrize("key", ["east_rep", "director"])
def test_nobody_but_the_supervisor_signs(world: World, day_done: None, key: str) -> None:
    handed = handed_in(world)
    assert waiting_reports(world.actor(key)) == []
    with pytest.raises(RuleBroken):
        sign(world.actor(key), handed.pk, handed.edition)


def test_an_outsider_finds_no_report(world: World, day_done: None) -> None:
    handed = handed_in(world)
    for act in (
        lambda: sign(world.actor("south_manager"), handed.pk, 1),
        lambda: comment(world.actor("south_rep"), handed.pk, "好"),
        lambda: report(world.actor("east_peer"), handed.pk),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_returned_report_comes_back_as_a_new_edition_and_the_old_one_cannot_be_signed(
    world: World, day_done: None
) -> None:
    handed = handed_in(world)
    return_(world.actor("east_manager"), handed.pk, 1, "心得太空")
    again = handed_in(world, "18:30")
    assert (again.edition, again.state, again.late_minutes) == (2, "submitted", 0)
    with pytest.raises(RuleBroken, match="重新提交过"):
        sign(world.actor("east_manager"), handed.pk, 1)
    sign(world.actor("east_manager"), handed.pk, 2)
    page = report(world.actor("east_manager"), handed.pk)
    assert [said.verdict for said in page.said] == ["returned", "signed"]
    assert [edition.number for edition in page.former] == [1]


def test_a_revision_keeps_the_signed_edition(world: World, day_done: None) -> None:
    handed = handed_in(world)
    sign(world.actor("east_manager"), handed.pk, 1)
    with pytest.raises(RuleBroken, match="为什么修订"):
        revise(world.actor("east_rep"), handed.pk, " ")
    with pytest.raises(RuleBroken, match="本人"):
        revise(world.actor("east_manager"), handed.pk, "改")
    revise(world.actor("east_rep"), handed.pk, "漏写一家")
    with at("18:30"):
        submit(world.actor("east_rep"), DAY, ReportText(learnt="补充:丙食品也要报价"), handed.edit_version)
    page = report(world.actor("east_manager"), handed.pk)
    assert page.edition is not None
    assert (page.edition.learnt, page.former[0].learnt) == ("补充:丙食品也要报价", TEXT.learnt)


def test_figures_are_frozen_at_submission_and_later_changes_shown_as_since_then(world: World, day_done: None) -> None:
    handed = handed_in(world)
    rep = world.actor("east_rep")
    (visit,) = visits_of_day(rep, world.id("east_rep"), DAY)
    amend_result(rep, visit.pk, visit.edit_version, VisitResult(outcome="not_met", result="nothing"))
    page = report(world.actor("east_manager"), handed.pk)
    assert [(figure.measure.key, int(figure.value), int(figure.now)) for figure in page.changed_since] == [
        ("fieldwork.effective", 1, 0)
    ]


def test_a_comment_decides_nothing(world: World, day_done: None) -> None:
    handed = handed_in(world)
    assert comment(world.actor("director"), handed.pk, "抄送学习").state == "submitted"
    with pytest.raises(RuleBroken, match="自己的日报"):
        comment(world.actor("east_rep"), handed.pk, "写得好")
    with pytest.raises(RuleBroken) as refusal:
        comment(world.actor("director"), handed.pk, " ")
    assert refusal.value.field == "comment"


def test_the_journal_says_for_whom_a_deputy_commented_returned_and_signed(world: World, day_done: None) -> None:
    handed = handed_in(world)
    manager, deputy = world.id("east_manager"), world.id("south_manager")
    delegate(world.actor("east_manager"), manager, deputy, DAY, DAY)
    comment(world.actor("south_manager"), handed.pk, "写细一点")
    comment(world.actor("director"), handed.pk, "同意")
    return_(world.actor("south_manager"), handed.pk, 1, "心得太空")
    sign(world.actor("south_manager"), handed.pk, handed_in(world, "18:30").edition)
    said = JournalEntry.objects.filter(kind__in=("reports.ReportCommented", "reports.ReportReturned", SIGNED))
    assert list(said.order_by("pk").values_list("person_id", "on_behalf_of_id")) == [
        (deputy, manager),
        (world.id("director"), None),
        (deputy, manager),
        (deputy, manager),
    ]
    assert [item.on_behalf_of for item in report(world.actor("director"), handed.pk).said] == [
        "李华东",
        "",
        "李华东",
        "李华东",
    ]


def test_many_reports_are_signed_at_once_with_an_outcome_for_each(world: World, day_done: None) -> None:
    handed = handed_in(world)
    outcomes = sign_many(world.actor("east_manager"), [(handed.pk, 1), (handed.pk, 1), (999_999, 1)])
    assert [outcome.refusal is None for outcome in outcomes] == [True, False, False]


def test_who_has_not_reported_is_known(world: World, day_done: None) -> None:
    manager = world.actor("east_manager")
    assert {line.name for line in missing_reports(manager, DAY)} == {"张三", "赵六", "吴小沪"}
    handed_in(world)
    assert {line.name for line in missing_reports(manager, DAY)} == {"赵六", "吴小沪"}
    assert {line.name for line in team_reports(manager, DAY)} == {"张三", "赵六", "吴小沪", "周上海"}


def test_nobody_owes_a_report_of_a_day_of_rest(world: World, morning: None) -> None:
    mark_calendar_day(world.actor("administrator"), DAY, False, "店庆")
    assert missing_reports(world.actor("east_manager"), DAY) == []


def test_reports_are_counted_once_by_their_first_submission(world: World, day_done: None) -> None:
    handed = handed_in(world, "20:30")
    return_(world.actor("east_manager"), handed.pk, 1, "重写")
    handed_in(world, "20:45")
    found = measures.totals(world.actor("director"), ["reports.submitted", "reports.on_time"], period("day", DAY))
    assert (int(found["reports.submitted"]), int(found["reports.on_time"])) == (1, 0)
    assert measures.differences() == []


def test_where_nobody_stands_above_no_signature_is_needed(world: World, morning: None) -> None:
    from xiaocheng.foundation.org.commands import edit_role

    role = world.role("director")
    allowed = [*role.capabilities, "reports.write"]
    edit_role(world.actor("administrator"), role.pk, role.edit_version, name=role.name, allowed=allowed)
    with at("18:00"):
        assert submit(world.actor("director"), DAY, TEXT).state == "signed"


def test_whoever_writes_no_reports_is_refused(world: World, morning: None) -> None:
    with pytest.raises(NotAllowed):
        save_draft(world.actor("administrator"), DAY, TEXT)
    assert report_of(world.actor("administrator"), world.id("administrator"), DAY) is None


def test_orders_and_money_of_the_day_are_frozen_too_and_what_was_not_asked_then_is_not_shown(
    world: World, day_done: None
) -> None:
    rep = world.actor("east_rep")
    pump = add_product(SYSTEM, ProductDraft(name="水泵", list_price=Decimal(50)))
    buyer = register(rep, CustomerDraft(name="戊公司")).pk
    wanted = OrderDraft(
        customer_id=buyer, ordered_on=DAY, lines=[OrderLineDraft(product_id=pump.pk, quantity=Decimal(3))]
    )
    with at("17:00"):
        order = place_order(rep, wanted)
        enter_receipt(rep, ReceiptDraft(customer_id=buyer, amount=Decimal(60), received_on=DAY))
    handed = handed_in(world)
    with at("19:00"):
        cancel_order(rep, order.pk, "客户改主意")
    page = report(world.actor("east_manager"), handed.pk)
    told = {figure.measure.key: (figure.value, figure.now) for figure in page.figures}
    assert told["trade.orders"] == (1, 0)
    assert told["trade.order_amount"] == (150, 0)
    assert told["trade.received"] == (60, 60)
    assert page.edition is not None
    former = {key: value for key, value in page.edition.figures.items() if not key.startswith("trade.")}
    shown = figures_of(world.actor("east_manager"), world.id("east_rep"), DAY, former)
    assert {figure.measure.key for figure in shown} == set(former)
