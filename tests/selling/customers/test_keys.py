"""Keys of former rules are found and made anew; likely duplicates are found by what a name sounds or looks like."""

from __future__ import annotations

import pytest

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft
from xiaocheng.selling.customers.duplicates import Duplicate
from xiaocheng.selling.customers.models import Contact, Customer


def test_keys_of_former_rules_are_counted_and_renewed(world: World) -> None:
    rep = world.actor("east_rep")
    row = commands.register(rep, CustomerDraft(name="宏图机械(上海)有限公司", phone="0086-21-68881234"))
    contact = commands.add_contact(rep, ContactDraft(customer_id=row.pk, name="李", phone="13800138000"))
    assert (row.name_key, row.phone_key, contact.phone_key) == ("上海宏图机械", "+862168881234", "+8613800138000")
    assert queries.count_stale_keys(SYSTEM) == 0
    Customer.rows.update(name_key="宏图机械上海", phone_key="02168881234")
    Contact.rows.update(phone_key="13800138000")
    assert queries.count_stale_keys(SYSTEM) == 2
    assert commands.renew_keys(SYSTEM) == 2
    row.refresh_from_db()
    contact.refresh_from_db()
    assert (row.name_key, row.phone_key, contact.phone_key) == ("上海宏图机械", "+862168881234", "+8613800138000")
    assert (queries.count_stale_keys(SYSTEM), commands.renew_keys(SYSTEM)) == (0, 0)


def test_a_company_written_otherwise_is_refused_and_a_branch_is_not(world: World) -> None:
    rep = world.actor("east_rep")
    commands.register(rep, CustomerDraft(name="上海宏图机械有限公司", phone="021-68881234转12"))
    for name, phone in (
        ("宏圖機械（上海）股份有限公司", ""),
        ("别家", "+86 21 6888 1234"),
        ("又一家", "(021)68881234"),
    ):
        with pytest.raises(Duplicate):
            commands.register(rep, CustomerDraft(name=name, phone=phone))
    assert commands.register(rep, CustomerDraft(name="上海宏图机械有限公司北京分公司")).pk
    assert commands.register(rep, CustomerDraft(name="北京宏图机械有限公司")).pk


def test_every_number_that_is_typed_is_looked_for(world: World) -> None:
    commands.register(world.actor("south_rep"), CustomerDraft(name="外人客户", phone="13800138000"))
    found = commands.hint(world.actor("east_rep"), "", "13900139000 / 138-0013-8000").customers
    assert [item.owner for item in found] == ["钱外人"]


def test_a_name_much_like_it_is_shown_if_it_is_in_sight(world: World) -> None:
    rep, outsider = world.actor("east_rep"), world.actor("south_rep")
    commands.register(rep, CustomerDraft(name="上海宏图精密机械有限公司"))
    commands.register(outsider, CustomerDraft(name="上海宏图精工机械有限公司"))

    def shown(name: str) -> list[str]:
        return [item.name for item in commands.hint(rep, name).customers]

    for near in ("上海宏图精密", "上海弘途精密机械", "上海宏图精密机械制造"):
        assert shown(near) == ["上海宏图精密机械有限公司"], near
    out_of_sight = ""  # 精工 is one character of eight away: told of, without its name
    assert shown("宏图精密机械(上海)") == ["上海宏图精密机械有限公司", out_of_sight]
    for other in ("上海大华精密机械", "宏大贸易"):
        assert shown(other) == [], other


def test_only_the_system_counts_and_renews_keys(world: World) -> None:
    for act in (commands.renew_keys, queries.count_stale_keys):
        with pytest.raises(NotAllowed):
            act(world.actor("administrator"))
