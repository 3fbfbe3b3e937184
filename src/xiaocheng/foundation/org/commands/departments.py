"""Departments: add, edit, plan their posts."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.foundation.org.events import DepartmentAdded, DepartmentEdited, HeadcountPlanned
from xiaocheng.foundation.org.models import Department, HeadcountPlan, Person, Role
from xiaocheng.foundation.org.reorganise import hang_department, take_turn
from xiaocheng.foundation.org.sight import rebuild_sight


@transaction.atomic
def add_department(
    actor: Actor, name: str, parent_id: int | None, *, is_region: bool = False, head_id: int | None = None
) -> Department:
    """Add a department below another; only the company itself has none above."""
    take_turn()
    actor.require(MANAGE_PEOPLE)
    parent = _department(parent_id) if parent_id else None
    _check_name(name, parent, None)
    department = Department(name=name.strip(), is_region=is_region, head_id=_head(head_id))
    check_columns(department, {"name"})
    department.save(force_insert=True)
    hang_department(department, parent)
    rebuild_sight()
    record(actor, DepartmentAdded(department_id=department.pk, parent_id=parent_id, name=department.name))
    return department


@transaction.atomic
def edit_department(
    actor: Actor,
    department_id: int,
    version: int,
    *,
    name: str,
    parent_id: int | None,
    is_region: bool,
    head_id: int | None,
    is_active: bool = True,
) -> Department:
    """Change a department's name, place, region flag, head, or close it; sight follows at once."""
    take_turn()
    department = _department(department_id)
    actor.require(MANAGE_PEOPLE)
    parent = _department(parent_id) if parent_id else None
    _check_name(name, parent, department)
    if not is_active:
        _check_empty(department)
    values: dict[str, Any] = {"name": name.strip(), "is_region": is_region, "is_active": is_active}
    save_edit(department, version, **values, head_id=_head(head_id))
    hang_department(department, parent)
    rebuild_sight()
    record(
        actor,
        DepartmentEdited(
            department_id=department.pk, name=name, parent_id=parent_id, head_id=head_id, is_active=is_active
        ),
    )
    return department


@transaction.atomic
def set_headcount(actor: Actor, department_id: int, role_id: int, planned: int) -> None:
    """Set how many posts of a role a department is allowed; 0 takes the line away."""
    department = _department(department_id)
    role = Role.objects.filter(pk=role_id).first()
    if role is None:
        raise NotFound
    actor.require(MANAGE_PEOPLE)
    if not 0 <= planned <= 10_000:
        raise RuleBroken(_("编制人数应在 0 到 10000 之间。"), field="planned")
    if planned:
        HeadcountPlan.objects.update_or_create(department=department, role=role, defaults={"planned": planned})
    else:
        HeadcountPlan.objects.filter(department=department, role=role).delete()
    record(actor, HeadcountPlanned(department_id=department.pk, role_id=role.pk, role=role.name, planned=planned))


def _department(pk: int) -> Department:
    department = Department.objects.filter(pk=pk).first()
    if department is None:
        raise NotFound
    return department


def _head(person_id: int | None) -> int | None:
    if person_id is not None and not Person.objects.filter(pk=person_id, is_active=True).exists():
        raise RuleBroken(_("负责人须是在职人员。"), field="head")
    return person_id


def _check_name(name: str, parent: Department | None, department: Department | None) -> None:
    if not name.strip():
        raise RuleBroken(_("请填写部门名称。"), field="name")
    others = Department.objects.exclude(pk=department.pk) if department else Department.objects.all()
    if parent is None and others.filter(parent=None).exists():
        raise RuleBroken(_("请选择上级部门:最上级只能有公司本身。"), field="parent")
    if others.filter(parent=parent, name=name.strip()).exists():
        raise RuleBroken(_("同一上级下已有同名部门。"), field="name")


def _check_empty(department: Department) -> None:
    if department.parent_id is None:
        raise RuleBroken(_("公司本身不能停用。"), field="is_active")
    if department.people.filter(is_active=True).exists():
        raise RuleBroken(_("部门里还有在职人员,请先调动他们。"), field="is_active")
    if department.children.filter(is_active=True).exists():
        raise RuleBroken(_("请先停用下级部门。"), field="is_active")
