"""What serves as evidence is not overwritten in silence: the story tells what stood there, to who reads the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client

from tests.world import World
from xiaocheng.foundation.fields.models import CustomField
from xiaocheng.foundation.fields.queries import forget_cached
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.journal import Change, timeline
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft, ReceptionDraft
from xiaocheng.selling.customers.events import PROFILE_EVENTS, ReceptionEdited
from xiaocheng.selling.customers.models import Contact, Customer
from xiaocheng.selling.fieldwork import commands as fieldwork
from xiaocheng.selling.fieldwork import queries as field_queries
from xiaocheng.selling.fieldwork.events import VisitAmended

pytestmark = pytest.mark.django_db
OLD, NEW = "13800138000", "13900139000"


def told(kind: str, pk: int, *events: Any) -> list[tuple[str, str, str]]:
    """What the newest entry says that changed."""
    changes: Sequence[Change] = timeline(kind, pk, open_to=events or PROFILE_EVENTS)[0].changes
    return [(it.name, it.before, it.after) for it in changes]


@pytest.fixture
def person(world: World) -> Contact:
    """Somebody to talk to at a customer of the rep's."""
    rep = world.actor("east_rep")
    row = commands.register(rep, CustomerDraft(name="华东精密", level="B"))
    return commands.add_contact(rep, ContactDraft(customer_id=row.pk, name="王芳", phone=OLD))


def test_a_customer_and_a_contact_tell_what_stood_there_in_the_readers_language(world: World, person: Contact) -> None:
    rep = world.actor("east_rep")
    keys = {kind: CustomField.objects.create(table="customers.customer", kind=kind, name=kind).key
            for kind in ("money", "yes_no", "text")}  # fmt: skip
    forget_cached()
    custom = {keys["money"]: 12.5, keys["yes_no"]: False, keys["text"]: "三号仓"}
    commands.edit(rep, person.customer_id, 1, name="华东精密", level="A", is_person=False, custom=custom)
    assert told("customers.customer", person.customer_id) == [
        ("级别", "B 级", "A 级"), ("money", "", "12.5"), ("yes_no", "", "否"), ("text", "", "三号仓"),
    ]  # fmt: skip
    day = dt.date(1990, 5, 1)
    commands.edit_contact(rep, person.pk, 1, phone=NEW, is_decision_maker=True, birthday=day, name="王芳")
    changed = [("电话", OLD, NEW), ("生日", "", "1990-05-01"), ("决策人", "否", "是")]
    assert told("customers.contact", person.pk) == changed == told("customers.customer", person.customer_id)
    commands.edit_contacts(rep, [commands.Edit(person.pk, {"phone": OLD})])
    assert told("customers.contact", person.pk) == [("电话", NEW, OLD)]
    entry = JournalEntry.objects.filter(kind="customers.ContactEdited").latest("pk")
    assert NEW not in str(entry.data) and NEW in str(entry.personal)
    commands.edit_contact(rep, person.pk, 3, name="王芳")
    assert JournalEntry.objects.filter(kind="customers.ContactEdited").latest("pk") == entry, "nothing changed"


def test_whoever_reads_no_details_reads_no_former_ones(world: World, person: Contact) -> None:
    commands.edit_contact(world.actor("east_rep"), person.pk, 1, phone=NEW)
    pages = [f"/customers/{person.customer_id}/?tab=story", f"/contacts/{person.pk}/"]
    api = f"/api/v1/timeline/customers.customer/{person.customer_id}"

    def shown(client: Client) -> set[bool]:
        found = [client.get(page).content.decode() for page in pages]
        assert all("修改了联系人" in text for text in found)
        return {OLD in text for text in found} | {OLD in client.get(api).content.decode()}

    assert shown(world.client("east_rep")) == {True}
    change_rule(SYSTEM, "PersonalDataRules.notes_reading", "yes", since=dt.date(2020, 1, 1))
    assert shown(world.client("east_rep")) == {True}
    assert shown(world.client("east_manager")) == {False}


def test_a_reception_and_a_visit_tell_it_and_whoever_is_erased_is_told_of_no_more(world: World) -> None:
    rep = world.actor("east_rep")
    row = commands.receive(rep, ReceptionDraft(name="王芳", phone=OLD, note="要两台", channel="walk_in"))
    said = {"name": "王芳", "party_size": 1, "companions": "", "note": "要三台", "next_on": None}
    commands.edit_reception(rep, row.pk, 1, helper_ids=[world.id("east_peer")], is_team=True, **said)
    assert told("customers.reception", row.pk, ReceptionEdited) == [
        ("洽谈记录", "要两台", "要三台"), ("团队接待", "否", "是"), ("协助的同事", "", "赵六"),
    ]  # fmt: skip
    page = world.client("east_rep").get(f"/receptions/{row.pk}/").content.decode()
    assert "<del>要两台</del><ins>要三台</ins>" in page

    draft = fieldwork.ContactDraft(customer_id=row.customer_id, kind="call", outcome="not_met", note="没人接")
    call = fieldwork.log_contact(rep, draft)
    better = fieldwork.VisitResult(outcome="met_decider", result="order", note="接了", contact_id=row.contact_id)
    fieldwork.amend_result(rep, call.pk, 1, better)
    changes = told("fieldwork.visit", call.pk, VisitAmended)
    assert ("见到谁", "没有见到", "见到决策人") in changes and ("洽谈记录", "没人接", "接了") in changes
    assert "<del>没人接</del><ins>接了</ins>" in world.client("east_rep").get(f"/visits/{call.pk}/").content.decode()

    assert commands.erase(world.actor("administrator"), [row.customer_id or 0], "本人要求")[0].refusal is None
    assert told("fieldwork.visit", call.pk, VisitAmended) == []
    kept = JournalEntry.objects.filter(kind__in=["fieldwork.VisitAmended", "customers.ReceptionEdited"])
    assert kept.count() == 2 and not kept.exclude(personal=None).exists()


def test_the_evidence_marks_what_was_amended_with_when_and_by_whom(world: World) -> None:
    rep, peer = world.actor("east_rep"), world.actor("east_peer")
    row = commands.register(rep, CustomerDraft(name="华东精密", phone=OLD))
    call = fieldwork.log_contact(rep, fieldwork.ContactDraft(customer_id=row.pk, kind="call", outcome="not_met"))
    plain = fieldwork.log_contact(rep, fieldwork.ContactDraft(customer_id=row.pk, kind="call"))
    guest = commands.receive(rep, ReceptionDraft(name="王芳", phone=OLD, note="甲", channel="walk_in"))
    fieldwork.amend_result(rep, call.pk, 1, fieldwork.VisitResult(outcome="met_other", result="nothing"))
    commands.edit_reception(rep, guest.pk, 1, name="王芳", party_size=1, companions="", note="乙", next_on=None,
                            helper_ids=[], is_team=False)  # fmt: skip
    commands.assign(world.actor("east_manager"), [row.pk], world.id("east_peer"))
    case = commands.open_dispute(rep, row.pk, "一直是我在联系")
    manager = world.actor("east_manager")
    found = field_queries.evidence(manager, queries.dispute(manager, case.pk))
    assert {it.visit.pk: it.amended and it.amended.person_id for it in found.contacts} == {
        call.pk: rep.person_id, plain.pk: None,
    }  # fmt: skip
    [received] = found.receptions
    assert received.amended is not None and received.amended.person_id == rep.person_id
    client = world.client("east_manager")
    assert client.get(f"/disputes/{case.pk}/").content.decode().count("张三 更正于") == 2
    answer = client.get(f"/api/v1/disputes/{case.pk}/evidence").json()
    assert {it["visit_id"]: it["amended_by_id"] for it in answer["contacts"]}[call.pk] == rep.person_id
    assert [it["reception_id"] for it in answer["edited_receptions"]] == [guest.pk]
    assert Customer.objects.visible_to(SYSTEM).get(pk=row.pk).owner_id == peer.person_id
