"""Programs learn who may be reached, and erase whose data was kept too long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.interface.api.conftest import Program
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers import commands
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft, ReceptionDraft
from xiaocheng.selling.customers.models import Contact, Customer, Reception

Make = Callable[[str], Program]
LONG_AGO = dt.datetime(2020, 3, 2, 2, tzinfo=dt.UTC)


@pytest.fixture
def company(world: World) -> Customer:
    """A company that nobody called for years, with two contacts, and somebody who once came in."""
    rep = world.actor("east_rep")
    with clock.as_of(LONG_AGO):
        row = commands.register(rep, CustomerDraft(name="甲乙丙公司"))
        for name in ("王先生", "李女士", "钱先生"):
            commands.add_contact(rep, ContactDraft(customer_id=row.pk, name=name))
        commands.receive(rep, ReceptionDraft(name="赵大爷"))
    for name in ("keep_contact_months", "keep_guest_months"):
        change_rule(world.actor("administrator"), f"PersonalDataRules.{name}", "36", clock.today())
    return row


def test_consents_come_with_contacts_and_persons_and_narrow_their_lists(
    world: World, program: Make, company: Customer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rep = program("east_rep")
    wang, li = Contact.objects.visible_to(SYSTEM).order_by("pk")[:2]
    person = commands.register(
        world.actor("east_rep"), CustomerDraft(name="张小姐", is_person=True, phone="13912345678")
    )
    said = {"channel": "phone", "is_given": False, "note": "来电要求"}
    assert rep.ask("POST", f"/customers/{company.pk}/consents", said | {"contact_id": wang.pk}).status == 200
    assert rep.ask("POST", f"/customers/{person.pk}/consents", said).status == 200
    [found] = rep.get("/contacts?consent_phone=refused")["items"]
    assert (found["id"], found["consents"][0]["is_given"], found["consents"][0]["note"]) == (wang.pk, False, "来电要求")
    assert len(rep.get("/contacts?consent_phone=unasked&search=李")["items"]) == 1
    assert [item["consents"] != [] for item in rep.get(f"/customers/{company.pk}/contacts")] == [True, False, False]
    edited = rep.ask("PUT", f"/contacts/{wang.pk}", {"name": "王总", "version": 1}).json
    assert edited["consents"][0]["channel"] == "phone" and li.pk != edited["id"]
    [found] = rep.get("/customers?consent_phone=refused")["items"]
    assert (found["id"], found["consents"][0]["contact_id"]) == (person.pk, None)
    assert rep.get(f"/customers/{person.pk}")["consents"] == found["consents"]
    assert rep.get(f"/customers/{company.pk}")["consents"] == []
    assert rep.ask("GET", "/contacts?consent_phone=maybe").status == 422
    assert program("south_rep").get("/contacts?consent_phone=refused")["items"] == []
    commands.add_contacts(SYSTEM, [ContactDraft(customer_id=company.pk, name=f"第 {n} 位") for n in range(20)])
    with django_assert_max_num_queries(8):
        rep.get("/contacts")


def test_who_was_kept_too_long_is_listed_part_by_part_and_erased(program: Make, company: Customer) -> None:
    office = program("administrator")
    page = office.get("/contacts/kept-too-long?limit=2")
    assert [item["name"] for item in page["items"]] == ["王先生", "李女士"]
    rest = office.get(f"/contacts/kept-too-long?limit=2&after={page['next']}")
    assert [item["name"] for item in rest["items"]] == ["钱先生"] and rest["next"] is None
    last = office.get("/contacts/kept-too-long?limit=2&newest=true")
    assert [item["name"] for item in last["items"]] == ["钱先生", "李女士"]
    before = office.get(f"/contacts/kept-too-long?limit=2&newest=true&after={last['next']}")
    assert [item["name"] for item in before["items"]] == ["王先生"]
    ids = [item["id"] for item in page["items"]]
    done = office.ask("POST", "/contacts/erase", {"ids": [*ids, 2**40], "reason": "保存期满"}).json
    assert [item["id"] for item in done] == [*ids, None] and done[2]["refused"]
    assert [item["name"] for item in office.get("/contacts/kept-too-long")["items"]] == ["钱先生"]
    [guest] = office.get("/receptions/kept-too-long")["items"]
    assert guest["name"] == "赵大爷"
    [gone] = office.ask("POST", "/receptions/erase", {"ids": [guest["id"]], "reason": "保存期满"}).json
    assert gone["id"] == guest["id"] and Reception.objects.visible_to(SYSTEM).get().name == ""
    assert office.get("/receptions/kept-too-long")["items"] == []


@pytest.mark.parametrize("who", ["east_rep", "director", "south_rep"])
def test_only_who_may_erase_asks_for_them(program: Make, company: Customer, who: str) -> None:
    asking = program(who)
    for path in ("/customers/kept-too-long", "/contacts/kept-too-long", "/receptions/kept-too-long"):
        assert asking.ask("GET", path).status == 403
    for path in ("/contacts/erase", "/receptions/erase"):
        assert asking.ask("POST", path, {"ids": [1], "reason": "保存期满"}).status == 403
    assert Contact.objects.visible_to(SYSTEM).filter(name="王先生").exists()
