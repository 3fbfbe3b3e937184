"""A company adds fields of its own to customers, contacts and opportunities."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import translation

from tests.world import World
from xiaocheng.foundation.fields import queries
from xiaocheng.foundation.fields.commands import (
    FieldDraft,
    add_field,
    edit_field,
    mend_field_indexes,
    raise_field,
    remove_field,
)
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import read_entries
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft, add_contact, edit, edit_contact, register
from xiaocheng.selling.customers.queries import customers
from xiaocheng.selling.pipeline.commands import OpportunityDraft, install_template, open_opportunity
from xiaocheng.selling.pipeline.commands import edit as edit_opportunity

CUSTOMER, CONTACT, DEAL = "customers.customer", "customers.contact", "pipeline.opportunity"


def said() -> list[str]:
    return [item.sentence for item in read_entries(JournalEntry.objects.order_by("pk"))]


def test_the_administrator_adds_orders_words_retires_and_deletes_fields(world: World) -> None:
    office = world.actor("administrator")
    fleet = add_field(office, CUSTOMER, "whole", FieldDraft(name="车队规模", name_en="Fleet", default="3"))
    line = add_field(office, CUSTOMER, "one", FieldDraft(name="产线"), options=["一号线", "", "二号线", "一号线"])
    assert [item.name for item in queries.custom_fields(office, CUSTOMER)] == ["车队规模", "产线"]
    with translation.override("en"):
        assert queries.field_names(CUSTOMER)[fleet.key] == "Fleet"
    assert [name for _code, name in queries.choices(f"field.{line.pk}")] == ["一号线", "二号线"]
    assert queries.one_list(office, f"field.{line.pk}").name == "产线"
    raise_field(office, line.pk)
    assert [item.key for item in queries.custom_fields(office, CUSTOMER)] == [line.key, fleet.key]
    with pytest.raises(EditConflict):
        edit_field(office, fleet.pk, 7, FieldDraft(name="x"))
    with pytest.raises(RuleBroken):
        add_field(office, CUSTOMER, "text", FieldDraft(name=" 产线 "))
    with pytest.raises(RuleBroken):
        add_field(office, CUSTOMER, "whole", FieldDraft(name="层数", default="很多"))
    with pytest.raises(NotFound):
        add_field(office, "org.person", "text", FieldDraft(name="x"))
    with pytest.raises(NotAllowed):
        add_field(world.actor("director"), CUSTOMER, "text", FieldDraft(name="x"))
    rep = world.actor("east_rep")
    row = register(rep, CustomerDraft(name="甲公司"))
    assert row.custom == {fleet.key: 3}  # the default
    with pytest.raises(RuleBroken):
        remove_field(office, fleet.pk)
    edit_field(office, fleet.pk, 1, FieldDraft(name="车辆数", is_active=False))
    assert [item.key for item in queries.custom_fields(rep, CUSTOMER)] == [line.key]
    with pytest.raises(RuleBroken):
        edit(rep, row.pk, row.edit_version, custom={fleet.key: 4})
    assert edit(rep, row.pk, row.edit_version, custom={}).custom == {fleet.key: 3}  # kept, though out of use
    remove_field(office, line.pk)
    assert said()[-1] == "删除了客户的自定义字段「产线」"


def test_a_required_field_is_asked_of_new_rows_and_of_edits_but_not_of_quick_entries(world: World) -> None:
    rep = world.actor("east_rep")
    quick = register(rep, CustomerDraft(name="老客户"))
    must = add_field(SYSTEM, CUSTOMER, "text", FieldDraft(name="合同主体", is_required=True))
    with pytest.raises(RuleBroken) as refusal:
        register(rep, CustomerDraft(name="新客户", custom={}))
    assert refusal.value.field == must.key
    assert register(rep, CustomerDraft(name="展厅来客")).custom == {}
    assert edit(rep, quick.pk, 1, name="老客户", custom={}).custom == {}
    with pytest.raises(RuleBroken):
        edit(rep, quick.pk, 2, custom={must.key: " "})


def test_values_are_checked_kept_and_told_by_the_name_of_their_field(world: World) -> None:
    rep = world.actor("east_rep")
    install_template(SYSTEM, "standard")
    area = add_field(SYSTEM, CUSTOMER, "decimal", FieldDraft(name="厂房面积"))
    hobby = add_field(SYSTEM, CONTACT, "several", FieldDraft(name="爱好"), options=["茶", "球"])
    fee = add_field(SYSTEM, DEAL, "money", FieldDraft(name="服务费"))
    customer = register(rep, CustomerDraft(name="甲公司", custom={area.key: "12.5"}))
    assert queries.typed_values(rep, CUSTOMER, customer.custom) == {area.key: Decimal("12.5")}
    edit(rep, customer.pk, 1, name="甲公司", custom={area.key: None})
    assert said()[-1] == "修改了客户资料:厂房面积"
    assert JournalEntry.objects.latest("pk").data == {"customer_id": customer.pk, "fields": [area.key]}
    codes = [code for code, _name in queries.choices(f"field.{hobby.pk}")]
    contact = add_contact(rep, ContactDraft(customer_id=customer.pk, name="王", custom={hobby.key: codes}))
    edit_contact(rep, contact.pk, 1, custom={hobby.key: codes[:1]})
    assert said()[-1] == "修改了联系人「王」:爱好"
    with pytest.raises(RuleBroken) as refusal:
        edit_contact(rep, contact.pk, 2, custom={hobby.key: ["酒"]})
    assert refusal.value.field == hobby.key
    deal = open_opportunity(rep, OpportunityDraft(name="一单", custom={fee.key: "100"}))
    deal = edit_opportunity(rep, deal.pk, 1, custom={fee.key: Decimal("99.9")}, name="一单")
    assert (deal.custom, said()[-1]) == ({fee.key: 999_000}, "修改了商机资料:服务费")
    with pytest.raises(EditConflict):
        edit_opportunity(rep, deal.pk, 1, custom={fee.key: "1"})


def test_a_list_is_narrowed_by_the_fields_that_are_for_it(world: World) -> None:
    rep = world.actor("east_rep")
    day, note = (
        add_field(SYSTEM, CUSTOMER, "date", FieldDraft(name="投产日", is_filter=True)),
        add_field(SYSTEM, CUSTOMER, "text", FieldDraft(name="口令")),
    )
    for name, on in (("早", "2026-01-31"), ("晚", "2026-05-01")):
        register(rep, CustomerDraft(name=name, custom={day.key: on, note.key: "x"}))

    def found(*asked: str) -> set[str]:
        return set(queries.narrowed(rep, CUSTOMER, customers(rep), asked).values_list("name", flat=True))

    assert found(f"{day.key}>=2026-02-01") == {"晚"}
    assert found(f"{day.key}<=2026-05-01", f"{day.key}>=2026-01-31") == {"早", "晚"}
    assert found(f"{day.key}=2026-01-31") == {"早"}
    for wrong in (f"{note.key}=x", f"{day.key}=soon", "name=早", "f999=1", f"{day.key}~1"):
        with pytest.raises(RuleBroken):
            found(wrong)


def test_a_field_that_lists_are_filtered_by_has_an_index_that_serves_it(world: World) -> None:
    row = add_field(world.actor("administrator"), CUSTOMER, "whole", FieldDraft(name="人数", is_filter=True))
    text = add_field(SYSTEM, DEAL, "text", FieldDraft(name="代号", is_filter=True))
    call_command("work", once=True)
    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, "customers_customer")
    assert f"custom_field_{row.pk}" in there
    rows = queries.narrowed(SYSTEM, CUSTOMER, customers(SYSTEM), [f"{row.key}=3"]).order_by("pk")
    if connection.vendor == "sqlite":
        assert f"custom_field_{row.pk}" in rows.explain()
    assert mend_field_indexes(SYSTEM) == []
    edit_field(SYSTEM, row.pk, 1, FieldDraft(name="人数"))
    assert mend_field_indexes(SYSTEM) == [f"custom_field_{row.pk}"]
    assert queries.custom_field(SYSTEM, text.pk).is_filter  # a part of a text is found by no index
