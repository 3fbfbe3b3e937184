"""The day's attendance: the taps, the visits, and what the rule of the role makes of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, RuleBroken
from xiaocheng.foundation.org.commands import add_duty_site, change_rule, mark_calendar_day, set_duty
from xiaocheng.selling.fieldwork.attending import Attended, Finding, Found, Traces, Way, hours_by_role, judge
from xiaocheng.selling.fieldwork.commands import (
    Position,
    check_in,
    check_out,
    clock_in,
    clock_out,
    forget_places,
    note_place_consent,
)
from xiaocheng.selling.fieldwork.models import Clocking
from xiaocheng.selling.fieldwork.queries import attendance_of, team_attendance

from .conftest import DAY, at

SUNDAY = DAY - dt.timedelta(days=1)
HERE = Position(Decimal("31.230400"), Decimal("121.473700"), 10)
MIDNIGHT = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
WORK = [(MIDNIGHT + dt.timedelta(hours=9), MIDNIGHT + dt.timedelta(hours=18))]
MOMENTS = st.none() | st.integers(0, 24 * 3600 - 1).map(lambda seconds: MIDNIGHT + dt.timedelta(seconds=seconds))
TRACES = st.builds(Traces, clocked_in=MOMENTS, clocked_out=MOMENTS, first_visit=MOMENTS, last_visit=MOMENTS)


def day_of(world: World, who: str, day: dt.date = DAY, now: str = "00:30", later: int = 1) -> Attended:
    """The day of somebody as it looks the night after, or at another time."""
    with at(now, day + dt.timedelta(days=later)):
        line = attendance_of(world.actor(who), world.id(who), day)
    assert line is not None
    return line.attended


def said(attended: Attended) -> list[tuple[str, int]]:
    return [(it.finding, it.minutes) for it in attended.found]


def tapped(world: World, who: str, came: str = "", went: str = "", day: dt.date = DAY) -> None:
    for when, command in ((came, clock_in), (went, clock_out)):
        if when:
            with at(when, day):
                command(world.actor(who))


@given(way=st.sampled_from(Way), traces=TRACES, grace=st.integers(0, 60), now=MOMENTS, over=st.booleans())
def test_a_day_is_judged_by_when_one_came_and_left(
    way: Way, traces: Traces, grace: int, now: dt.datetime | None, over: bool
) -> None:
    (begins, ends), now = WORK[0], now or MIDNIGHT
    found = judge(way, WORK, traces, grace=grace, now=now, over=over)
    kinds = {it.finding: it.minutes for it in found.found}
    came, left = traces.arrival(way), traces.leaving(way if now >= ends else Way.POST)
    assert (found.arrived_at, found.left_at, found.was_there) == (came, left, traces.any)
    late = came is not None and came > begins + dt.timedelta(minutes=grace)
    assert (Finding.LATE in kinds) == late
    if late and came is not None:
        assert dt.timedelta(0) <= begins + dt.timedelta(minutes=kinds[Finding.LATE]) - came < dt.timedelta(minutes=1)
    early = left is not None and left < ends - dt.timedelta(minutes=grace) and now >= ends
    assert (Finding.EARLY in kinds) == early
    assert (Finding.ABSENT in kinds) == (over and not traces.any)
    assert not {Finding.LATE, Finding.NO_ARRIVAL}.issubset(kinds) and not {Finding.EARLY, Finding.NO_LEAVING}.issubset(
        kinds
    )
    if over:
        missing = Finding.ABSENT in kinds or Finding.NO_ARRIVAL in kinds
        assert missing == (came is None) and Finding.NOT_YET not in kinds
    assert Attended.of_kept(found.kept()) == found


@given(way=st.sampled_from(Way), traces=TRACES, grace=st.integers(0, 60), now=MOMENTS, over=st.booleans())
def test_nothing_is_missing_to_a_day_off(
    way: Way, traces: Traces, grace: int, now: dt.datetime | None, over: bool
) -> None:
    found = judge(way, [], traces, grace=grace, now=now or MIDNIGHT, over=over)
    assert not found.is_due and found.found == ()


@given(traces=TRACES)
def test_visits_tell_of_a_day_only_where_it_begins_at_a_customers(traces: Traces) -> None:
    assert traces.arrival(Way.COMPANY) == traces.arrival(Way.POST) == traces.clocked_in
    assert traces.leaving(Way.COMPANY) == traces.leaving(Way.POST) == traces.clocked_out


def test_the_first_tap_in_and_the_last_tap_out_count(world: World, morning: None) -> None:
    for when in ("08:50", "09:40"):
        tapped(world, "east_rep", came=when)
    for when in ("17:00", "18:10"):
        tapped(world, "east_rep", went=when)
    found = day_of(world, "east_rep")
    assert (found.arrived_at, found.left_at, found.found) == (
        clock.instant(DAY, dt.time(8, 50)),
        clock.instant(DAY, dt.time(18, 10)),
        (),
    )
    assert Clocking.objects.visible_to(world.actor("east_rep")).count() == 2


def test_the_first_check_in_is_the_arrival_of_a_rep_but_not_of_a_manager(
    world: World, customer_ids: dict[str, int]
) -> None:
    for who in ("east_rep", "east_manager"):
        with at("09:30"):
            visit = check_in(world.actor(who), customer_id=customer_ids["甲木业"])
        with at("18:20"):
            check_out(world.actor(who), visit.pk)
    assert said(day_of(world, "east_rep")) == [("late", 30)]
    assert said(day_of(world, "east_manager")) == [("no_arrival", 0), ("no_leaving", 0)]


def test_the_end_of_a_visit_is_no_leaving_while_the_day_goes_on(world: World, customer_ids: dict[str, int]) -> None:
    with at("08:50"):
        visit = check_in(world.actor("east_rep"), customer_id=customer_ids["甲木业"])
    with at("10:20"):
        check_out(world.actor("east_rep"), visit.pk)
    assert day_of(world, "east_rep", now="17:59", later=0).left_at is None
    assert said(day_of(world, "east_rep", now="18:00", later=0)) == [("early", 460)]


@pytest.mark.parametrize(
    ("came", "went", "findings"),
    [
        ("09:05", "17:55", []),
        ("09:06", "18:00", [("late", 6)]),
        ("09:00", "17:54", [("early", 6)]),
        ("09:00", "", [("no_leaving", 0)]),
        ("", "18:00", [("no_arrival", 0)]),
        ("", "", [("absent", 0)]),
    ],
)
def test_within_the_grace_nobody_is_late_or_early(
    world: World, morning: None, came: str, went: str, findings: list[tuple[str, int]]
) -> None:
    tapped(world, "east_manager", came, went)
    assert said(day_of(world, "east_manager")) == findings


def test_during_the_day_one_is_not_yet_there_and_nothing_more(world: World, morning: None) -> None:
    assert said(day_of(world, "east_rep", now="09:05", later=0)) == []
    assert said(day_of(world, "east_rep", now="09:06", later=0)) == [("not_yet", 0)]
    tapped(world, "east_rep", came="08:40")
    assert said(day_of(world, "east_rep", now="19:00", later=0)) == []


def test_nothing_is_due_on_a_rest_day_and_before_one_joined(world: World, morning: None) -> None:
    assert not day_of(world, "east_rep", SUNDAY).is_due
    mark_calendar_day(world.actor("administrator"), SUNDAY, is_workday=True)
    assert said(day_of(world, "east_rep", SUNDAY)) == [("absent", 0)]
    world.person("east_rep").__class__.objects.filter(pk=world.id("east_rep")).update(joined_on=DAY)
    assert not day_of(world, "east_rep", SUNDAY).is_due


def test_a_promoter_works_the_days_and_hours_of_his_post(world: World, morning: None) -> None:
    change_rule(SYSTEM, "AttendanceRules.by_role", "promoter=post 10:00-19:00", DAY)
    tapped(world, "promoter", "10:20", "19:00")
    assert said(day_of(world, "promoter")) == [("late", 20)]
    keeper, sunday = world.actor("administrator"), DAY + dt.timedelta(days=6)
    site = add_duty_site(keeper, "门店", "site", world.department_ids["south"])
    set_duty(keeper, site.pk, sunday, sunday, [world.id("promoter")])
    assert said(day_of(world, "promoter", sunday)) == [("absent", 0)]
    assert not day_of(world, "promoter").is_due


def test_former_days_keep_their_rule(world: World, morning: None) -> None:
    tapped(world, "east_manager", "09:30", "18:00")
    tuesday = DAY + dt.timedelta(days=1)
    change_rule(SYSTEM, "AttendanceRules.begins_at", "09:30", tuesday)
    tapped(world, "east_manager", "09:30", "18:00", tuesday)
    assert said(day_of(world, "east_manager")) == [("late", 30)]
    assert said(day_of(world, "east_manager", tuesday)) == []


@pytest.mark.parametrize("wrong", ["rep", "rep=home", "rep=post 19:00-10:00", "rep=post 9-18", "rep=post 25:00-26:00"])
def test_a_rule_that_nobody_can_read_is_refused(world: World, morning: None, wrong: str) -> None:
    with pytest.raises(RuleBroken):
        change_rule(SYSTEM, "AttendanceRules.by_role", wrong, DAY)
    assert hours_by_role("rep=customer、promoter=post 10:00-19:00")["promoter"][0] == Way.POST


def test_the_place_of_a_tap_is_kept_by_consent_and_never_refuses(world: World, morning: None) -> None:
    rep = world.actor("east_rep")
    change_rule(SYSTEM, "AttendanceRules.office_place", "31.2304, 121.4737", DAY)
    assert clock_in(rep, HERE).verdict == ""
    note_place_consent(rep, is_given=True)
    row = clock_out(rep, Position(Decimal("31.3304"), Decimal("121.4737"), 10))
    assert (row.verdict, row.accuracy) == ("out_of_range", 10) and row.distance and row.distance > 11_000
    assert clock_out(rep, HERE).verdict == "in_range"
    assert clock_out(rep, Position(Decimal(99), Decimal(0), 1)).verdict == ""
    clock_out(rep, HERE)
    with at("08:00", DAY + dt.timedelta(days=91)):
        assert forget_places(SYSTEM) == 1
    row.refresh_from_db()
    assert (row.latitude, row.distance, row.verdict) == (None, None, "in_range")


def test_without_a_place_of_the_company_nothing_is_said_of_a_tap(world: World, morning: None) -> None:
    note_place_consent(world.actor("east_rep"), is_given=True)
    assert clock_in(world.actor("east_rep"), HERE).verdict == "unverifiable"


def test_everybody_attends_for_himself_and_is_seen_from_above_alone(world: World, morning: None) -> None:
    tapped(world, "east_rep", came="08:50")
    with pytest.raises(NotAllowed):
        clock_in(world.actor("administrator"))
    assert world.id("east_rep") in team_attendance(world.actor("east_manager"), DAY)
    assert world.id("east_rep") not in team_attendance(world.actor("south_manager"), DAY)
    assert attendance_of(world.actor("south_rep"), world.id("east_rep"), DAY) is None
    assert attendance_of(world.actor("director"), world.id("administrator"), DAY) is None
    assert (
        Found(Finding.ABSENT) not in team_attendance(world.actor("director"), DAY)[world.id("east_rep")].attended.found
    )
