"""What lists, the board and the page of an opportunity show, and to whom."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.scope import first_rows_of_each
from xiaocheng.foundation.org.commands import disable_person
from xiaocheng.selling.customers.commands import Contacted, assign, note_contacts
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.queries import Filters

from .deals import Deals


@pytest.fixture
def filled(deals: Deals) -> Deals:
    for key in ("east_rep", "east_peer", "shanghai_rep", "south_rep", "east_manager"):
        deals.opened(key, name=key)
    deals.opened("east_rep", name="缺客户的", customer_id=None)
    return deals


def names(actor: Actor, view: str, search: str = "", **filters: Any) -> list[str]:
    return [row.name for row in queries.opportunities(actor, view, search, Filters(**filters))]


def test_each_view_shows_its_own_and_the_newest_first(filled: Deals) -> None:
    manager = filled.world.actor("east_manager")
    assert names(manager, "mine") == ["east_manager"]
    team = ["缺客户的", "east_manager", "shanghai_rep", "east_peer", "east_rep"]
    assert names(manager, "team") == names(manager, "all") == team
    assert names(manager, "no_customer") == ["缺客户的"]
    assert names(filled.world.actor("south_rep"), "all") == ["south_rep"]
    assert names(filled.world.actor("east_rep"), "team") == ["缺客户的", "east_rep"]
    assert len(names(filled.world.actor("director"), "all")) == 6


@pytest.mark.parametrize("typed", ["缺客户", "que ke hu", "qkh", "客户的"])
def test_an_opportunity_is_found_by_parts_of_its_name(filled: Deals, typed: str) -> None:
    if " " in typed:
        typed = typed.replace(" ", "")
    assert names(filled.world.actor("east_rep"), "all", typed) == ["缺客户的"]
    assert names(filled.world.actor("south_rep"), "all", typed) == []


def test_it_is_found_by_its_customer_and_under_a_new_name(filled: Deals) -> None:
    rep = filled.world.actor("east_rep")
    assert names(rep, "all", "甲公司") == ["east_rep"]
    row = queries.opportunities(rep, "all", "甲公司").get()
    commands.edit(rep, row.pk, row.edit_version, name="二期扩建")
    assert names(rep, "all", "扩建") == ["二期扩建"]
    assert names(rep, "all", "east_rep") == []


def test_filters_narrow(filled: Deals) -> None:
    actor = SYSTEM
    row = queries.opportunities(actor, "all", "shanghai").get()
    filled.move(row, "contact", "shanghai_rep")
    assert names(actor, "all", stage="contact") == ["shanghai_rep"]
    assert names(actor, "all", owner_id=filled.world.id("east_peer")) == ["east_peer"]
    assert names(actor, "all", customer_id=row.customer_id) == ["shanghai_rep"]
    assert names(actor, "all", product_id=99) == []
    assert len(names(actor, "all", process_id=filled.process.pk, state="open")) == 6


def test_the_columns_of_the_board_add_up_to_the_list(filled: Deals) -> None:
    rep = filled.world.actor("east_rep")
    for amount in (Decimal("0.1"), Decimal("0.2")):
        row = filled.opened(name="小单", amount=amount)
        filled.move(row, "contact")
    lost = filled.opened(name="丢了")
    commands.lose(rep, lost.pk, "price")
    board = queries.board(rep, filled.process.pk)
    totals = {column.stage.code: (column.count, column.amount) for column in board.columns}
    assert totals["identify"] == (2, 2000)
    assert totals["contact"] == (2, Decimal("0.3"))
    assert (board.count, board.amount) == (4, Decimal("2000.3"))
    assert [column.stage.code for column in board.columns][:2] == ["identify", "contact"]
    assert [stage.kind for stage in board.ends] == ["won", "lost"]
    assert [card.name for card in board.cards.filter(stage__in=board.columns[1].stage_ids)] == ["小单", "小单"]
    assert queries.board(rep, filled.process.pk).column("contact").count == 2
    for attempt in (lambda: queries.board(rep, 99), lambda: queries.board(rep, filled.process.pk).column("nowhere")):
        with pytest.raises(NotFound):
            attempt()


def test_the_board_shows_old_editions_in_the_column_of_the_same_stage(filled: Deals) -> None:
    draft = commands.draft_version(SYSTEM, filled.process.pk)
    commands.drop_stage(SYSTEM, draft.pk, draft.stages.get(code="identify").pk)
    commands.publish(SYSTEM, draft.pk)
    rep = filled.world.actor("east_rep")
    old = queries.opportunities(rep, "all", "east_rep").get()
    assert [column.stage.code for column in queries.board(rep, filled.process.pk).columns][-1] == "identify"
    column = draft.stages.get(code="contact")
    commands.move(rep, old.pk, queries.stage_on_board(rep, old.pk, column.pk).pk)
    board = queries.board(rep, filled.process.pk)
    assert [(c.stage.code, c.count) for c in board.columns if c.count] == [("contact", 1), ("identify", 1)]
    with pytest.raises(NotFound):
        queries.stage_on_board(rep, old.pk, 99_999)


def test_the_board_takes_the_same_statements_however_many_cards(filled: Deals) -> None:
    rep = filled.world.actor("east_rep")

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            board = queries.board(rep, filled.process.pk)
            first_rows_of_each(board.cards, "stage", [column.stage_ids for column in board.columns], queries.ORDER, 20)
        return len(caught)

    before = statements()
    for _ in range(5):
        filled.opened(name="又一单")
    assert statements() == before == 4


def test_the_page_tells_the_way_and_what_comes_next(filled: Deals) -> None:
    rep = filled.world.actor("east_rep")
    row = queries.opportunities(rep, "no_customer").get()
    filled.move(row, "contact")
    page = queries.opportunity_page(rep, row.pk)
    assert [(stop.stage.code, stop.state) for stop in page.stops][:3] == [
        ("identify", "past"),
        ("contact", "now"),
        ("needs", ""),
    ]
    assert page.following is not None
    assert (page.following.code, [(gate.key, gate.is_met) for gate in page.gates]) == ("needs", [("customer", False)])
    assert page.may_undo
    assert not queries.opportunity_page(filled.world.actor("east_manager"), row.pk).may_undo
    with pytest.raises(NotFound):
        queries.opportunity_page(filled.world.actor("south_rep"), row.pk)


def test_a_lost_one_shows_how_far_it_got(filled: Deals) -> None:
    rep = filled.world.actor("east_rep")
    row = queries.opportunities(rep, "no_customer").get()
    filled.move(row, "contact")
    commands.lose(rep, row.pk, "timing")
    page = queries.opportunity_page(rep, row.pk)
    assert [(stop.stage.code, stop.state) for stop in page.stops] == [
        ("identify", "past"),
        ("contact", "past"),
        ("lost", "lost"),
    ]
    assert (page.following, page.gates) == (None, [])


def test_overdue_and_idle_are_told_apart_and_a_planned_step_pauses_idleness(filled: Deals) -> None:
    rep = filled.world.actor("east_rep")
    row = queries.opportunities(rep, "no_customer").get()  # in 识别: 7 days, idle after 5 workdays

    def pace(days: int) -> tuple[bool, bool]:
        with clock.as_of(row.opened_at + dt.timedelta(days=days)):
            found = queries.pace_of(rep, [filled.fresh(row)])[row.pk]
        return found.is_overdue, found.is_idle

    assert pace(3) == (False, False)
    assert pace(20) == (True, True)
    note = row.opened_at + dt.timedelta(days=19)
    commands.note_evidence(SYSTEM, row.pk, "call", "call-1", note)
    assert pace(20) == (True, False)
    fresh = filled.fresh(row)
    commands.edit(rep, row.pk, fresh.edit_version, next_step="再访", next_step_on=clock.day_of(note) + dt.timedelta(60))
    assert pace(40) == (True, False)


def test_open_opportunities_follow_their_customer_but_not_someone_elses(filled: Deals) -> None:
    manager, peer = filled.world.actor("east_manager"), filled.world.id("east_peer")
    customer = filled.customer("east_rep", "丁公司")
    own = filled.opened("east_rep", name="本人的", customer_id=customer)
    closed = filled.opened("east_rep", name="已输的", customer_id=customer)
    commands.lose(filled.world.actor("east_rep"), closed.pk, "price")
    others = commands.open_opportunity(
        manager,
        commands.OpportunityDraft(name="别人的", customer_id=customer, owner_id=filled.world.id("shanghai_rep")),
    )
    assign(manager, [customer], peer)
    assert filled.fresh(own).owner_id == peer
    assert filled.fresh(closed).owner_id == filled.world.id("east_rep")
    assert filled.fresh(others).owner_id == filled.world.id("shanghai_rep")
    assert own.spans.get().credit_person_id == filled.world.id("east_rep")


def test_what_a_leaver_has_open_goes_to_the_successor(filled: Deals) -> None:
    row = queries.opportunities(SYSTEM, "no_customer").get()
    with_customer = queries.opportunities(SYSTEM, "all", "east_rep").get()
    disable_person(SYSTEM, filled.world.id("east_rep"), successor_id=filled.world.id("east_peer"))
    assert filled.fresh(row).owner_id == filled.world.id("east_peer")
    assert filled.fresh(with_customer).owner_id == filled.world.id("east_peer")


def test_contact_with_the_customer_is_activity_of_its_opportunities(filled: Deals) -> None:
    row = queries.opportunities(SYSTEM, "all", "east_rep").get()
    later = row.last_activity_at + dt.timedelta(hours=1)
    note_contacts(SYSTEM, [Contacted(row.customer_id or 0, row.owner_id, later, valid=False)])
    assert filled.fresh(row).last_activity_at == row.last_activity_at
    note_contacts(SYSTEM, [Contacted(row.customer_id or 0, row.owner_id, later)])
    assert filled.fresh(row).last_activity_at == later


def test_handing_over_keeps_what_was_done_with_the_former_owner(filled: Deals) -> None:
    manager = filled.world.actor("east_manager")
    row = queries.opportunities(manager, "no_customer").get()
    commands.hand_over(manager, [row.pk], filled.world.id("shanghai_rep"))
    filled.move(row, "contact", "shanghai_rep")
    spans = list(row.spans.order_by("seq"))
    credited = [span.credit_person_id for span in spans]
    assert credited == [filled.world.id("east_rep"), filled.world.id("shanghai_rep")]
    with pytest.raises(RuleBroken):
        commands.hand_over(manager, [row.pk], filled.world.id("south_rep"))
    with pytest.raises(NotFound):
        commands.hand_over(filled.world.actor("south_rep"), [row.pk], filled.world.id("south_rep"))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"amount": Decimal(-5)}, "amount"),
        ({"amount": Decimal("1e15")}, "amount"),
        ({"source": "nowhere"}, "source"),
        ({"competitor": "x" * 81}, "competitor"),
    ],
)
def test_an_edit_with_nonsense_is_refused(filled: Deals, values: dict[str, Any], field: str) -> None:
    row = queries.opportunities(SYSTEM, "no_customer").get()
    with pytest.raises(RuleBroken) as refused:
        commands.edit(filled.world.actor("east_rep"), row.pk, row.edit_version, **values)
    assert refused.value.field == field


def test_a_closed_deal_gets_the_customer_it_lacked_but_no_other(filled: Deals) -> None:
    rep = filled.world.actor("east_rep")
    row = queries.opportunities(rep, "no_customer").get()
    commands.lose(rep, row.pk, "price")
    first, second = filled.customer(name="子公司"), filled.customer(name="丑公司")
    row = commands.edit(rep, row.pk, row.edit_version, customer_id=first)
    with pytest.raises(RuleBroken, match="重新打开"):
        commands.edit(rep, row.pk, row.edit_version, customer_id=second)
