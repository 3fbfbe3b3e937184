"""A customer's profile and contacts are changed, and upper modules tell of contacts and deals."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import EditConflict, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.measures import totals
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.foundation.kernel.scope import grant
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft
from xiaocheng.selling.customers.commands.contacted import Deal
from xiaocheng.selling.customers.duplicates import Duplicate
from xiaocheng.selling.customers.models import Customer


def registered(world: World, name: str = "甲乙丙", by: str = "east_rep", **values: str) -> Customer:
    return commands.register(world.actor(by), CustomerDraft(name=name, **values))  # type: ignore[arg-type]


def test_an_edit_says_what_changed_and_keeps_the_former_text(world: World) -> None:
    rep, row = world.actor("east_rep"), registered(world, needs="便宜")
    commands.edit(rep, row.pk, 1, name="甲乙丁", needs="耐用", level="A", address="")
    assert timeline("customers.customer", row.pk)[0].sentence == "修改了客户资料:客户名称、级别、需求"
    entry = JournalEntry.objects.get(kind="customers.CustomerEdited")
    assert entry.personal["before"] == {"name": "甲乙丙", "level": "", "needs": "便宜"}
    assert queries.customers(rep, "mine", "甲乙丁").get() == row
    assert not queries.customers(rep, "mine", "甲乙丙").exists()


def test_an_edit_that_changes_nothing_leaves_no_trace(world: World) -> None:
    row = registered(world)
    before = JournalEntry.objects.count()
    commands.edit(world.actor("east_rep"), row.pk, 1, name="甲乙丙")
    assert JournalEntry.objects.count() == before


def test_two_who_edit_at_once_do_not_overwrite_each_other(world: World) -> None:
    row = registered(world)
    commands.edit(world.actor("east_rep"), row.pk, 1, needs="甲的话")
    with pytest.raises(EditConflict) as conflict:
        commands.edit(world.actor("east_manager"), row.pk, 1, needs="乙的话")
    assert conflict.value.current["needs"] == "甲的话"


def test_a_customer_cannot_be_renamed_into_a_known_one(world: World) -> None:
    registered(world, "甲乙丙")
    other = registered(world, "丁戊己")
    with pytest.raises(Duplicate):
        commands.edit(world.actor("east_rep"), other.pk, 1, name="甲乙丙有限公司")
    commands.edit(world.actor("east_rep"), other.pk, 1, name="丁戊己股份有限公司")


def test_somebody_elses_customer_is_as_if_it_did_not_exist(world: World) -> None:
    row = registered(world)
    for stranger in ("east_peer", "south_rep", "shanghai_lead"):
        with pytest.raises(NotFound):
            commands.edit(world.actor(stranger), row.pk, 1, needs="x")
        with pytest.raises(NotFound):
            queries.customer(world.actor(stranger), row.pk)


def test_a_code_out_of_use_may_stay_but_not_be_chosen(world: World) -> None:
    row = registered(world, level="A")
    Customer.objects.beyond_sight(because="a level that was taken out of use").filter(pk=row.pk).update(level="E")
    rep = world.actor("east_rep")
    commands.edit(rep, row.pk, 1, level="E", needs="x")
    with pytest.raises(RuleBroken):
        commands.edit(rep, row.pk, 2, level="F")


def test_a_customer_is_found_by_its_contacts(world: World) -> None:
    rep, row = world.actor("east_rep"), registered(world)
    contact = commands.add_contact(rep, ContactDraft(customer_id=row.pk, name="曾小贤", phone="13911112222"))
    for text in ("曾小贤", "11112222", "甲乙丙"):
        assert queries.customers(rep, "mine", text).get() == row, text
    commands.edit_contact(rep, contact.pk, 1, name="曾大贤", phone="")
    assert not queries.customers(rep, "mine", "11112222").exists()
    assert [item.sentence for item in timeline("customers.customer", row.pk)][:2] == [
        "修改了联系人「曾大贤」:姓名、电话",
        "新增了联系人「曾小贤」",
    ]


def test_the_same_contact_is_noted_once(world: World) -> None:
    rep, row = world.actor("east_rep"), registered(world)
    drafts = [ContactDraft(customer_id=row.pk, name="王一", phone="139 1111 2222")] * 2
    drafts += [ContactDraft(customer_id=row.pk, name=""), ContactDraft(customer_id=999_999, name="谁")]
    outcomes = commands.add_contacts(rep, drafts)
    assert [outcome.row_id is not None for outcome in outcomes] == [True, False, False, False]
    assert [type(outcome.refusal) for outcome in outcomes[1:]] == [RuleBroken, RuleBroken, NotFound]
    assert len(queries.contacts(rep, row.pk)) == 1


def test_a_contact_without_name_cannot_be_saved(world: World) -> None:
    rep, row = world.actor("east_rep"), registered(world)
    contact = commands.add_contact(rep, ContactDraft(customer_id=row.pk, name="王一"))
    with pytest.raises(RuleBroken):
        commands.edit_contact(rep, contact.pk, 1, name="")
    contact.refresh_from_db()
    assert contact.name == "王一"


def test_in_a_pool_a_customer_shows_neither_contacts_nor_edits(world: World) -> None:
    rep, row = world.actor("east_rep"), registered(world)
    commands.add_contact(rep, ContactDraft(customer_id=row.pk, name="王一"))
    commands.release(rep, row.pk, "no_need")
    assert not queries.contacts(rep, row.pk)
    with pytest.raises(RuleBroken):
        commands.edit(rep, row.pk, 1, needs="x")
    with pytest.raises(RuleBroken):
        commands.add_contact(rep, ContactDraft(customer_id=row.pk, name="王二"))
    assert queries.contacts(world.actor("administrator"), row.pk)


def test_whoever_was_let_in_sees_head_data_and_contacts(world: World) -> None:
    rep, row = world.actor("east_rep"), registered(world)
    commands.add_contact(rep, ContactDraft(customer_id=row.pk, name="王一"))
    grant(Customer, row.pk, [world.id("south_rep")], "assists")
    south = world.actor("south_rep")
    assert queries.customer(south, row.pk) == row
    assert [contact.name for contact in queries.contacts(south, row.pk)] == ["王一"]


def test_the_last_contact_is_the_latest_one_whenever_it_is_noted(world: World) -> None:
    rep, row, now = world.actor("east_rep"), registered(world), clock.now()
    by = rep.person_id or 0
    commands.note_contacts(rep, [commands.Contacted(row.pk, by, now, next_on=clock.today())])
    commands.note_contacts(rep, [commands.Contacted(row.pk, by, now - dt.timedelta(days=2))])
    commands.note_contacts(rep, [commands.Contacted(row.pk, by, now + dt.timedelta(minutes=1), valid=False)])
    row.refresh_from_db()
    assert (row.last_contact_at, row.next_contact_on) == (now, clock.today())


def test_the_first_deal_makes_a_customer_once(world: World) -> None:
    rep, row, today = world.actor("east_rep"), registered(world), clock.today()
    deal = Deal(today, world.id("east_rep"), world.department("east").pk)
    commands.note_first_deals(SYSTEM, {row.pk: deal})
    commands.note_first_deals(SYSTEM, {row.pk: deal})
    row.refresh_from_db()
    assert (row.stage, row.became_customer_on) == ("customer", today)
    assert totals(rep, ["customers.converted"], period("day", today)) == {"customers.converted": 1}


def test_likely_duplicates_appear_while_one_types(world: World) -> None:
    mine = registered(world, "杭州云栖网络有限公司")
    registered(world, "杭州云栖酒店", by="south_rep", phone="13900139000")
    rep = world.actor("east_rep")
    assert [item.customer_id for item in commands.hint(rep, "云栖").customers] == [mine.pk]
    [hidden] = commands.hint(rep, "杭州云栖酒店股份公司").customers
    assert (hidden.customer_id, hidden.name, hidden.owner, hidden.department) == (None, "", "钱外人", "华南区")
    [by_phone] = commands.hint(rep, "", "139-0013-9000").customers
    assert (by_phone.customer_id, by_phone.by_phone) == (None, True)
    assert not commands.hint(rep, "", "139001")
    assert not commands.hint(rep, "杭州云栖网络", but=mine.pk)
