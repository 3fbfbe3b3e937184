"""People: finding them, naming them, whom one may hand work to."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.prepared import Prepared
from xiaocheng.foundation.org.index import PEOPLE
from xiaocheng.foundation.org.models import DemoCompany, Person


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of people by id."""
    return dict(_NAMES.of({i for i in ids if i is not None}))


_NAMES = Prepared(lambda *ids: Person.objects.filter(pk__in=ids).values_list("pk", "name"))


def person_by_username(username: str) -> Person | None:
    """The active person of a login name, for the login itself."""
    return Person.objects.filter(username=username.casefold(), is_active=True).first()


# What every page asks of who is signed in; the other columns are read when somebody wants them.
_OF_EVERY_PAGE = ("id", "username", "name", "email", "password", "department_id", "role_id", "language", "theme")
_SIGNED_IN = f"SELECT {', '.join(_OF_EVERY_PAGE)} FROM org_person WHERE id = %s AND is_active"  # noqa: S608  # names


def person_signed_in(person_id: int) -> Person | None:
    """The active person of a session; written out, because every page begins with it."""
    with connection.cursor() as cursor:
        cursor.execute(_SIGNED_IN, [person_id])
        found = cursor.fetchone()
    return Person.from_db(connection.alias, [*_OF_EVERY_PAGE, "is_active"], [*found, True]) if found else None


def people(actor: Actor, search: str = "", *, active: bool | None = True) -> QuerySet[Person]:
    """The company's people by pinyin, found by part of name, pinyin, initials, login name or phone."""
    rows = Person.objects.select_related("department", "role", "manager").order_by("sort_key", "pk")
    if active is not None:
        rows = rows.filter(is_active=active)
    return PEOPLE.matching(rows, search) if search.strip() else rows


def person(actor: Actor, person_id: int) -> Person:
    """One colleague, whether still here or gone."""
    found = people(actor, active=None).filter(pk=person_id).first()
    if found is None:
        raise NotFound
    return found


def assignable(actor: Actor) -> QuerySet[Person]:
    """The active people to whom the actor may hand work: those he sees, himself included."""
    return _seen(actor).order_by("sort_key", "pk")


def team(actor: Actor) -> QuerySet[Person]:
    """The active people whom the actor sees, without himself."""
    return _seen(actor).exclude(pk=actor.person_id or 0).select_related("department").order_by("sort_key", "pk")


def _seen(actor: Actor) -> QuerySet[Person]:
    rows = Person.objects.filter(is_active=True)
    return rows if actor.sight.everyone else rows.filter(pk__in=sorted(actor.sight.people))


def demo_company() -> DemoCompany | None:
    """The mark of the demo company, if this database holds it."""
    return DemoCompany.objects.first()


def demo_people() -> list[Person]:
    """The people whom the login page offers with one click; nobody unless the company here is the demo."""
    demo = demo_company()
    if demo is None:
        return []
    found = {
        p.username: p for p in Person.objects.filter(username__in=demo.logins).select_related("role", "department")
    }
    return [found[username] for username in demo.logins if username in found]
