"""People, departments, roles, and who one is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ninja import Query, Router
from ninja import Schema as Answer

from xiaocheng.foundation.org import commands, queries
from xiaocheng.foundation.org.queries import Person, Role

from .auth import ApiRequest
from .schemas import Body, Id, Page, Paging, page_of

router = Router(tags=["organisation"])


class Me(Answer):
    """Who the token belongs to, and what that person may do."""

    id: int
    username: str
    name: str
    department_id: int
    role_id: int
    language: str
    capabilities: list[str]


class PersonOut(Answer):
    """A colleague."""

    id: int
    username: str
    name: str
    email: str
    phone: str
    department_id: int
    role_id: int
    manager_id: int | None
    is_active: bool
    joined_on: dt.date | None
    left_on: dt.date | None
    version: int


class DepartmentOut(Answer):
    """A unit of the tree; people and planned posts include those of the units below."""

    id: int
    name: str
    parent_id: int | None
    head_id: int | None
    is_region: bool
    is_active: bool
    people: int
    planned: int


class RoleOut(Answer):
    """A post and what it may do; without a signing limit it signs any amount."""

    id: int
    code: str
    name: str
    capabilities: list[str]
    duties: str
    skills: list[str]
    signing_limit: Decimal | None
    version: int


class NewPerson(Body):
    """Somebody who joins; without a password the person signs in by the company's login or after a reset."""

    username: str
    name: str
    department_id: Id
    role_id: Id
    manager_id: Id | None = None
    email: str = ""
    phone: str = ""
    joined_on: dt.date | None = None
    password: str | None = None


class PersonEdit(Body):
    """A person's own data; `version` is the one that the edit started from."""

    version: Id
    username: str
    name: str
    role_id: Id
    email: str = ""
    phone: str = ""
    joined_on: dt.date | None = None


class PersonMove(Body):
    """Where a person works from now on."""

    department_id: Id
    manager_id: Id | None = None


class Leaving(Body):
    """Who takes over what a leaver holds."""

    successor_id: Id | None = None


class NewDepartment(Body):
    """A department below another."""

    name: str
    parent_id: Id
    is_region: bool = False
    head_id: Id | None = None


@router.get("/me", response=Me)
def me(request: ApiRequest) -> Me:
    """Who the token belongs to."""
    person = queries.person(request.actor, request.actor.person_id or 0)
    return Me(
        id=person.pk,
        username=person.username,
        name=person.name,
        department_id=person.department_id,
        role_id=person.role_id,
        language=person.language,
        capabilities=sorted(request.actor.capabilities),
    )


@router.get("/people", response=Page[PersonOut])
def people(request: ApiRequest, paging: Query[Paging], search: str = "", active: bool | None = True) -> Page[PersonOut]:
    """Colleagues, found by name, pinyin, initials, login name or phone."""
    return page_of(queries.people(request.actor, search, active=active), paging, _person)


@router.get("/people/{person_id}", response=PersonOut)
def person(request: ApiRequest, person_id: Id) -> PersonOut:
    """One colleague."""
    return _person(queries.person(request.actor, person_id))


@router.post("/people", response=PersonOut)
def add_person(request: ApiRequest, body: NewPerson) -> PersonOut:
    """Add somebody who joins."""
    return _person(commands.add_person(request.actor, commands.PersonDraft(**body.model_dump())))


@router.put("/people/{person_id}", response=PersonOut)
def edit_person(request: ApiRequest, person_id: Id, body: PersonEdit) -> PersonOut:
    """Change a person's own data and role."""
    return _person(commands.edit_person(request.actor, person_id, **body.model_dump()))


@router.post("/people/{person_id}/move", response=PersonOut)
def move_person(request: ApiRequest, person_id: Id, body: PersonMove) -> PersonOut:
    """Move a person, with the whole team, to another department or line manager."""
    return _person(commands.move_person(request.actor, person_id, **body.model_dump()))


@router.post("/people/{person_id}/disable", response=None)
def disable_person(request: ApiRequest, person_id: Id, body: Leaving) -> None:
    """Close an account; sessions and tokens die at once."""
    commands.disable_person(request.actor, person_id, body.successor_id)


@router.get("/departments", response=list[DepartmentOut])
def departments(request: ApiRequest) -> list[DepartmentOut]:
    """The department tree, parents first."""
    return [DepartmentOut(**vars(node)) for node in queries.department_tree(request.actor)]


@router.post("/departments", response=DepartmentOut)
def add_department(request: ApiRequest, body: NewDepartment) -> DepartmentOut:
    """Add a department."""
    added = commands.add_department(request.actor, **body.model_dump())
    return next(item for item in departments(request) if item.id == added.pk)


@router.get("/roles", response=list[RoleOut])
def roles(request: ApiRequest) -> list[RoleOut]:
    """The roles of the company."""
    return [_role(role) for role in queries.roles(request.actor)]


def _person(row: Person) -> PersonOut:
    return PersonOut(
        id=row.pk,
        username=row.username,
        name=row.name,
        email=row.email,
        phone=row.phone,
        department_id=row.department_id,
        role_id=row.role_id,
        manager_id=row.manager_id,
        is_active=row.is_active,
        joined_on=row.joined_on,
        left_on=row.left_on,
        version=row.edit_version,
    )


def _role(row: Role) -> RoleOut:
    return RoleOut(
        id=row.pk,
        code=row.code,
        name=row.name,
        capabilities=row.capabilities,
        duties=row.duties,
        skills=row.skills,
        signing_limit=row.signing_limit,
        version=row.edit_version,
    )
