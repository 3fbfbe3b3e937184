"""Rows that are there are recognised by a key, changed where a cell says something, and given back by an undo."""

from functools import partial

import pytest
from django.core.management import call_command

from tests.world import World
from xiaocheng.foundation.fields.commands import FieldDraft, add_field
from xiaocheng.foundation.import_export import commands, queries
from xiaocheng.foundation.import_export.models import ImportedChange
from xiaocheng.foundation.kernel import measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.customers.models import Contact, Customer
from xiaocheng.selling.customers.queries import customers as found

pytestmark = pytest.mark.django_db


def checked(actor, job, mode, key):
    job = commands.map_columns(actor, job.pk, job.columns, mode=mode, key=key)
    return commands.check(actor, job.pk, lambda rows: None)


def run(actor, job):
    commands.ask_run(actor, job.pk, skip_problems=True)
    return commands.run(actor, job.pk, lambda rows: None)


def known(world: World, name, owner="east_rep", **values):
    return customers.register(SYSTEM, customers.CustomerDraft(name=name, owner_id=world.id(owner), **values))


def row(pk):
    return Customer.objects.visible_to(SYSTEM).get(pk=pk)


def test_the_preview_says_what_becomes_of_each_row_and_an_undo_gives_back_what_stands(world: World, upload):
    actor = world.actor("administrator")
    one = known(world, "甲有限公司", phone="021-55551234", level="B", address="上海市中山路 1 号")
    two = known(world, "乙公司", level="B")
    known(world, "丙公司", level="A")
    text = "客户名称,级别,电话,地址,负责人\n"
    text += "甲公司,A,,,赵六\n乙公司,A,010-66667777,,\n丙公司,A,,,\n丁公司,C,,,\n乙 公司,C,,,\n"
    job = checked(actor, upload(actor, text), "both", "name")
    assert {key: job.counts[key] for key in ("new", "changed", "same", "refused")} == {
        "new": 1, "changed": 2, "same": 1, "refused": 1,
    }  # fmt: skip
    seen = queries.preview(actor, job).rows
    assert [item.fate for item in seen] == ["changed", "changed", "same", "new", "refused"]
    level, owner = (seen[0].cells[queries.preview(actor, job).keys.index(key)] for key in ("level", "owner"))
    assert (level.before, level.said, owner.before, owner.said) == ("B 级", "A 级", "张三", "赵六")
    assert "重复" in seen[4].problems[0]
    assert [item.number for item in queries.preview(actor, job, "changed").rows] == [2, 3]
    assert row(one.pk).level == "B"  # nothing is written yet

    job = run(actor, job)
    after = row(one.pk)
    assert (after.name, after.level, after.phone, after.address) == (
        "甲有限公司",
        "A",
        "021-55551234",
        "上海市中山路 1 号",
    )
    assert (after.owner_id, after.edit_version) == (world.id("east_peer"), 2)
    assert found(actor, search="66667777").get().pk == two.pk
    said = [item.sentence for item in timeline("customers.customer", two.pk)]
    assert said[0] == "修改了客户资料:电话、级别"
    assert measures.differences() == []

    customers.edit(actor, two.pk, 2, level="D")  # somebody changes one of the fields again
    job = commands.ask_undo(actor, job.pk)
    call_command("work", once=True)
    job = queries.import_job(actor, job.pk)
    assert (job.state, job.counts["restored"], job.counts["kept"]) == ("undone", 2, 0)
    assert (row(one.pk).level, row(one.pk).owner_id) == ("B", world.id("east_rep"))
    assert (row(two.pk).level, row(two.pk).phone) == ("D", "")
    assert not Customer.objects.visible_to(SYSTEM).filter(name="丁公司").exists()


def test_a_row_is_found_by_number_phone_or_an_own_field_and_refused_where_that_is_not_clear(world: World, upload):
    actor = world.actor("east_manager")
    one = known(world, "甲公司", phone="021-55551234")
    hidden = known(world, "丙公司", owner="south_rep", phone="020-88889999")
    for name in ("王一", "王二"):
        known(world, name, is_person=True, phone="13800138000")  if name == "王一" else customers.register(
            SYSTEM, customers.CustomerDraft(name=name, is_person=True, owner_id=world.id("east_rep"),
                                            phone="13800138000", despite_duplicates=True)
        )  # fmt: skip
    text = f"系统编号,网址\n{one.pk},a.example\n{hidden.pk},b.example\n,c.example\n999999,d.example\n"
    job = commands.choose(actor, upload(actor, text).pk, 0, "customers")
    with pytest.raises(RuleBroken, match="识别"):
        commands.map_columns(actor, job.pk, {"number": 0, "website": 1}, mode="update", key="fax")
    job = commands.map_columns(actor, job.pk, {"number": 0, "website": 1}, mode="update", key="number")
    job = run(actor, commands.check(actor, job.pk, lambda rows: None))
    assert (job.counts["changed"], job.counts["refused"]) == (1, 3)
    assert row(one.pk).website == "a.example"
    sentences = {problem.row: problem.sentence for problem in job.problems.all()}
    assert sentences[3] == sentences[5] == "没有找到要更新的行,或者您无权查看它。"  # hidden and missing are alike

    text = "客户名称,电话,级别\n甲新公司,(021)5555 1234,A\n丙公司,020-88889999,A\n王,13800138000,A\n戊公司,,A\n"
    job = run(actor, checked(actor, upload(actor, text), "both", "phone"))
    assert (job.counts["changed"], job.counts["new"], job.counts["refused"]) == (1, 1, 2)
    assert (row(one.pk).name, row(one.pk).level, row(hidden.pk).level) == ("甲新公司", "A", "")


def test_only_who_may_hand_on_changes_the_owner_and_only_who_may_edit_changes_anything(world: World, upload):
    manager, peer = world.actor("east_manager"), world.actor("east_rep")
    one = known(world, "甲公司")
    edits = [customers.Edit(one.pk, {"owner": world.id("east_peer"), "level": "A"})]
    assert "负责人" in str(customers.edit_many(peer, edits)[0].refusal)
    stranger = [customers.Edit(one.pk, {"owner": world.id("south_rep")})]
    assert customers.edit_many(manager, stranger)[0].refusal is not None
    assert row(one.pk).level == ""
    assert customers.edit_many(world.actor("south_rep"), edits)[0].refusal.status == 404
    assert customers.edit_many(manager, edits)[0].changes["level"] == ("", "A")
    assert row(one.pk).owner_id == world.id("east_peer")


def test_own_fields_of_every_kind_show_what_they_say_and_come_back_as_they_were(world: World, upload):
    actor = world.actor("administrator")
    add = partial(add_field, SYSTEM, "customers.customer")
    money, day, yes = (
        add("money", FieldDraft(name="保证金")),
        add("date", FieldDraft(name="续约日")),
        add("yes_no", FieldDraft(name="月结")),
    )
    one = known(world, "甲公司", custom={money.key: "1.5", day.key: "2026-01-31", yes.key: True})
    job = checked(actor, upload(actor, "客户名称,保证金,续约日,月结\n甲公司,2.75,2026-02-28,否\n"), "update", "name")
    cells = queries.preview(actor, job).rows[0].cells[1:]
    assert [(cell.before, cell.said) for cell in cells] == [("1.5", "2.75"), ("2026-01-31", "2026-02-28"), ("是", "否")]
    job = run(actor, job)
    commands.ask_undo(actor, job.pk)
    call_command("work", once=True)
    assert row(one.pk).custom == {money.key: 15_000, day.key: "2026-01-31", yes.key: 1}


def test_contacts_are_changed_at_their_customer_and_forgotten_when_erased(world: World, upload):
    actor = world.actor("administrator")
    one, other = known(world, "甲公司"), known(world, "乙公司")
    for customer in (one, other):
        customers.add_contact(SYSTEM, customers.ContactDraft(customer_id=customer.pk, name="王五", phone="13800138000"))
    text = "客户,联系人姓名,职务,电话,生日\n甲公司,王五,厂长,,1980-02-03\n乙公司,赵七,,13900139000,\n"
    job = run(actor, checked(actor, upload(actor, text, "联系人.csv"), "both", "name"))
    assert (job.counts["changed"], job.counts["new"]) == (1, 1)
    changed = Contact.objects.visible_to(SYSTEM).get(customer_id=one.pk)
    assert (changed.position, changed.phone, str(changed.birthday)) == ("厂长", "13800138000", "1980-02-03")
    assert Contact.objects.visible_to(SYSTEM).get(customer_id=other.pk, name="王五").position == ""
    commands.ask_undo(actor, job.pk)
    call_command("work", once=True)
    assert Contact.objects.visible_to(SYSTEM).get(pk=changed.pk).birthday is None
    assert ImportedChange.objects.count() == 1
    customers.erase_contact(actor, changed.pk, "本人要求")
    assert not ImportedChange.objects.exists()
