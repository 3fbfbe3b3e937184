"""Phones and addresses are read by whoever is responsible; others as far as their role and the company's rule allow."""

from __future__ import annotations

import datetime as dt
from typing import cast

import pytest

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.kernel.scope import grant
from xiaocheng.foundation.org.commands import change_rule, edit_role
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import READ_DETAILS
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.customers.queries import Reading

PHONE = "13912345678"


@pytest.fixture
def customer(world: World) -> Customer:
    rep = world.actor("east_rep")
    row = commands.register(rep, CustomerDraft(name="张小姐", is_person=True, phone=PHONE, address="和平路 1 号"))
    commands.add_contact(rep, ContactDraft(customer_id=row.pk, name="王先生", phone="13887654321"))
    return row


def reads(world: World, who: str, row: Customer) -> Reading:
    actor = world.actor(who)
    return queries.details_of(actor, queries.customer(actor, row.pk))


def without_details(world: World, role: str) -> None:
    row = world.role(role)
    kept = [key for key in row.capabilities if key != READ_DETAILS]
    edit_role(world.actor("administrator"), row.pk, row.edit_version, name=row.name, allowed=kept)


def noted_reading(world: World) -> None:
    change_rule(world.actor("administrator"), "PersonalDataRules.notes_reading", "on", clock.today())


def test_an_owner_and_his_supervisor_read_them_from_the_start(world: World, customer: Customer) -> None:
    assert {reads(world, who, customer) for who in ("east_rep", "east_manager", "director")} == {Reading.FREE}


def test_a_role_without_the_capability_reads_those_of_its_own_customers_alone(world: World, customer: Customer) -> None:
    without_details(world, "manager")
    manager = world.actor("east_manager")
    own = commands.register(manager, CustomerDraft(name="自己的", phone="13711112222"))
    assert reads(world, "east_manager", own) is Reading.FREE
    assert reads(world, "east_manager", customer) is Reading.HIDDEN
    assert reads(world, "east_rep", customer) is Reading.FREE
    with pytest.raises(NotAllowed):
        commands.read_details(manager, customer.pk)
    with pytest.raises(NotAllowed):
        commands.edit(manager, customer.pk, 1, needs="便宜")
    with pytest.raises(NotAllowed):
        queries.customer_to_change(manager, customer.pk)
    contact = queries.contacts(manager, customer.pk)[0]
    with pytest.raises(NotAllowed):
        commands.edit_contact(manager, contact.pk, 1, position="采购")
    grant(Customer, customer.pk, [world.id("east_manager")], "assist")
    assert reads(world, "east_manager", customer) is Reading.FREE


def test_a_phone_that_is_not_read_is_not_found_by_its_digits_either(world: World, customer: Customer) -> None:
    manager = world.actor("east_manager")
    assert queries.customers(manager, search="5678").get() == customer
    assert queries.all_contacts(manager, search="4321").get().name == "王先生"
    without_details(world, "manager")
    manager = world.actor("east_manager")
    assert not queries.customers(manager, search="5678").exists()
    assert not queries.all_contacts(manager, search="4321").exists()
    assert queries.all_contacts(manager, search="王先生").exists()
    assert queries.customers(manager, search="张小姐").get() == customer


def test_where_reading_is_noted_it_stays_open_for_the_day_and_is_noted_once(world: World, customer: Customer) -> None:
    noted_reading(world)
    manager = world.actor("east_manager")
    assert reads(world, "east_rep", customer) is Reading.FREE
    assert reads(world, "east_manager", customer) is Reading.NOTED
    assert not queries.reads_freely(manager)(customer.owner_id)
    with pytest.raises(RuleBroken, match="请先在客户页面点「显示」"):
        commands.edit(manager, customer.pk, 1, needs="便宜")
    for _again in range(2):
        commands.read_details(manager, customer.pk)
    assert reads(world, "east_manager", customer) is Reading.FREE
    assert reads(world, "director", customer) is Reading.NOTED
    assert timeline("customers.customer", customer.pk)[0].sentence == "查看了客户的联系方式"
    assert JournalEntry.objects.filter(kind="customers.DetailsRead").count() == 1
    JournalEntry.objects.filter(kind="customers.DetailsRead").update(at=clock.now() - dt.timedelta(days=1))
    assert reads(world, "east_manager", customer) is Reading.NOTED


def test_nobody_has_details_shown_of_a_customer_that_he_does_not_see(world: World, customer: Customer) -> None:
    with pytest.raises(NotFound):
        commands.read_details(world.actor("south_rep"), customer.pk)


def test_the_last_word_on_a_consent_counts_and_the_former_ones_stay(world: World, customer: Customer) -> None:
    rep = world.actor("east_rep")
    contact = queries.contacts(rep, customer.pk)[0]
    commands.note_consent(rep, customer.pk, "phone", is_given=True, note="当面同意")
    commands.note_consent(rep, customer.pk, "phone", is_given=False, note="来电要求")
    commands.note_consent(rep, customer.pk, "sms", is_given=True, contact_id=contact.pk)
    own = queries.consents(rep, customer.pk)
    assert {key: row.is_given for key, row in own.items()} == {"phone": False}
    assert list(queries.consents(rep, customer.pk, contact.pk)) == ["sms"]
    said = [item.sentence for item in timeline("customers.customer", customer.pk)][:3]
    assert said == ["同意以短信联系", "不同意以电话联系", "同意以电话联系"]


def test_a_consent_belongs_to_a_person_whom_one_may_change(world: World, customer: Customer) -> None:
    rep = world.actor("east_rep")
    company = commands.register(rep, CustomerDraft(name="甲乙丙公司"))
    with pytest.raises(RuleBroken, match="记在联系人上"):
        commands.note_consent(rep, company.pk, "phone", is_given=True)
    contact = queries.contacts(rep, customer.pk)[0]
    with pytest.raises(NotFound):
        commands.note_consent(rep, company.pk, "phone", is_given=True, contact_id=contact.pk)
    with pytest.raises(RuleBroken):
        commands.note_consent(rep, customer.pk, cast("str", "smoke"), is_given=True)
    with pytest.raises(NotFound):
        commands.note_consent(world.actor("south_rep"), customer.pk, "phone", is_given=True)
    promoter = world.actor("promoter")
    own = commands.register(promoter, CustomerDraft(name="赵先生", is_person=True))
    with pytest.raises(NotAllowed):
        commands.note_consent(promoter, own.pk, "phone", is_given=True)
