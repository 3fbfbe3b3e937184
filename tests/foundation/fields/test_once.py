"""Fields in which no two rows may hold the same: a number of another system, a code of a machine."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.threads import at_once, rounds
from tests.world import World, make_world
from xiaocheng.foundation.fields import queries
from xiaocheng.foundation.fields.commands import (
    FieldDraft,
    add_field,
    edit_field,
    mend_field_indexes,
    remove_field,
)
from xiaocheng.foundation.fields.indexes import drop, missing_once, once_name
from xiaocheng.foundation.fields.models import CustomField
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import Refusal, RuleBroken
from xiaocheng.selling.customers import commands
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft, Edit, add_contact, edit, register
from xiaocheng.selling.customers.models import Contact, Customer
from xiaocheng.selling.pipeline.commands import OpportunityDraft, install_template, open_opportunity
from xiaocheng.selling.pipeline.commands import edit as edit_opportunity

CUSTOMER, CONTACT, DEAL = "customers.customer", "customers.contact", "pipeline.opportunity"


def single(table: str = CUSTOMER, kind: str = "text", name: str = "设备编号") -> CustomField:
    return add_field(SYSTEM, table, kind, FieldDraft(name=name, is_unique=True))


def stands(row: Customer) -> dict[str, object]:
    found: dict[str, object] = Customer.rows.get(pk=row.pk).custom
    return found


def test_a_second_row_with_the_same_value_is_refused_at_the_field_by_the_name_of_the_first(world: World) -> None:
    code, rep = single(), world.actor("east_rep")
    first = register(rep, CustomerDraft(name="甲公司", custom={code.key: " SB  01 "}))
    with pytest.raises(RuleBroken) as refusal:
        register(rep, CustomerDraft(name="乙公司", custom={code.key: "sb 01"}))
    assert refusal.value.field == code.key
    assert str(refusal.value) == "「设备编号」不能重复:「甲公司」已经是「sb 01」。"
    second = register(rep, CustomerDraft(name="乙公司", custom={code.key: "SB 02"}))
    with pytest.raises(RuleBroken, match="甲公司"):
        edit(rep, second.pk, 1, custom={code.key: "SB 01"})
    assert edit(rep, first.pk, 1, custom={code.key: "sb 01"}).custom == {code.key: "sb 01"}  # its own, written anew
    for name in ("丙公司", "丁公司"):  # nothing filled in is nothing repeated
        assert register(rep, CustomerDraft(name=name, custom={code.key: ""})).custom == {}
    with pytest.raises(RuleBroken) as refusal:  # what he does not see is not named
        register(world.actor("south_rep"), CustomerDraft(name="戊公司", custom={code.key: "SB 01"}))
    assert str(refusal.value) == "「设备编号」不能重复:已有另一条记录是「SB 01」。"
    pool = commands.standard_pool("public").pk
    register(SYSTEM, CustomerDraft(name="公海里的", custom={code.key: "SB 03"}, pool_id=pool))
    with pytest.raises(RuleBroken, match="已有另一条记录"):  # whose own fields are hidden while it is there
        edit(rep, second.pk, 1, custom={code.key: "SB 03"})


def test_contacts_and_opportunities_and_numbers_too(world: World) -> None:
    rep = world.actor("east_rep")
    install_template(SYSTEM, "standard")
    badge, fee = single(CONTACT, "whole", "工号"), single(DEAL, "decimal", "合同号")
    customer = register(rep, CustomerDraft(name="甲公司"))
    add_contact(rep, ContactDraft(customer_id=customer.pk, name="王一", custom={badge.key: "0"}))
    other = add_contact(rep, ContactDraft(customer_id=customer.pk, name="王二", custom={badge.key: 7}))
    for wrong in (
        lambda: add_contact(rep, ContactDraft(customer_id=customer.pk, name="王三", custom={badge.key: "0"})),
        lambda: commands.edit_contact(rep, other.pk, 1, custom={badge.key: 0}),
    ):
        with pytest.raises(RuleBroken, match="「工号」不能重复:「王一」已经是「0」") as refusal:
            wrong()
        assert refusal.value.field == badge.key
    [done] = commands.edit_contacts(rep, [Edit(other.pk, {"custom": {badge.key: 0}})])
    assert "王一" in str(done.refusal) and Contact.rows.get(pk=other.pk).custom == {badge.key: 7}
    first = open_opportunity(rep, OpportunityDraft(name="一单", custom={fee.key: "1.5"}))
    second = open_opportunity(rep, OpportunityDraft(name="二单", custom={fee.key: "2"}))
    with pytest.raises(RuleBroken, match="「一单」已经是"):
        open_opportunity(rep, OpportunityDraft(name="三单", custom={fee.key: "1.50"}))
    with pytest.raises(RuleBroken, match="「一单」已经是"):
        edit_opportunity(rep, second.pk, 1, custom={fee.key: "1.5"})
    assert edit_opportunity(rep, first.pk, 1, custom={fee.key: "1.5"}, name="一号单").name == "一号单"


def test_many_at_once_each_row_is_judged_and_no_two_of_the_set_get_the_same(world: World) -> None:
    code, rep = single(), world.actor("east_rep")
    drafts = [CustomerDraft(name=f"{n}号公司", custom={code.key: text}) for n, text in enumerate("AabC")]
    outcomes = commands.register_many(rep, drafts)
    assert [outcome.refusal is None for outcome in outcomes] == [True, False, True, True]
    assert "同一批" in str(outcomes[1].refusal)
    ids = [outcome.row_id for outcome in outcomes if outcome.row_id]
    edits = [Edit(pk, {"custom": {code.key: text}}) for pk, text in zip(ids, ("D", "D", "A"), strict=True)]
    done = commands.edit_many(rep, edits)
    assert [each.refusal is None for each in done] == [True, False, False]  # A is let go of, but only with the set
    assert [Customer.rows.get(pk=pk).custom[code.key] for pk in ids] == ["D", "b", "C"]


def test_it_is_refused_while_rows_repeat_a_value_and_says_how_many_and_which_one_may_see(world: World) -> None:
    office, rep = world.actor("administrator"), world.actor("east_rep")
    code = add_field(SYSTEM, CUSTOMER, "text", FieldDraft(name="设备编号"))
    for name, text in (("甲", "a"), ("乙", "A"), ("丙", "b"), ("丁", "c"), ("戊", "c"), ("己", "C")):
        register(rep, CustomerDraft(name=name, custom={code.key: text}))
    with pytest.raises(RuleBroken) as refusal:
        edit_field(office, code.pk, 1, FieldDraft(name="设备编号", is_unique=True))
    assert refusal.value.field == "is_unique"
    assert "有 2 个值重复,涉及 5 条记录" in str(refusal.value)
    named = office.sight.everyone
    assert ("丁、戊、己都是「c」" in str(refusal.value), "甲、乙都是「a」" in str(refusal.value)) == (named, named)
    with pytest.raises(RuleBroken) as refusal:
        edit_field(SYSTEM, code.pk, 1, FieldDraft(name="设备编号", is_unique=True))
    assert str(refusal.value).endswith("丁、戊、己都是「c」。 甲、乙都是「a」。")
    assert not queries.custom_field(SYSTEM, code.pk).is_unique
    for row in Customer.rows.exclude(name__in=["甲", "丙", "丁"]):
        edit(rep, row.pk, row.edit_version, custom={code.key: ""})
    edit_field(office, code.pk, 1, FieldDraft(name="设备编号", is_unique=True))
    with pytest.raises(RuleBroken, match="不能重复"):
        register(rep, CustomerDraft(name="庚", custom={code.key: "B"}))


def test_kinds_defaults_and_fields_that_go_out_of_use(world: World) -> None:
    rep = world.actor("east_rep")
    for kind in ("one", "long_text", "phone", "money", "date"):
        with pytest.raises(RuleBroken, match="只有文字、整数和小数"):
            single(kind=kind)
    with pytest.raises(RuleBroken, match="默认值"):
        add_field(SYSTEM, CUSTOMER, "text", FieldDraft(name="x", is_unique=True, default="x"))
    code = single()
    register(rep, CustomerDraft(name="甲", custom={code.key: "a"}))
    edit_field(SYSTEM, code.pk, 1, FieldDraft(name="设备编号"))
    second = register(rep, CustomerDraft(name="乙", custom={code.key: "A"}))
    with pytest.raises(RuleBroken):
        edit_field(SYSTEM, code.pk, 2, FieldDraft(name="设备编号", is_unique=True))
    edit_field(SYSTEM, code.pk, 2, FieldDraft(name="设备编号", is_unique=True, is_active=False))
    with pytest.raises(RuleBroken):  # in use again, it would have to hold
        edit_field(SYSTEM, code.pk, 3, FieldDraft(name="设备编号", is_unique=True))
    assert stands(second) == {code.key: "A"}
    empty = single(name="没人填")
    remove_field(SYSTEM, empty.pk)
    assert single(name="没人填").pk


def test_the_index_is_made_at_once_serves_the_question_and_is_made_again_when_it_was_lost(world: World) -> None:
    code = single()
    with connection.cursor() as cursor:
        assert once_name(code) in connection.introspection.get_constraints(cursor, "customers_customer")
    if connection.vendor == "sqlite":
        with CaptureQueriesContext(connection) as asked:
            register(world.actor("east_rep"), CustomerDraft(name="甲", custom={code.key: "a"}))
        [sql] = [query["sql"] for query in asked if "lower(" in query["sql"]]
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            assert once_name(code) in str(cursor.fetchall())
    drop(once_name(code))
    assert missing_once() == [code]
    assert mend_field_indexes(SYSTEM) == [once_name(code)] and missing_once() == []
    drop(once_name(code))
    for name in ("丙", "丁"):  # written past every check
        row = register(SYSTEM, CustomerDraft(name=name))
        Customer.rows.filter(pk=row.pk).update(custom={code.key: "z"})
    mend_field_indexes(SYSTEM)
    assert missing_once() == [code]
    assert "「设备编号」" in str(_doctor_says())


def _doctor_says() -> list[str]:
    from xiaocheng.interface.cli.management.commands.doctor import fields_are_kept_single

    return list(fields_are_kept_single())


def test_two_customers_that_become_one_and_two_again_never_hold_the_same(world: World) -> None:
    code, other = single(), single(name="ERP 编号")
    rep, manager = world.actor("east_rep"), world.actor("east_manager")

    def pair(*customs: dict[str, str]) -> list[int]:
        return [
            register(rep, CustomerDraft(name=f"第 {n} 家 {custom}", custom=custom)).pk
            for n, custom in enumerate(customs)
        ]

    kept, gone = pair({other.key: "E1"}, {code.key: "A", other.key: "E2"})
    merge_id = commands.merge(manager, kept, gone).merge_id
    assert Customer.rows.get(pk=kept).custom == {code.key: "A", other.key: "E1"}
    back = commands.undo_merge(manager, merge_id)
    assert back.left == () and Customer.rows.get(pk=kept).custom == {other.key: "E1"}
    assert Customer.rows.get(pk=gone).custom == {code.key: "A", other.key: "E2"}

    merge_id = commands.merge(manager, kept, gone).merge_id
    [third] = pair({other.key: "e2"})  # which the merge had made free
    row = Customer.rows.get(pk=kept)
    edit(rep, kept, row.edit_version, custom={other.key: "E9"})  # its own fields stay as they are now
    back = commands.undo_merge(manager, merge_id)
    assert (back.kept, set(back.left)) == (("custom",), {code.key, other.key})
    assert Customer.rows.get(pk=kept).custom == {code.key: "A", other.key: "E9"}
    assert (Customer.rows.get(pk=gone).custom, Customer.rows.get(pk=third).custom) == ({}, {other.key: "e2"})


def test_two_contacts_that_become_one(world: World) -> None:
    badge, rep = single(CONTACT, "whole", "工号"), world.actor("east_rep")
    customer = register(rep, CustomerDraft(name="甲公司"))
    kept = add_contact(rep, ContactDraft(customer_id=customer.pk, name="李总"))
    gone = add_contact(rep, ContactDraft(customer_id=customer.pk, name="李建国", custom={badge.key: 7}))
    assert commands.merge_contacts(rep, kept.pk, gone.pk, versions=(1, 1)).custom == {badge.key: 7}


def test_who_is_erased_or_was_registered_by_mistake_holds_nothing_any_more(world: World) -> None:
    code, rep, office = single(), world.actor("east_rep"), world.actor("administrator")
    person = register(rep, CustomerDraft(name="王五", is_person=True, custom={code.key: "A"}))
    mistaken = register(rep, CustomerDraft(name="误登", custom={code.key: "B"}))
    assert commands.erase(office, [person.pk], "本人要求")[0].refusal is None
    commands.undo_registrations(rep, [mistaken.pk])
    for name, text in (("甲", "a"), ("乙", "b")):
        assert register(rep, CustomerDraft(name=name, custom={code.key: text})).custom == {code.key: text}


@pytest.fixture
def committed_world(transactional_db: None) -> World:
    return make_world()


@rounds(15)
def test_of_several_who_save_the_same_value_at_once_exactly_one_wins(committed_world: World, rounds: int) -> None:
    code, rep = single(), committed_world.actor("east_rep")
    rows = [register(rep, CustomerDraft(name=f"第 {n} 家")) for n in range(3)]
    for number in range(rounds):
        text = f"SB-{number}"

        def save(n: int, text: str = text, number: int = number) -> Customer:
            if n < 3:
                row = Customer.rows.get(pk=rows[n].pk)
                return edit(rep, row.pk, row.edit_version, custom={code.key: text})
            return register(rep, CustomerDraft(name=f"新 {number}-{n}", custom={code.key: text.lower()}))

        answers = at_once(save, people=6)
        assert sum(isinstance(answer, Customer) for answer in answers) == 1, answers
        refusals = [answer for answer in answers if not isinstance(answer, Customer)]
        assert all(isinstance(answer, Refusal) and answer.field == code.key for answer in refusals), answers


@rounds(10)
def test_what_is_saved_while_the_administrator_says_so_is_refused_or_stands_in_his_way(
    committed_world: World, rounds: int
) -> None:
    rep = committed_world.actor("east_rep")
    for number in range(rounds):
        code = add_field(SYSTEM, CUSTOMER, "text", FieldDraft(name=f"编号 {number}"))
        register(rep, CustomerDraft(name=f"先 {number}", custom={code.key: "A"}))

        def act(n: int, code: CustomField = code, number: int = number) -> object:
            if n == 0:
                return edit_field(SYSTEM, code.pk, 1, FieldDraft(name=f"编号 {number}", is_unique=True))
            return register(rep, CustomerDraft(name=f"后 {number}-{n}", custom={code.key: "a"}))

        answers = at_once(act, people=3)
        assert all(isinstance(answer, (CustomField, Customer, RuleBroken)) for answer in answers), answers
        is_kept = CustomField.objects.get(pk=code.pk).is_unique
        held = [row for row in Customer.rows.all() if str(row.custom.get(code.key)).lower() == "a"]
        assert (len(held) == 1) == is_kept, answers
