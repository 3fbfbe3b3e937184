"""Phones and addresses that somebody may not read are on no page, in no file and in no answer of the API."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.test import Client

from tests.world import World
from xiaocheng.foundation.fields.commands import ViewDraft, save_view
from xiaocheng.foundation.fields.models import SavedView
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.org.commands import change_rule, edit_role
from xiaocheng.selling.customers import commands
from xiaocheng.selling.customers.access import READ_DETAILS
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft
from xiaocheng.selling.customers.models import Contact, Customer

SECRETS = ("13912345678", "13887654321", "和平路", "wang@example.com", "1980", "幸福里 8 号", "腊月廿三")


@pytest.fixture
def contact(world: World) -> Contact:
    rep = world.actor("east_rep")
    pk = commands.register(
        rep, CustomerDraft(name="张小姐", is_person=True, phone=SECRETS[0], address="和平路 1 号")
    ).pk
    draft = ContactDraft(
        customer_id=pk, name="王先生", phone=SECRETS[1], email=SECRETS[3], birthday=clock.today().replace(year=1980),
        home_address=SECRETS[5], lunar_birthday=SECRETS[6],
    )  # fmt: skip
    columns = ("email", "birthday", "lunar_birthday", "home_address")
    admin = world.actor("administrator")
    save_view(admin, "customers:contacts", ViewDraft(name="联系方式", columns=columns, audience="everybody"))
    return commands.add_contact(rep, draft)


def allow(world: World, *, details: bool) -> None:
    role = world.role("manager")
    allowed = sorted(({*role.capabilities, EXPORT} - {READ_DETAILS}) | ({READ_DETAILS} if details else set()))
    edit_role(world.actor("administrator"), role.pk, role.edit_version, name=role.name, allowed=allowed)


def read(secret: str, shown: str) -> bool:
    """Whether it stands there as a word of its own: the random marks of a page may hold the same four digits."""
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(secret)}(?![0-9A-Za-z])", shown) is not None


def everywhere(client: Client, contact: Contact) -> str:
    """All that the manager is shown of the customer."""
    customer, view = contact.customer_id, SavedView.objects.get()
    pages = [f"/customers/{customer}/", f"/customers/{customer}/?tab=profile", "/customers/?tab=team",
             "/contacts/?tab=team", f"/contacts/{contact.pk}/", f"/customers/{customer}/edit/",
             f"/contacts/{contact.pk}/edit/", "/api/v1/customers", f"/api/v1/customers/{customer}",
             f"/api/v1/customers/{customer}/contacts",
             "/api/v1/contacts", f"/contacts/?tab=team&view={view.pk}",
             f"/api/v1/contacts/likely?phone={SECRETS[1]}"]  # fmt: skip
    shown = "".join(client.get(page).content.decode() for page in pages)
    for page in ("/customers/export/?tab=team", "/contacts/export/?tab=team"):
        packed = io.BytesIO(b"".join(client.get(page).streaming_content))  # type: ignore[attr-defined]
        with zipfile.ZipFile(packed) as book:
            shown += "".join(book.read(part).decode() for part in book.namelist() if part.endswith(".xml"))
    return shown


def test_a_role_that_reads_them_is_shown_them(world: World, contact: Contact) -> None:
    allow(world, details=True)
    shown = everywhere(world.client("east_manager"), contact)
    assert all(read(secret, shown) for secret in SECRETS)


def test_a_role_that_does_not_read_them_is_shown_their_ends_alone(world: World, contact: Contact) -> None:
    allow(world, details=False)
    shown = everywhere(world.client("east_manager"), contact)
    assert [secret for secret in SECRETS if read(secret, shown)] == []
    assert "139****78" in shown and "显示联系方式</" not in shown


def test_where_reading_is_noted_one_tap_opens_them_for_the_day(world: World, contact: Contact) -> None:
    allow(world, details=True)
    change_rule(world.actor("administrator"), "PersonalDataRules.notes_reading", "on", clock.today())
    client = world.client("east_manager")
    page, contact_page = f"/customers/{contact.customer_id}/", f"/contacts/{contact.pk}/"
    shown = everywhere(client, contact)
    assert [secret for secret in SECRETS if read(secret, shown)] == []
    for address in (page, contact_page):
        assert f"{page}details/" in client.get(address).content.decode()
    assert client.post(f"{page}details/").status_code in (200, 204, 302)
    assert SECRETS[0] in client.get(page).content.decode()
    assert SECRETS[3] in client.get(contact_page).content.decode()
    assert client.get(f"/api/v1{page.removesuffix('/')}").json()["details"] is True
    assert SECRETS[0] not in client.get("/customers/?tab=team").content.decode()  # a list asks no database for each


def test_a_consent_is_noted_in_the_drawer_and_shown_on_the_page(world: World, contact: Contact) -> None:
    client = world.client("east_rep")
    Customer.objects.visible_to(world.actor("east_rep")).get(pk=contact.customer_id)
    given = {"channel": "phone", "is_given": "no", "note": "来电要求"}
    assert client.post(f"/contacts/{contact.pk}/consent/", given).status_code in (200, 204, 302)
    shown = client.get(f"/contacts/{contact.pk}/").content.decode()
    assert "不同意" in shown and "来电要求" in shown and shown.count("未询问") == 3
    assert client.post(f"/customers/{contact.customer_id}/consent/", given | {"is_given": "yes"}).status_code in (
        200,
        204,
        302,
    )
    assert "同意" in client.get(f"/customers/{contact.customer_id}/?tab=profile").content.decode()
    assert world.client("south_rep").get(f"/contacts/{contact.pk}/consent/").status_code == 404
