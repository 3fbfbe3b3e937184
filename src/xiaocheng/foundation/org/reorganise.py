"""What every reorganisation shares: one at a time, paths kept true, sight computed anew."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import turns
from xiaocheng.foundation.kernel.errors import RuleBroken

from .models import Department, Person

DEEPEST = 12


def take_turn() -> None:
    """Wait until another reorganisation has ended: two at once would each compute sight from half the truth."""
    turns.take_turn("org.reorganise")


def hang_department(department: Department, parent: Department | None) -> None:
    """Hang a saved department, with all below it, under a parent."""
    before = department.path
    if parent and before and parent.path.startswith(before):
        raise RuleBroken(_("不能把部门放到它自己的下级部门中。"), field="parent")
    department.parent = parent
    department.path = _path(parent.path if parent else "/", department.pk, "parent")
    department.save(update_fields=["parent", "path"])
    if before and before != department.path:
        below = list(Department.objects.filter(path__startswith=before).exclude(pk=department.pk))
        for row in below:
            row.path = department.path + row.path[len(before) :]
        Department.objects.bulk_update(below, ["path"], batch_size=500)


def hang_people(people: Iterable[Person], manager: Person | None) -> None:
    """Put saved people, with everybody below them, under a line manager."""
    changed: list[Person] = []
    for person in people:
        before = person.line_path
        if manager and before and manager.line_path.startswith(before):
            raise RuleBroken(_("不能把自己或下级设为直属上级。"), field="manager")
        person.manager = manager
        person.line_path = _path(manager.line_path if manager else "/", person.pk, "manager")
        changed.append(person)
        if before and before != person.line_path:
            for row in Person.objects.filter(line_path__startswith=before).exclude(pk=person.pk):
                row.line_path = person.line_path + row.line_path[len(before) :]
                changed.append(row)
    Person.objects.bulk_update(changed, ["manager", "line_path"], batch_size=500)


def _path(above: str, pk: int, field: str) -> str:
    if above.count("/") > DEEPEST:
        raise RuleBroken(_("组织层级最多 %(count)s 层。") % {"count": DEEPEST}, field=field)
    return f"{above}{pk}/"
