"""Customers, contacts and opportunities are found by the text fields of which the administrator says so."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from tests.world import World
from xiaocheng.foundation.fields import jobs
from xiaocheng.foundation.fields.commands import FieldDraft, add_field, edit_field
from xiaocheng.foundation.fields.models import CustomField
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.search import rebuild_indexes
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft, Edit
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.pipeline.commands import OpportunityDraft, install_template, open_opportunity
from xiaocheng.selling.pipeline.commands import edit as edit_opportunity
from xiaocheng.selling.pipeline.queries import opportunities

CUSTOMER, CONTACT, DEAL = "customers.customer", "customers.contact", "pipeline.opportunity"


@pytest.fixture(autouse=True)
def _no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "FRESH_SECONDS", 0)


def searched(table: str = CUSTOMER, name: str = "设备型号") -> CustomField:
    return add_field(SYSTEM, table, "text", FieldDraft(name=name, is_searched=True))


def found(world: World, person: str, text: str, view: str = "all") -> list[str]:
    return sorted(row.name for row in queries.customers(world.actor(person), view, text))


def test_customers_are_found_by_it_from_the_moment_they_are_saved(world: World) -> None:
    field, rep = searched(), world.actor("east_rep")
    row = commands.register(rep, CustomerDraft(name="甲公司", custom={field.key: "激光切割 HX-9000"}))
    commands.register(rep, CustomerDraft(name="乙公司", custom={field.key: "冲床"}))
    for text in ("激光", "切割", "jgqg", "HX-9000", "hx9000", "9000", "甲 激光"):
        assert found(world, "east_rep", text) == ["甲公司"], text
    assert found(world, "east_rep", "激光 冲床") == []
    commands.edit(rep, row.pk, 1, custom={field.key: "折弯机"})
    assert (found(world, "east_rep", "激光"), found(world, "east_rep", "折弯")) == ([], ["甲公司"])
    commands.edit_many(rep, [Edit(row.pk, {"custom": {field.key: "数控"}})])
    assert (found(world, "east_rep", "折弯"), found(world, "east_rep", "shukong")) == ([], ["甲公司"])
    commands.edit_contact(
        rep, commands.add_contact(rep, ContactDraft(customer_id=row.pk, name="王五")).pk, 1, phone="13800138000"
    )
    assert found(world, "east_rep", "数控") == ["甲公司"]
    rebuild_indexes()
    assert found(world, "east_rep", "数控") == ["甲公司"]


def test_nobody_is_found_by_it_whose_own_fields_one_may_not_read(world: World) -> None:
    field = searched()
    commands.register(world.actor("east_rep"), CustomerDraft(name="甲公司", custom={field.key: "激光"}))
    pool = commands.standard_pool("public").pk
    commands.register(SYSTEM, CustomerDraft(name="公海里的", custom={field.key: "激光"}, pool_id=pool))
    assert found(world, "east_rep", "激光") == found(world, "east_rep", "激光 甲") == ["甲公司"]
    assert found(world, "east_manager", "激光") == ["甲公司"]  # who reads it, if not the phone
    assert found(world, "south_rep", "激光") == []
    assert found(world, "east_rep", "激光", "pool") == []
    assert found(world, "director", "激光") == ["公海里的", "甲公司"]
    client = world.client("east_rep")
    page = client.get("/search/?q=激光").content.decode()
    assert ("甲公司" in page, "公海里的" in page) == (True, False)
    rows = client.get("/api/v1/customers?search=激光").json()["items"]
    assert [row["name"] for row in rows] == ["甲公司"]


def test_contacts_and_opportunities_are_found_by_theirs(world: World) -> None:
    install_template(SYSTEM, "standard")
    badge, number, rep = searched(CONTACT, "工号"), searched(DEAL, "招标编号"), world.actor("east_rep")
    customer = commands.register(rep, CustomerDraft(name="甲公司"))
    row = commands.add_contact(rep, ContactDraft(customer_id=customer.pk, name="王五", custom={badge.key: "GH-77"}))
    assert [person.name for person in queries.all_contacts(rep, "all", "GH-77")] == ["王五"]
    assert not queries.all_contacts(world.actor("south_rep"), "all", "GH-77").exists()
    commands.edit_contact(rep, row.pk, 1, custom={badge.key: "GH-88"})
    assert not queries.all_contacts(rep, "all", "GH-77").exists() and queries.all_contacts(rep, "all", "88").exists()
    deal = open_opportunity(rep, OpportunityDraft(name="一单", customer_id=customer.pk, custom={number.key: "ZB2026"}))
    assert [each.name for each in opportunities(rep, "all", "ZB2026")] == ["一单"]
    edit_opportunity(rep, deal.pk, 1, custom={number.key: "ZB2027"})
    assert [each.name for each in opportunities(rep, "all", "zb2027 甲")] == ["一单"]
    assert not opportunities(rep, "all", "ZB2026").exists()
    rebuild_indexes()
    assert [each.name for each in opportunities(rep, "all", "ZB2027")] == ["一单"]


def test_switching_it_on_and_off_goes_over_all_rows_in_the_worker(world: World) -> None:
    office, rep = world.actor("administrator"), world.actor("east_rep")
    field = add_field(office, CUSTOMER, "text", FieldDraft(name="设备型号"))
    commands.register(rep, CustomerDraft(name="甲公司", phone="13800138000", custom={field.key: "激光"}))
    assert found(world, "east_rep", "激光") == []
    edit_field(office, field.pk, 1, FieldDraft(name="设备型号", is_searched=True))
    call_command("work", once=True)
    assert found(world, "east_rep", "激光") == found(world, "east_rep", "0138") == ["甲公司"]
    edit_field(office, field.pk, 2, FieldDraft(name="设备型号", is_searched=True, is_active=False))
    call_command("work", once=True)
    edit_field(office, field.pk, 3, FieldDraft(name="设备型号"))
    assert found(world, "east_rep", "激光") == []


def test_only_texts_that_are_for_all_roles(world: World) -> None:
    for kind in ("whole", "long_text", "phone", "one"):
        with pytest.raises(RuleBroken, match="只有文字类型"):
            add_field(SYSTEM, CUSTOMER, kind, FieldDraft(name="x", is_searched=True))
    with pytest.raises(RuleBroken, match="限定角色"):
        only = [world.role_ids["director"]]
        add_field(SYSTEM, CUSTOMER, "text", FieldDraft(name="x", is_searched=True, readers=only))


def test_after_a_merge_and_an_erasure_it_is_found_where_it_stands(world: World) -> None:
    field, rep = searched(), world.actor("east_rep")
    kept = commands.register(rep, CustomerDraft(name="甲公司"))
    gone = commands.register(rep, CustomerDraft(name="乙公司", custom={field.key: "激光"}))
    done = commands.merge(world.actor("east_manager"), kept.pk, gone.pk)
    assert found(world, "east_rep", "激光") == ["甲公司"]
    commands.undo_merge(world.actor("east_manager"), done.merge_id)
    assert found(world, "east_rep", "激光") == ["乙公司"]
    person = commands.register(rep, CustomerDraft(name="王五", is_person=True, custom={field.key: "相机"}))
    assert commands.erase(world.actor("administrator"), [person.pk], "本人要求")[0].refusal is None
    assert found(world, "director", "相机") == []
    assert Customer.rows.get(pk=person.pk).custom == {}
