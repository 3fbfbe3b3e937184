"""The funnel as it stood on a past day: what the clock would have shown then, from what is recorded now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.insight.queries import FIVE_EXITS, Funnel, Selection, comparison, funnel, spans
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.models import Opportunity

from .conftest import FIRST_QUARTER, YEAR, Sales, day, rolled_back
from .test_funnel import exits, line
from .test_movement import PEOPLE, acts_of, do, lives


def last_second(of: dt.date) -> dt.datetime:
    return clock.instant(of + dt.timedelta(1)) - dt.timedelta(seconds=1)


def life(sales: Sales, n: int) -> Iterator[tuple[float, Callable[[], object]]]:
    """What happens to one of twenty deals, and when; the deal is there from its first step on."""
    deals: list[Opportunity] = []
    yield n / 2, lambda: deals.append(sales.open(at=n / 2))
    yield n / 2 + 2, lambda: sales.move(deals[0], "quote", n / 2 + 2)
    if n % 5 == 0:
        yield n + 4, lambda: sales.lose(deals[0], n + 4)
        yield n + 9, lambda: sales.reopen(deals[0], n + 9)
        yield n + 11, lambda: sales.win(deals[0], n + 11)
    elif n % 3 == 0:
        yield n + 5, lambda: sales.move(deals[0], "meet", n + 5)
    elif n == 7:
        yield n + 6, lambda: sales.lose(deals[0], n + 6, "invalid")
    elif n % 2:
        yield n + 7, lambda: sales.move(deals[0], "talk", n + 7)


def test_twenty_deals_as_of_each_day_are_what_the_clock_showed_then(sales: Sales) -> None:
    """Some are lost, opened again and won, some fall back, one is invalid."""
    steps = sorted((step for n in range(20) for step in life(sales, n)), key=lambda step: step[0])
    showed = {}
    for at in range(3, 32, 4):
        of = day(at).date()
        while steps and day(steps[0][0]) <= last_second(of):
            steps.pop(0)[1]()
        with clock.as_of(last_second(of)):
            showed[of] = [funnel(SYSTEM, sales.selection(asked)) for asked in (YEAR, FIRST_QUARTER)]
    assert not steps
    with clock.as_of(day(200)):
        for of, found in showed.items():
            assert [funnel(SYSTEM, sales.selection(asked).on_day(of)) for asked in (YEAR, FIRST_QUARTER)] == found, of
    assert len({tuple(exits(line(found[0], "quote")).values()) for found in showed.values()}) > 6


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=lives, cut=st.integers(1, 30))
def test_the_funnel_as_of_any_past_day_equals_the_replay(sales: Sales, told: Any, cut: int) -> None:
    """Wins, losses, re-entries, other amounts, owners and departments: none of them changes how the day looked."""
    with rolled_back():
        acts, of = acts_of(sales, told), (day(0) + dt.timedelta(cut)).date()
        do(sales, [act for act in acts if day(act[0]) <= last_second(of)])
        scopes = [Whose(), *(Whose(departments=frozenset({pk})) for pk in sales.world.department_ids.values())]
        scopes += [Whose(people=frozenset({sales.world.id(who)})) for who in PEOPLE]
        odd = Period(dt.date(2026, 2, 2), of + dt.timedelta(40))
        asked = [sales.selection(period, whose=whose) for whose in scopes for period in (YEAR, odd)]
        with clock.as_of(last_second(of)):
            showed = [funnel(SYSTEM, selection) for selection in asked]
        do(sales, [act for act in acts if day(act[0]) > last_second(of) and act[2] != "undo"])
        with clock.as_of(day(100)):
            for selection, found in zip(asked, showed, strict=True):
                then = selection.on_day(of)
                assert funnel(SYSTEM, then) == found
                as_many_rows(then, found)


def as_many_rows(selection: Selection, found: Funnel) -> None:
    for item in found.lines:
        counted = {"": item.entries.n, "first": item.opportunities.n, "moved": item.moved, **exits(item)}
        counted |= {
            "forward": int(item.conversion.numerator),
            "timed": item.advance_days.n,
            "recorded": item.outlook.expected.n,
            "invalid": item.invalid.figure.n,
        }
        for way, n in counted.items():
            assert spans(SYSTEM, selection, stage=item.code, exit=way).count() == n, (item.code, way)


def test_what_changed_process_later_is_still_there_then(sales: Sales) -> None:
    other = commands.install_template(SYSTEM, "standard").versions.get()
    deal = sales.open()
    with clock.as_of(day(9)):
        commands.change_process(SYSTEM, deal.pk, other.pk, other.stages.first().pk, "大客户")
    with clock.as_of(day(30)):
        then = line(funnel(SYSTEM, sales.selection().on_day(day(8).date())), "meet")
        after = line(funnel(SYSTEM, sales.selection().on_day(day(9).date())), "meet")
    assert (exits(then)["staying"], then.moved) == (1, 0)
    assert (exits(after)["staying"], after.moved) == (1, 1)


def test_the_day_ends_at_midnight_of_the_company(sales: Sales) -> None:
    """15:59:59 UTC is the last second of the day in Shanghai."""
    first = dt.datetime(2026, 3, 10, 15, 59, 59, tzinfo=dt.UTC)
    for instant in (first, first + dt.timedelta(seconds=1)):
        deal = sales.open(at=0)
        sales.move(deal, "quote", (instant - day(0)) / dt.timedelta(days=1))
    with clock.as_of(day(30)):
        found = funnel(SYSTEM, sales.selection().on_day(dt.date(2026, 3, 10)))
    assert exits(line(found, "meet")) == {"advanced": 1, "skipped": 0, "back": 0, "lost": 0, "staying": 1}
    assert line(found, "quote").entries.n == 1


def test_a_past_day_shows_nobody_more_than_he_sees_today(sales: Sales) -> None:
    sales.move(sales.open("east_rep"), "quote", 3)
    sales.open("south_rep", 1)
    with clock.as_of(day(30)):
        asked = sales.selection().on_day(day(2).date())
        seen = {who: line(funnel(sales.actor(who), asked), "meet").entries.n
                for who in ("director", "east_manager", "east_rep", "south_rep", "east_peer")}  # fmt: skip
        rows = {who: spans(sales.actor(who), asked, stage="meet").count() for who in seen}
    assert seen == rows == {"director": 2, "east_manager": 1, "east_rep": 1, "south_rep": 1, "east_peer": 0}


def test_estimates_of_a_past_day_look_no_further_than_it(sales: Sales) -> None:
    """Of ten one had gone on by the second day; the other nine went on the next morning."""
    deals = [sales.open(at=0) for _ in range(10)]
    sales.move(deals[0], "quote", 1)
    for deal in deals[1:]:
        sales.move(deal, "quote", 3)
    with clock.as_of(day(60)):
        then = line(funnel(SYSTEM, sales.selection().on_day(day(2).date())), "meet").outlook
        now = line(funnel(SYSTEM, sales.selection()), "meet").outlook
    assert (then.expected.value, then.undecided, then.stay.median.value) == (Decimal("0.1"), Decimal("0.9"), None)
    assert (now.expected.value, now.stay.median.value) == (1, 3)


@pytest.mark.parametrize("of", [day(31).date(), dt.date(2025, 12, 31)])
def test_no_day_to_come_and_none_before_the_period(sales: Sales, of: dt.date) -> None:
    with clock.as_of(day(30)), pytest.raises(RuleBroken) as refused:
        sales.selection().on_day(of)
    assert refused.value.field == "as_of"


def test_today_is_the_present(sales: Sales) -> None:
    with clock.as_of(day(30)):
        assert sales.selection().on_day(clock.today()) == sales.selection() == sales.selection().on_day(None)


def test_two_funnels_of_a_past_day_stand_side_by_side(sales: Sales) -> None:
    of = day(10).date()
    late = [sales.open("south_rep", n) for n in range(6)]
    for n in range(6):
        sales.move(sales.open("east_rep", n), "quote", n + 3)
    both = [sales.selection(whose=Whose(people=frozenset({sales.world.id(who)}))) for who in ("east_rep", "south_rep")]
    with clock.as_of(last_second(of)):
        showed = comparison(SYSTEM, *both)
    for deal in late:
        sales.move(deal, "quote", 20)
    with clock.as_of(day(90)):
        assert comparison(SYSTEM, *(asked.on_day(of) for asked in both)) == showed
        assert comparison(SYSTEM, *both) != showed


def test_a_past_day_asks_for_sums_and_ages_and_nothing_else(sales: Sales) -> None:
    for n in range(6):
        sales.move(sales.open(at=n), "quote", n + 1)
    with clock.as_of(day(30)):
        asked = sales.selection().on_day(day(4).date())
        with CaptureQueriesContext(connection) as told:
            found = funnel(SYSTEM, asked)
    assert sum(exits(line(found, "meet"))[way] for way in FIVE_EXITS) == 5
    of_stays = [query["sql"] for query in told if 'FROM "pipeline_stagespan"' in query["sql"]]
    assert len(of_stays) == 3, of_stays  # the sums, the ages of what had left, the days of what was still there
    assert len(told) <= 5
