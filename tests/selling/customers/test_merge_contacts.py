"""Two contacts of a customer that are one person become one."""

from __future__ import annotations

import pytest

from tests.world import World
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft, ReceptionDraft
from xiaocheng.selling.customers.models import Consent, Contact, Reception
from xiaocheng.selling.fieldwork import commands as fieldwork
from xiaocheng.selling.fieldwork.models import Visit


@pytest.fixture
def two(world: World) -> tuple[Contact, Contact]:
    """李总, who stays, and 李建国, who is the same man and decides."""
    rep = world.actor("east_rep")
    customer = commands.register(rep, CustomerDraft(name="甲公司"))
    kept = ContactDraft(customer_id=customer.pk, name="李总", phone="13800138000", position="总经理")
    gone = ContactDraft(
        customer_id=customer.pk, name="李建国", phone="13900139000", wechat="lijg", is_decision_maker=True
    )
    return commands.add_contact(rep, kept), commands.add_contact(rep, gone)


def versions(two: tuple[Contact, Contact]) -> tuple[int, int]:
    return two[0].edit_version, two[1].edit_version


def test_one_stays_with_the_chosen_values_and_everything_the_other_was_met_for(
    world: World, two: tuple[Contact, Contact]
) -> None:
    kept, gone = two
    rep = world.actor("east_rep")
    fieldwork.log_contact(rep, fieldwork.ContactDraft(customer_id=kept.customer_id, contact_id=gone.pk, note="谈过"))
    commands.note_consent(rep, kept.customer_id, contact_id=gone.pk, channel="wechat", is_given=True)
    commands.receive(rep, ReceptionDraft(customer_id=kept.customer_id, name="李建国", phone="13900139000"))
    Reception.objects.beyond_sight(because="test").update(contact=gone)
    assert queries.contact_pair(rep, kept.pk, gone.pk).differing == ("name", "phone")
    row = commands.merge_contacts(rep, kept.pk, gone.pk, take=["phone"], versions=versions(two))
    assert (row.name, row.phone, row.position, row.wechat) == ("李总", "13900139000", "总经理", "lijg")
    assert row.phone_key == gone.phone_key and row.is_decision_maker
    for model in (Visit, Consent, Reception):
        assert [item.contact_id for item in model.rows.all()] == [kept.pk]
    assert [item.pk for item in queries.all_contacts(rep, "all", "13900139000")] == [kept.pk]
    assert not queries.all_contacts(rep, "all", "李建国").exists()
    told = [str(item) for item in timeline("customers.contact", kept.pk)]
    assert any("合并了联系人「李建国」" in line for line in told) and any(
        "新增了联系人「李建国」" in line for line in told
    )


def test_who_edited_meanwhile_wins_and_contacts_of_two_customers_stay_two(
    world: World, two: tuple[Contact, Contact]
) -> None:
    kept, gone = two
    rep = world.actor("east_rep")
    elsewhere = commands.register(rep, CustomerDraft(name="乙公司"))
    stranger = commands.add_contact(rep, ContactDraft(customer_id=elsewhere.pk, name="李总"))
    with pytest.raises(RuleBroken):
        commands.merge_contacts(rep, kept.pk, stranger.pk, versions=(kept.edit_version, stranger.edit_version))
    with pytest.raises(RuleBroken):
        commands.merge_contacts(rep, kept.pk, kept.pk, versions=(kept.edit_version, kept.edit_version))
    seen = versions(two)
    commands.edit_contact(rep, gone.pk, gone.edit_version, position="董事长")
    with pytest.raises(RuleBroken):
        commands.merge_contacts(rep, kept.pk, gone.pk, versions=seen)
    commands.edit_contact(rep, kept.pk, kept.edit_version, position="董事长")
    with pytest.raises(EditConflict):
        commands.merge_contacts(rep, kept.pk, gone.pk, versions=(seen[0], seen[1] + 1))
    assert {row.pk for row in queries.contacts(rep, kept.customer_id)} == {kept.pk, gone.pk}


def test_who_does_not_see_or_may_not_change_them_does_not_merge_them(
    world: World, two: tuple[Contact, Contact]
) -> None:
    with pytest.raises(NotFound):
        commands.merge_contacts(world.actor("south_rep"), two[0].pk, two[1].pk, versions=versions(two))
    own = commands.register(world.actor("promoter"), CustomerDraft(name="丙公司"))
    noted = [
        commands.add_contact(world.actor("south_manager"), ContactDraft(customer_id=own.pk, name=name))
        for name in ("王经理", "王先生")
    ]
    with pytest.raises(NotAllowed):
        commands.merge_contacts(world.actor("promoter"), noted[0].pk, noted[1].pk, versions=(1, 1))
