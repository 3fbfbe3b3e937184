"""Who signs for whom on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from xiaocheng.foundation.org.models import Delegation, Department, Lending, Person
from xiaocheng.foundation.org.sight import on_day


def supervisor_of(person_id: int, day: dt.date) -> list[int]:
    """Who may sign for a person on a day, the nearest first; nobody above him: an empty list."""
    return list(supervisors_of([person_id], day)[person_id])


def supervisors_of(person_ids: Collection[int], day: dt.date) -> dict[int, dict[int, int | None]]:
    """The same for many people: the signers of each, with whom a deputy stands in for (None: in his own right).

    The head who borrowed him, the line manager (or, where none is active, the department's head), and whoever stands
    in for one of these on that day.
    """
    people = list(Person.objects.filter(pk__in=person_ids).select_related("department"))
    borrowers, above = _borrowers(person_ids, day), _lines_or_heads(people)
    own_right = {person.pk: [*borrowers[person.pk], *above[person.pk]] for person in people}
    deputies: dict[int, list[int]] = defaultdict(list)
    standing_in = Delegation.objects.filter(
        on_day(day), person__in={pk for signers in own_right.values() for pk in signers}, deputy__is_active=True
    )
    for absent, deputy in standing_in.order_by("pk").values_list("person_id", "deputy_id"):
        deputies[absent].append(deputy)
    found: dict[int, dict[int, int | None]] = {}
    for person_id, signers in own_right.items():
        chosen: dict[int, int | None] = dict.fromkeys(signers)
        for signer in signers:
            for deputy in deputies[signer]:
                chosen.setdefault(deputy, signer)
        chosen.pop(person_id, None)
        found[person_id] = chosen
    return found


def _borrowers(person_ids: Collection[int], day: dt.date) -> dict[int, list[int]]:
    """The heads of the departments that have borrowed people."""
    found: dict[int, list[int]] = defaultdict(list)
    lent = Lending.objects.filter(on_day(day), person__in=person_ids, department__head__is_active=True)
    for person_id, head in lent.values_list("person_id", "department__head_id"):
        if head is not None:
            found[person_id].append(head)
    return found


def _lines_or_heads(people: Collection[Person]) -> dict[int, list[int]]:
    """The nearest active person in each one's line, else the head of the nearest department that has another one."""
    lines = {person.pk: _ids_in(person.line_path)[:-1] for person in people}
    active = set(Person.objects.filter(pk__in=_all(lines), is_active=True).values_list("pk", flat=True))
    units = {person.pk: _ids_in(person.department.path) for person in people}
    heads = dict(Department.objects.filter(pk__in=_all(units), head__is_active=True).values_list("pk", "head_id"))
    found: dict[int, list[int]] = {}
    for person in people:
        line = [pk for pk in lines[person.pk] if pk in active]
        headed = [head for unit in units[person.pk] if (head := heads.get(unit)) not in (None, person.pk)]
        found[person.pk] = [pk for pk in (line or headed)[-1:] if pk is not None]
    return found


def _ids_in(path: str) -> list[int]:
    return [int(pk) for pk in path.strip("/").split("/") if pk]


def _all(paths: dict[int, list[int]]) -> set[int]:
    return {pk for path in paths.values() for pk in path}
