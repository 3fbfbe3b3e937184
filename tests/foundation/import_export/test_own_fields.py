"""A file tells of a company's own fields: of customers and contacts, and of what may not repeat."""

import pytest
from django.core.management import call_command

from tests.world import World
from xiaocheng.foundation.fields.commands import FieldDraft, add_field
from xiaocheng.foundation.import_export import commands, queries
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.customers.models import Contact, Customer

from .test_updating import checked, known, row, run

pytestmark = pytest.mark.django_db
CUSTOMER, CONTACT = "customers.customer", "customers.contact"


def test_a_file_of_contacts_tells_the_fields_of_contacts_not_of_customers(world: World, upload):
    actor = world.actor("administrator")
    add_field(SYSTEM, CUSTOMER, "text", FieldDraft(name="行话"))
    hobby = add_field(SYSTEM, CONTACT, "text", FieldDraft(name="爱好"))
    known(world, "甲公司")
    job = upload(actor, "客户,联系人姓名,爱好,行话\n甲公司,王五,茶,x\n", "联系人.csv")
    assert job.target == "contacts" and set(job.columns) == {"customer", "name", hobby.key}
    run(actor, commands.check(actor, job.pk, lambda rows: None))
    assert Contact.rows.get().custom == {hobby.key: "茶"}


def test_an_undo_gives_numbers_and_days_back_as_they_were(world: World, upload):
    actor = world.actor("administrator")
    area = add_field(SYSTEM, CUSTOMER, "decimal", FieldDraft(name="面积"))
    since = add_field(SYSTEM, CUSTOMER, "date", FieldDraft(name="投产日"))
    one = known(world, "甲公司", custom={area.key: "12.5", since.key: "2026-01-31"})
    before = row(one.pk).custom
    job = run(actor, checked(actor, upload(actor, "客户名称,面积,投产日\n甲公司,13,2026-02-01\n"), "update", "name"))
    assert row(one.pk).custom != before
    commands.ask_undo(actor, job.pk)
    call_command("work", once=True)
    assert row(one.pk).custom == before


def test_the_check_says_which_rows_tell_what_another_row_or_customer_has(world: World, upload):
    actor = world.actor("administrator")
    code = add_field(SYSTEM, CUSTOMER, "text", FieldDraft(name="设备编号", is_unique=True))
    known(world, "老客户", custom={code.key: "SB-1"})
    known(world, "别的客户", custom={code.key: "SB-9"})
    text = "客户名称,设备编号\n甲公司,SB-2\n乙公司,sb-9\n丙公司,sb-2\n丁公司,\n戊公司,\n老客户,SB-1\n"
    job = commands.check(actor, upload(actor, text).pk, lambda rows: None)
    told = {problem.row: (problem.column, problem.sentence) for problem in job.problems.all()}
    assert told == {
        3: ("设备编号", "「设备编号」不能重复:「别的客户」已经是「sb-9」。"),
        4: ("设备编号", "「设备编号」不能重复,与第 2 行相同。"),
    }
    job = run(actor, job)
    assert {key: job.counts[key] for key in ("new", "same", "refused")} == {"new": 3, "same": 1, "refused": 2}
    again = commands.check(actor, upload(actor, text.replace("甲公司", "甲 公司")).pk, lambda rows: None)
    assert again.counts["refused"] == 2  # what came in before is the same as before


def test_rows_are_known_by_such_a_field_and_get_no_value_that_another_one_has(world: World, upload):
    actor = world.actor("administrator")
    code = add_field(SYSTEM, CUSTOMER, "text", FieldDraft(name="设备编号", is_unique=True))
    one, two = (known(world, name, custom={code.key: text}) for name, text in (("甲公司", "A"), ("乙公司", "B")))
    job = checked(actor, upload(actor, "设备编号,客户名称,级别\nA,甲公司,A\nC,丙公司,B\n"), "both", code.key)
    assert [item.fate for item in queries.preview(actor, job).rows] == ["changed", "new"]
    job = checked(actor, upload(actor, "客户名称,设备编号\n甲公司,B\n乙公司,A\n"), "update", "name")
    assert job.counts["refused"] == 2
    job = run(actor, checked(actor, upload(actor, "客户名称,设备编号\n甲公司,D\n乙公司,B\n"), "update", "name"))
    assert [row(pk).custom[code.key] for pk in (one.pk, two.pk)] == ["D", "B"]
    customers.edit(actor, two.pk, 1, custom={code.key: "A"})
    commands.ask_undo(actor, job.pk)
    call_command("work", once=True)
    assert queries.import_job(actor, job.pk).state == "undone"
    assert Customer.rows.get(pk=one.pk).custom == {code.key: "D"}  # somebody else has its former one by now


def test_two_tables_of_contacts_in_one_file_of_customers_repeat_nothing(world: World, upload):
    actor = world.actor("administrator")
    code = add_field(SYSTEM, CUSTOMER, "whole", FieldDraft(name="ERP 编号", is_unique=True))
    text = (
        "客户名称,ERP 编号,联系人,手机\n甲公司,7,王一,13800138000\n甲公司,7,王二,13900139000\n乙公司,0,,\n丙公司,0,,\n"
    )
    job = run(actor, commands.check(actor, upload(actor, text).pk, lambda rows: None))
    assert [problem.row for problem in job.problems.all()] == [5]
    assert Customer.rows.get(name="甲公司").custom == {code.key: 7} and Contact.rows.count() == 2


def test_a_file_tells_what_is_known_of_customers_who_are_persons(world: World, upload):
    actor = world.actor("administrator")
    text = "客户名称,个人客户,客户微信,生日,农历生日,负责人\n李女士,是,li66,1990-02-01,正月初六,张三\n"
    run(actor, commands.check(actor, upload(actor, text).pk, lambda rows: None))
    kept = Customer.rows.get(name="李女士")
    assert (kept.wechat, str(kept.birthday), kept.lunar_birthday) == ("li66", "1990-02-01", "01-06")
