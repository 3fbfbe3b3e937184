"""The order of visits by distance: short, in time, quick."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal
from itertools import permutations
from random import Random

import pytest

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers.queries import Customer
from xiaocheng.selling.fieldwork.commands import LineDraft, add_line, check_in, edit_line, settle_line
from xiaocheng.selling.fieldwork.placing import Degrees
from xiaocheng.selling.fieldwork.queries import VisitPlan, tour
from xiaocheng.selling.fieldwork.touring import Stop, length_of, short_tour

from .conftest import DAY, lines_of


def somewhere(random: Random) -> Degrees:
    return Decimal(31_000_000 + random.randrange(300_000)) / 10**6, Decimal(
        121_000_000 + random.randrange(300_000)
    ) / 10**6


@pytest.mark.parametrize("seed", range(8))
def test_a_tour_of_few_stops_is_nearly_the_shortest_of_all(seed: int) -> None:
    random = Random(seed)
    stops, start = [Stop(n, somewhere(random)) for n in range(7)], somewhere(random)
    best = min(length_of(way, start) for way in permutations(stops))
    found = short_tour(stops, start)
    assert sorted(stop.key for stop in found) == list(range(7))
    assert best <= length_of(found, start) <= best * 1.05


def test_stops_with_a_time_stay_in_the_order_of_time() -> None:
    random = Random(3)
    times = {n: dt.time(17 - n) for n in range(0, 12, 3)}
    found = short_tour([Stop(n, somewhere(random), times.get(n)) for n in range(12)])
    told = [stop.at for stop in found if stop.at]
    assert told == sorted(times.values()) and len(found) == 12


@pytest.mark.parametrize("many", [20, 100])
def test_twenty_stops_take_less_than_a_second_and_so_do_very_many(many: int) -> None:
    random = Random(20)
    stops = [Stop(n, somewhere(random)) for n in range(many)]
    began = time.process_time()
    found = short_tour(stops)
    assert time.process_time() - began < 1
    assert length_of(found) < length_of(stops) / 2
    assert short_tour([]) == [] and short_tour(stops[:1]) == stops[:1]


@pytest.fixture
def far_apart(world: World, plan: VisitPlan, customer_ids: dict[str, int]) -> VisitPlan:
    """Three customers along a road of about 95 km to each degree, planned to and fro, and an area that is nowhere."""
    for name, east in (("甲木业", "121.1"), ("乙机械", "121.9"), ("丙食品", "121.2")):
        rows = Customer.objects.visible_to(SYSTEM).filter(pk=customer_ids[name])
        rows.update(latitude=Decimal("31"), longitude=Decimal(east))
    rep = world.actor("east_rep")
    add_line(rep, plan.pk, LineDraft(area="张江"))
    add_line(rep, plan.pk, LineDraft(customer_id=customer_ids["丙食品"]))
    plan.refresh_from_db()
    return plan


def names(world: World, plan: VisitPlan) -> list[str]:
    found = tour(world.actor("east_rep"), plan.pk)
    return [line.customer.name if line.customer else line.area for line in found.lines]


def test_the_lines_of_a_plan_are_put_into_a_short_order(world: World, far_apart: VisitPlan) -> None:
    found = tour(world.actor("east_manager"), far_apart.pk)
    assert names(world, far_apart) in (["甲木业", "丙食品", "乙机械", "张江"], ["乙机械", "丙食品", "甲木业", "张江"])
    assert found.is_shorter and 76_000 < found.after < 77_000 < 140_000 < found.before
    assert [line.area for line in found.unplaced] == ["张江"]
    with pytest.raises(NotFound):
        tour(world.actor("south_rep"), far_apart.pk)


def test_the_way_begins_at_the_office_and_goes_on_from_what_is_over(world: World, far_apart: VisitPlan) -> None:
    rep, (first, second, *_others) = world.actor("east_rep"), lines_of(far_apart)
    change_rule(SYSTEM, "AttendanceRules.office_place", "31.0, 121.95", DAY)
    assert names(world, far_apart) == ["乙机械", "丙食品", "甲木业", "张江"]
    settle_line(rep, first.pk, outcome="not_done", reason="客户出差")
    assert names(world, far_apart) == ["甲木业", "乙机械", "丙食品", "张江"]  # nobody was there
    change_rule(SYSTEM, "AttendanceRules.office_place", "31.0, 121.0", DAY)
    assert names(world, far_apart) == ["甲木业", "丙食品", "乙机械", "张江"]
    check_in(rep, line_id=second.pk)
    assert names(world, far_apart) == ["甲木业", "乙机械", "丙食品", "张江"]


def test_a_window_keeps_its_place_in_time(world: World, far_apart: VisitPlan) -> None:
    rep = world.actor("east_rep")
    for line in lines_of(far_apart):
        at = {"乙机械": dt.time(9), "丙食品": dt.time(15)}.get(line.customer.name if line.customer else "")
        if at:
            edit_line(rep, line.pk, LineDraft(customer_id=line.customer_id, purpose=line.purpose, starts_at=at))
    found = names(world, far_apart)
    assert found.index("乙机械") < found.index("丙食品")
