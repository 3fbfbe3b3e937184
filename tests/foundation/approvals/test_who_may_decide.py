from __future__ import annotations

import datetime as dt

import pytest

from tests.world import World
from xiaocheng.foundation.approvals.commands import comment, decide
from xiaocheng.foundation.approvals.queries import Paper, said_about, waiting_for, who_may_decide
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.org.commands import change_rule, delegate, disable_person

NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 2)


def signers(world: World, key: str, hours: int = 0) -> dict[str, str]:
    """Who may sign for a person whose paper waits for so many hours, and for whom he stands in."""
    names = {pk: name for name, pk in world.ids.items()}
    paper = Paper(1, world.id(key), NOON - dt.timedelta(hours=hours))
    with clock.as_of(NOON):
        found = who_may_decide(world.actor("director"), paper)
    return {names[pk]: names[absent] if absent else "" for pk, absent in found.items()}


def test_the_line_manager_signs(world: World) -> None:
    assert signers(world, "east_rep") == {"east_manager": ""}
    assert signers(world, "shanghai_lead") == {"east_manager": ""}


def test_nobody_signs_for_whom_nobody_stands_above(world: World) -> None:
    assert signers(world, "director") == {}


def test_after_a_day_of_waiting_the_next_in_line_may_sign_too(world: World) -> None:
    assert signers(world, "shanghai_rep", hours=23) == {"shanghai_lead": ""}
    assert signers(world, "shanghai_rep", hours=24) == {"shanghai_lead": "", "east_manager": ""}


def test_the_company_may_switch_that_off(world: World) -> None:
    change_rule(world.actor("administrator"), "ApprovalRules.escalate_after_hours", "0", DAY)
    assert signers(world, "shanghai_rep", hours=500) == {"shanghai_lead": ""}


def test_a_deputy_signs_for_the_absent_and_his_signature_says_so(world: World) -> None:
    with clock.as_of(NOON):
        delegate(world.actor("east_manager"), world.id("east_manager"), world.id("south_manager"), DAY, DAY)
        deputy = world.actor("south_manager")
        decide(deputy, "x.paper", Paper(7, world.id("east_rep"), NOON), 1, "signed")
        (said,) = said_about(deputy, "x.paper", [7])[7]
    assert signers(world, "east_rep") == {"east_manager": "", "south_manager": "east_manager"}
    assert (said.person, said.on_behalf_of) == ("王华南", "李华东")


def test_a_rep_who_stands_in_for_his_supervisor_does_not_sign_his_own(world: World) -> None:
    with clock.as_of(NOON):
        delegate(world.actor("east_manager"), world.id("east_manager"), world.id("east_rep"), DAY, DAY)
    assert "east_rep" not in signers(world, "east_rep")
    assert "east_rep" in signers(world, "east_peer")


def test_when_the_manager_has_left_the_next_in_line_signs(world: World) -> None:
    disable_person(world.actor("administrator"), world.id("shanghai_lead"))
    assert signers(world, "shanghai_rep") == {"east_manager": ""}


def test_one_version_is_decided_once_but_commented_as_often_as_one_likes(world: World) -> None:
    paper, manager = Paper(7, world.id("east_rep"), NOON), world.actor("east_manager")
    with clock.as_of(NOON):
        decide(manager, "x.paper", paper, 1, "returned", "重写")
        with pytest.raises(RuleBroken, match="已经签核过"):
            decide(manager, "x.paper", paper, 1, "signed")
        decide(manager, "x.paper", paper, 2, "signed")
        for _n in range(2):
            comment(manager, "x.paper", paper, 2, "不错")
    assert [said.verdict for said in said_about(manager, "x.paper", [7])[7]] == [
        "returned",
        "signed",
        "commented",
        "commented",
    ]


def test_waiting_papers_cost_the_same_whatever_their_number(world: World, django_assert_num_queries: object) -> None:
    manager = world.actor("east_manager")
    papers = [Paper(n, world.id(key), NOON) for n, key in enumerate(["east_rep", "east_peer", "shanghai_rep"] * 20)]
    with clock.as_of(NOON), django_assert_num_queries(5):  # type: ignore[operator]
        assert len(waiting_for(manager, papers)) == 40
