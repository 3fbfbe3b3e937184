"""Whom a person sees, kept as rows that change in the reorganisation's own transaction.

One sees oneself, everyone below in the reporting line, and everyone in the departments that one heads (and those
departments' facts). Dated rows add whom one stands in for, mentors, or has borrowed for a while.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor, Sight
from xiaocheng.foundation.kernel.models import SightRow

from .access import SEE_EVERYONE
from .models import Delegation, Department, Lending, Mentorship, Person


@dataclass(frozen=True)
class _Tree:
    """The organisation as sight needs it, read once."""

    people: list[tuple[int, str, str]]  # id, line path, department path
    departments: list[tuple[int, str, int | None]]  # id, path, head

    def below(self, path: str) -> list[int]:
        """The people in a department and the departments below it."""
        return [person for person, _line, department in self.people if department.startswith(path)]


def rebuild_sight() -> None:
    """Compute every viewer's rows again from the line, the departments and the dated arrangements."""
    tree = _Tree(
        list(Person.objects.values_list("id", "line_path", "department__path")),
        list(Department.objects.values_list("id", "path", "head_id")),
    )
    base = set(_line_pairs(tree)) | set(_headed(tree))
    rows = [SightRow(viewer_id=viewer, person_id=person, department_id=unit) for viewer, person, unit in base]
    today = clock.today()
    rows += _stood_in_for(base, today)
    rows += _mentored(today)
    rows += _borrowed(tree, today)
    SightRow.objects.all().delete()
    SightRow.objects.bulk_create(rows, batch_size=2000)


_Seen = tuple[int, int | None, int | None]  # viewer, person, department


def _line_pairs(tree: _Tree) -> Iterator[_Seen]:
    for person, line, _department in tree.people:
        for above in line.strip("/").split("/"):
            yield int(above), person, None


def _headed(tree: _Tree) -> Iterator[_Seen]:
    for _id, path, head in tree.departments:
        if head is None:
            continue
        yield from ((head, None, unit) for unit, below, _head in tree.departments if below.startswith(path))
        yield from ((head, person, None) for person in tree.below(path))


def _stood_in_for(base: set[_Seen], today: dt.date) -> Iterator[SightRow]:
    seen_by: dict[int, list[_Seen]] = {}
    for row in base:
        seen_by.setdefault(row[0], []).append(row)
    for item in Delegation.objects.filter(_not_over(today)):
        for _viewer, person, unit in seen_by.get(item.person_id, ()):
            yield SightRow(
                viewer_id=item.deputy_id, person_id=person, department_id=unit, since=item.since, until=item.until
            )


def _mentored(today: dt.date) -> Iterator[SightRow]:
    for item in Mentorship.objects.filter(_not_over(today)):
        yield SightRow(viewer_id=item.mentor_id, person_id=item.mentee_id, since=item.since, until=item.until)


def _borrowed(tree: _Tree, today: dt.date) -> Iterator[SightRow]:
    heads = {path: head for _id, path, head in tree.departments if head is not None}
    for item in Lending.objects.filter(_not_over(today)).select_related("department"):
        for head in {head for path, head in heads.items() if item.department.path.startswith(path)}:
            yield SightRow(viewer_id=head, person_id=item.person_id, since=item.since, until=item.until)


def _not_over(today: dt.date) -> Q:
    return Q(until=None) | Q(until__gte=today)


def on_day(day: dt.date) -> Q:
    """The filter for arrangements and sight that hold on a day."""
    return (Q(since=None) | Q(since__lte=day)) & (Q(until=None) | Q(until__gte=day))


# Every page asks this first. One statement, written out: as four of the ORM it was half the cost of an empty page.
# PostgreSQL takes the type of a column from the first two parts, and that of DISTINCT by itself: hence the casts.
_STANDING = """
SELECT 'may', CAST(role.id AS bigint), CAST(NULL AS bigint), CAST(role.capabilities AS text)
  FROM org_role role
 WHERE role.id = %(role)s
UNION ALL
SELECT 'may', role.id, NULL, CAST(role.capabilities AS text)
  FROM org_delegation held
  JOIN org_person person ON person.id = held.person_id AND person.is_active
  JOIN org_role role ON role.id = person.role_id
 WHERE held.deputy_id = %(person)s AND held.since <= %(day)s AND (held.until IS NULL OR held.until >= %(day)s)
UNION ALL
SELECT 'works for', lent.id, lent.department_id, CAST(lent.since AS text)
  FROM org_lending lent
 WHERE lent.person_id = %(person)s AND lent.is_credited
   AND lent.since <= %(day)s AND (lent.until IS NULL OR lent.until >= %(day)s)
UNION ALL
SELECT 'sees', seen.person_id, seen.department_id, NULL
  FROM kernel_sightrow seen
 WHERE seen.viewer_id = %(person)s
   AND (seen.since IS NULL OR seen.since <= %(day)s) AND (seen.until IS NULL OR seen.until >= %(day)s)
UNION ALL
SELECT DISTINCT CASE WHEN opened.decides THEN 'entrusted' ELSE 'opened' END,
       CAST(NULL AS bigint), CAST(NULL AS bigint), opened.kind
  FROM kernel_grant opened
 WHERE opened.person_id = %(person)s AND opened.since <= %(day)s AND (opened.until IS NULL OR opened.until >= %(day)s)
"""


def actor_for(person: Person) -> Actor:
    """The actor that a signed-in person is today; a disabled person is nobody and may nothing.

    Whoever stands in for somebody also holds that role's capabilities; whoever is lent out works, and is credited,
    in the department that borrowed him.
    """
    if not person.is_active:
        return Actor(person_id=None)
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"person": person.pk, "role": person.role_id, "day": clock.today()})
        found = cursor.fetchall()
    loans = [(since, pk, department) for what, pk, department, since in found if what == "works for"]
    capabilities = frozenset[str]().union(*(json.loads(text) for what, _id, _dep, text in found if what == "may"))
    return Actor(
        person_id=person.pk,
        department_id=max(loans)[-1] if loans else person.department_id,
        capabilities=capabilities,
        roles=frozenset(role for what, role, _department, _text in found if what == "may" and role is not None),
        sight=Sight(everyone=True) if SEE_EVERYONE in capabilities else _sight(person.pk, found),
        opened=frozenset(kind for what, _id, _department, kind in found if what in {"opened", "entrusted"}),
        entrusted=frozenset(kind for what, _id, _department, kind in found if what == "entrusted"),
    )


def _sight(person_id: int, found: list[tuple[str, int | None, int | None, str | None]]) -> Sight:
    seen = [(person, department) for what, person, department, _text in found if what == "sees"]
    return Sight(
        people=frozenset(person for person, _department in seen if person is not None) | {person_id},
        departments=frozenset(department for _person, department in seen if department is not None),
    )


# Asked by every command that writes a fact.
_CREDITED = """
SELECT person.id, COALESCE((
    SELECT lent.department_id FROM org_lending lent
     WHERE lent.person_id = person.id AND lent.is_credited
       AND lent.since <= %s AND (lent.until IS NULL OR lent.until >= %s)
     ORDER BY lent.since DESC, lent.id DESC LIMIT 1), person.department_id)
  FROM org_person person WHERE person.id IN ({})
"""


def credited_departments(person_ids: Collection[int], day: dt.date) -> dict[int, int]:
    """The department that people's facts of a day are credited to: the borrowing one, else their own."""
    if not person_ids:
        return {}
    places = ", ".join(["%s"] * len(person_ids))
    with connection.cursor() as cursor:
        cursor.execute(_CREDITED.format(places), [day, day, *person_ids])
        return dict(cursor.fetchall())
