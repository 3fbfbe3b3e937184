"""Departments: a tree with one top, heads and planned posts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.org.commands import add_department, edit_department, set_headcount
from xiaocheng.foundation.org.models import Department
from xiaocheng.foundation.org.queries import department_and_below, department_tree, headcount


def edit(world: World, key: str, **changes: Any) -> Department:
    row = world.department(key)
    values = {
        "name": row.name, "parent_id": row.parent_id, "is_region": row.is_region, "head_id": row.head_id,
        "is_active": row.is_active,
    }  # fmt: skip
    return edit_department(world.actor("administrator"), row.pk, row.edit_version, **{**values, **changes})


def test_the_tree_lists_departments_below_their_parents_with_people_and_posts(world: World) -> None:
    admin = world.actor("administrator")
    set_headcount(admin, world.department_ids["shanghai"], world.role_ids["rep"], 3)
    set_headcount(admin, world.department_ids["east"], world.role_ids["rep"], 4)
    nodes = department_tree(admin)
    assert [(n.name, n.depth, n.head, n.people, n.planned) for n in nodes] == [
        ("总部", 0, "", 10, 7),
        ("华东区", 1, "李华东", 5, 7),
        ("上海组", 2, "周上海", 2, 3),
        ("华南区", 1, "王华南", 3, 0),
    ]
    assert [n.is_region for n in nodes] == [False, True, False, True]


def test_posts_are_compared_with_people_role_by_role(world: World) -> None:
    admin = world.actor("administrator")
    south = world.department_ids["south"]
    set_headcount(admin, south, world.role_ids["rep"], 5)
    found = {line.role: (line.planned, line.actual) for line in headcount(admin, south)}
    assert found == {"业务员": (5, 1), "促销员": (0, 1), "经理/主管": (0, 1)}
    set_headcount(admin, south, world.role_ids["rep"], 0)
    assert {line.role: line.planned for line in headcount(admin, south)}["业务员"] == 0


@pytest.mark.parametrize("planned", [-1, 10_001])
def test_a_plan_out_of_reason_is_refused(world: World, planned: int) -> None:
    with pytest.raises(RuleBroken) as refused:
        set_headcount(SYSTEM, world.department_ids["south"], world.role_ids["rep"], planned)
    assert refused.value.field == "planned"


def test_moving_a_department_moves_all_below_it_and_the_sight_of_heads(world: World) -> None:
    edit(world, "shanghai", parent_id=world.department_ids["south"])
    assert department_and_below(world.department_ids["south"]) == {
        world.department_ids["south"], world.department_ids["shanghai"],
    }  # fmt: skip
    south_head = world.actor("south_manager").sight
    assert south_head.sees_person(world.id("shanghai_rep"))
    assert world.department_ids["shanghai"] in south_head.departments
    assert world.department_ids["shanghai"] not in world.actor("east_manager").sight.departments


def test_moving_a_branch_keeps_every_path_true(world: World) -> None:
    edit(world, "east", parent_id=world.department_ids["south"])
    for row in Department.objects.select_related("parent"):
        assert row.path == f"{row.parent.path if row.parent else '/'}{row.pk}/"


def test_a_new_head_sees_the_department_at_once_and_the_former_one_no_longer(world: World) -> None:
    edit(world, "shanghai", head_id=world.id("east_rep"))
    assert world.actor("east_rep").sight.sees_person(world.id("shanghai_rep"))
    assert world.department_ids["shanghai"] not in world.actor("shanghai_lead").sight.departments


def test_a_department_cannot_hang_below_itself(world: World) -> None:
    with pytest.raises(RuleBroken) as refused:
        edit(world, "east", parent_id=world.department_ids["shanghai"])
    assert refused.value.field == "parent"
    with pytest.raises(RuleBroken):
        edit(world, "head_office", parent_id=world.department_ids["east"])


def test_there_is_one_top_and_names_are_unique_below_a_parent(world: World) -> None:
    for name, parent in (("第二公司", None), ("华南区", world.department_ids["head_office"]), (" ", None)):
        with pytest.raises(RuleBroken):
            add_department(SYSTEM, name, parent)
    assert add_department(SYSTEM, "华南区", world.department_ids["east"]).name == "华南区"


def test_a_department_with_people_or_departments_is_not_closed(world: World) -> None:
    for key in ("shanghai", "head_office"):
        with pytest.raises(RuleBroken):
            edit(world, key, is_active=False)
    empty = add_department(SYSTEM, "筹备组", world.department_ids["south"])
    closed = edit_department(
        SYSTEM, empty.pk, 1, name="筹备组", parent_id=empty.parent_id, is_region=False, head_id=None, is_active=False
    )
    assert not closed.is_active
    assert "筹备组" not in [node.name for node in department_tree(SYSTEM)]


def test_the_tree_has_an_end(world: World) -> None:
    parent = world.department_ids["head_office"]
    with pytest.raises(RuleBroken, match="12"):
        for level in range(20):
            parent = add_department(SYSTEM, f"层{level}", parent).pk


def test_a_disabled_person_heads_nothing(world: World) -> None:
    with pytest.raises(RuleBroken) as refused:
        edit(world, "south", head_id=world.id("east_disabled"))
    assert refused.value.field == "head"


def test_only_the_administrator_changes_departments(world: World) -> None:
    for key in ("director", "east_manager", "east_rep"):
        with pytest.raises(NotAllowed):
            add_department(world.actor(key), "新部门", world.department_ids["south"])
    with pytest.raises(NotFound):
        add_department(world.actor("administrator"), "新部门", 999_999)


def test_two_editors_do_not_overwrite_each_other(world: World) -> None:
    edit(world, "south", name="华南大区")
    row = world.department("south")
    with pytest.raises(EditConflict):
        edit_department(SYSTEM, row.pk, 1, name="x", parent_id=row.parent_id, is_region=True, head_id=None)
    assert world.department("south").name == "华南大区"
