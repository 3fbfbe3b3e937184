"""The department tree, planned posts and roles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.prepared import Prepared
from xiaocheng.foundation.org.models import Department, HeadcountPlan, Person, Role


@dataclass(frozen=True)
class DepartmentNode:
    """One line of the department tree; the counts cover the departments below too."""

    id: int
    name: str
    depth: int
    parent_id: int | None
    head_id: int | None
    head: str
    is_region: bool
    is_active: bool
    people: int
    planned: int
    version: int

    @property
    def vacant(self) -> int:
        """Planned posts that nobody fills."""
        return max(0, self.planned - self.people)

    @property
    def surplus(self) -> int:
        """People beyond the planned posts."""
        return max(0, self.people - self.planned)


def department_tree(actor: Actor, *, active: bool | None = True) -> list[DepartmentNode]:
    """The departments in the order of the tree, siblings in the order they were added, with people and posts."""
    rows = list(Department.objects.select_related("head").order_by("pk"))
    counts = Counter(Person.objects.filter(is_active=True).values_list("department__path", flat=True))
    plans: Counter[str] = Counter()
    for path, planned in HeadcountPlan.objects.values_list("department__path", "planned"):
        plans[path] += planned
    shown = [row for row in rows if active is None or row.is_active is active]
    return [
        DepartmentNode(
            row.pk,
            row.name,
            row.path.count("/") - 2,
            row.parent_id,
            row.head_id,
            row.head.name if row.head else "",
            row.is_region,
            row.is_active,
            sum(count for path, count in counts.items() if path.startswith(row.path)),
            sum(count for path, count in plans.items() if path.startswith(row.path)),
            row.edit_version,
        )
        for row in sorted(shown, key=lambda row: [int(pk) for pk in row.path.strip("/").split("/")])
    ]


def department_names(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """The names of departments by id."""
    return dict(Department.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def department_and_below(department_id: int) -> frozenset[int]:
    """The ids of a department and of all below it."""
    return frozenset(Department.objects.filter(path__contains=f"/{department_id}/").values_list("pk", flat=True))


def departments_over(actor: Actor) -> QuerySet[Department, int]:
    """The department that the actor works in and all above it, as ids to be asked for within another statement."""
    own = Department.objects.filter(pk=actor.department_id or 0, path__startswith=OuterRef("path"))
    return Department.objects.filter(Exists(own)).values_list("pk", flat=True)


def departments_above(department_id: int | None) -> frozenset[int]:
    """The ids of a department and of all above it; of none, none."""
    paths = _PATH(department_id or 0)
    return frozenset(int(pk) for path in paths for pk in path.strip("/").split("/"))


_PATH: Prepared[str] = Prepared(lambda pk: Department.objects.filter(pk=pk).values_list("path", flat=True))


@dataclass(frozen=True)
class HeadcountLine:
    """The posts of a role in one department: planned, and filled."""

    role_id: int
    role: str
    planned: int
    actual: int


def headcount(actor: Actor, department_id: int) -> list[HeadcountLine]:
    """Planned and filled posts of one department (without those below), by role."""
    planned = dict(HeadcountPlan.objects.filter(department_id=department_id).values_list("role_id", "planned"))
    actual = Counter(
        Person.objects.filter(department_id=department_id, is_active=True).values_list("role_id", flat=True)
    )
    return [
        HeadcountLine(role.pk, role.name, planned.get(role.pk, 0), actual[role.pk])
        for role in roles(actor).filter(pk__in=planned.keys() | actual.keys())
    ]


def company_name(actor: Actor) -> str:
    """What the company is called: the department above all others."""
    return Department.objects.filter(parent=None).values_list("name", flat=True).first() or ""


def roles(actor: Actor) -> QuerySet[Role]:
    """The company's roles."""
    return Role.objects.order_by("pk")


def department(actor: Actor, department_id: int) -> Department:
    """One department."""
    found = Department.objects.select_related("parent", "head").filter(pk=department_id).first()
    if found is None:
        raise NotFound
    return found


def role(actor: Actor, role_id: int) -> Role:
    """One role."""
    found = roles(actor).filter(pk=role_id).first()
    if found is None:
        raise NotFound
    return found


def role_holders(actor: Actor) -> dict[int, int]:
    """How many active people hold each role."""
    counted = Role.objects.annotate(held=Count("people", filter=Q(people__is_active=True)))
    return dict(counted.values_list("pk", "held"))
