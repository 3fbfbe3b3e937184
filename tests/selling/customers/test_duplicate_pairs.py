"""Likely duplicates as a list: found by the keys, seen by who sees both, told apart for good."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft
from xiaocheng.selling.customers.models import DuplicatePair


def register(world: World, key: str, name: str, **more: Any) -> int:
    draft = CustomerDraft(name=name, despite_duplicates=True, **more)
    return commands.register(world.actor(key), draft).pk


def listed(world: World, key: str, **more: Any) -> list[tuple[int, int]]:
    rows = queries.duplicate_pairs(world.actor(key), **more)
    return sorted((row.first_id, row.second_id) for row in rows)


def test_pairs_are_found_by_name_and_by_phones_of_customers_and_contacts(world: World) -> None:
    first = register(world, "east_rep", "华兴机械有限公司", phone="13800138000")
    same = register(world, "east_peer", "華興機械(有限公司)")
    phone = register(world, "shanghai_rep", "别的名字", phone="+86 138-0013-8000")
    contact = register(world, "east_rep", "又一家")
    commands.add_contact(world.actor("east_rep"), ContactDraft(customer_id=contact, name="王", phone="138 0013 8000"))
    for key in ("east_rep", "east_peer"):
        register(world, key, "张伟", is_person=True)  # people often share a name
    assert commands.find_duplicates(SYSTEM) == 4
    found = [(first, same), (first, phone), (first, contact), (phone, contact)]
    assert listed(world, "east_manager") == sorted(found)
    by = {(row.first_id, row.second_id): (row.by_name, row.by_phone) for row in DuplicatePair.rows.all()}
    assert by[first, same] == (True, False) and by[first, phone] == (False, True)
    assert commands.find_duplicates(SYSTEM) == 0


def test_only_who_sees_both_sees_a_pair_and_what_is_told_apart_stays_so(world: World) -> None:
    mine, other = register(world, "east_rep", "华兴机械"), register(world, "south_rep", "华兴机械")
    commands.find_duplicates(SYSTEM)
    assert listed(world, "director") == [(mine, other)]
    assert listed(world, "east_manager") == listed(world, "south_manager") == []
    pair = DuplicatePair.rows.get()
    for who, refusal in (("east_manager", NotFound), ("east_rep", NotFound)):
        with pytest.raises(refusal):
            commands.tell_apart(world.actor(who), pair.pk)
    with pytest.raises(NotAllowed):
        listed(world, "east_rep")
    commands.tell_apart(world.actor("director"), pair.pk)
    with pytest.raises(RuleBroken):
        commands.tell_apart(world.actor("director"), pair.pk)
    commands.find_duplicates(SYSTEM)
    assert listed(world, "director") == [] and listed(world, "director", told_apart=True) == [(mine, other)]
    assert timeline("customers.customer", mine)[0].sentence == "核对过重复提示:不是同一位客户"
    commands.tell_apart(world.actor("director"), pair.pk, apart=False)
    assert listed(world, "director") == [(mine, other)]


def test_a_merged_pair_is_gone_and_back_when_that_is_undone_and_what_was_renamed_is_forgotten(world: World) -> None:
    one, two = register(world, "east_rep", "华兴机械"), register(world, "east_peer", "华兴机械")
    commands.find_duplicates(SYSTEM)
    manager, client = world.actor("east_manager"), world.client("east_manager")
    page = reverse("customers:duplicate", args=[DuplicatePair.rows.get().pk])
    assert reverse("customers:merge", args=[one, two]) in client.get(page).content.decode()
    done = commands.merge(manager, one, two)
    assert listed(world, "east_manager") == [] and client.get(page).status_code == 404
    commands.undo_merge(manager, done.merge_id)
    assert listed(world, "east_manager") == [(one, two)]
    assert client.post(reverse("customers:tell_apart", args=[DuplicatePair.rows.get().pk])).status_code in (200, 302)
    assert "华兴机械" in client.get(reverse("customers:duplicates") + "?tab=apart").content.decode()
    commands.tell_apart(manager, DuplicatePair.rows.get().pk, apart=False)
    row = queries.customer(manager, two)
    commands.edit(manager, two, row.edit_version, name="全新的名字")
    commands.find_duplicates(SYSTEM)
    assert not DuplicatePair.rows.exists()
