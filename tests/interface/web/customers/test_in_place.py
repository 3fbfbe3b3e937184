"""Fields of a customer are changed where they stand on its page."""

from __future__ import annotations

import pytest

from tests.world import World
from xiaocheng.foundation.fields.commands import FieldDraft, add_field
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.scope import grant
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.customers.models import Customer

KIND = "customers.customer"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "dd#place-level"}


@pytest.fixture
def customer(world: World) -> Customer:
    draft = CustomerDraft(name="东方机械", phone="13812345678", level="B", address="金桥路 1 号", needs="两条产线")
    return commands.register(world.actor("east_rep"), draft)


def test_a_tap_asks_for_the_one_field_and_saving_leaves_the_others_alone(world: World, customer: Customer) -> None:
    client, url = world.client("east_rep"), f"/customers/{customer.pk}/edit/level/"
    assert url in client.get(f"/customers/{customer.pk}/?tab=profile").content.decode()
    asked = client.get(url, headers=HTMX).content.decode()
    assert "<html" not in asked and 'name="level"' in asked and 'name="region"' not in asked
    saved = client.post(url, {"level": "A", "_version": "1"}, headers=HTMX)
    assert saved.status_code < 300
    row = queries.customer(world.actor("east_rep"), customer.pk)
    assert (row.level, row.address, row.needs, row.phone) == ("A", "金桥路 1 号", "两条产线", "13812345678")
    plain = client.post(f"/customers/{customer.pk}/edit/needs/", {"needs": "三条产线", "_version": "2"})
    assert plain["Location"] == f"/customers/{customer.pk}/"
    assert client.post(f"/customers/{customer.pk}/edit/stage/", {"stage": "", "_version": "3"}).status_code == 422


def test_the_companys_own_fields_are_changed_where_they_stand_by_whoever_may(world: World, customer: Customer) -> None:
    area = add_field(SYSTEM, KIND, "decimal", FieldDraft(name="面积", is_required=True))
    secret = add_field(SYSTEM, KIND, "text", FieldDraft(name="底价", writers=(world.role_ids["manager"],)))
    client, url = world.client("east_rep"), f"/customers/{customer.pk}/edit/{area.key}/"
    page = client.get(f"/customers/{customer.pk}/?tab=profile").content.decode()
    assert url in page and f"/edit/{secret.key}/" not in page
    asked = client.get(url, headers={**HTMX, "HX-Target": f"dd#place-{area.key}"}).content.decode()
    assert "<html" not in asked and f'name="{area.key}"' in asked and f'name="{secret.key}"' not in asked
    assert client.post(url, {area.key: "12.5", "_version": "1"}).status_code == 302
    assert queries.customer(world.actor("east_rep"), customer.pk).custom == {area.key: 125000}
    assert client.post(url, {area.key: "zwölf", "_version": "2"}).status_code == 422
    assert client.post(url, {area.key: "", "_version": "2"}).status_code == 422  # required
    late = client.post(url, {area.key: "13", "_version": "1"})
    assert late.status_code == 409 and "12.5" in late.content.decode() and "13" in late.content.decode()
    assert client.get(f"/customers/{customer.pk}/edit/{secret.key}/").status_code == 404
    assert client.get(f"/customers/{customer.pk}/edit/nothing/").status_code == 404


def test_two_who_change_a_field_at_once_see_both_texts(world: World, customer: Customer) -> None:
    url = f"/customers/{customer.pk}/edit/address/"
    world.client("east_manager").post(url, {"address": "金桥路 2 号", "_version": "1"})
    late = world.client("east_rep").post(url, {"address": "金桥路 3 号", "_version": "1"})
    assert late.status_code == 409
    assert "金桥路 2 号" in late.content.decode() and "金桥路 3 号" in late.content.decode()


@pytest.mark.parametrize("name", ["name", "phone", "owner", "is_person", "despite_duplicates"])
def test_what_needs_the_whole_form_has_no_place_of_its_own(world: World, customer: Customer, name: str) -> None:
    assert world.client("east_rep").get(f"/customers/{customer.pk}/edit/{name}/").status_code == 404


def test_to_whom_it_was_only_opened_finds_nothing_to_change(world: World, customer: Customer) -> None:
    url = f"/customers/{customer.pk}/edit/level/"
    assert world.client("south_rep").get(url).status_code == 404
    grant(Customer, customer.pk, [world.id("south_rep")], "assists")
    client = world.client("south_rep")
    assert "/edit/level/" not in client.get(f"/customers/{customer.pk}/").content.decode()
    assert client.post(url, {"level": "A", "_version": "1"}).status_code == 404
    assert world.client("promoter").post(url, {"level": "A", "_version": "1"}).status_code == 403
