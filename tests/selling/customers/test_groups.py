"""Groups of customers: by hand and by rule, and what each person sees of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.world import World
from xiaocheng.foundation.fields.conditions import ALL, ANY, Condition, Rule
from xiaocheng.foundation.fields.models import CustomField, Option
from xiaocheng.foundation.fields.queries import forget_cached
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.measures import Bump, bump, bump_gauge
from xiaocheng.foundation.kernel.scope import grant
from xiaocheng.foundation.org.commands import disable_person
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import Contacted, CustomerDraft, GroupDraft
from xiaocheng.selling.customers.models import Customer, CustomerGroup
from xiaocheng.selling.customers.queries import Filters

NOW = dt.datetime(2026, 3, 31, 2, tzinfo=dt.UTC)  # ten in the morning
IMPORTANT = Rule(ALL, ((Condition("level", "is", ("A",)),),))


@pytest.fixture(autouse=True)
def end_of_march(db: None) -> Iterator[None]:
    with clock.as_of(NOW):
        yield


@pytest.fixture
def customers(world: World) -> dict[str, Customer]:
    """One of each person, registered sixty days ago, and one in the pool; all of level A."""
    with clock.as_of(NOW - dt.timedelta(days=60)):
        made = {
            key: commands.register(world.actor(key), CustomerDraft(name=key, level="A"))
            for key in ("east_rep", "east_peer", "south_rep")
        }
        pool = commands.standard_pool("public").pk
        made["pool"] = commands.register(SYSTEM, CustomerDraft(name="pool", level="A", pool_id=pool))
    return made


def inside(world: World, key: str, group: CustomerGroup) -> list[str]:
    return sorted(row.name for row in queries.members(world.actor(key), group))


def fulfilling(world: World, key: str, *conditions: Condition, match: str = ALL) -> tuple[int, Sequence[str]]:
    found = queries.preview(world.actor(key), Rule(match, tuple((item,) for item in conditions)))
    return found.count, sorted(found.names)


def test_a_group_by_hand_holds_what_one_sees_and_shows_everybody_only_what_he_sees(
    world: World, customers: dict[str, Customer]
) -> None:
    manager, rep = world.actor("east_manager"), world.actor("east_rep")
    group = commands.add_group(manager, GroupDraft(name="集团客户", sharing="everybody", strategy="每月上门"))
    ids = [row.pk for row in customers.values()]
    outcomes = commands.add_to_group(manager, group.pk, ids)
    assert [outcome.refusal is None for outcome in outcomes] == [True, True, False, True]
    commands.add_to_group(world.actor("south_rep"), group.pk, [customers["south_rep"].pk])
    assert inside(world, "director", group) == ["east_peer", "east_rep", "pool", "south_rep"]
    assert inside(world, "east_manager", group) == ["east_peer", "east_rep", "pool"]
    assert inside(world, "east_rep", group) == ["east_rep", "pool"]
    assert [row.name for row in queries.groups_with(rep, customers["east_rep"])] == ["集团客户"]
    found = queries.customers(rep, "mine", filters=Filters(group_id=group.pk))
    assert [row.name for row in found] == ["east_rep"]
    commands.remove_from_group(rep, group.pk, [customers["east_rep"].pk, customers["south_rep"].pk])
    assert inside(world, "director", group) == ["east_peer", "pool", "south_rep"]


def test_a_private_group_is_nobody_elses_business_and_its_name_is_in_no_customers_story(
    world: World, customers: dict[str, Customer]
) -> None:
    rep = world.actor("east_rep")
    family = commands.add_group(rep, GroupDraft(name="家人"))
    commands.add_to_group(rep, family.pk, [customers["east_rep"].pk])
    for key in ("director", "east_manager", "east_peer", "administrator"):
        actor = world.actor(key)
        assert family not in queries.groups(actor)
        with pytest.raises(NotFound):
            commands.add_to_group(actor, family.pk, [customers["east_rep"].pk])
        with pytest.raises(NotFound):
            queries.customers(actor, filters=Filters(group_id=family.pk))
    assert queries.groups_with(world.actor("director"), customers["east_rep"]) == []
    told = world.client("director").get(f"/customers/{customers['east_rep'].pk}/").content.decode()
    assert "家人" not in told


def test_a_department_shares_downwards_and_only_who_may_share_does(world: World) -> None:
    group = commands.add_group(world.actor("east_manager"), GroupDraft(name="华东重点", sharing="department"))
    for key, sees in {"east_rep": True, "shanghai_rep": True, "director": True, "south_rep": False}.items():
        assert (group in queries.groups(world.actor(key))) is sees, key
    rep, draft = world.actor("east_rep"), GroupDraft(name="朋友", sharing="everybody")
    with pytest.raises(RuleBroken):
        commands.add_group(rep, draft)
    with pytest.raises(NotAllowed):
        commands.add_group(world.actor("promoter"), GroupDraft(name="朋友"))
    with pytest.raises(RuleBroken):  # it is the manager's
        commands.edit_group(rep, group.pk, 1, GroupDraft(name="我的"))
    with pytest.raises(RuleBroken):
        commands.drop_group(rep, group.pk)
    with pytest.raises(RuleBroken):  # the name is taken
        commands.add_group(rep, GroupDraft(name=" 华东重点 "))
    changed = commands.edit_group(world.actor("director"), group.pk, 1, GroupDraft(name="华东", sharing="department"))
    assert (changed.name, changed.department_id) == ("华东", world.department_ids["east"])
    with pytest.raises(EditConflict):
        commands.edit_group(world.actor("east_manager"), group.pk, 1, GroupDraft(name="又改"))
    commands.drop_group(world.actor("director"), group.pk)
    assert not queries.groups(world.actor("east_manager")).exists()


def test_a_group_that_describes_the_ideal_customer_is_a_target_segment_shared_and_counted(
    world: World, customers: dict[str, Customer]
) -> None:
    manager, rep = world.actor("east_manager"), world.actor("east_rep")
    wanted = GroupDraft(name="目标", sharing="department", ideal="  年采购额一百万以上  ", rule=IMPORTANT)
    with pytest.raises(RuleBroken, match="让同事看到") as refused:
        commands.add_group(manager, replace(wanted, sharing="private"))
    assert refused.value.field == "sharing"
    row = commands.add_group(manager, wanted)
    commands.add_group(manager, GroupDraft(name="普通", sharing="department"))
    assert row.is_target and row.ideal == "年采购额一百万以上"
    assert [one.name for one in queries.groups(rep, "target")] == ["目标"]
    inside = queries.members(manager, row)
    Customer.rows.filter(pk=inside[0].pk).update(stage="customer")
    assert queries.stages_in_group(manager, row) == {"prospect": inside.count() - 1, "customer": 1}
    assert sum(queries.stages_in_group(rep, row).values()) == queries.members(rep, row).count() < inside.count()


def test_a_rule_counts_only_customers_whose_every_detail_one_may_read(
    world: World, customers: dict[str, Customer]
) -> None:
    group = commands.add_group(
        world.actor("director"), GroupDraft(name="A 级", sharing="everybody", rule=IMPORTANT, planned_hours=Decimal(2))
    )
    assert inside(world, "director", group) == ["east_peer", "east_rep", "pool", "south_rep"]
    assert inside(world, "east_manager", group) == ["east_peer", "east_rep"]
    assert inside(world, "east_rep", group) == ["east_rep"]
    opened = customers["south_rep"]
    grant(Customer, opened.pk, [world.id("east_rep")], "assists")
    rep = world.actor("east_rep")
    assert inside(world, "east_rep", group) == ["east_rep"]
    assert queries.groups_with(rep, opened) == []
    assert queries.groups_with(rep, customers["pool"]) == []
    assert queries.groups_with(rep, customers["east_rep"]) == [group]
    assert fulfilling(world, "east_rep", Condition("level", "is", ("A",))) == (1, ["east_rep"])
    with pytest.raises(RuleBroken):
        commands.add_to_group(rep, group.pk, [customers["east_rep"].pk])
    with pytest.raises(RuleBroken):
        commands.edit_group(world.actor("director"), group.pk, 1, GroupDraft(name="A 级"))


def test_a_rule_follows_the_customer_the_calendar_and_the_gauges_at_once(
    world: World, customers: dict[str, Customer]
) -> None:
    silent, two_deals = Condition("last_contact_at", "older", ("30",)), Condition("pipeline.open", "at_least", ("2",))
    own = customers["east_rep"]
    group = commands.add_group(
        world.actor("east_rep"), GroupDraft(name="冷落的 A 级", rule=Rule(ALL, (IMPORTANT.blocks[0], (silent,))))
    )
    assert queries.group_words(SYSTEM, group) == "级别是 A 级 且 30 天没有联系"
    assert inside(world, "east_rep", group) == ["east_rep"]
    commands.note_contacts(world.actor("east_rep"), [Contacted(own.pk, world.id("east_rep"), NOW)])
    assert inside(world, "east_rep", group) == []
    assert queries.groups_with(world.actor("east_rep"), queries.customer(world.actor("east_rep"), own.pk)) == []
    with clock.as_of(NOW + dt.timedelta(days=29)):
        assert inside(world, "east_rep", group) == []
    with clock.as_of(NOW + dt.timedelta(days=30)):
        assert inside(world, "east_rep", group) == ["east_rep"]
        row = queries.customer(world.actor("east_rep"), own.pk)
        assert queries.groups_with(world.actor("east_rep"), row) == [group]
    assert fulfilling(world, "director", two_deals) == (0, [])
    bump_gauge("pipeline.open", [(own.pk, 2), (customers["pool"].pk, 1)])
    assert fulfilling(world, "director", two_deals) == (1, ["east_rep"])
    assert fulfilling(world, "director", Condition("pipeline.open", "at_most", ("1",)))[0] == 3
    assert fulfilling(world, "director", Condition("pipeline.open", "at_least", ("0",)))[0] == 4


def test_sales_of_the_last_twelve_months_can_be_asked_for(world: World, customers: dict[str, Customer]) -> None:
    about, who = (("customer", customers["east_rep"].pk),), (world.id("east_rep"), world.department_ids["east"])
    last_year, spring = dt.date(2025, 3, 31), dt.date(2025, 4, 1)
    bump([Bump("trade.sales", *who, last_year, 900, about), Bump("trade.sales", *who, spring, 500, about)])
    bump([Bump("trade.sales", *who, dt.date(2026, 3, 1), Decimal("0.5"), about)])
    asked = {("at_least", "500.5"): 1, ("at_least", "500.6"): 0, ("at_most", "500"): 3, ("at_most", "-1"): 0}
    found = {it: fulfilling(world, "director", Condition("trade.sales.year", it[0], (it[1],)))[0] for it in asked}
    assert found == asked
    group = commands.add_group(
        world.actor("east_rep"),
        GroupDraft(name="大户", rule=Rule(ALL, ((Condition("trade.sales.year", "at_least", ("500",)),),))),
    )
    assert queries.groups_with(world.actor("east_rep"), customers["east_rep"]) == [group]


@pytest.mark.parametrize(
    ("field", "test", "values", "count"),
    [
        ("level", "is_not", ("A",), 0),
        ("level", "filled", (), 4),
        ("region", "empty", (), 4),
        ("stage", "is", ("prospect", "lost"), 4),
        ("is_person", "no", (), 4),
        ("is_person", "yes", (), 0),
        ("registered_at", "within", ("61",), 4),
        ("registered_at", "within", ("60",), 0),
        ("registered_at", "during", ("year",), 4),
        ("registered_at", "during", ("month",), 0),
        ("registered_at", "before", ("2026-01-31",), 4),
        ("became_customer_on", "empty", (), 4),
        ("next_contact_on", "next", ("7",), 0),
        ("phone", "empty", (), 4),
        ("name", "has", ("rep",), 2),
        ("name", "has_not", ("rep",), 2),
    ],
)
def test_every_kind_of_field_can_be_asked_for(
    world: World, customers: dict[str, Customer], field: str, test: str, values: tuple[str, ...], count: int
) -> None:
    assert fulfilling(world, "director", Condition(field, test, values))[0] == count


def test_the_companys_own_fields_can_be_asked_for(world: World, customers: dict[str, Customer]) -> None:
    kinds = ("text", "whole", "money", "date", "yes_no", "several")
    made = {kind: CustomField.objects.create(table="customers.customer", kind=kind, name=kind).key for kind in kinds}
    CustomField.objects.create(table="customers.customer", kind="one", name="其他")
    kept = ("三号仓", 3, 125_000, "2026-03-30", 1, ["gold", "iron"])
    row = customers["east_rep"]
    row.custom = dict(zip(made.values(), kept, strict=True))
    row.save(update_fields=["custom"])
    options = f"field.{made['several'].removeprefix('f')}"
    Option.objects.create(list_key=options, code="gold", name="金")
    Option.objects.create(list_key=options, code="silver", name="银")
    forget_cached()
    asked = {
        ("text", "has", "三号"): 1,
        ("text", "has_not", "三号"): 3,
        ("text", "empty", ""): 3,
        ("whole", "at_least", "2.5"): 1,
        ("whole", "at_most", "2.5"): 0,
        ("money", "at_least", "12.5"): 1,
        ("money", "at_least", "12.6"): 0,
        ("date", "within", "2"): 1,
        ("date", "older", "2"): 3,
        ("yes_no", "yes", ""): 1,
        ("yes_no", "no", ""): 3,
        ("several", "is", "金"): 1,
        ("several", "is_not", "金"): 3,
        ("several", "is", "silver"): 0,
        ("several", "filled", ""): 1,
    }
    found = {(k, t, v): fulfilling(world, "director", Condition(made[k], t, (v,)))[0] for k, t, v in asked}
    assert found == asked


def test_any_of_two_conditions_is_enough(world: World, customers: dict[str, Customer]) -> None:
    either = (Condition("name", "has", ("pool",)), Condition("name", "has", ("south",)))
    assert fulfilling(world, "director", *either, match=ANY) == (2, ["pool", "south_rep"])


def test_the_groups_of_who_leaves_go_to_the_successor(world: World) -> None:
    group = commands.add_group(world.actor("east_rep"), GroupDraft(name="老客户"))
    disable_person(SYSTEM, world.id("east_rep"), successor_id=world.id("east_peer"))
    assert group in queries.groups(world.actor("east_peer"))
