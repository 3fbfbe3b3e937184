from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.world import World
from xiaocheng.foundation.kernel import measures
from xiaocheng.foundation.kernel.errors import EditConflict, NotFound, RuleBroken
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers.queries import customer
from xiaocheng.selling.fieldwork.commands import (
    LineDraft,
    VisitResult,
    add_line,
    amend_result,
    check_in,
    check_out,
    draft_plan,
    record_result,
    settle_line,
    submit_plan,
)
from xiaocheng.selling.fieldwork.queries import Visit, VisitPlan, visit, visit_under_way, visits, visits_of_day

from .conftest import DAY, at, lines_of

GOOD = VisitResult(outcome="met_decider", result="order")
KEYS = ("planned", "plan_done", "visited", "effective", "off_plan", "calls")


def figures(world: World, key: str = "east_rep", day: dt.date = DAY) -> dict[str, int]:
    keys = [f"fieldwork.{name}" for name in KEYS]
    found = measures.totals(world.actor(key), keys, period("day", day))
    return {name: int(found[f"fieldwork.{name}"]) for name in KEYS if found[f"fieldwork.{name}"] != Decimal(0)}


def made(world: World, result: VisitResult = GOOD, **where: object) -> Visit:
    rep = world.actor("east_rep")
    with at("10:00"):
        arrived = check_in(rep, **where)  # type: ignore[arg-type]
    with at("10:40"):
        check_out(rep, arrived.pk)
    with at("10:41"):
        return record_result(rep, arrived.pk, arrived.edit_version, result)


def test_a_planned_visit_is_made_in_two_taps_and_a_result(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    submit_plan(rep, plan.pk)
    line = lines_of(plan)[0]
    done = made(world, line_id=line.pk)
    assert done.stay == dt.timedelta(minutes=40)
    assert (done.customer_id, done.purpose, done.is_off_plan, done.is_effective) == (
        line.customer_id,
        "order",
        False,
        True,
    )
    assert [item.outcome for item in lines_of(plan)] == ["done", "planned"]
    assert figures(world) == {"planned": 2, "plan_done": 1, "visited": 1, "effective": 1}
    assert measures.differences() == []


def test_a_visit_from_the_customers_page_finds_its_planned_line(world: World, plan: VisitPlan) -> None:
    line = lines_of(plan)[1]
    assert made(world, customer_id=line.customer_id).plan_line_id == line.pk


def test_a_visit_that_was_not_planned_is_marked(world: World, plan: VisitPlan, customer_ids: dict[str, int]) -> None:
    assert made(world, customer_id=customer_ids["丙食品"]).is_off_plan
    assert figures(world) == {"visited": 1, "effective": 1, "off_plan": 1}


def test_a_line_done_before_a_late_submission_counts_as_done(world: World, plan: VisitPlan) -> None:
    made(world, line_id=lines_of(plan)[0].pk)
    assert "plan_done" not in figures(world)
    with at("11:00"):
        submit_plan(world.actor("east_rep"), plan.pk)
    assert figures(world) == {"planned": 2, "plan_done": 1, "visited": 1, "effective": 1}
    assert measures.differences() == []


def test_going_out_with_an_unsigned_plan_is_marked_not_blocked(world: World, plan: VisitPlan) -> None:
    submit_plan(world.actor("east_rep"), plan.pk)
    made(world, line_id=lines_of(plan)[0].pk)
    plan.refresh_from_db()
    assert plan.went_unsigned


def test_the_same_tap_twice_gives_the_same_visit(world: World, plan: VisitPlan) -> None:
    rep, line = world.actor("east_rep"), lines_of(plan)[0]
    first = check_in(rep, line_id=line.pk)
    assert check_in(rep, line_id=line.pk).pk == first.pk
    assert check_in(rep, customer_id=line.customer_id).pk == first.pk
    left = check_out(rep, first.pk).checked_out_at
    with at("12:00"):
        assert check_out(rep, first.pk).checked_out_at == left


def test_nobody_is_in_two_places_at_once(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    first, second = lines_of(plan)
    here = check_in(rep, line_id=first.pk)
    with pytest.raises(RuleBroken, match="还没有签退"):
        check_in(rep, line_id=second.pk)
    under_way = visit_under_way(rep)
    assert under_way is not None and under_way.pk == here.pk


def test_a_result_may_be_told_without_checking_out_first(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    here = check_in(rep, line_id=lines_of(plan)[0].pk)
    with at("09:30"):
        done = record_result(rep, here.pk, here.edit_version, GOOD)
    assert done.checked_out_at == done.completed_at


def test_a_line_is_not_visited_on_another_day_nor_twice(world: World, plan: VisitPlan) -> None:
    rep, line = world.actor("east_rep"), lines_of(plan)[0]
    with at("09:00", DAY + dt.timedelta(days=1)), pytest.raises(RuleBroken, match="今天的计划"):
        check_in(rep, line_id=line.pk)
    made(world, line_id=line.pk)
    with pytest.raises(RuleBroken, match="已经拜访过"):
        check_in(rep, line_id=line.pk)


def test_a_line_given_up_too_early_can_still_be_visited(world: World, plan: VisitPlan) -> None:
    line = lines_of(plan)[0]
    settle_line(world.actor("east_rep"), line.pk, outcome="not_done", reason="客户不在")
    made(world, customer_id=line.customer_id)
    assert (lines_of(plan)[0].outcome, lines_of(plan)[0].reason) == ("done", "")


def test_an_area_is_canvassed_without_a_customer(world: World, morning: None) -> None:
    assert made(world, area="开发区", purpose="develop").customer_id is None
    with pytest.raises(RuleBroken, match="请选择客户"):
        check_in(world.actor("east_rep"), area=" ")


def test_a_visit_out_of_sight_is_not_there(world: World, plan: VisitPlan, customer_ids: dict[str, int]) -> None:
    here = check_in(world.actor("east_rep"), line_id=lines_of(plan)[0].pk)
    with pytest.raises(NotFound):
        check_in(world.actor("east_rep"), customer_id=customer_ids["外人的客户"])
    with pytest.raises(NotFound):
        check_out(world.actor("south_rep"), here.pk)
    with pytest.raises(RuleBroken, match="本人"):
        record_result(world.actor("east_manager"), here.pk, 1, GOOD)
    assert visit(world.actor("east_manager"), here.pk).pk == here.pk


@pytest.mark.parametrize(
    ("result", "field"),
    [
        (VisitResult(outcome="", result="order"), "outcome"),
        (VisitResult(outcome="met_decider", result="success"), "result"),
        (VisitResult(outcome="met_decider", result="next_step"), "next_on"),
        (VisitResult(outcome="met_decider", result="order", next_on=DAY - dt.timedelta(days=1)), "next_on"),
        (VisitResult(outcome="met_decider", result="order", contact_id=4711), "contact_id"),
        (VisitResult(outcome="met_decider", result="order", next_step="x" * 201), "next_step"),
    ],
)
def test_a_result_is_refused_at_its_field(world: World, plan: VisitPlan, result: VisitResult, field: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        made(world, result, line_id=lines_of(plan)[0].pk)
    assert refusal.value.field == field
    assert figures(world) == {}


@pytest.mark.parametrize(
    ("outcome", "result", "next_in", "effective"),
    [
        ("met_decider", "order", None, True),
        ("met_other", "need", None, True),
        ("not_met", "order", None, False),
        ("met_decider", "nothing", None, False),
        ("met_decider", "nothing", 3, True),
    ],
)
def test_a_visit_is_effective_with_check_in_meeting_and_result(
    world: World, plan: VisitPlan, outcome: str, result: str, next_in: int | None, effective: bool
) -> None:
    next_on = DAY + dt.timedelta(days=next_in) if next_in else None
    told = VisitResult(outcome=outcome, result=result, next_on=next_on)
    assert made(world, told, line_id=lines_of(plan)[0].pk).is_effective is effective
    assert measures.differences() == []


def test_what_is_effective_is_the_companys_own_rule_of_that_day(world: World, plan: VisitPlan) -> None:
    change_rule(world.actor("administrator"), "FieldworkRules.effective_meeting", "decider", DAY)
    told = VisitResult(outcome="met_other", result="order")
    assert not made(world, told, line_id=lines_of(plan)[0].pk).is_effective


def test_the_customer_knows_when_it_was_visited_and_when_next(
    world: World, plan: VisitPlan, customer_ids: dict[str, int]
) -> None:
    next_on = DAY + dt.timedelta(days=5)
    told = VisitResult(outcome="met_other", result="next_step", next_on=next_on)
    done = made(world, told, line_id=lines_of(plan)[0].pk)
    row = customer(world.actor("east_rep"), customer_ids["甲木业"])
    assert (row.last_contact_at, row.next_contact_on) == (done.occurred_at, next_on)


def test_a_customer_whom_one_did_not_meet_was_not_contacted(
    world: World, plan: VisitPlan, customer_ids: dict[str, int]
) -> None:
    made(world, VisitResult(outcome="not_met", result="nothing"), line_id=lines_of(plan)[0].pk)
    assert customer(world.actor("east_rep"), customer_ids["甲木业"]).last_contact_at is None


def test_a_correction_moves_the_figures_and_is_marked(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    done = made(world, line_id=lines_of(plan)[0].pk)
    worse = VisitResult(outcome="not_met", result="nothing", note="原来见的是隔壁公司")
    amended = amend_result(rep, done.pk, done.edit_version, worse)
    assert amended.amended_at is not None and not amended.is_effective
    assert figures(world) == {"visited": 1}
    with pytest.raises(EditConflict):
        amend_result(rep, done.pk, 1, GOOD)
    assert measures.differences() == []


def test_a_closed_period_keeps_its_effective_visits(world: World, plan: VisitPlan) -> None:
    done = made(world, line_id=lines_of(plan)[0].pk)
    change_rule(world.actor("administrator"), "PeriodRules.closed_through", "2026-03-02", DAY)
    with at("09:00", DAY + dt.timedelta(days=1)):
        with pytest.raises(RuleBroken, match="关账"):
            amend_result(
                world.actor("east_rep"), done.pk, done.edit_version, VisitResult(outcome="not_met", result="nothing")
            )
        fine = VisitResult(outcome="met_decider", result="order", note="补充一句")
        assert amend_result(world.actor("east_rep"), done.pk, done.edit_version, fine).is_effective


def test_lists_show_what_one_sees_and_are_searched_by_customer(world: World, plan: VisitPlan) -> None:
    done = made(world, line_id=lines_of(plan)[0].pk)
    assert [row.pk for row in visits(world.actor("east_manager"), "jmy")] == [done.pk]
    assert [row.pk for row in visits_of_day(world.actor("east_rep"), world.id("east_rep"), DAY)] == [done.pk]
    assert not visits(world.actor("south_manager")).exists()
    assert not visits(world.actor("east_rep"), "没有这家").exists()


def test_a_visit_stays_credited_to_the_department_of_its_day(world: World, plan: VisitPlan) -> None:
    done = made(world, line_id=lines_of(plan)[0].pk)
    assert done.credit_department_id == world.department("east").pk


def test_whoever_may_not_visit_is_refused(world: World, morning: None) -> None:
    from xiaocheng.foundation.kernel.errors import NotAllowed

    with pytest.raises(NotAllowed):
        check_in(world.actor("administrator"), area="开发区")
    with pytest.raises(NotAllowed):
        draft_plan(world.actor("administrator"), DAY)


def test_a_line_without_customer_may_be_planned_and_visited(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    line = add_line(rep, plan.pk, LineDraft(area="建材市场", purpose="survey"))
    assert made(world, line_id=line.pk).area == "建材市场"
