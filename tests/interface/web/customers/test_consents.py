"""Who refused to be called or written to is said where one is about to do it, and narrows lists and their files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.world import World
from xiaocheng.foundation.fields.commands import ViewDraft, save_view
from xiaocheng.foundation.fields.models import SavedView
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.import_export.reading.reader import read_file
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import edit_role
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import READ_DETAILS
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft
from xiaocheng.selling.customers.commands.pools import PUBLIC
from xiaocheng.selling.customers.models import Contact, Customer
from xiaocheng.selling.fieldwork.commands import LineDraft, plan_line

REFUSED_ON = dt.date(2026, 3, 2)
WARNING = "不同意电话、短信 · 03-02"


@pytest.fixture
def contact(world: World) -> Contact:
    """Somebody at a company who refused calls and texts on a day, after he had agreed to calls."""
    rep = world.actor("east_rep")
    row = commands.register(rep, CustomerDraft(name="甲乙丙公司", phone="02112345678"))
    found = commands.add_contact(rep, ContactDraft(customer_id=row.pk, name="王先生", phone="13812345678"))
    with clock.as_of(clock.instant(REFUSED_ON, dt.time(10))):
        for channel, given in (("phone", True), ("phone", False), ("sms", False), ("email", True)):
            commands.note_consent(rep, row.pk, channel, is_given=given, contact_id=found.pk)
    return found


@pytest.fixture
def person(world: World) -> Customer:
    rep = world.actor("east_rep")
    row = commands.register(rep, CustomerDraft(name="张小姐", is_person=True, phone="13912345678"))
    with clock.as_of(clock.instant(REFUSED_ON.replace(year=2024), dt.time(10))):
        commands.note_consent(rep, row.pk, "phone", is_given=False)
    return row


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_refusal_stands_beside_every_call_link(world: World, contact: Contact, person: Customer) -> None:
    client = world.client("east_rep")
    for page in (f"/customers/{contact.customer_id}/", f"/contacts/{contact.pk}/", "/contacts/"):
        assert WARNING in shown(client, page), page
    assert "不同意电话 · 2024-03-02" in shown(client, f"/customers/{person.pk}/")


def test_who_agreed_again_is_not_warned_of(world: World, contact: Contact) -> None:
    rep, client, customer = world.actor("east_rep"), world.client("east_rep"), contact.customer_id
    for channel in ("phone", "sms"):
        commands.note_consent(rep, customer, channel, is_given=True, contact_id=contact.pk)
    for page in (f"/customers/{customer}/", "/contacts/", f"/visits/follow-up/?customer={customer}"):
        assert "不同意电话" not in shown(client, page), page  # the story says it in other words


@pytest.mark.parametrize("form", ["/visits/follow-up/", "/plan/lines/new/"])
def test_a_form_warns_when_it_opens_and_when_the_customer_is_chosen(
    world: World, contact: Contact, person: Customer, form: str
) -> None:
    client = world.client("east_rep")
    opened = shown(client, f"{form}?customer={contact.customer_id}")
    assert f"<strong>王先生</strong> {WARNING}" in opened
    assert 'hx-get="/customers/warned/"' in opened and 'id="warned"' in opened
    assert "不同意" not in shown(client, form)
    assert "<strong>张小姐</strong> 不同意电话" in shown(client, f"/customers/warned/?customer_id={person.pk}")
    for nothing in ("", "x", "9" * 30):
        assert shown(client, f"/customers/warned/?customer_id={nothing}").strip() == ""


def test_a_warning_does_not_block(world: World, contact: Contact) -> None:
    sent = {"customer_id": str(contact.customer_id), "kind": "call", "outcome": "met_other"}
    assert world.client("east_rep").post("/visits/follow-up/", sent).status_code in (200, 204, 302)
    assert Customer.objects.visible_to(SYSTEM).get(pk=contact.customer_id).last_contact_at is not None


def test_a_planned_line_is_warned_of_in_the_plan_and_when_it_is_changed(world: World, contact: Contact) -> None:
    rep = world.actor("east_rep")
    line = plan_line(rep, clock.today(), LineDraft(customer_id=contact.customer_id, purpose="service"))
    client = world.client("east_rep")
    assert WARNING in shown(client, f"/plan/lines/{line.pk}/edit/")
    assert WARNING in shown(client, "/plan/")


def test_who_is_proposed_for_a_visit_is_warned_of_before_one_tap_adds_him(world: World, person: Customer) -> None:
    rep = world.actor("east_rep")
    commands.edit(rep, person.pk, person.edit_version, next_contact_on=clock.today())
    page = shown(world.client("east_rep"), "/plan/")
    assert "/plan/lines/suggested/" in page and "不同意电话 · 2024-03-02" in page


def test_nobody_is_told_of_refusals_out_of_his_sight(world: World, contact: Contact) -> None:
    for who in ("south_rep", "east_peer"):
        client = world.client(who)
        assert shown(client, f"/customers/warned/?customer_id={contact.customer_id}").strip() == ""
        assert "王先生" not in shown(client, f"/visits/follow-up/?customer={contact.customer_id}")


def test_of_many_who_refused_the_first_are_named_and_the_others_counted(world: World, contact: Contact) -> None:
    rep, customer = world.actor("east_rep"), contact.customer_id
    for number in range(7):
        row = commands.add_contact(rep, ContactDraft(customer_id=customer, name=f"第{number}位"))
        commands.note_consent(rep, customer, "phone", is_given=False, contact_id=row.pk)
    told = shown(world.client("east_rep"), f"/customers/warned/?customer_id={customer}")
    assert told.count("<li>") == 5 and "还有 3 位" in told


def test_who_reads_no_phone_is_warned_all_the_same(world: World, contact: Contact) -> None:
    role = world.role("manager")
    allowed = sorted({*role.capabilities} - {READ_DETAILS})
    edit_role(world.actor("administrator"), role.pk, role.edit_version, name=role.name, allowed=allowed)
    page = shown(world.client("east_manager"), f"/contacts/{contact.pk}/")
    assert WARNING in page and "13812345678" not in page


def test_lists_are_narrowed_by_the_last_word(world: World, contact: Contact, person: Customer) -> None:
    rep, client = world.actor("east_rep"), world.client("east_rep")
    commands.add_contact(rep, ContactDraft(customer_id=contact.customer_id, name="李女士"))
    for query, here, not_here in (
        ("consent_phone=refused", "王先生", "李女士"),
        ("consent_email=given", "王先生", "李女士"),
        ("consent_phone=unasked", "李女士", "王先生"),
    ):
        page = shown(client, f"/contacts/?{query}")
        assert here in page and not_here not in page, query
    page = shown(client, "/customers/?consent_phone=refused")
    assert "张小姐" in page and "甲乙丙公司" not in page
    assert "甲乙丙公司" not in shown(client, "/customers/?consent_phone=unasked")  # a company is nobody to be asked


def test_what_a_pool_hides_is_not_found_by_a_consent(world: World, person: Customer) -> None:
    commands.release(world.actor("east_rep"), person.pk, "no_need", pool_id=commands.standard_pool(PUBLIC).pk)
    assert "张小姐" not in shown(world.client("east_peer"), "/customers/?tab=pool&consent_phone=refused")
    assert "张小姐" in shown(world.client("east_peer"), "/customers/?tab=pool")


def test_columns_go_out_with_the_list_as_an_import_reads_them(
    world: World, contact: Contact, tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    admin, role = world.actor("administrator"), world.role("rep")
    edit_role(admin, role.pk, role.edit_version, name=role.name, allowed=sorted({*role.capabilities, EXPORT}))
    columns = ("name", "phone", *queries.CONSENTS)
    save_view(admin, "customers:contacts", ViewDraft(name="许可", columns=columns, audience="everybody"))
    client, view = world.client("east_rep"), SavedView.objects.get()
    assert "电话许可" in shown(client, f"/contacts/?view={view.pk}")
    answer = client.get(f"/contacts/export/?view={view.pk}")
    file = tmp_path / "out.xlsx"
    file.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    sheet = read_file(file, tmp_path / "spool", "out.xlsx")[0]
    assert sheet.header == ["姓名", "电话", "电话许可", "短信许可", "邮件许可", "微信许可"]
    assert [row for _number, row in sheet.rows()] == [["王先生", "13812345678", "不同意", "不同意", "同意", None]]
