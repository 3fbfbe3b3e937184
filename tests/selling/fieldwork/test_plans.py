from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.world import World
from xiaocheng.foundation.kernel import measures
from xiaocheng.foundation.kernel.errors import EditConflict, NotFound, RuleBroken
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.foundation.org.commands import change_rule, delegate
from xiaocheng.selling.fieldwork.commands import (
    LineDraft,
    add_line,
    copy_plan,
    draft_plan,
    drop_line,
    edit_line,
    order_lines,
    return_plan,
    settle_line,
    sign_plan,
    sign_plans,
    submit_plan,
)
from xiaocheng.selling.fieldwork.queries import VisitPlan, latest_plan_day, plan_of, waiting_plans

from .conftest import DAY, at, lines_of

TOMORROW = DAY + dt.timedelta(days=1)


def planned(world: World) -> int:
    return int(measures.totals(world.actor("director"), ["fieldwork.planned"], period("day", DAY))["fieldwork.planned"])


def test_there_is_one_plan_per_person_and_day(world: World, plan: VisitPlan) -> None:
    assert draft_plan(world.actor("east_rep"), DAY).pk == plan.pk
    assert draft_plan(world.actor("east_peer"), DAY).pk != plan.pk


def test_a_plan_submitted_before_the_cut_off_is_on_time(world: World, plan: VisitPlan) -> None:
    with at("08:29:59.999999"):
        assert submit_plan(world.actor("east_rep"), plan.pk).late_minutes == 0


@pytest.mark.parametrize(("time", "minutes"), [("08:30", 1), ("08:31", 1), ("08:31:00.000001", 2), ("09:45", 75)])
def test_lateness_is_counted_in_minutes_rounded_up(world: World, plan: VisitPlan, time: str, minutes: int) -> None:
    with at(time):
        assert submit_plan(world.actor("east_rep"), plan.pk).late_minutes == minutes


def test_the_cut_off_is_the_companys_own(world: World, plan: VisitPlan) -> None:
    change_rule(world.actor("administrator"), "FieldworkRules.plan_cut_off", "07:30", DAY)
    with at("08:00"):
        assert submit_plan(world.actor("east_rep"), plan.pk).late_minutes == 30


def test_an_empty_plan_is_not_submitted(world: World, morning: None) -> None:
    rep = world.actor("east_rep")
    with pytest.raises(RuleBroken, match="还没有内容"):
        submit_plan(rep, draft_plan(rep, DAY).pk)


def test_the_supervisor_signs_what_waits_for_him_and_nobody_else_does(world: World, plan: VisitPlan) -> None:
    submit_plan(world.actor("east_rep"), plan.pk)
    for key in ("director", "east_rep", "east_peer", "south_manager"):
        assert waiting_plans(world.actor(key)) == [], key
    (waiting,) = waiting_plans(world.actor("east_manager"))
    signed = sign_plan(world.actor("east_manager"), waiting.pk, waiting.version)
    assert (signed.state, signed.decided_by_id) == ("signed", world.id("east_manager"))
    assert waiting_plans(world.actor("east_manager")) == []


def test_a_rep_cannot_sign_his_own_plan(world: World, plan: VisitPlan) -> None:
    version = submit_plan(world.actor("east_rep"), plan.pk).version
    with pytest.raises(RuleBroken, match="不能自己签"):
        sign_plan(world.actor("east_rep"), plan.pk, version)


def test_whoever_is_not_the_supervisor_is_refused_though_he_sees_the_plan(world: World, plan: VisitPlan) -> None:
    version = submit_plan(world.actor("east_rep"), plan.pk).version
    with pytest.raises(RuleBroken, match="直属主管"):
        sign_plan(world.actor("director"), plan.pk, version)


def test_the_next_in_line_may_sign_what_waited_too_long(world: World, plan: VisitPlan) -> None:
    version = submit_plan(world.actor("east_rep"), plan.pk).version
    with at("08:00", TOMORROW):
        assert sign_plan(world.actor("director"), plan.pk, version).state == "signed"


def test_an_outsider_is_told_that_there_is_no_such_plan(world: World, plan: VisitPlan) -> None:
    version = submit_plan(world.actor("east_rep"), plan.pk).version
    with pytest.raises(NotFound):
        sign_plan(world.actor("south_manager"), plan.pk, version)


def test_the_deputy_signs_while_the_supervisor_is_away(world: World, plan: VisitPlan) -> None:
    version = submit_plan(world.actor("east_rep"), plan.pk).version
    delegate(world.actor("east_manager"), world.id("east_manager"), world.id("shanghai_lead"), DAY, DAY)
    assert [row.pk for row in waiting_plans(world.actor("shanghai_lead"))] == [plan.pk]
    assert sign_plan(world.actor("shanghai_lead"), plan.pk, version).decided_by_id == world.id("shanghai_lead")
    entry = JournalEntry.objects.get(kind="fieldwork.PlanSigned")
    assert (entry.person_id, entry.on_behalf_of_id) == (world.id("shanghai_lead"), world.id("east_manager"))


def test_whoever_returns_a_plan_in_his_own_right_acts_for_nobody(world: World, plan: VisitPlan) -> None:
    version = submit_plan(world.actor("east_rep"), plan.pk).version
    delegate(world.actor("east_manager"), world.id("east_manager"), world.id("shanghai_lead"), DAY, DAY)
    return_plan(world.actor("east_manager"), plan.pk, version, "太少")
    assert JournalEntry.objects.get(kind="fieldwork.PlanReturned").on_behalf_of_id is None


def test_where_nobody_stands_above_no_signature_is_needed(world: World, morning: None) -> None:
    director = world.actor("director")
    plan = draft_plan(director, DAY)
    add_line(director, plan.pk, LineDraft(area="开发区"))
    plan = submit_plan(director, plan.pk)
    assert plan.state == "signed" and plan.needed_no_signature


def test_signing_twice_is_refused_with_a_sentence(world: World, plan: VisitPlan) -> None:
    version = submit_plan(world.actor("east_rep"), plan.pk).version
    sign_plan(world.actor("east_manager"), plan.pk, version)
    with pytest.raises(RuleBroken, match="已签核"):
        sign_plan(world.actor("east_manager"), plan.pk, version)


def test_an_older_version_than_the_present_one_cannot_be_signed(
    world: World, plan: VisitPlan, customer_ids: dict[str, int]
) -> None:
    rep = world.actor("east_rep")
    seen = submit_plan(rep, plan.pk).version
    add_line(rep, plan.pk, LineDraft(customer_id=customer_ids["丙食品"]))
    with pytest.raises(RuleBroken, match="又改过"):
        sign_plan(world.actor("east_manager"), plan.pk, seen)
    assert sign_plan(world.actor("east_manager"), plan.pk, seen + 1).state == "signed"


def test_a_plan_is_returned_with_an_instruction_and_comes_back(world: World, plan: VisitPlan) -> None:
    rep, manager = world.actor("east_rep"), world.actor("east_manager")
    version = submit_plan(rep, plan.pk).version
    with pytest.raises(RuleBroken, match="写明") as refusal:
        return_plan(manager, plan.pk, version, " ")
    assert refusal.value.field == "comment"
    assert return_plan(manager, plan.pk, version, "先去丙食品").instruction == "先去丙食品"
    again = submit_plan(rep, plan.pk)
    assert sign_plan(manager, plan.pk, again.version).state == "signed"
    day = plan_of(rep, world.id("east_rep"), DAY)
    assert day is not None
    assert [said.verdict for said in day.said] == ["returned", "signed"]


def test_many_plans_are_signed_at_once_with_an_outcome_for_each(world: World, plan: VisitPlan) -> None:
    peer = world.actor("east_peer")
    other = draft_plan(peer, DAY)
    add_line(peer, other.pk, LineDraft(area="工业园"))
    seen = [(p.pk, submit_plan(who, p.pk).version) for who, p in ((world.actor("east_rep"), plan), (peer, other))]
    outcomes = sign_plans(world.actor("east_manager"), [*seen, (999_999, 1), (plan.pk, 1)])
    assert [outcome.refusal is None for outcome in outcomes] == [True, True, False, False]


def test_a_change_after_the_signature_is_marked(world: World, plan: VisitPlan, customer_ids: dict[str, int]) -> None:
    rep = world.actor("east_rep")
    sign_plan(world.actor("east_manager"), plan.pk, submit_plan(rep, plan.pk).version)
    added = add_line(rep, plan.pk, LineDraft(customer_id=customer_ids["丙食品"]))
    plan.refresh_from_db()
    assert plan.changed_after_signing and plan.state == "signed"
    assert [line.is_signed for line in lines_of(plan)] == [True, True, False]
    drop_line(rep, added.pk)
    assert len(lines_of(plan)) == 2


def test_a_line_keeps_how_it_stood_when_it_was_signed(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    line = lines_of(plan)[0]
    signed = LineDraft(customer_id=line.customer_id, starts_at=dt.time(10), purpose="collect", note="带报价")
    edit_line(rep, line.pk, signed)
    assert lines_of(plan)[0].former == {}  # nobody had signed it
    sign_plan(world.actor("east_manager"), plan.pk, submit_plan(rep, plan.pk).version)
    for changed in (replace(signed, starts_at=dt.time(14)), replace(signed, starts_at=None, purpose="order")):
        edit_line(rep, line.pk, changed)
    assert lines_of(plan)[0].former == {"starts_at": "10:00", "purpose": "collect"}
    with pytest.raises(RuleBroken, match="已签核"):
        drop_line(rep, line.pk)
    edit_line(rep, line.pk, signed)
    assert lines_of(plan)[0].former == {}


def test_a_signed_line_goes_to_no_other_customer_or_area(
    world: World, plan: VisitPlan, customer_ids: dict[str, int]
) -> None:
    rep = world.actor("east_rep")
    area = add_line(rep, plan.pk, LineDraft(area="浦东"))
    sign_plan(world.actor("east_manager"), plan.pk, submit_plan(rep, plan.pk).version)
    for line_id, draft in (
        (lines_of(plan)[0].pk, LineDraft(customer_id=customer_ids["丙食品"])),
        (area.pk, LineDraft(area="浦西")),
        (area.pk, LineDraft(customer_id=customer_ids["丙食品"], area="浦东")),
    ):
        with pytest.raises(RuleBroken, match="不能换"):
            edit_line(rep, line_id, draft)
    assert not lines_of(plan)[0].former


def test_a_signed_line_is_not_dropped_but_settled_with_a_reason(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    sign_plan(world.actor("east_manager"), plan.pk, submit_plan(rep, plan.pk).version)
    line = lines_of(plan)[0]
    with pytest.raises(RuleBroken, match="已签核"):
        drop_line(rep, line.pk)
    with pytest.raises(RuleBroken, match="原因"):
        settle_line(rep, line.pk, outcome="not_done", reason="")
    assert settle_line(rep, line.pk, outcome="not_done", reason="客户临时出差").outcome == "not_done"


def test_a_moved_line_joins_the_plan_of_the_other_day(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    submit_plan(rep, plan.pk)
    line = lines_of(plan)[0]
    with pytest.raises(RuleBroken, match="今天之后"):
        settle_line(rep, line.pk, outcome="moved", reason="客户要求", moved_to=DAY)
    settle_line(rep, line.pk, outcome="moved", reason="客户要求", moved_to=TOMORROW)
    then = plan_of(rep, rep.person_id or 0, TOMORROW)
    assert then is not None
    assert [item.customer_id for item in then.lines] == [line.customer_id]
    assert planned(world) == 2


def test_the_planned_lines_are_counted_from_the_submission_on(
    world: World, plan: VisitPlan, customer_ids: dict[str, int]
) -> None:
    rep = world.actor("east_rep")
    assert planned(world) == 0
    submit_plan(rep, plan.pk)
    assert planned(world) == 2
    add_line(rep, plan.pk, LineDraft(customer_id=customer_ids["丙食品"]))
    drop_line(rep, lines_of(plan)[0].pk)
    drop_line(rep, lines_of(plan)[0].pk)
    assert planned(world) == 1
    assert measures.differences() == []


def test_a_customer_out_of_sight_cannot_be_planned(world: World, plan: VisitPlan, customer_ids: dict[str, int]) -> None:
    with pytest.raises(NotFound):
        add_line(world.actor("east_rep"), plan.pk, LineDraft(customer_id=customer_ids["外人的客户"]))


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (LineDraft(), "customer_id"),
        (LineDraft(area="园区", purpose="golf"), "purpose"),
        (LineDraft(area="园区", starts_at=dt.time(10), ends_at=dt.time(9)), "ends_at"),
    ],
)
def test_an_incomplete_line_is_refused_at_its_field(
    world: World, plan: VisitPlan, draft: LineDraft, field: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        add_line(world.actor("east_rep"), plan.pk, draft)
    assert refusal.value.field == field


def test_the_same_customer_for_the_same_purpose_is_planned_once(
    world: World, plan: VisitPlan, customer_ids: dict[str, int]
) -> None:
    rep = world.actor("east_rep")
    with pytest.raises(RuleBroken, match="已在当天计划"):
        add_line(rep, plan.pk, LineDraft(customer_id=customer_ids["甲木业"], purpose="order"))
    add_line(rep, plan.pk, LineDraft(customer_id=customer_ids["甲木业"], purpose="collect"))


def test_a_colleague_and_even_the_supervisor_cannot_change_a_plan(world: World, plan: VisitPlan) -> None:
    with pytest.raises(NotFound):
        add_line(world.actor("east_peer"), plan.pk, LineDraft(area="园区"))
    with pytest.raises(RuleBroken, match="本人"):
        add_line(world.actor("east_manager"), plan.pk, LineDraft(area="园区"))


def test_the_plan_of_a_day_that_is_over_stays_as_it_is(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    with at("08:00", TOMORROW):
        for act in (
            lambda: add_line(rep, plan.pk, LineDraft(area="园区")),
            lambda: submit_plan(rep, plan.pk),
            lambda: draft_plan(rep, DAY),
        ):
            with pytest.raises(RuleBroken, match="已经过去"):
                act()


def test_lines_are_edited_and_put_into_another_order(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    first, second = lines_of(plan)
    edit_line(rep, first.pk, LineDraft(customer_id=first.customer_id, purpose="collect", starts_at=dt.time(9)))
    order_lines(rep, plan.pk, [second.pk, first.pk], version_of(plan))
    assert [(line.pk, line.purpose) for line in lines_of(plan)] == [(second.pk, "order"), (first.pk, "collect")]


def test_yesterdays_plan_is_copied_without_what_is_there_already(
    world: World, plan: VisitPlan, customer_ids: dict[str, int]
) -> None:
    rep = world.actor("east_rep")
    then = draft_plan(rep, TOMORROW)
    add_line(rep, then.pk, LineDraft(customer_id=customer_ids["甲木业"], purpose="service"))
    assert latest_plan_day(rep, TOMORROW) == DAY
    copy_plan(rep, TOMORROW)
    assert [line.customer.name for line in lines_of(then)] == ["甲木业", "乙机械"]
    with pytest.raises(RuleBroken, match="都已在"):
        copy_plan(rep, TOMORROW)


def test_there_is_nothing_to_copy_before_the_first_plan(world: World, morning: None) -> None:
    with pytest.raises(RuleBroken, match="没有可以复制"):
        copy_plan(world.actor("east_rep"), DAY)


def version_of(plan: VisitPlan) -> int:
    plan.refresh_from_db()
    return plan.version


def test_an_order_made_from_an_older_plan_is_refused_and_leaves_the_lines(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    seen, (first, second) = version_of(plan), lines_of(plan)
    order_lines(rep, plan.pk, [second.pk, first.pk], seen)
    with pytest.raises(EditConflict) as conflict:
        order_lines(rep, plan.pk, [first.pk, second.pk], seen)
    assert conflict.value.current == {"version": seen + 1, "line_ids": [second.pk, first.pk]}
    assert [line.pk for line in lines_of(plan)] == [second.pk, first.pk]


def test_a_new_order_is_told_once_and_after_the_signature_not_marked(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    sign_plan(world.actor("east_manager"), plan.pk, submit_plan(rep, plan.pk).version)
    first, second = lines_of(plan)
    order_lines(rep, plan.pk, [second.pk, first.pk], version_of(plan))
    order_lines(rep, plan.pk, [second.pk], version_of(plan))
    plan.refresh_from_db()
    assert (plan.state, plan.changed_after_signing) == ("signed", False)
    assert JournalEntry.objects.filter(kind="fieldwork.PlanReordered").count() == 1


def test_nobody_signs_an_order_that_he_has_not_seen(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    seen = submit_plan(rep, plan.pk).version
    order_lines(rep, plan.pk, [line.pk for line in reversed(lines_of(plan))], seen)
    with pytest.raises(RuleBroken, match="又改过"):
        sign_plan(world.actor("east_manager"), plan.pk, seen)


def test_lines_of_another_plan_named_in_an_order_stay_where_they_are(world: World, plan: VisitPlan) -> None:
    rep, peer = world.actor("east_rep"), world.actor("east_peer")
    others = draft_plan(peer, DAY)
    theirs = [add_line(peer, others.pk, LineDraft(area=area)).pk for area in ("园区", "老城")]
    order_lines(rep, plan.pk, [*reversed(theirs), lines_of(plan)[1].pk], version_of(plan))
    assert [line.pk for line in lines_of(others)] == theirs
    with pytest.raises(NotFound):
        order_lines(rep, others.pk, theirs, version_of(others))


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (("09:00", "10:00"), ("09:30", "11:00"), True),
        (("09:00", "12:00"), ("10:00", "11:00"), True),
        (("09:00", "10:00"), ("10:00", "11:00"), False),
        (("09:00", "10:00"), ("09:30", None), False),
        ((None, None), (None, None), False),
    ],
)
def test_windows_that_overlap_are_said_and_kept(
    world: World,
    plan: VisitPlan,
    one: tuple[str | None, str | None],
    other: tuple[str | None, str | None],
    overlap: bool,
) -> None:
    rep = world.actor("east_rep")
    for line, (start, end) in zip(lines_of(plan), (one, other), strict=True):
        window = {
            "starts_at": dt.time.fromisoformat(start) if start else None,
            "ends_at": dt.time.fromisoformat(end) if end else None,
        }
        edit_line(rep, line.pk, LineDraft(customer_id=line.customer_id, purpose="order", **window))
    found = plan_of(rep, world.id("east_rep"), DAY)
    assert found is not None
    assert bool(found.overlaps) is overlap


def test_a_visit_that_was_put_off_is_in_nobodys_way(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    for line in lines_of(plan):
        edit_line(rep, line.pk, LineDraft(customer_id=line.customer_id, starts_at=dt.time(9), ends_at=dt.time(10)))
    settle_line(rep, lines_of(plan)[0].pk, outcome="moved", reason="客户要求", moved_to=TOMORROW)
    found = plan_of(rep, world.id("east_rep"), DAY)
    assert found is not None
    assert found.overlaps == []


def test_a_customer_is_copied_once_though_the_area_was_written_otherwise(
    world: World, plan: VisitPlan, customer_ids: dict[str, int]
) -> None:
    rep = world.actor("east_rep")
    then = draft_plan(rep, TOMORROW)
    add_line(rep, then.pk, LineDraft(customer_id=customer_ids["甲木业"], area="浦东"))
    copy_plan(rep, TOMORROW)
    assert [line.customer.name for line in lines_of(then)] == ["甲木业", "乙机械"]
