"""Giving many customers up from the list: what is ticked, or all that the list was narrowed to."""

from __future__ import annotations

import pytest

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.customers import commands
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.customers.models import Customer

pytestmark = pytest.mark.django_db
URL = "/customers/release/"


def owned(world: World, key: str, *names: str, **values: str) -> list[int]:
    """Customers of somebody's."""
    draft = {"owner_id": world.id(key), **values}
    return [commands.register(SYSTEM, CustomerDraft(name=name, **draft)).pk for name in names]  # type: ignore[arg-type]


def test_the_form_says_who_goes_and_who_stays_and_the_list_says_what_became_of_it(world: World) -> None:
    mine = owned(world, "east_rep", "甲公司", "乙公司")
    pooled = owned(world, "east_rep", "丙公司")
    commands.release(world.actor("east_rep"), pooled[0], "no_need")
    client = world.client("east_rep")
    assert URL in client.get("/customers/?tab=mine").content.decode()
    page = client.get(URL, {"ids": [*mine, *pooled]}).content.decode()
    assert "可以退回 2 位" in page and "1 位保持不变" in page and "已在公海中" in page
    answer = client.post(URL, {"ids": ",".join(map(str, [*mine, *pooled])), "reason": "price", "pool_id": ""})
    assert answer.status_code == 302 and answer["Location"].startswith("/customers/")
    told = client.get("/customers/").content.decode()
    assert "已退回 2 位客户" in told and "1 位未改动" in told
    assert not Customer.objects.visible_to(SYSTEM).filter(owner__isnull=False).exists()


def test_a_reason_is_needed_and_who_may_not_sees_neither_button_nor_form(world: World) -> None:
    (pk,) = owned(world, "east_rep", "甲公司")
    assert "此项" in (page := world.client("east_rep").post(URL, {"ids": pk}).content.decode()) or "必" in page
    promoter = world.client("promoter")
    assert promoter.get(URL, {"ids": pk}).status_code == 403
    assert promoter.post(URL, {"ids": pk, "reason": "price"}).status_code == 403
    assert Customer.objects.visible_to(SYSTEM).get(pk=pk).owner_id == world.id("east_rep")


def test_all_that_match_are_those_that_the_list_was_narrowed_to_and_no_others(world: World) -> None:
    many = owned(world, "east_rep", *(f"第{n}家公司" for n in range(85)), level="D")
    kept = owned(world, "east_rep", "好公司", level="A")
    other = owned(world, "east_peer", "别人的公司", level="D")
    client = world.client("east_rep")
    listed = client.get("/customers/?tab=mine&level=D").content.decode()
    assert 'value="?tab=mine&amp;level=D"' in listed
    page = client.get(URL, {"ids": many[:80], "all": "?tab=mine&level=D"})
    assert "可以退回 85 位" in page.content.decode()
    ids = page.context["form"]["ids"].value()
    client.post(f"{URL}?all=%3Ftab%3Dmine", {"ids": ids, "reason": "price", "pool_id": ""})
    left = Customer.objects.visible_to(SYSTEM).filter(owner__isnull=False).values_list("pk", flat=True)
    assert sorted(left) == sorted([*kept, *other])
    assert 'name="all"' not in client.get("/customers/?tab=mine").content.decode()  # the page shows them all
