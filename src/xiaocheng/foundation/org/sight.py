"""Whom a person sees, kept as rows that change in the reorganisation's own transaction.

One sees oneself, everyone below in the reporting line, and everyone in the departments that one heads (and those
departments' facts). Other modules of the organisation add dated rows for delegation, mentoring and lending.
"""

from __future__ import annotations

from django.db.models import Q

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor, Sight
from xiaocheng.foundation.kernel.models import SightRow

from .access import SEE_EVERYONE
from .models import Department, Person


def rebuild_sight() -> None:
    """Compute every viewer's rows again from the line, the departments and the dated arrangements."""
    people = list(Person.objects.values_list("id", "line_path", "department__path"))
    departments = list(Department.objects.values_list("id", "path", "head_id"))
    rows = [SightRow(viewer_id=viewer, person_id=person) for viewer, person in _line_pairs(people)]
    for _id, path, head in departments:
        if head is None:
            continue
        rows += [
            SightRow(viewer_id=head, department_id=other)
            for other, below, _head in departments
            if below.startswith(path)
        ]
        rows += [
            SightRow(viewer_id=head, person_id=person) for person, _line, below in people if below.startswith(path)
        ]
    SightRow.objects.all().delete()
    SightRow.objects.bulk_create(rows, batch_size=2000)


def _line_pairs(people: list[tuple[int, str, str]]) -> list[tuple[int, int]]:
    """(viewer, person) for oneself and everyone above in the line."""
    return [(int(above), person) for person, line, _department in people for above in line.strip("/").split("/")]


def sight_of(person_id: int, capabilities: frozenset[str]) -> Sight:
    """The sight of a person on the company's present day."""
    if SEE_EVERYONE in capabilities:
        return Sight(everyone=True)
    today = clock.today()
    rows = SightRow.objects.filter(
        Q(since__isnull=True) | Q(since__lte=today), Q(until__isnull=True) | Q(until__gte=today), viewer_id=person_id
    ).values_list("person_id", "department_id")
    seen = list(rows)
    return Sight(
        people=frozenset(person for person, _department in seen if person is not None) | {person_id},
        departments=frozenset(department for _person, department in seen if department is not None),
    )


def actor_for(person: Person) -> Actor:
    """The actor that a signed-in person is; a disabled person is nobody and may nothing."""
    if not person.is_active:
        return Actor(person_id=None)
    capabilities = frozenset(person.role.capabilities)
    return Actor(
        person_id=person.pk,
        department_id=person.department_id,
        capabilities=capabilities,
        sight=sight_of(person.pk, capabilities),
    )
