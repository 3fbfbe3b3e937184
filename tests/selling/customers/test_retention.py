"""Whose data was kept for longer than the company says is proposed for erasure, and erased without harm to a figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.measures import differences
from xiaocheng.foundation.kernel.models import JournalEntry, MeasureMonth
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft, ReceptionDraft
from xiaocheng.selling.customers.models import Contact, Customer, Reception
from xiaocheng.selling.fieldwork.commands import ContactDraft as Call
from xiaocheng.selling.fieldwork.commands import log_contact

REGISTERED = dt.date(2023, 3, 31)
LAST_DAY = dt.date(2026, 4, 30)  # whole months are counted
OVER = dt.date(2026, 5, 1)


@pytest.fixture
def company(world: World) -> Iterator[Customer]:
    """A company with two contacts, called once, a month after it was registered; now it is three years later."""
    rep = world.actor("east_rep")
    with clock.as_of(clock.instant(REGISTERED, dt.time(10))):
        row = commands.register(rep, CustomerDraft(name="甲乙丙公司"))
        for name in ("王先生", "李女士"):
            commands.add_contact(rep, ContactDraft(customer_id=row.pk, name=name, phone="13912345678"))
        for name in ("keep_contact_months", "keep_guest_months"):
            change_rule(world.actor("administrator"), f"PersonalDataRules.{name}", "36", clock.today())
    with clock.as_of(clock.instant(dt.date(2023, 4, 29), dt.time(10))):
        log_contact(rep, Call(customer_id=row.pk, kind="call", outcome="met_other"))
    with clock.as_of(clock.instant(OVER, dt.time(10))):
        yield row


def proposed(world: World) -> list[str]:
    return [row.name for row in queries.contacts_kept_too_long(world.actor("administrator"))]


def on(day: dt.date) -> clock.as_of:
    return clock.as_of(clock.instant(day, dt.time(12)))


def test_contacts_of_a_company_are_proposed_when_nothing_happened_for_so_many_months(
    world: World, company: Customer
) -> None:
    assert proposed(world) == ["王先生", "李女士"]
    with on(LAST_DAY):
        assert proposed(world) == []
    change_rule(world.actor("administrator"), "PersonalDataRules.keep_contact_months", "0", clock.today())
    assert proposed(world) == []


def test_whoever_bought_is_kept_and_so_is_whoever_is_to_be_called(world: World, company: Customer) -> None:
    rows = Customer.objects.visible_to(SYSTEM).filter(pk=company.pk)
    for change in ({"became_customer_on": REGISTERED, "clock_since": None}, {"next_contact_on": OVER}):
        before = rows.values(*change).get()
        rows.update(**change)
        assert proposed(world) == [], change
        rows.update(**before)
    assert len(proposed(world)) == 2


def test_a_word_noted_since_keeps_them_but_a_look_at_them_does_not(world: World, company: Customer) -> None:
    change_rule(world.actor("administrator"), "PersonalDataRules.notes_reading", "on", clock.today())
    commands.read_details(world.actor("east_manager"), company.pk)
    assert len(proposed(world)) == 2
    commands.edit(world.actor("east_rep"), company.pk, company.edit_version, needs="要新设备")
    assert proposed(world) == []


def test_who_was_added_since_keeps_his_colleagues_but_not_who_came_with_a_file(world: World, company: Customer) -> None:
    old = ContactDraft(customer_id=company.pk, name="旧系统里的人")
    commands.add_contacts(world.actor("east_rep"), [old], is_import=True)
    assert proposed(world) == ["王先生", "李女士", "旧系统里的人"]
    commands.add_contact(world.actor("east_rep"), ContactDraft(customer_id=company.pk, name="新来的"))
    assert proposed(world) == []
    JournalEntry.objects.filter(kind="customers.ContactAdded").update(data={})  # as it was noted before
    assert proposed(world) == []


def test_erased_contacts_leave_the_list_and_their_colleagues_stay_on_it(world: World, company: Customer) -> None:
    administrator = world.actor("administrator")
    measures = set(MeasureMonth.objects.values_list("key", "person_id", "month", "value"))
    first = queries.contacts_kept_too_long(administrator)[0]
    gone, strange = commands.erase_contacts(administrator, [first.pk, 2**40], "保存期满")
    assert gone.row_id == first.pk and isinstance(strange.refusal, NotFound)
    assert proposed(world) == ["李女士"]
    row = Contact.objects.visible_to(administrator).get(pk=first.pk)
    assert (row.name, row.phone, row.phone_key, row.erased_at) == (f"#{row.pk}", "", "", clock.now())
    with pytest.raises(NotFound):
        commands.erase_contact(administrator, first.pk, "再来一次")
    with pytest.raises(RuleBroken, match="原因"):
        commands.erase_contacts(administrator, [row.pk], " ")
    assert timeline("customers.contact", first.pk)[0].sentence == "清除了个人信息:保存期满"
    assert JournalEntry.objects.filter(kind="customers.ContactAdded", personal__isnull=True).count() == 1
    assert set(MeasureMonth.objects.values_list("key", "person_id", "month", "value")) == measures
    assert differences() == []


def test_whoever_was_erased_is_not_filled_in_again(world: World, company: Customer) -> None:
    rep, known = world.actor("east_rep"), Contact.objects.visible_to(SYSTEM).order_by("pk")
    row, other = known
    commands.erase_contact(world.actor("administrator"), row.pk, "本人要求")
    acts = (
        lambda: commands.edit_contact(rep, row.pk, row.edit_version + 1, name="王先生"),
        lambda: commands.note_consent(rep, company.pk, "phone", is_given=True, contact_id=row.pk),
        lambda: commands.merge_contacts(rep, row.pk, other.pk, versions=(row.edit_version + 1, other.edit_version)),
        lambda: commands.merge_contacts(rep, other.pk, row.pk, versions=(other.edit_version, row.edit_version + 1)),
    )
    for act in acts:
        with pytest.raises(RuleBroken, match="已经清除"):
            act()
    (edited,) = commands.edit_contacts(rep, [commands.Edit(row.pk, {"name": "王先生"})])
    assert "已经清除" in str(edited.refusal)
    page = world.client("east_rep").get(f"/contacts/{row.pk}/").content.decode()
    assert "个人信息已于" in page and f"/contacts/{row.pk}/edit/" not in page


def test_contacts_that_were_erased_before_are_known_as_such(world: World, company: Customer) -> None:
    rows = Contact.objects.visible_to(SYSTEM)
    first = rows.order_by("pk")[0]
    commands.erase_contact(world.actor("administrator"), first.pk, "本人要求")
    rows.update(erased_at=None)
    import_module("xiaocheng.selling.customers.migrations.0030_consent_and_retention").note_who_was_erased(apps, None)
    assert [row.pk for row in rows.exclude(erased_at=None)] == [first.pk]


@pytest.fixture
def guest(world: World, company: Customer) -> Reception:
    """Somebody who asked something at the desk three years ago and left his name alone, and one who was registered."""
    with on(dt.date(2023, 4, 29)):
        commands.receive(world.actor("east_peer"), ReceptionDraft(name="有电话的", phone="13800000001"))
        draft = ReceptionDraft(name="赵大爷", companions="孙女", note="问了价钱")
        return commands.receive(world.actor("east_rep"), draft)


def test_guests_who_became_no_customer_are_proposed_and_forgotten(world: World, guest: Reception) -> None:
    administrator = world.actor("administrator")
    assert list(queries.guests_kept_too_long(administrator)) == [guest]
    with on(LAST_DAY):
        assert not queries.guests_kept_too_long(administrator).exists()
    measures = set(MeasureMonth.objects.values_list("key", "person_id", "month", "value"))
    assert [done.row_id for done in commands.erase_guests(administrator, [guest.pk], "保存期满")] == [guest.pk]
    row = Reception.objects.visible_to(administrator).get(pk=guest.pk)
    assert (row.name, row.companions, row.note, row.outcome) == ("", "", "", "unknown")
    assert (row.credit_person_id, row.occurred_at) == (guest.credit_person_id, guest.occurred_at)
    assert not queries.guests_kept_too_long(administrator).exists()
    assert set(MeasureMonth.objects.values_list("key", "person_id", "month", "value")) == measures
    assert differences() == []
    said = [item.sentence for item in timeline("customers.reception", guest.pk)]
    assert said[0] == "清除了个人信息:保存期满" and "赵大爷" not in "".join(said)
    assert queries.access_log(administrator).filter(kind="customers.PersonalDataErased").count() == 1


def test_a_guest_who_is_a_customer_is_erased_as_such_alone(world: World, guest: Reception) -> None:
    known = Reception.objects.visible_to(SYSTEM).exclude(customer=None).get()
    (done,) = commands.erase_guests(world.actor("administrator"), [known.pk], "保存期满")
    assert isinstance(done.refusal, NotFound)
    assert Reception.objects.visible_to(SYSTEM).get(pk=known.pk).name == "有电话的"


@pytest.mark.parametrize("who", ["east_rep", "east_manager", "director", "south_rep", "promoter"])
def test_who_may_not_erase_is_shown_nobody_and_erases_nobody(
    world: World, company: Customer, guest: Reception, who: str
) -> None:
    actor, contact = world.actor(who), Contact.objects.visible_to(SYSTEM).order_by("pk")[0]
    for asked in (queries.contacts_kept_too_long, queries.guests_kept_too_long, queries.kept_too_long):
        with pytest.raises(NotAllowed):
            asked(actor)
    with pytest.raises(NotAllowed):
        commands.erase_contacts(actor, [contact.pk], "保存期满")
    with pytest.raises(NotAllowed):
        commands.erase_guests(actor, [guest.pk], "保存期满")
    contact.refresh_from_db()
    assert contact.name == "王先生"


def test_the_work_list_has_a_tab_for_each_and_erases_what_is_ticked_or_all(
    world: World, company: Customer, guest: Reception
) -> None:
    client = world.client("administrator")
    assert "王先生" not in client.get("/customers/kept/").content.decode()
    listed = client.get("/customers/kept/?tab=contacts").content.decode()
    assert "王先生" in listed and "甲乙丙公司" in listed and "13912345678" not in listed
    assert "赵大爷" in client.get("/customers/kept/?tab=guests").content.decode()
    form = client.get("/contacts/erase/?all=%3Ftab%3Dcontacts").content.decode()
    assert "已选 2 位" in form
    ids = ",".join(str(row.pk) for row in queries.contacts_kept_too_long(world.actor("administrator")))
    sent = {"ids": ids, "reason": "保存期满", "is_meant": "on"}
    answer = client.post("/contacts/erase/", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/customers/kept/?tab=contacts")
    assert proposed(world) == []
    assert client.post("/guests/erase/", sent | {"ids": str(guest.pk)}).status_code == 302
    assert "没有保存期满的来客" in client.get("/customers/kept/?tab=guests").content.decode()
    for who in ("east_rep", "director"):
        assert world.client(who).get("/customers/kept/?tab=guests").status_code == 403
        assert world.client(who).post("/guests/erase/", sent).status_code == 403
    assert f"/guests/erase/?ids={guest.pk}" not in client.get(f"/receptions/{guest.pk}/").content.decode()
