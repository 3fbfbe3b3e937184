"""A wrong click is taken back within minutes and leaves no trace in the figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.measures import differences, totals
from xiaocheng.foundation.kernel.models import MeasureDay
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.models import Closing, Opportunity

from .deals import Deals

FIELDS = ("stage_id", "state", "span_seq", "entered_stage_at", "closed_at", "close_reason", "close_note", "version_id")


def stands(deals: Deals, row: Opportunity) -> list[object]:
    fresh = deals.fresh(row)
    return [getattr(fresh, name) for name in FIELDS]


def win(deals: Deals, row: Opportunity) -> None:
    commands.win(deals.world.actor("east_rep"), row.pk, "误点")


def lose(deals: Deals, row: Opportunity) -> None:
    commands.lose(deals.world.actor("east_rep"), row.pk, "price", note="误点")


def skip(deals: Deals, row: Opportunity) -> None:
    deals.move(row, "quote")


def go_back(deals: Deals, row: Opportunity) -> None:
    deals.move(row, "identify")


@pytest.mark.parametrize("click", [win, lose, skip, go_back])
def test_an_undone_click_leaves_everything_as_it_was(deals: Deals, click: Callable[[Deals, Opportunity], None]) -> None:
    row = deals.opened()
    deals.move(row, "contact")
    before, way = stands(deals, row), deals.way(row)
    counted = set(MeasureDay.objects.exclude(key="customers.converted").values_list("key", "value"))
    click(deals, row)
    commands.undo_move(deals.world.actor("east_rep"), row.pk)
    assert (stands(deals, row), deals.way(row)) == (before, way)
    kept = MeasureDay.objects.exclude(key="customers.converted").exclude(value=0)
    assert set(kept.values_list("key", "value")) == counted
    assert differences() == []
    kinds = list(row.transitions.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["create", "move", "correction", "undo"]
    assert "撤回误操作" in timeline("pipeline.opportunity", row.pk)[0].sentence


def test_an_undone_reopening_stands_closed_as_before(deals: Deals) -> None:
    row, rep = deals.opened(), deals.world.actor("east_rep")
    commands.lose(rep, row.pk, "price", note="太贵")
    before, way = stands(deals, row), deals.way(row)
    commands.reopen(rep, row.pk, "看错了")
    commands.undo_move(rep, row.pk)
    assert (stands(deals, row), deals.way(row)) == (before, way)
    assert list(row.closings.values_list("sign", "reversed_on")) == [(1, None)]
    assert totals(SYSTEM, ["pipeline.lost"], _today())["pipeline.lost"] == 1
    assert differences() == []


def test_after_an_undone_click_the_one_before_may_follow(deals: Deals) -> None:
    row, rep = deals.opened(), deals.world.actor("east_rep")
    deals.move(row, "contact")
    deals.move(row, "needs")
    commands.undo_move(rep, row.pk)
    commands.undo_move(rep, row.pk)
    assert deals.way(row) == [("identify", "")]
    with pytest.raises(RuleBroken):
        commands.undo_move(rep, row.pk)


def test_only_who_moved_it_takes_it_back(deals: Deals) -> None:
    row = deals.opened()
    deals.move(row, "contact")
    with pytest.raises(RuleBroken):
        commands.undo_move(deals.world.actor("east_manager"), row.pk)


def test_too_late_is_too_late(deals: Deals) -> None:
    row, rep = deals.opened(), deals.world.actor("east_rep")
    deals.move(row, "contact")
    moved = row.transitions.latest("pk").recorded_at
    with clock.as_of(moved + dt.timedelta(minutes=10, seconds=1)), pytest.raises(RuleBroken):
        commands.undo_move(rep, row.pk)
    with clock.as_of(moved + dt.timedelta(minutes=10)):
        commands.undo_move(rep, row.pk)


def test_work_done_since_makes_it_no_wrong_click(deals: Deals) -> None:
    row = deals.opened()
    deals.move(row, "contact")
    commands.note_evidence(SYSTEM, row.pk, "visit", "visit-1", clock.now())
    with pytest.raises(RuleBroken):
        commands.undo_move(deals.world.actor("east_rep"), row.pk)


def test_an_import_is_no_click(deals: Deals) -> None:
    deal = commands.HistoricDeal("A", "contact", deals.world.id("east_rep"))
    (outcome,) = commands.import_history(SYSTEM, deals.version.pk, [deal])
    with pytest.raises(RuleBroken):
        commands.undo_move(deals.world.actor("east_rep"), outcome.opportunity_id or 0)


def test_a_win_reversed_later_counts_in_its_own_month_and_is_taken_off_in_the_later(deals: Deals) -> None:
    row, rep = deals.opened(), deals.world.actor("east_rep")
    commands.win(rep, row.pk, "签了")
    won_on = Closing.objects.visible_to(SYSTEM).get().booked_on
    later = clock.now() + dt.timedelta(days=40)
    with clock.as_of(later):
        commands.reopen(rep, row.pk, "退货")
    assert totals(SYSTEM, ["pipeline.won_amount"], Period(won_on, won_on))["pipeline.won_amount"] == 1000
    day = clock.day_of(later)
    assert totals(SYSTEM, ["pipeline.won_amount"], Period(day, day))["pipeline.won_amount"] == -1000
    assert Closing.objects.visible_to(SYSTEM).get(sign=1).reversed_on == day


def _today() -> Period:
    return Period(clock.today(), clock.today())
