"""The sales report: each member by the same indicators, and all together."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.insight.queries import Member, Selection, members, movement, new_customers, result
from xiaocheng.selling.customers.commands import CustomerDraft, register

from .conftest import Sales, day

MARCH = Selection(period("month", dt.date(2026, 3, 1)))
SEEN_BY = ("director", "east_manager", "south_manager", "east_rep", "east_peer")


@pytest.fixture
def march(sales: Sales) -> Sales:
    """The rep of the east wins 4 of 6 in ten days each, one of them a customer's first; the south has one open deal."""
    with clock.as_of(day(0)):
        buyer = register(sales.rep("east_rep"), CustomerDraft(name="新新")).pk
    for n in range(6):
        deal = sales.open("east_rep", n, amount=100, customer_id=buyer if n == 0 else None)
        if n < 4:
            sales.win(deal, n + 10)
        else:
            sales.lose(deal, n + 5)
    sales.open("south_rep", 3, amount=70)
    return sales


def member(found: list[Member], name: str) -> Member:
    return next(line for line in found if line.name == name)


def test_each_member_has_the_same_indicators(march: Sales) -> None:
    with clock.as_of(day(20)):
        _all, lines = members(march.actor("director"), MARCH)
    rep = member(lines, march.world.person("east_rep").name)
    assert (rep.result.orders.n, rep.result.revenue.value, rep.result.lost.n) == (4, 400, 2)
    assert rep.result.win_rate.value == Decimal(4) / 6
    assert (rep.cycle.value, rep.cycle.n, rep.open.n) == (10, 4, 0)
    assert {key: figure.n for key, figure in rep.counted.items()} == {
        "pipeline.opened": 6, "customers.converted": 1, "fieldwork.visited": 0, "fieldwork.calls": 0,
    }  # fmt: skip
    other = member(lines, march.world.person("south_rep").name)
    assert (other.result.orders.n, other.cycle.value, other.open.value) == (0, None, 70)


def test_all_together_are_the_figures_of_the_other_pages_for_everybody(march: Sales) -> None:
    for who in SEEN_BY:
        actor = march.actor(who)
        everybody, lines = members(actor, MARCH)
        assert everybody.result == result(actor, MARCH)
        assert everybody.open.value == movement(actor, MARCH).end.amount.value
        converted = new_customers(actor, MARCH)["customers.converted"].n
        assert everybody.counted["customers.converted"].n == converted == sum(
            line.counted["customers.converted"].n for line in lines
        )  # fmt: skip
        assert everybody.result.revenue.numerator == sum(line.result.revenue.numerator for line in lines)


def test_nobody_out_of_sight_is_listed(march: Sales) -> None:
    _all, lines = members(march.actor("south_manager"), MARCH)
    assert [line.name for line in lines] == [march.world.person("south_rep").name]
    east = Whose(departments=frozenset({march.world.department_ids["east"], march.world.department_ids["shanghai"]}))
    assert members(march.actor("south_manager"), Selection(MARCH.period, east))[1] == []
