"""The pages of handovers, from the plan to the record."""

from __future__ import annotations

from django.urls import reverse

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org import queries as org
from xiaocheng.selling.customers import commands
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.customers.models import Customer, Handover


def register(world: World, count: int) -> list[int]:
    drafts = [CustomerDraft(name=f"客户{n}", region="east", despite_duplicates=True) for n in range(count)]
    return [o.row_id or 0 for o in commands.register_many(world.actor("east_rep"), drafts, cause="registration")]


def test_a_handover_is_planned_changed_and_carried_out_on_its_pages(world: World) -> None:
    ids, client, peer = register(world, 3), world.client("administrator"), world.id("east_peer")
    asked = {"person_id": world.id("east_rep"), "kind": "leaving", "way": "even", "successor_id": peer}
    answer = client.post(reverse("handovers:new"), asked)
    row = Handover.rows.get()
    page = reverse("handovers:page", args=[row.pk])
    assert answer.url == page
    assert "还没有接手人" in client.get(page).content.decode()
    give, one = reverse("handovers:give", args=[row.pk]), row.lines.get(customer=ids[0])
    assert client.post(give, {"region": "east", "to_ids": [peer], "way": "even"}).status_code == 302
    some = {"handover": row.pk, "ids": str(one.pk), "to_ids": [world.id("shanghai_rep")], "way": "even"}
    assert client.get(reverse("handovers:give_some"), some).status_code == 200
    assert client.post(reverse("handovers:give_some"), some).status_code == 302
    late = register(world, 1)
    told = client.get(page).content.decode()
    assert "清单与现状不符" in told and world.person("shanghai_rep").name in told
    act = reverse("handovers:carry_out", args=[row.pk])
    assert client.post(act, {"closes": "on"}).status_code == 422
    client.post(reverse("handovers:refresh", args=[row.pk]))
    client.post(give, {"to_ids": [peer], "way": "even", "region": ""})
    assert client.post(act, {"closes": "on"}).status_code == 302
    assert set(Customer.rows.filter(pk__in=[*ids, *late]).values_list("owner_id", flat=True)) == {peer}
    assert not org.person(SYSTEM, world.id("east_rep")).is_active
    assert "已完成" in client.get(page).content.decode()
    for name in ("handovers:list", "handovers:waiting"):
        assert client.get(reverse(name)).status_code == 200


def test_a_supervisor_is_not_offered_what_only_an_administrator_may(world: World) -> None:
    register(world, 1)
    client = world.client("east_manager")
    asked = {"person_id": world.id("east_rep"), "kind": "moving", "to_ids": [world.id("east_peer")], "way": "even"}
    client.post(reverse("handovers:new"), asked)
    act = reverse("handovers:carry_out", args=[Handover.rows.get().pk])
    assert "department_id" not in client.get(act).content.decode()
    assert "department_id" in world.client("administrator").get(act).content.decode()
    client.post(reverse("handovers:drop", args=[Handover.rows.get().pk]))
    assert not Handover.rows.exists()
