"""Colleagues write to each other about a customer; that is no contact with it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import EditConflict, NotFound, RuleBroken
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.queries import notes as tidings
from xiaocheng.interface.notifications.queries import said
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import CustomerDraft, Member
from xiaocheng.selling.customers.models import Customer, CustomerNote

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(world: World) -> Customer:
    """A customer of 张三."""
    return commands.register(world.actor("east_rep"), CustomerDraft(name="上海远景机械有限公司"))


def told(world: World, key: str) -> list[str]:
    tell(SYSTEM)
    actor = world.actor(key)
    return [said(actor, note) for note in tidings(actor)]


def listeners(actor: Actor, row: Customer) -> dict[int, bool]:
    return {one.person.pk: one.is_concerned for one in queries.listeners(actor, row)}


def test_a_supervisor_asks_and_the_owner_answers_and_each_is_told(world: World, customer: Customer) -> None:
    rep, manager = world.actor("east_rep"), world.actor("east_manager")
    assert listeners(manager, customer) == {rep.person_id: True}
    commands.write_note(manager, customer.pk, " 报价为什么还没有发? ", [world.id("east_rep")])
    assert "留言给您" in told(world, "east_rep")[0] and customer.name in told(world, "east_rep")[0]
    assert listeners(rep, customer) == {manager.person_id: True}
    commands.write_note(rep, customer.pk, "周三发", listeners(rep, customer))
    assert "留言给您" in told(world, "east_manager")[0]
    assert [row.text for row in queries.notes_of(rep, customer.pk)] == ["周三发", "报价为什么还没有发?"]


def test_an_owner_may_have_whoever_signs_for_him_told_but_nobody_is_told_by_himself(
    world: World, customer: Customer
) -> None:
    rep = world.actor("east_rep")
    assert listeners(rep, customer) == {world.id("east_manager"): False}


def test_a_note_is_no_contact_and_the_time_limit_runs_on(world: World, customer: Customer) -> None:
    before = Customer.rows.get(pk=customer.pk)
    commands.write_note(world.actor("east_rep"), customer.pk, "等对方回电")
    after = Customer.rows.get(pk=customer.pk)
    assert (after.last_contact_at, after.clock_since) == (before.last_contact_at, before.clock_since)


def test_only_who_sees_the_customer_reads_writes_and_is_told(world: World, customer: Customer) -> None:
    rep, outsider = world.actor("east_rep"), world.actor("south_rep")
    note = commands.write_note(rep, customer.pk, "机密")
    assert not queries.notes_of(outsider, customer.pk).exists() and queries.notes_among(outsider, [note.pk]) == []
    for act in (
        lambda: commands.write_note(outsider, customer.pk, "我也来"),
        lambda: commands.edit_note(outsider, note.pk, 1, "改"),
        lambda: commands.remove_note(outsider, note.pk),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(RuleBroken, match="能看到这位客户") as refused:
        commands.write_note(rep, customer.pk, "看一下", [world.id("south_rep")])
    assert refused.value.field == "tell" and CustomerNote.rows.count() == 1


def test_an_assistant_sees_the_customer_but_not_what_is_said_among_its_owners(world: World, customer: Customer) -> None:
    rep = world.actor("east_rep")
    note = commands.write_note(rep, customer.pk, "底价 12 万")
    commands.agree_team(
        world.actor("east_manager"), customer.pk,
        [Member(world.id("south_rep"), "assistant"), Member(world.id("shanghai_rep"), "co_owner", Decimal(40))],
    )  # fmt: skip
    assistant, co_owner = world.actor("south_rep"), world.actor("shanghai_rep")
    assert queries.notes_among(assistant, [note.pk]) == []
    assert [row.pk for row in queries.notes_among(co_owner, [note.pk])] == [note.pk]
    with pytest.raises(NotFound):
        commands.write_note(assistant, customer.pk, "我去看过了")
    assert listeners(rep, customer) == {world.id("shanghai_rep"): True, world.id("east_manager"): False}


def test_in_a_pool_nobody_reads_or_writes_but_who_sees_everything(world: World, customer: Customer) -> None:
    rep = world.actor("east_rep")
    note = commands.write_note(rep, customer.pk, "对方嫌贵")
    commands.release(rep, customer.pk, "no_need")
    assert queries.notes_among(rep, [note.pk]) == []
    with pytest.raises(NotFound):
        commands.write_note(rep, customer.pk, "再试一次")
    assert queries.notes_among(world.actor("director"), [note.pk])


def test_who_once_wrote_but_sees_the_customer_no_more_is_not_told(world: World, customer: Customer) -> None:
    rep, peer = world.actor("east_rep"), world.actor("east_peer")
    commands.write_note(rep, customer.pk, "交给您了")
    commands.assign(world.actor("east_manager"), [customer.pk], owner_id=world.id("east_peer"))
    customer.refresh_from_db()
    assert rep.person_id not in listeners(peer, customer)


def test_one_edits_ones_own_words_only_and_two_edits_do_not_overwrite_each_other(
    world: World, customer: Customer
) -> None:
    rep, manager = world.actor("east_rep"), world.actor("east_manager")
    note = commands.write_note(rep, customer.pk, "报价 12 万")
    with pytest.raises(RuleBroken, match="写的人修改"):
        commands.edit_note(manager, note.pk, 1, "报价 10 万")
    assert commands.edit_note(rep, note.pk, 1, "报价 11 万").changed_at is not None
    with pytest.raises(EditConflict):
        commands.edit_note(rep, note.pk, 1, "报价 9 万")
    for empty in ("", "  \n"):
        with pytest.raises(RuleBroken, match="请写"):
            commands.edit_note(rep, note.pk, 2, empty)
    with pytest.raises(RuleBroken, match="太长"):
        commands.write_note(rep, customer.pk, "长" * 2001)


def test_a_superior_removes_a_note_and_a_colleague_does_not(world: World, customer: Customer) -> None:
    rep, manager = world.actor("east_rep"), world.actor("east_manager")
    his, hers = commands.write_note(manager, customer.pk, "注意账期"), commands.write_note(rep, customer.pk, "笔误")
    with pytest.raises(RuleBroken, match="上级删除"):
        commands.remove_note(rep, his.pk)
    commands.remove_note(manager, hers.pk)
    assert [row.pk for row in queries.notes_of(rep, customer.pk)] == [his.pk]


def test_notes_go_with_a_merged_customer_and_back(world: World, customer: Customer) -> None:
    manager = world.actor("east_manager")
    other = commands.register(world.actor("east_rep"), CustomerDraft(name="远景设备"))
    note = commands.write_note(world.actor("east_rep"), other.pk, "同一位老板")
    merged = commands.merge(manager, customer.pk, other.pk)
    assert [row.pk for row in queries.notes_of(manager, customer.pk)] == [note.pk]
    commands.undo_merge(manager, merged.merge_id)
    assert not queries.notes_of(manager, customer.pk).exists()


def test_an_erased_person_leaves_no_notes(world: World) -> None:
    rep = world.actor("east_rep")
    row = commands.register(rep, CustomerDraft(name="王先生", is_person=True))
    commands.write_note(rep, row.pk, "他太太姓陈")
    assert not commands.erase(world.actor("administrator"), [row.pk], "本人要求")[0].refusal
    assert not CustomerNote.rows.exists()


def test_the_story_shows_the_words_that_they_were_edited_and_that_they_are_gone(
    world: World, customer: Customer, client: Client
) -> None:
    rep = world.actor("east_rep")
    note = commands.write_note(rep, customer.pk, "报价 <12> 万")
    gone = commands.write_note(rep, customer.pk, "写错了")
    commands.edit_note(rep, note.pk, 1, "报价 <11> 万")
    commands.remove_note(rep, gone.pk)
    client.force_login(world.person("east_rep"))
    for address in (f"/customers/{customer.pk}/", f"/customers/{customer.pk}/?tab=story&only=notes"):
        page = client.get(address).content.decode()
        assert "报价 &lt;11&gt; 万" in page and "(已修改)" in page and "留言已删除" in page
    assert "修改了留言" not in page  # notes only
    answer = client.post(f"/customers/{customer.pk}/note/", {"text": ""})
    assert answer.status_code == 422
