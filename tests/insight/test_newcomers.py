"""New customers: by their first deal, beside those registered and those who came back after a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.insight.queries import (
    WAYS,
    Newcomers,
    Selection,
    new_customer_rows,
    newcomers,
    newcomers_by,
    returned_wins,
    wins_of_new,
)
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.pipeline.commands import CoOwner, agree_shares

from .conftest import Sales, day

SPRING = Period(dt.date(2027, 3, 1), dt.date(2027, 5, 31))
SEEN_BY = ("director", "east_manager", "south_manager", "east_rep", "east_peer")
Buy = Callable[[int, float], None]


def counts(found: Newcomers) -> tuple[int, int, int, int]:
    return tuple(int(figure.numerator) for figure in vars(found).values())  # type: ignore[return-value]


def customer(sales: Sales, name: str, at: float, who: str = "east_rep", source: str = "referral") -> int:
    with clock.as_of(day(at)):
        return register(sales.rep(who), CustomerDraft(name=name, source=source)).pk


def buy(sales: Sales, customer_id: int, at: float, who: str = "east_rep", amount: int = 100) -> None:
    sales.win(sales.open(who, at=at - 1, amount=amount, customer_id=customer_id), at)


@pytest.fixture
def spring(sales: Sales) -> Sales:
    """In the spring of 2027 one buys first, one comes back after 370 days, one after 200, one is only registered."""
    buy(sales, customer(sales, "新新", 380, source="exhibition"), 400, amount=500)
    back = customer(sales, "回来", 1)
    for at in (10, 385, 395):
        buy(sales, back, at)
    steady = customer(sales, "常来", 1)
    for at in (10, 190, 390):
        buy(sales, steady, at)
    customer(sales, "登记", 400, "south_rep")
    return sales


def test_new_is_who_bought_first_and_back_is_who_bought_nothing_for_a_year(spring: Sales) -> None:
    found = newcomers(spring.actor("director"), Selection(SPRING))
    assert counts(found) == (2, 1, 1, 500)
    assert [row.customer.name for row in returned_wins(spring.actor("director"), Selection(SPRING))] == ["回来"]


def test_the_day_of_the_year_decides(sales: Sales) -> None:
    late, soon = customer(sales, "整年", 1), customer(sales, "差一天", 1)
    buy(sales, late, 20)
    buy(sales, soon, 21)
    for pk in (late, soon):
        buy(sales, pk, 385)
    found = returned_wins(sales.actor("director"), Selection(SPRING))
    assert [row.customer.name for row in found] == ["整年"]


def test_a_win_that_was_opened_again_neither_returns_nor_counts_as_a_purchase(sales: Sales) -> None:
    back = customer(sales, "回来", 1)
    buy(sales, back, 10)
    deal = sales.open(at=200, customer_id=back)
    sales.win(deal, 201)
    sales.reopen(deal, 202)
    buy(sales, back, 390)
    assert newcomers(sales.actor("director"), Selection(SPRING)).returned.n == 1


def test_lines_add_up_and_equal_their_rows_for_everybody(spring: Sales) -> None:
    asked = Selection(SPRING)
    for who in SEEN_BY:
        actor = spring.actor(who)
        whole = newcomers(actor, asked)
        rows = (
            new_customer_rows(actor, asked, "customers.registered").count(),
            new_customer_rows(actor, asked, "customers.converted").count(),
            returned_wins(actor, asked).count(),
        )
        assert counts(whole)[:3] == rows, who
        assert whole.amount.numerator == sum((row.amount or 0) * row.sign for row in wins_of_new(actor, asked))
        for by in WAYS:
            lines = newcomers_by(actor, asked, by)
            totals = [sum(column) for column in zip(*(counts(line.newcomers) for line in lines), strict=True)]
            assert tuple(totals or (0, 0, 0, 0)) == counts(whole), (who, by)


def test_of_one_source_or_team_the_same_holds(spring: Sales) -> None:
    director = spring.actor("director")
    assert counts(newcomers(director, Selection(SPRING, source="exhibition"))) == (1, 1, 0, 500)
    assert counts(newcomers(director, Selection(SPRING, source="referral"))) == (1, 0, 1, 0)
    south = Whose(departments=frozenset({spring.world.department_ids["south"]}))
    assert counts(newcomers(director, Selection(SPRING, south))) == (1, 0, 0, 0)
    lines = newcomers_by(director, Selection(SPRING), "source")
    assert [(line.id, counts(line.newcomers)) for line in lines] == [
        ("exhibition", (1, 1, 0, 500)), ("referral", (1, 0, 1, 0)),
    ]  # fmt: skip


def test_no_month_is_left_out(spring: Sales) -> None:
    with clock.as_of(day(460)):
        year = Selection(Period(dt.date(2027, 1, 1), dt.date(2027, 12, 31), "year"))
        lines = newcomers_by(spring.actor("director"), year, "month")
    assert [line.id for line in lines] == [202701, 202702, 202703, 202704, 202705, 202706]


def test_each_has_his_share_of_what_a_new_customer_bought(sales: Sales) -> None:
    buyer = customer(sales, "新新", 380)
    deal = sales.open("east_rep", at=399, amount=1000, customer_id=buyer)
    with clock.as_of(day(399.5)):
        agree_shares(SYSTEM, deal.pk, [CoOwner(sales.world.id("shanghai_rep"), Decimal(30))])
    sales.win(deal, 400)
    asked = Selection(SPRING)
    lines = newcomers_by(sales.actor("director"), asked, "person")
    told = {line.id: int(line.newcomers.amount.numerator) for line in lines}
    assert told == {sales.world.id("east_rep"): 700, sales.world.id("shanghai_rep"): 300}
    assert newcomers(sales.actor("director"), asked).amount.numerator == 1000
    assert newcomers(sales.actor("shanghai_rep"), asked).amount.numerator == 300
