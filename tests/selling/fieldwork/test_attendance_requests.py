"""Leave, trips, late returns and corrected taps: asked for, granted, and what they change of the day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import World
from xiaocheng.control.reports.commands import ReportText, submit
from xiaocheng.control.reports.queries import missing_reports, report_of
from xiaocheng.foundation.kernel import clock, measures
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.selling.fieldwork.attending import Span, without
from xiaocheng.selling.fieldwork.commands import (
    RequestDraft,
    ask_attendance,
    check_in,
    check_out,
    clock_in,
    grant_attendance,
    grant_attendances,
    refuse_attendance,
    withdraw_attendance,
)
from xiaocheng.selling.fieldwork.models import AttendanceRequest
from xiaocheng.selling.fieldwork.queries import attendance_request, attendance_requests, waiting_requests

from .conftest import DAY, at
from .test_attendance import day_of, said, tapped

TUESDAY = DAY + dt.timedelta(days=1)
START = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
INSTANTS = st.integers(0, 24 * 60).map(lambda minutes: START + dt.timedelta(minutes=minutes))
SPANS = st.tuples(INSTANTS, INSTANTS).filter(lambda span: span[0] < span[1])


def asked(world: World, who: str = "east_rep", kind: str = "leave", first_on: dt.date = DAY, **more: object) -> int:
    if kind == "leave":
        more.setdefault("leave_kind", "personal")
    draft = RequestDraft(kind=kind, reason="家里有事", first_on=first_on, **more)  # type: ignore[arg-type]
    return ask_attendance(world.actor(who), draft).pk


def granted(world: World, **more: object) -> int:
    pk = asked(world, **more)  # type: ignore[arg-type]
    grant_attendance(world.actor("east_manager"), pk, "好")
    return pk


def of_minutes(spans: list[Span]) -> set[int]:
    """The minutes of the day that lie within some spans."""
    minute = dt.timedelta(minutes=1)
    return {n for first, until in spans for n in range((first - START) // minute, (until - START) // minute)}


@given(first=INSTANTS, spans=st.lists(SPANS, max_size=4))
def test_what_is_left_of_the_hours_is_what_nothing_was_granted_for(first: dt.datetime, spans: list[Span]) -> None:
    noon, one = START + dt.timedelta(hours=12), START + dt.timedelta(hours=13)
    work = [(START + dt.timedelta(hours=9), noon), (one, START + dt.timedelta(hours=18))]
    left = without(work, spans)
    assert of_minutes(left) == of_minutes(work) - of_minutes(spans)
    assert all(begins < ends for begins, ends in left) and left == sorted(left)


def test_leave_for_the_day_leaves_nothing_due_and_no_report_owed(world: World, morning: None) -> None:
    assert "张三" in [line.name for line in missing_reports(world.actor("east_manager"), DAY)]
    pk = asked(world)
    assert said(day_of(world, "east_rep")) == [("absent", 0)]
    grant_attendance(world.actor("east_manager"), pk)
    found = day_of(world, "east_rep")
    assert (found.is_due, found.excuse, found.found) == (False, "leave", ())
    assert "张三" not in [line.name for line in missing_reports(world.actor("east_manager"), DAY)]
    assert "张三" in [line.name for line in missing_reports(world.actor("east_manager"), TUESDAY)]


def test_half_a_day_of_leave_moves_the_beginning_past_noon(world: World, morning: None) -> None:
    granted(world, ends_at=dt.time(12))
    tapped(world, "east_rep", "13:04", "18:00")
    found = day_of(world, "east_rep")
    assert (found.is_due, found.excuse, found.found) == (True, "leave", ())
    assert "张三" in [line.name for line in missing_reports(world.actor("east_manager"), DAY)]


def test_leave_in_the_afternoon_ends_the_day_at_noon(world: World, morning: None) -> None:
    granted(world, begins_at=dt.time(13))
    tapped(world, "east_rep", "09:00", "11:50")
    assert said(day_of(world, "east_rep")) == [("early", 10)]


def test_a_trip_over_several_days_leaves_nothing_due_but_its_reports(world: World, morning: None) -> None:
    granted(world, kind="trip", last_on=TUESDAY)
    assert [day_of(world, "east_rep", day).excuse for day in (DAY, TUESDAY)] == ["trip", "trip"]
    assert not day_of(world, "east_rep").is_due
    assert "张三" in [line.name for line in missing_reports(world.actor("east_manager"), DAY)]


def test_who_returns_late_needs_not_come_back_to_the_company(world: World, customer_ids: dict[str, int]) -> None:
    boss = world.actor("east_manager")
    with at("08:55"):
        clock_in(boss)
    with at("20:30"):
        visit = check_in(boss, customer_id=customer_ids["甲木业"])
    with at("22:10"):
        check_out(boss, visit.pk)
        pk = asked(world, "east_manager", "late_return")
    assert said(day_of(world, "east_manager")) == [("no_leaving", 0)]
    grant_attendance(world.actor("director"), pk)
    found = day_of(world, "east_manager")
    assert (found.found, found.returns_late, found.left_at) == ((), True, clock.instant(DAY, dt.time(22, 10)))


@pytest.mark.parametrize("before", [True, False])
def test_a_late_return_moves_the_deadline_of_the_report(world: World, morning: None, before: bool) -> None:
    rep, boss = world.actor("east_rep"), world.actor("east_manager")
    with at("19:00"):
        pk = asked(world, kind="late_return")
        if before:
            grant_attendance(boss, pk)
    with at("08:40", TUESDAY):
        report = submit(rep, DAY, ReportText(learnt="路上写的"))
        assert (report.late_minutes == 0) == before
        if not before:
            grant_attendance(boss, pk)
    row = report_of(rep, rep.person_id or 0, DAY)
    assert row and (row.late_minutes, row.due_at) == (0, clock.instant(TUESDAY, dt.time(9)))
    assert measures.totals(rep, ["reports.on_time"], period("day", DAY)) == {"reports.on_time": 1}
    assert measures.differences() == []


def test_a_correction_stands_for_the_tap_that_was_forgotten(world: World, morning: None) -> None:
    tapped(world, "east_rep", came="09:40")
    with at("18:30"):
        first = asked(world, kind="correction", tap="in", begins_at=dt.time(8, 50))
        second = asked(world, kind="correction", tap="out", begins_at=dt.time(18, 5))
    assert said(day_of(world, "east_rep")) == [("late", 40), ("no_leaving", 0)]
    outcomes = grant_attendances(world.actor("east_manager"), [first, second, 10**9])
    assert [it.refusal is None for it in outcomes] == [True, True, False]
    assert said(day_of(world, "east_rep")) == []


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"kind": "correction", "tap": "in", "begins_at": dt.time(9)}, "已经过去"),
        ({"kind": "correction", "tap": "in", "begins_at": dt.time(9), "first_on": DAY - dt.timedelta(days=8)}, "最近"),
        ({"kind": "correction", "tap": "in"}, "时间"),
        ({"kind": "correction", "begins_at": dt.time(7)}, "哪一次"),
        ({"leave_kind": "nonsense"}, "类别"),
        ({"last_on": DAY - dt.timedelta(days=1)}, "早于"),
        ({"begins_at": dt.time(13), "ends_at": dt.time(12)}, "晚于"),
        ({"kind": "holiday"}, "申请什么"),
    ],
)
def test_a_request_that_says_too_little_is_refused_and_leaves_nothing(
    world: World, morning: None, more: dict[str, object], what: str
) -> None:
    with pytest.raises(RuleBroken, match=what):
        asked(world, **more)  # type: ignore[arg-type]
    assert not attendance_requests(world.actor("director")).exists()


def test_a_request_needs_a_reason(world: World, morning: None) -> None:
    with pytest.raises(RuleBroken, match="原因"):
        ask_attendance(world.actor("east_rep"), RequestDraft(kind="trip", reason=" ", first_on=DAY))


def test_what_overlaps_is_refused_until_the_other_is_gone(world: World, morning: None) -> None:
    pk = asked(world, first_on=TUESDAY, ends_at=dt.time(12))
    with pytest.raises(RuleBroken, match="重叠"):
        asked(world, kind="trip", first_on=DAY, last_on=TUESDAY)
    other = asked(world, kind="trip", first_on=TUESDAY, begins_at=dt.time(12))
    refuse_attendance(world.actor("east_manager"), other, "换一天")
    withdraw_attendance(world.actor("east_rep"), pk)
    asked(world, kind="trip", first_on=DAY, last_on=TUESDAY)
    asked(world, "east_peer", first_on=TUESDAY)
    asked(world, kind="late_return")
    with pytest.raises(RuleBroken, match="重叠"):
        asked(world, kind="late_return")
    with at("19:00"):
        asked(world, kind="correction", tap="in", begins_at=dt.time(9))
        asked(world, kind="correction", tap="out", begins_at=dt.time(18))
        with pytest.raises(RuleBroken, match="重叠"):
            asked(world, kind="correction", tap="in", begins_at=dt.time(8))


def test_only_the_supervisor_decides_and_once(world: World, morning: None) -> None:
    pk = asked(world)
    assert [row.pk for row in waiting_requests(world.actor("east_manager"))] == [pk]
    assert waiting_requests(world.actor("director")) == []
    with pytest.raises(RuleBroken, match="不能自己签"):
        grant_attendance(world.actor("east_rep"), pk)
    for stranger in ("south_manager", "east_peer"):
        with pytest.raises(NotFound):
            grant_attendance(world.actor(stranger), pk)
        with pytest.raises(NotFound):
            attendance_request(world.actor(stranger), pk)
    with pytest.raises(RuleBroken, match="要改什么"):
        refuse_attendance(world.actor("east_manager"), pk, " ")
    refuse_attendance(world.actor("east_manager"), pk, "月底盘点,换一天")
    with pytest.raises(RuleBroken, match="已退回"):
        grant_attendance(world.actor("east_manager"), pk)
    assert said(day_of(world, "east_rep")) == [("absent", 0)]


def test_one_withdraws_ones_own_until_it_has_begun(world: World, morning: None) -> None:
    pk = granted(world, first_on=TUESDAY)
    with pytest.raises(RuleBroken, match="本人"):
        withdraw_attendance(world.actor("east_manager"), pk)
    withdraw_attendance(world.actor("east_rep"), pk)
    assert said(day_of(world, "east_rep", TUESDAY)) == [("absent", 0)]
    again = granted(world, first_on=TUESDAY)
    with at("08:00", TUESDAY), pytest.raises(RuleBroken, match="开始之后"):
        withdraw_attendance(world.actor("east_rep"), again)


def test_who_does_not_attend_asks_for_nothing_and_above_whom_nobody_stands_needs_no_signature(
    world: World, morning: None
) -> None:
    with pytest.raises(NotAllowed):
        asked(world, "administrator")
    from xiaocheng.foundation.org.commands import edit_role

    role = world.role("director")
    allowed = [*role.capabilities, "fieldwork.attend"]
    edit_role(world.actor("administrator"), role.pk, role.edit_version, name=role.name, allowed=allowed)
    pk = asked(world, "director")
    assert AttendanceRequest.objects.one(world.actor("director"), pk).state == "signed"
    assert not day_of(world, "director").is_due
