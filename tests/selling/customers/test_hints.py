"""Customers out of sight are hinted at only so often, and everybody can read later who was told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers import commands
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft
from xiaocheng.selling.customers.models import Customer

PHONES = [f"1390013900{n}" for n in range(4)]


@pytest.fixture
def hidden(world: World) -> list[Customer]:
    """Four customers of 钱外人, whom 张三 does not see; two hints a day are allowed."""
    change_rule(world.actor("administrator"), "CustomerRules.hints_a_day", "2", clock.today())
    south = world.actor("south_rep")
    return [commands.register(south, CustomerDraft(name=f"外人客户{n}", phone=PHONES[n])) for n in range(4)]


def told() -> int:
    return JournalEntry.objects.filter(kind="customers.DuplicateShown").count()


def test_each_customer_that_is_hinted_at_stands_in_its_story_once_a_day(world: World, hidden: list[Customer]) -> None:
    rep = world.actor("east_rep")
    for _again in range(3):
        assert [item.owner for item in commands.hint(rep, "", PHONES[0]).customers] == ["钱外人"]
    assert told() == 1
    newest = timeline("customers.customer", hidden[0].pk)[0]
    assert newest.person_id == world.id("east_rep") and "查重" in newest.sentence
    assert PHONES[0] not in newest.sentence


def test_the_days_share_used_up_nobody_else_is_named_but_those_shown_stay(world: World, hidden: list[Customer]) -> None:
    rep = world.actor("east_rep")
    for phone in PHONES[:2]:
        commands.hint(rep, "", phone)
    refused = commands.hint(rep, "", PHONES[2])
    assert not refused.customers and "今天已向您提示过 2 位" in refused.refusal
    assert commands.hint(rep, "", PHONES[0]).customers
    assert told() == 2


def test_the_refusal_does_not_tell_whether_somebody_is_alike(world: World, hidden: list[Customer]) -> None:
    rep = world.actor("east_rep")
    for phone in PHONES[:2]:
        commands.hint(rep, "", phone)
    known, unknown = commands.hint(rep, "", PHONES[2]), commands.hint(rep, "没有这家公司", "13700000000")
    assert known == unknown
    assert not commands.hint(rep, "", "139")


def test_the_same_ones_are_looked_for_once(world: World, hidden: list[Customer]) -> None:
    with CaptureQueriesContext(connection) as statements:
        commands.hint(world.actor("east_rep"), "外人客户0", PHONES[0])
    looked = [item["sql"] for item in statements if '"customers_customer"."name_key" = ' in item["sql"]]
    assert len(looked) == 1


def test_the_phones_of_contacts_come_from_the_same_share(world: World, hidden: list[Customer]) -> None:
    commands.add_contact(
        world.actor("south_rep"), ContactDraft(customer_id=hidden[3].pk, name="李", phone="13600000000")
    )
    rep = world.actor("east_rep")
    assert commands.hint_contact(rep, "13600000000").customers
    commands.hint(rep, "外人客户0")
    assert commands.hint_contact(rep, PHONES[1]).refusal
    assert commands.hint_contact(rep, "13600000000").customers


def test_what_one_sees_is_neither_counted_nor_limited(world: World, hidden: list[Customer]) -> None:
    south, boss = world.actor("south_rep"), world.actor("director")
    for phone in PHONES:
        for actor in (south, boss):
            [found] = commands.hint(actor, "", phone).customers
            assert found.customer_id is not None
    assert told() == 0
    rep = world.actor("east_rep")
    mine = commands.register(rep, CustomerDraft(name="自己的客户", phone="13811111111"))
    for phone in PHONES[:2]:
        commands.hint(rep, "", phone)
    assert [item.customer_id for item in commands.hint(rep, "", "13811111111").customers] == [mine.pk]


def test_a_name_that_hides_more_than_is_left_names_only_so_many(world: World, hidden: list[Customer]) -> None:
    for who in ("south_rep", "south_rep"):
        commands.register(world.actor(who), CustomerDraft(name="同名公司", despite_duplicates=True))
    rep = world.actor("east_rep")
    commands.hint(rep, "", PHONES[0])
    assert len(commands.hint(rep, "同名公司").customers) == 1


def test_the_next_day_begins_anew(world: World, hidden: list[Customer]) -> None:
    rep = world.actor("east_rep")
    for phone in PHONES[:2]:
        commands.hint(rep, "", phone)
    with clock.as_of(clock.now() + dt.timedelta(days=1)):
        assert commands.hint(rep, "", PHONES[2]).customers
    assert told() == 3
