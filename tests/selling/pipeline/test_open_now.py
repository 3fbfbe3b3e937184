"""How many opportunities of a customer are open is known without counting them."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel import measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.commands import HistoricDeal

from .deals import Deals


def open_now(customer_id: int) -> int:
    """The gauge, which must agree with the rows."""
    assert measures.differences() == []
    return int(measures.read_gauges(customer_id).values.get("pipeline.open", 0))


def test_it_goes_up_and_down_with_what_happens(deals: Deals) -> None:
    rep, pk = deals.world.actor("east_rep"), deals.customer()
    first, second = deals.opened(customer_id=pk), deals.opened(customer_id=pk)
    assert open_now(pk) == 2
    commands.lose(rep, first.pk, "price")
    assert open_now(pk) == 1
    commands.undo_move(rep, first.pk)
    assert open_now(pk) == 2
    commands.win(SYSTEM, second.pk, "服务好")
    assert open_now(pk) == 1
    commands.reopen(SYSTEM, second.pk, "客户回来了")
    assert open_now(pk) == 2


def test_it_goes_to_the_customer_that_the_opportunity_is_about_now(deals: Deals) -> None:
    rep, pk, other = deals.world.actor("east_rep"), deals.customer(), deals.customer(name="乙公司")
    row = deals.opened(customer_id=pk)
    commands.edit(rep, row.pk, row.edit_version, customer_id=other)
    assert (open_now(pk), open_now(other)) == (0, 1)
    closed = deals.opened(customer_id=None)
    commands.lose(rep, closed.pk, "price")
    commands.edit(rep, closed.pk, deals.fresh(closed).edit_version, customer_id=pk)
    assert open_now(pk) == 0


def test_imported_ones_count_unless_they_were_closed(deals: Deals) -> None:
    pk, owner, day = deals.customer(), deals.world.id("east_rep"), dt.date(2025, 1, 6)
    history = [
        HistoricDeal("A1", "identify", owner, {"identify": day}, customer_id=pk),
        HistoricDeal("A2", "won", owner, {"identify": day, "won": day}, customer_id=pk),
    ]
    outcomes = commands.import_history(SYSTEM, deals.version.pk, history)
    assert [outcome.refusal for outcome in outcomes] == [None, None]
    assert open_now(pk) == 1
    commands.undo_history(SYSTEM, [outcome.opportunity_id or 0 for outcome in outcomes])
    assert open_now(pk) == 0
