"""Ways to look at the organisation. Colleagues' names are no secret, so some of these ask nobody who is asking."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor

from .index import PEOPLE
from .models import (
    ApiToken,
    Delegation,
    DemoCompany,
    Department,
    DutyShift,
    HeadcountPlan,
    Lending,
    Mentorship,
    Person,
    Role,
)
from .sight import actor_for, credited_departments, on_day, sight_of
from .workdays import last_year_with_table, name_of, works_on, year_to_warn_of

__all__ = ["actor_for", "credited_departments", "last_year_with_table", "sight_of", "year_to_warn_of"]

LONGEST_SEARCH = 4000  # days that next_workday looks ahead before it gives up on an empty calendar


# --- people


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of people by id."""
    return dict(Person.objects.filter(pk__in={i for i in ids if i is not None}).values_list("pk", "name"))


def person_by_username(username: str) -> Person | None:
    """The active person of a login name, for the login itself."""
    return Person.objects.filter(username=username.casefold(), is_active=True).first()


def people(actor: Actor, search: str = "", *, active: bool | None = True) -> QuerySet[Person]:
    """The company's people by pinyin, found by part of name, pinyin, initials, login name or phone."""
    rows = Person.objects.select_related("department", "role", "manager").order_by("sort_key", "pk")
    if active is not None:
        rows = rows.filter(is_active=active)
    return PEOPLE.matching(rows, search) if search.strip() else rows


def assignable(actor: Actor) -> QuerySet[Person]:
    """The active people to whom the actor may hand work: those he sees, himself included."""
    return _seen(actor).order_by("sort_key", "pk")


def team(actor: Actor) -> QuerySet[Person]:
    """The active people whom the actor sees, without himself."""
    return _seen(actor).exclude(pk=actor.person_id or 0).select_related("department").order_by("sort_key", "pk")


def _seen(actor: Actor) -> QuerySet[Person]:
    rows = Person.objects.filter(is_active=True)
    return rows if actor.sight.everyone else rows.filter(pk__in=sorted(actor.sight.people))


def demo_people() -> list[Person]:
    """The people whom the login page offers with one click; nobody unless the company here is the demo."""
    demo = DemoCompany.objects.first()
    if demo is None:
        return []
    found = {
        p.username: p for p in Person.objects.filter(username__in=demo.logins).select_related("role", "department")
    }
    return [found[username] for username in demo.logins if username in found]


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


# --- departments and roles


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
        )
        for row in sorted(shown, key=lambda row: [int(pk) for pk in row.path.strip("/").split("/")])
    ]


def department_names(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """The names of departments by id."""
    return dict(Department.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def department_and_below(department_id: int) -> frozenset[int]:
    """The ids of a department and of all below it."""
    return frozenset(Department.objects.filter(path__contains=f"/{department_id}/").values_list("pk", flat=True))


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


def roles(actor: Actor) -> QuerySet[Role]:
    """The company's roles."""
    return Role.objects.order_by("pk")


# --- dated arrangements


def delegations(actor: Actor, person_id: int) -> QuerySet[Delegation]:
    """Who stands in for a person and for whom the person stands in, the latest first."""
    rows = Delegation.objects.select_related("person", "deputy").order_by("-since", "-pk")
    return rows.filter(Q(person_id=person_id) | Q(deputy_id=person_id))


def lendings(actor: Actor, person_id: int) -> QuerySet[Lending]:
    """Where a person has been lent, the latest first."""
    return Lending.objects.filter(person_id=person_id).select_related("department").order_by("-since", "-pk")


def mentorships(actor: Actor, person_id: int) -> QuerySet[Mentorship]:
    """Who mentors a person and whom the person mentors, the latest first."""
    rows = Mentorship.objects.select_related("mentor", "mentee").order_by("-since", "-pk")
    return rows.filter(Q(mentor_id=person_id) | Q(mentee_id=person_id))


# --- calendar and duty


@dataclass(frozen=True)
class CalendarEntry:
    """One day of the year view."""

    day: dt.date
    is_workday: bool
    name: str


def calendar_year(actor: Actor, year: int) -> list[CalendarEntry]:
    """Every day of a year: whether the company works, and the holiday's name."""
    first = dt.date(year, 1, 1)
    days = (first + dt.timedelta(days=i) for i in range((dt.date(year + 1, 1, 1) - first).days))
    return [CalendarEntry(day, works_on(day), name_of(day)) for day in days]


def is_workday(day: dt.date) -> bool:
    """True when the company works on that day."""
    return works_on(day)


def next_workday(day: dt.date, n: int = 1) -> dt.date:
    """The n-th working day after a day."""
    found = day
    for _ in range(LONGEST_SEARCH):
        if n <= 0:
            break
        found += dt.timedelta(days=1)
        n -= works_on(found)
    return found


def workdays_between(first: dt.date, last: dt.date) -> int:
    """The number of working days from first to last, both included."""
    return sum(works_on(first + dt.timedelta(days=i)) for i in range((last - first).days + 1))


def on_duty(site_id: int, day: dt.date) -> list[int]:
    """The people on duty at a site on a day, in the order of their turn."""
    shifts = DutyShift.objects.filter(site_id=site_id, day=day, person__is_active=True)
    return list(shifts.order_by("position").values_list("person_id", flat=True))


# --- API tokens


def token_digest(secret: str) -> str:
    """What is kept of a token's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def person_of_token(secret: str) -> Person | None:
    """The active person whose token this is; notes the day of use."""
    token = (
        ApiToken.objects.filter(digest=token_digest(secret), revoked_at=None, person__is_active=True)
        .select_related("person__role")
        .first()
    )
    if token is None:
        return None
    today = clock.today()
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
    return token.person


def tokens(actor: Actor, person_id: int | None = None) -> QuerySet[ApiToken]:
    """The live tokens of the actor, or of a person whom he administers."""
    whose = person_id or actor.person_id or 0
    return ApiToken.objects.filter(person_id=whose, revoked_at=None).order_by("-created_at")
