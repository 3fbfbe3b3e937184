"""Whoever owns an opportunity may open its customer and the contacts, and decides nothing about them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.world import World
from xiaocheng.foundation.files.commands import attach
from xiaocheng.foundation.files.queries import attachment, attachments
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound
from xiaocheng.foundation.kernel.models import Grant
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft
from xiaocheng.selling.customers.queries import Reading, contacts, customer, details_of
from xiaocheng.selling.customers.queries import customers as customers_of
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.commands import HistoricDeal, OpportunityDraft
from xiaocheng.selling.pipeline.models import Opportunity

from .deals import Deals


def sees(deals: Deals, key: str, customer_id: int) -> bool:
    try:
        return customer(deals.world.actor(key), customer_id).pk == customer_id
    except NotFound:
        return False


def opened_for(deals: Deals, key: str, customer_id: int) -> Opportunity:
    """An opportunity of somebody with a customer of somebody else, opened by whoever sees both."""
    draft = OpportunityDraft(name="共同项目", customer_id=customer_id, owner_id=deals.world.id(key))
    return commands.open_opportunity(deals.world.actor("director"), draft)


@pytest.fixture
def theirs(deals: Deals) -> int:
    """A customer of 张三's with a contact."""
    pk = deals.customer("east_rep", "甲公司")
    customers.add_contact(deals.world.actor("east_rep"), ContactDraft(customer_id=pk, name="马经理"))
    return pk


def test_the_owner_of_an_opportunity_opens_its_customer_and_the_contacts(deals: Deals, theirs: int) -> None:
    assert not sees(deals, "south_rep", theirs)
    opened_for(deals, "south_rep", theirs)
    rep = deals.world.actor("south_rep")
    assert sees(deals, "south_rep", theirs)
    assert [row.name for row in contacts(rep, theirs)] == ["马经理"]
    assert not customers_of(rep, "mine").exists()
    assert not customers_of(rep, "team").exists()
    assert not sees(deals, "south_manager", theirs)


def test_but_he_changes_nothing_about_it(deals: Deals, theirs: int) -> None:
    opened_for(deals, "south_manager", theirs)
    actor = deals.world.actor("south_manager")
    version = customer(actor, theirs).edit_version
    with pytest.raises(NotFound):
        customers.edit(actor, theirs, version, name="改名")
    (outcome,) = customers.assign(actor, [theirs], deals.world.id("south_rep"))
    assert isinstance(outcome.refusal, NotFound)
    assert customer(SYSTEM, theirs).owner_id == deals.world.id("east_rep")


def test_who_owns_the_customer_too_needs_nothing_opened(deals: Deals, theirs: int) -> None:
    deals.opened(customer_id=theirs)
    assert not Grant.objects.exists()


def test_it_goes_with_the_opportunity_unless_another_one_remains(deals: Deals, theirs: int) -> None:
    first, second = (opened_for(deals, "south_rep", theirs) for _n in range(2))
    director = deals.world.actor("director")
    commands.hand_over(director, [first.pk], deals.world.id("shanghai_rep"))
    assert sees(deals, "south_rep", theirs)
    assert sees(deals, "shanghai_rep", theirs)
    commands.hand_over(director, [first.pk, second.pk], deals.world.id("east_peer"))
    assert not sees(deals, "south_rep", theirs)
    assert not sees(deals, "shanghai_rep", theirs)
    assert sees(deals, "east_peer", theirs)


def test_it_goes_to_the_customer_that_the_opportunity_is_about_now(deals: Deals, theirs: int) -> None:
    row = opened_for(deals, "south_rep", theirs)
    other = deals.customer("east_rep", "乙公司")
    commands.edit(deals.world.actor("director"), row.pk, row.edit_version, customer_id=other)
    assert not sees(deals, "south_rep", theirs)
    assert sees(deals, "south_rep", other)


def test_it_follows_the_owners_of_the_customer(deals: Deals, theirs: int) -> None:
    opened_for(deals, "south_rep", theirs)
    won = deals.opened(customer_id=theirs)
    commands.lose(deals.world.actor("east_rep"), won.pk, "price")
    director = deals.world.actor("director")
    customers.assign(director, [theirs], deals.world.id("south_rep"))
    assert sees(deals, "east_rep", theirs)  # his lost deal stays his
    assert set(Grant.objects.values_list("person_id", flat=True)) == {deals.world.id("east_rep")}
    customers.assign(director, [theirs], deals.world.id("shanghai_rep"))
    assert not sees(deals, "south_rep", theirs)  # his open deal has followed the customer
    assert sees(deals, "shanghai_rep", theirs)


def test_the_owner_of_an_imported_deal_opens_the_customer_in_the_closed_pool_unmasked(deals: Deals) -> None:
    draft = CustomerDraft(name="老客户", phone="021-55551234")
    pk = customers.register_many(SYSTEM, [draft])[0].row_id or 0
    deal = HistoricDeal("A1", "identify", deals.world.id("east_rep"), {"identify": dt.date(2025, 1, 6)}, customer_id=pk)
    (outcome,) = commands.import_history(SYSTEM, deals.version.pk, [deal])
    assert outcome.is_new, outcome
    rep = deals.world.actor("east_rep")
    assert details_of(rep, customer(rep, pk)) is Reading.FREE
    assert [row.pk for row in customers_of(rep, "all", "55551234")] == [pk]
    assert not sees(deals, "east_peer", pk)
    commands.undo_history(SYSTEM, [outcome.opportunity_id or 0])
    assert not sees(deals, "east_rep", pk)


def test_many_at_once_cost_the_same_statements(deals: Deals, world: World) -> None:
    rows = [opened_for(deals, "south_rep", deals.customer("east_rep", f"客户{n}")) for n in range(12)]
    counts = []
    for some in (rows[:1], rows[1:]):
        with CaptureQueriesContext(connection) as asked:
            commands.hand_over(world.actor("director"), [row.pk for row in some], world.id("shanghai_rep"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert Grant.objects.filter(person_id=world.id("shanghai_rep")).count() == 12


def test_files_of_a_customer_that_was_only_opened_are_not_shown(
    deals: Deals, theirs: int, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    row = attach(deals.world.actor("east_rep"), "customers.customer", theirs, "a.txt", b"terms")
    opened_for(deals, "south_rep", theirs)
    for ask in (
        lambda actor: attachment(actor, row.pk),
        lambda actor: attachments(actor, "customers.customer", theirs),
        lambda actor: attach(actor, "customers.customer", theirs, "b.txt", b"mine"),
    ):
        ask(deals.world.actor("east_manager"))
        with pytest.raises(NotFound):
            ask(deals.world.actor("south_rep"))


def test_opportunities_of_a_time_when_nothing_was_opened_open_their_customers_anew(deals: Deals, theirs: int) -> None:
    opened_for(deals, "south_rep", theirs)
    Grant.objects.all().delete()
    assert not sees(deals, "south_rep", theirs)
    for _twice in range(2):
        assert commands.open_customers_anew(SYSTEM) == 1
        assert sees(deals, "south_rep", theirs)
        assert Grant.objects.count() == 1
    with pytest.raises(NotAllowed):
        commands.open_customers_anew(deals.world.actor("administrator"))
