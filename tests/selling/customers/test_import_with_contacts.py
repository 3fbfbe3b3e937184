"""Customers and those one talks to there, in one file: columns for two, and a further line for each one more."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.world import World
from xiaocheng.foundation.import_export import commands, queries
from xiaocheng.foundation.kernel import measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.customers.models import Contact, Customer

pytestmark = pytest.mark.django_db
FILE = """客户名称,行业,联系人,联系人职务,联系人电话,联系人2,联系人2电话
甲公司,制造,王五,厂长,13800138000,赵七,13900139000
甲公司,,钱八,会计,,,
乙公司,制造,,,,,
乙公司,制造,,,,,
丙公司,制造,,主任,,,
丁公司,,孙九,,,,
"""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)


def take_in(actor, text, name="客户.csv", **way):
    def save(path: Path) -> None:
        path.write_text(text, encoding="utf-8")

    job = commands.upload(actor, name, save)
    job = commands.map_columns(actor, job.pk, job.columns, **way)
    commands.check(actor, job.pk, lambda rows: None)
    commands.ask_run(actor, job.pk, skip_problems=True)
    return commands.run(actor, job.pk, lambda rows: None)


def people():
    rows = Contact.objects.visible_to(SYSTEM).order_by("pk")
    return list(rows.values_list("customer__name", "name", "position", "phone_key"))


def test_customers_and_contacts_come_in_together_and_go_together(world: World):
    actor = world.actor("east_manager")
    there = customers.register(actor, customers.CustomerDraft(name="丁公司"))
    job = take_in(actor, FILE)
    assert job.target == "customers"
    assert (job.counts["new"], job.counts["parts"], job.counts["refused"]) == (2, 4, 2), job.problems.values()
    said = dict(job.problems.values_list("row", "sentence"))
    assert "重复" in said[5] and "没有姓名" in said[6]
    assert people() == [
        ("甲公司", "王五", "厂长", "+8613800138000"),
        ("甲公司", "赵七", "", "+8613900139000"),
        ("甲公司", "钱八", "会计", ""),
        ("丁公司", "孙九", "", ""),
    ]
    again = take_in(actor, FILE)
    assert (again.counts["new"], again.counts.get("parts", 0)) == (0, 0)
    changed = take_in(actor, FILE.replace("制造", "信息技术").replace("孙九", "孙十"), mode="both", key="name")
    assert (changed.counts["changed"], changed.counts["parts"]) == (3, 1)
    assert measures.differences() == []
    for done in (changed, job):
        commands.ask_undo(actor, done.pk)
        call_command("work", once=True)
    assert queries.import_job(actor, changed.pk).state == "undone"
    assert queries.import_job(actor, job.pk).state == "done"  # its customers were changed since, be it forth and back
    assert Customer.objects.visible_to(SYSTEM).get(name="甲公司").industry == "manufacturing"
    assert [name for _customer, name, *_rest in people()] == ["王五", "赵七", "钱八", "孙九"]
    assert there.pk in Customer.objects.visible_to(SYSTEM).values_list("pk", flat=True)


def test_an_import_with_contacts_is_undone_unless_somebody_has_added_one(world: World):
    actor = world.actor("administrator")  # whose customers without owner go to a pool
    one, two = (take_in(actor, FILE.replace("公司", f"{n}公司")) for n in ("东", "西"))
    mine = Customer.objects.visible_to(SYSTEM).get(name="甲西公司")
    customers.add_contact(SYSTEM, customers.ContactDraft(customer_id=mine.pk, name="周十"))
    for job in (one, two):
        commands.ask_undo(actor, job.pk)
        call_command("work", once=True)
    states = [queries.import_job(actor, job.pk).state for job in (one, two)]
    assert states == ["undone", "done"]
    assert {name for name, *_rest in people()} == {"甲西公司", "丁西公司"}
    assert len(people()) == 5
