"""Standing in, lending and mentoring hold between their days, and sight knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from tests.world import World
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.org.commands import (
    delegate,
    disable_person,
    edit_department,
    end_arrangement,
    lend,
    mentor,
    move_person,
)
from xiaocheng.foundation.org.models import Delegation
from xiaocheng.foundation.org.queries import (
    credited_departments,
    delegations,
    lendings,
    mentorships,
    supervisor_of,
    supervisors_of,
)

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_that_day(today: dt.date) -> None:
    """Every test here happens on the same Tuesday."""


def sees(world: World, viewer: str, person: str, day: dt.date) -> bool:
    with time_machine.travel(dt.datetime.combine(day, dt.time(4), tzinfo=dt.UTC), tick=False):
        return world.actor(viewer).sight.sees_person(world.id(person))


def test_a_deputy_sees_and_may_what_the_absent_one_does_on_those_days_only(world: World, today: dt.date) -> None:
    delegate(world.actor("east_manager"), world.id("east_manager"), world.id("east_peer"), today + DAY, today + 3 * DAY)
    seen = {n: sees(world, "east_peer", "shanghai_rep", today + n * DAY) for n in range(5)}
    assert seen == {0: False, 1: True, 2: True, 3: True, 4: False}
    assert "org.see_team" not in world.actor("east_peer").capabilities
    with time_machine.travel(dt.datetime.combine(today + DAY, dt.time(4), tzinfo=dt.UTC), tick=False):
        deputy = world.actor("east_peer")
        assert "org.see_team" in deputy.capabilities
        assert world.department_ids["shanghai"] in deputy.sight.departments


def test_the_directors_deputy_sees_everybody(world: World, today: dt.date) -> None:
    delegate(world.actor("director"), world.id("director"), world.id("south_manager"), today, None)
    assert world.actor("south_manager").sight.everyone


def test_standing_in_is_not_passed_on(world: World, today: dt.date) -> None:
    admin = world.actor("administrator")
    delegate(admin, world.id("east_manager"), world.id("east_peer"), today, None)
    delegate(admin, world.id("east_peer"), world.id("south_rep"), today, None)
    outsider = world.actor("south_rep")
    assert outsider.sight.sees_person(world.id("east_peer"))
    assert not outsider.sight.sees_person(world.id("east_rep"))
    assert "org.see_team" not in outsider.capabilities


def test_a_lent_person_is_seen_by_both_heads_and_credited_to_the_borrower(world: World, today: dt.date) -> None:
    rep, south = world.id("east_rep"), world.department_ids["south"]
    lend(world.actor("administrator"), rep, south, today, today + DAY)
    assert sees(world, "south_manager", "east_rep", today)
    assert sees(world, "east_manager", "east_rep", today)
    assert not sees(world, "south_manager", "east_rep", today + 2 * DAY)
    assert credited_departments([rep], today) == {rep: south}
    assert credited_departments([rep], today + 2 * DAY) == {rep: world.department_ids["east"]}
    assert world.actor("east_rep").department_id == south


def test_a_loan_may_leave_the_credit_at_home(world: World, today: dt.date) -> None:
    lend(
        world.actor("administrator"),
        world.id("east_rep"),
        world.department_ids["south"],
        today,
        None,
        is_credited=False,
    )
    assert world.actor("east_rep").department_id == world.department_ids["east"]
    assert sees(world, "south_manager", "east_rep", today)


def test_a_mentor_sees_the_one_he_looks_after(world: World, today: dt.date) -> None:
    mentor(world.actor("administrator"), world.id("shanghai_rep"), world.id("east_rep"), today, today + DAY, "产品知识")
    assert sees(world, "east_rep", "shanghai_rep", today + DAY)
    assert not sees(world, "east_rep", "shanghai_rep", today + 2 * DAY)
    assert not sees(world, "shanghai_rep", "east_rep", today)


def test_an_arrangement_follows_a_reorganisation(world: World, today: dt.date) -> None:
    delegate(world.actor("east_manager"), world.id("east_manager"), world.id("east_peer"), today, None)
    move_person(
        world.actor("administrator"),
        world.id("south_rep"),
        department_id=world.department_ids["east"],
        manager_id=world.id("east_manager"),
    )
    assert sees(world, "east_peer", "south_rep", today)


def test_what_has_begun_keeps_its_days_and_what_lies_ahead_is_struck(world: World, today: dt.date) -> None:
    me = world.actor("east_manager")
    begun = delegate(me, me.person_id or 0, world.id("east_peer"), today - 5 * DAY, None)
    ahead = delegate(me, me.person_id or 0, world.id("east_rep"), today + 5 * DAY, None)
    end_arrangement(me, "delegation", begun.pk)
    end_arrangement(me, "delegation", ahead.pk)
    assert [row.until for row in Delegation.objects.all()] == [today - DAY]
    assert not sees(world, "east_peer", "east_rep", today)
    with pytest.raises(RuleBroken):
        end_arrangement(me, "delegation", begun.pk)
    with pytest.raises(NotFound):
        end_arrangement(me, "delegation", ahead.pk)


def test_one_delegates_for_oneself_and_the_administrator_for_anybody(world: World, today: dt.date) -> None:
    rep, peer = world.id("east_rep"), world.id("east_peer")
    with pytest.raises(NotAllowed):
        delegate(world.actor("east_peer"), rep, peer, today, None)
    row = delegate(world.actor("east_rep"), rep, peer, today, None)
    with pytest.raises(NotAllowed):
        end_arrangement(world.actor("east_peer"), "delegation", row.pk)
    for arrange in (
        lambda: lend(world.actor("director"), rep, world.department_ids["south"], today, None),
        lambda: mentor(world.actor("director"), rep, peer, today, None),
    ):
        with pytest.raises(NotAllowed):
            arrange()


@pytest.mark.parametrize(
    ("since", "until", "field"), [(0, -1, "until"), (-9, -2, "until"), (5, 3, "until"), (2, None, "since")]
)
def test_days_that_make_no_sense_are_refused(
    world: World, today: dt.date, since: int, until: int | None, field: str
) -> None:
    me = world.actor("east_rep")
    delegate(me, me.person_id or 0, world.id("east_peer"), today + DAY, today + 2 * DAY)
    with pytest.raises(RuleBroken) as refused:
        delegate(
            me, me.person_id or 0, world.id("east_peer"), today + since * DAY, today + until * DAY if until else None
        )
    assert refused.value.field == field


@pytest.mark.parametrize(
    "arrange",
    [
        lambda w, day: delegate(w.actor("administrator"), w.id("east_rep"), w.id("east_rep"), day, None),
        lambda w, day: lend(w.actor("administrator"), w.id("east_rep"), w.department_ids["east"], day, None),
        lambda w, day: mentor(w.actor("administrator"), w.id("east_rep"), w.id("east_rep"), day, None),
    ],
)
def test_nobody_is_arranged_with_himself(world: World, today: dt.date, arrange: Callable[..., Any]) -> None:
    with pytest.raises(RuleBroken):
        arrange(world, today)


def test_a_person_is_lent_to_one_department_at_a_time(world: World, today: dt.date) -> None:
    admin = world.actor("administrator")
    lend(admin, world.id("shanghai_rep"), world.department_ids["south"], today, today + 5 * DAY)
    with pytest.raises(RuleBroken):
        lend(admin, world.id("shanghai_rep"), world.department_ids["east"], today + 5 * DAY, None)
    lend(admin, world.id("shanghai_rep"), world.department_ids["east"], today + 6 * DAY, None)
    assert [row.department.name for row in lendings(admin, world.id("shanghai_rep"))] == ["华东区", "华南区"]


def test_both_sides_find_their_arrangements(world: World, today: dt.date) -> None:
    admin = world.actor("administrator")
    delegate(admin, world.id("east_rep"), world.id("east_peer"), today, None)
    mentor(admin, world.id("east_rep"), world.id("east_peer"), today, None)
    for key in ("east_rep", "east_peer"):
        assert len(delegations(admin, world.id(key))) == len(mentorships(admin, world.id(key))) == 1


# --- who signs


def signers(world: World, person: str, day: dt.date) -> list[str]:
    names = {pk: key for key, pk in world.ids.items()}
    return [names[pk] for pk in supervisor_of(world.id(person), day)]


def test_the_line_manager_signs_and_at_the_top_nobody(world: World, today: dt.date) -> None:
    assert signers(world, "east_rep", today) == ["east_manager"]
    assert signers(world, "shanghai_rep", today) == ["shanghai_lead"]
    assert signers(world, "director", today) == []
    assert signers(world, "administrator", today) == []


def test_without_a_manager_the_head_of_the_department_signs(world: World, today: dt.date) -> None:
    move_person(
        world.actor("administrator"),
        world.id("east_rep"),
        department_id=world.department_ids["shanghai"],
        manager_id=None,
    )
    assert signers(world, "east_rep", today) == ["shanghai_lead"]


def test_a_head_without_a_manager_is_signed_for_by_the_head_above(world: World, today: dt.date) -> None:
    admin = world.actor("administrator")
    move_person(admin, world.id("shanghai_lead"), department_id=world.department_ids["shanghai"], manager_id=None)
    assert signers(world, "shanghai_lead", today) == ["east_manager"]


def test_the_deputy_signs_on_those_days_in_the_managers_stead(world: World, today: dt.date) -> None:
    me = world.actor("east_manager")
    delegate(me, me.person_id or 0, world.id("east_peer"), today, today + DAY)
    assert signers(world, "east_rep", today) == ["east_manager", "east_peer"]
    assert signers(world, "east_rep", today + 2 * DAY) == ["east_manager"]
    signer = supervisors_of([world.id("east_rep")], today)[world.id("east_rep")]
    assert signer == {world.id("east_manager"): None, world.id("east_peer"): world.id("east_manager")}


def test_a_deputy_does_not_sign_for_himself(world: World, today: dt.date) -> None:
    me = world.actor("east_manager")
    delegate(me, me.person_id or 0, world.id("east_peer"), today, None)
    assert signers(world, "east_peer", today) == ["east_manager"]


def test_the_borrowing_head_signs_first(world: World, today: dt.date) -> None:
    lend(world.actor("administrator"), world.id("east_rep"), world.department_ids["south"], today, None)
    assert signers(world, "east_rep", today) == ["south_manager", "east_manager"]


def test_a_manager_who_left_is_replaced_in_the_line(world: World, today: dt.date) -> None:
    disable_person(world.actor("administrator"), world.id("shanghai_lead"))
    assert signers(world, "shanghai_rep", today) == ["east_manager"]


def test_a_head_may_be_taken_away(world: World, today: dt.date) -> None:
    row = world.department("east")
    edit_department(
        world.actor("administrator"),
        row.pk,
        row.edit_version,
        name=row.name,
        parent_id=row.parent_id,
        is_region=True,
        head_id=None,
    )
    assert world.actor("east_manager").sight.departments == frozenset()
