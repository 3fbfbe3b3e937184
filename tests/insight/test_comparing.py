"""Who differs by more than luck: limits, rates drawn to the middle, and the page that ranks nobody."""

from __future__ import annotations

import random

import pytest
from django.urls import reverse

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.insight.comparing import STRONGEST, Z_998, beyond, limits, shrunk, strength
from xiaocheng.insight.figures import Z_95, wilson
from xiaocheng.insight.queries import people_compared

from .conftest import Sales, day

LATER = 120


def test_the_limits_are_those_within_which_the_interval_of_a_rate_holds_the_usual_one():
    """The same question asked from the other side: Wilson's interval."""
    for won, closed in ((3, 20), (10, 20), (17, 20), (60, 100), (61, 100)):
        low, high = wilson(won, closed)
        assert (beyond(won, closed, 0.5) == 0) == (float(low) <= 0.5 <= float(high))


def test_how_far_outside_is_told_in_steps():
    assert [beyond(won, 100, 0.5) for won in (50, 60, 62, 66, 38, 34)] == [0, 1, 1, 2, -1, -2]
    assert limits(0.5, 100, Z_95)[1] == pytest.approx(0.598, abs=0.001)
    assert limits(0.5, 4, Z_998) == (0.0, 1.0)


def test_people_who_differ_by_luck_alone_are_drawn_all_the_way_and_others_hardly():
    dice = random.Random(3)
    alike = [(sum(dice.random() < 0.4 for _each in range(40)), 40) for _person in range(30)]
    apart = [(sum(dice.random() < chance for _each in range(40)), 40) for chance in [0.1, 0.9] * 15]
    assert strength(alike) > 100
    assert strength(apart) < 5
    assert strength([(20, 40)] * 5) == STRONGEST
    assert shrunk(1, 2, 0.4, strength(alike)) == pytest.approx(0.4, abs=0.01)


def test_drawn_rates_are_nearer_to_the_truth_than_raw_ones():
    dice = random.Random(5)
    raw = drawn = 0.0
    for _world in range(60):
        truth = [min(max(dice.gauss(0.4, 0.08), 0.05), 0.95) for _person in range(12)]
        cases = [
            (sum(dice.random() < chance for _each in range(n)), n)
            for chance, n in zip(truth, range(8, 32, 2), strict=True)
        ]
        usual, prior = sum(won for won, _n in cases) / sum(n for _won, n in cases), strength(cases)
        raw += sum((won / n - chance) ** 2 for (won, n), chance in zip(cases, truth, strict=True))
        drawn += sum(
            (shrunk(won, n, usual, prior) - chance) ** 2 for (won, n), chance in zip(cases, truth, strict=True)
        )
    assert drawn < 0.7 * raw


@pytest.fixture
def sold(sales: Sales) -> Sales:
    """Of twelve each one wins all, one half, one nothing."""
    for who, won in (("east_rep", 12), ("south_rep", 6), ("shanghai_rep", 0)):
        for number in range(12):
            deal = sales.open(who, at=number)
            if number < won:
                sales.win(deal, number + 5)
            else:
                sales.lose(deal, number + 5)
    return sales


@pytest.mark.django_db
def test_people_stand_by_name_with_what_luck_explains(sold: Sales):
    found = people_compared(sold.actor("director"), sold.selection())
    assert [person.name for person in found.people] == sorted(person.name for person in found.people)
    by_id = {person.id: person for person in found.people}
    best, middle, worst = (by_id[sold.actor(who).person_id] for who in ("east_rep", "south_rep", "shanghai_rep"))
    assert (best.beyond, middle.beyond, worst.beyond) == (2, 0, -2)
    assert found.average.value == 0.5
    assert best.shrunk.value is not None
    assert 0.5 < best.shrunk.value < 1


@pytest.mark.django_db
def test_everybody_is_compared_with_whom_he_sees(sold: Sales):
    assert people_compared(sold.actor("east_rep"), sold.selection()).is_empty
    assert people_compared(sold.actor("east_manager"), sold.selection()).is_empty  # two people are not compared
    assert len(people_compared(sold.actor("director"), sold.selection()).people) == 3


@pytest.mark.django_db
def test_page_file_and_api_say_the_same_and_each_dot_opens_its_deals(sold: Sales, world: World):
    with clock.as_of(day(LATER)):
        director, rep = world.client("director"), world.client("east_rep")
        page = director.get(reverse("insight:people"), {"kind": "all"}).content.decode()
        assert "几乎不可能是偶然" in page
        behind = director.get(
            reverse("insight:closings"), {"kind": "all", "person": world.id("east_rep"), "verdict": "decided"}
        )
        assert behind.content.decode().count("机会") >= 12
        assert director.get(reverse("insight:people_export"), {"kind": "all"}).status_code == 200
        told = director.get("/api/v1/insight/people", {"kind": "all"}).json()
        assert {one["person_id"]: one["beyond"] for one in told["people"]} == {
            world.id("east_rep"): 2, world.id("south_rep"): 0, world.id("shanghai_rep"): -2,
        }  # fmt: skip
        assert "还不能对比" in rep.get(reverse("insight:people"), {"kind": "all"}).content.decode()
        assert rep.get("/api/v1/insight/people", {"kind": "all"}).json()["people"] == []
