"""The company's working days and who is on duty."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.org.commands import (
    add_duty_site,
    change_rule,
    disable_person,
    edit_duty_site,
    mark_calendar_day,
    note_missing_holidays,
    set_duty,
)
from xiaocheng.foundation.org.models import DutyShift
from xiaocheng.foundation.org.queries import (
    calendar_year,
    is_workday,
    last_year_with_table,
    next_workday,
    on_duty,
    workdays_between,
    year_to_warn_of,
)

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (dt.date(2026, 3, 10), True),  # Tuesday
        (dt.date(2026, 3, 14), False),  # Saturday
        (dt.date(2026, 2, 17), False),  # Spring Festival
        (dt.date(2026, 2, 14), True),  # make-up workday, a Saturday
        (dt.date(2026, 10, 1), False),
        (dt.date(2031, 10, 1), True),  # a year without a table: weekdays only
        (dt.date(2031, 10, 4), False),
    ],
)
def test_public_holidays_and_make_up_days_are_known(db: None, day: dt.date, works: bool) -> None:
    assert is_workday(day) is works


def test_the_companys_own_decision_wins_and_can_be_taken_back(world: World) -> None:
    day = dt.date(2026, 3, 10)
    mark_calendar_day(world.actor("administrator"), day, is_workday=False, name="司庆")
    assert not is_workday(day)
    assert {e.day: e.name for e in calendar_year(SYSTEM, 2026)}[day] == "司庆"
    mark_calendar_day(world.actor("administrator"), day, is_workday=True)
    mark_calendar_day(world.actor("administrator"), day, is_workday=None)
    assert is_workday(day)


def test_a_company_elsewhere_counts_weekends_only(db: None) -> None:
    change_rule(SYSTEM, "CalendarRules.holidays", "none", dt.date(2026, 1, 1))
    assert is_workday(dt.date(2026, 10, 1))
    assert not is_workday(dt.date(2026, 2, 14))
    assert all(not entry.name for entry in calendar_year(SYSTEM, 2026))


def test_the_year_has_each_day_once_with_the_holidays_named(db: None) -> None:
    year = calendar_year(SYSTEM, 2024)
    assert [entry.day for entry in year] == [dt.date(2024, 1, 1) + i * DAY for i in range(366)]
    names = {entry.day: entry.name for entry in year}
    assert names[dt.date(2024, 10, 1)] == "国庆节"
    assert "调休上班" in names[dt.date(2024, 9, 14)]
    assert names[dt.date(2024, 3, 12)] == ""


def test_working_days_are_counted_and_stepped_over_a_long_holiday(db: None) -> None:
    eve = dt.date(2026, 9, 30)
    assert next_workday(eve) == dt.date(2026, 10, 8)
    assert next_workday(eve, 0) == eve
    assert workdays_between(eve, dt.date(2026, 10, 8)) == 2
    assert workdays_between(dt.date(2026, 10, 2), dt.date(2026, 10, 1)) == 0
    day, n = dt.date(2026, 1, 1), 200
    assert workdays_between(day + DAY, next_workday(day, n)) == n


def test_the_missing_table_of_next_year_warns_from_november(db: None) -> None:
    last = last_year_with_table()
    for day, warned in (
        (dt.date(last, 10, 31), None),
        (dt.date(last, 11, 1), last + 1),
        (dt.date(last + 1, 5, 1), last + 1),
    ):
        with time_machine.travel(dt.datetime.combine(day, dt.time(4), tzinfo=dt.UTC), tick=False):
            assert year_to_warn_of() == warned
    with time_machine.travel(dt.datetime(last, 11, 1, 4, tzinfo=dt.UTC), tick=False):
        mark_calendar_day(SYSTEM, dt.date(last + 1, 1, 1), is_workday=False, name="元旦")
        assert year_to_warn_of() is None


def test_who_keeps_the_calendar(world: World) -> None:
    mark_calendar_day(world.actor("east_manager"), dt.date(2026, 3, 10), is_workday=False)
    with pytest.raises(NotAllowed):
        mark_calendar_day(world.actor("east_rep"), dt.date(2026, 3, 10), is_workday=True)
    with pytest.raises(RuleBroken):
        mark_calendar_day(SYSTEM, dt.date(2026, 3, 10), is_workday=False, name="长" * 61)


# --- duty


@pytest.fixture
def showroom(world: World, today: dt.date) -> int:
    return add_duty_site(world.actor("administrator"), "一号展厅", "site", world.department_ids["east"]).pk


def test_those_on_duty_stand_in_the_order_of_their_turn(world: World, today: dt.date, showroom: int) -> None:
    order = [world.id("east_peer"), world.id("east_rep")]
    assert set_duty(world.actor("east_manager"), showroom, today, today + 2 * DAY, order) == 3
    assert on_duty(showroom, today + DAY) == order
    assert on_duty(showroom, today + 3 * DAY) == []


def test_by_turn_one_a_day_goes_round(world: World, today: dt.date, showroom: int) -> None:
    a, b = world.id("east_peer"), world.id("east_rep")
    set_duty(SYSTEM, showroom, today, today + 2 * DAY, [a, b], by_turn=True)
    assert [on_duty(showroom, today + i * DAY) for i in range(3)] == [[a], [b], [a]]


def test_a_new_roster_replaces_the_days_it_covers(world: World, today: dt.date, showroom: int) -> None:
    a, b = world.id("east_peer"), world.id("east_rep")
    set_duty(SYSTEM, showroom, today, today + 2 * DAY, [a])
    set_duty(SYSTEM, showroom, today + DAY, today + DAY, [b, b])
    set_duty(SYSTEM, showroom, today + 2 * DAY, today + 2 * DAY, [])
    assert [on_duty(showroom, today + i * DAY) for i in range(3)] == [[a], [b], []]


def test_a_leaver_is_struck_from_coming_shifts(world: World, today: dt.date, showroom: int) -> None:
    set_duty(SYSTEM, showroom, today, today + DAY, [world.id("east_rep"), world.id("east_peer")])
    disable_person(SYSTEM, world.id("east_rep"))
    assert on_duty(showroom, today) == [world.id("east_peer")]
    assert not DutyShift.objects.filter(person_id=world.id("east_rep")).exists()


@pytest.mark.parametrize(("first", "last", "field"), [(-1, 3, "first"), (2, 1, "last"), (0, 92, "last")])
def test_days_that_make_no_sense_are_refused(
    world: World, today: dt.date, showroom: int, first: int, last: int, field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        set_duty(SYSTEM, showroom, today + first * DAY, today + last * DAY, [world.id("east_rep")])
    assert refused.value.field == field


def test_the_disabled_and_strangers_are_not_on_duty(world: World, today: dt.date, showroom: int) -> None:
    for person in (world.id("east_disabled"), 999_999):
        with pytest.raises(RuleBroken):
            set_duty(SYSTEM, showroom, today, today, [person])
    with pytest.raises(NotFound):
        set_duty(SYSTEM, 999_999, today, today, [])
    with pytest.raises(NotAllowed):
        set_duty(world.actor("east_rep"), showroom, today, today, [])


def test_a_site_has_a_name_of_its_own_and_a_kind(world: World, showroom: int) -> None:
    east = world.department_ids["east"]
    for name, kind, department in (
        ("一号展厅", "site", east),
        ("", "site", east),
        ("热线", "boat", east),
        ("热线", "hotline", 999_999),
    ):
        with pytest.raises(RuleBroken):
            add_duty_site(SYSTEM, name, kind, department)
    site = edit_duty_site(SYSTEM, showroom, 1, name="二号展厅", kind="hotline", department_id=east, is_active=False)
    assert (site.name, site.kind, site.is_active) == ("二号展厅", "hotline", False)


def test_the_missing_table_is_noted_once_for_each_year(db: None) -> None:
    last = last_year_with_table()
    noted = []
    for day in (dt.date(last, 10, 31), dt.date(last, 11, 1), dt.date(last, 11, 2), dt.date(last + 1, 11, 1)):
        with time_machine.travel(dt.datetime.combine(day, dt.time(4), tzinfo=dt.UTC), tick=False):
            noted.append(note_missing_holidays(SYSTEM))
    assert noted == [None, last + 1, None, last + 2]
    assert JournalEntry.objects.filter(kind="org.HolidaysMissing").count() == 2


def test_a_calendar_that_the_company_has_filled_in_is_not_noted(db: None) -> None:
    last = last_year_with_table()
    with time_machine.travel(dt.datetime(last, 11, 1, 4, tzinfo=dt.UTC), tick=False):
        mark_calendar_day(SYSTEM, dt.date(last + 1, 1, 1), is_workday=False, name="元旦")
        assert note_missing_holidays(SYSTEM) is None
