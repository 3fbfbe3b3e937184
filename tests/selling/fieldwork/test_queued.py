"""Visits that a device recorded without connection and that arrive later."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.world import World
from xiaocheng.foundation.kernel import clock, measures
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.fieldwork.commands import Queued, check_in, check_out, record_result, submit_plan
from xiaocheng.selling.fieldwork.queries import Visit, VisitPlan

from .conftest import DAY, at, lines_of
from .test_visits import GOOD, figures

NEXT = DAY + dt.timedelta(days=1)


def queued(time: str, *, off: dt.timedelta = dt.timedelta()) -> Queued:
    """Recorded at a time of the day, sent now, by a clock that is off by so much."""
    return Queued(clock.instant(DAY, dt.time.fromisoformat(time)), clock.now() + off)


def replayed(world: World, **where: object) -> Visit:
    rep = world.actor("east_rep")
    row = check_in(rep, queued=queued("10:00"), **where)  # type: ignore[arg-type]
    check_out(rep, row.pk, queued=queued("10:40"))
    return record_result(rep, row.pk, row.edit_version, GOOD, queued("10:41"))


def test_a_visit_that_arrives_the_day_after_counts_as_if_it_had_been_sent_at_once(
    world: World, plan: VisitPlan
) -> None:
    submit_plan(world.actor("east_rep"), plan.pk)
    with at("09:00", NEXT):
        done = replayed(world, line_id=lines_of(plan)[0].pk)
        assert done.recorded_at == clock.now()
    assert done.checked_in_at == done.occurred_at == done.queued_at == clock.instant(DAY, dt.time(10))
    assert (done.stay, done.booked_on, done.is_effective) == (dt.timedelta(minutes=40), DAY, True)
    assert [line.outcome for line in lines_of(plan)] == ["done", "planned"]
    assert figures(world) == {"planned": 2, "plan_done": 1, "visited": 1, "effective": 1}
    assert figures(world, day=NEXT) == {}
    assert measures.differences() == []


def test_it_finds_the_line_of_its_own_day(world: World, plan: VisitPlan) -> None:
    line = lines_of(plan)[1]
    with at("09:00", NEXT):
        done = replayed(world, customer_id=line.customer_id)
    assert (done.plan_line_id, done.is_off_plan) == (line.pk, False)
    plan.refresh_from_db()
    assert plan.went_unsigned


def test_a_planned_visit_comes_in_off_the_plan_when_its_line_was_visited_meanwhile(
    world: World, plan: VisitPlan
) -> None:
    line = lines_of(plan)[0]
    with at("09:00", NEXT):
        first = replayed(world, customer_id=line.customer_id)
        assert first.plan_line_id == line.pk
        again = check_in(world.actor("east_rep"), line_id=line.pk, queued=queued("15:00"))
    assert (again.customer_id, again.purpose, again.is_off_plan) == (line.customer_id, line.purpose, True)


def test_a_clock_that_is_wrong_is_not_believed(world: World, plan: VisitPlan) -> None:
    rep, line = world.actor("east_rep"), lines_of(plan)[0]
    with at("09:00", NEXT):
        for wrong in (dt.timedelta(minutes=3), -dt.timedelta(minutes=3)):
            with pytest.raises(RuleBroken, match="今天的计划"):
                check_in(rep, line_id=line.pk, queued=queued("10:00", off=wrong))
        done = check_in(rep, customer_id=line.customer_id, queued=queued("10:00", off=dt.timedelta(minutes=3)))
        assert (done.checked_in_at, done.queued_at, done.is_off_plan) == (clock.now(), None, True)


def test_what_arrives_too_late_counts_from_its_arrival(world: World, plan: VisitPlan) -> None:
    change_rule(world.actor("administrator"), "FieldworkRules.queued_days", "1", DAY)
    later = DAY + dt.timedelta(days=2)
    with at("09:00", later):
        assert check_in(world.actor("east_rep"), area="张江", queued=queued("10:00")).booked_on == later


def test_nobody_leaves_before_he_arrived(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    with at("11:00"):
        here = check_in(rep, area="张江")
        assert check_out(rep, here.pk, queued=queued("10:30")).stay == dt.timedelta()


def test_a_program_says_when_the_device_recorded_it(world: World, plan: VisitPlan) -> None:
    with at("09:00", NEXT):
        client, json = world.client("east_rep"), {"content_type": "application/json"}
        then = {
            name: {"queued_at": it.at.isoformat(), "device_now": it.device_now.isoformat()}
            for name, it in {"in": queued("10:00"), "out": queued("10:40")}.items()
        }
        line = lines_of(plan)[0].pk
        here = client.post("/api/v1/visits/check-in", {"line_id": line} | then["in"], **json).json()
        assert here["checked_in_at"].startswith("2026-03-02T02:00"), here
        told = {"version": here["version"], "outcome": "met_decider", "result": "order"} | then["out"]
        done = client.post(f"/api/v1/visits/{here['id']}/result", told, **json).json()
        assert done["checked_out_at"].startswith("2026-03-02T02:40"), done
