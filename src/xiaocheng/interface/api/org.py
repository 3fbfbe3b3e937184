"""People, departments, roles, and who one is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.kernel.actor import capabilities as all_capabilities
from xiaocheng.foundation.org import commands, queries
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.foundation.org.queries import Person, Role

from .auth import ApiRequest
from .schemas import Body, Id, Page, Paging, page_of

router = Router(tags=["organisation"])
Limit = Annotated[Decimal, Field(max_digits=18, decimal_places=4)]


class Me(Answer):
    """Who the token belongs to, and what that person may do."""

    id: int
    username: str
    name: str
    department_id: int
    role_id: int
    language: str
    theme: str
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
    skills: list[str]
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
    version: int


class PostOut(Answer):
    """The posts of a role in one department: planned, and filled."""

    role_id: int
    role: str
    planned: int
    actual: int


class CapabilityOut(Answer):
    """Something that a role may be allowed to do."""

    key: str
    name: str


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
    skills: list[str] = []
    password: str | None = None


class PersonEdit(Body):
    """A person's own data; `version` is the one that the edit started from. What is left out stays as it is."""

    version: Id
    username: str
    name: str
    role_id: Id
    email: str = ""
    phone: str = ""
    joined_on: dt.date | None = None
    skills: list[str] = []


class NewPassword(Body):
    """A password to tell the person."""

    password: str


class Return(Body):
    """How somebody who comes back signs in: by a new password, or without one by the company's login."""

    password: str | None = None


class Preferences(Body):
    """How the product speaks and looks to oneself."""

    language: Literal["zh-hans", "zh-hant", "en"]
    theme: Literal["auto", "light", "dark"]


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


class DepartmentEdit(Body):
    """All that a department is; only the company itself has none above."""

    version: Id
    name: str
    parent_id: Id | None
    is_region: bool
    head_id: Id | None
    is_active: bool


class Posts(Body):
    """How many posts of a role a department is allowed; 0 takes the line away."""

    planned: Annotated[int, Field(ge=0, le=10_000)]


class NewRole(Body):
    """A post and what it may do; without a signing limit it signs any amount."""

    name: str
    capabilities: list[str] = []
    duties: str = ""
    skills: list[str] = []
    signing_limit: Limit | None = None


class RoleEdit(NewRole):
    """All that a role is; `version` is the one that the edit started from."""

    version: Id
    capabilities: list[str]
    duties: str
    skills: list[str]
    signing_limit: Limit | None


@router.get("/me", response=Me)
def me(request: ApiRequest) -> Me:
    """Who the token belongs to."""
    return _me(request, queries.person(request.actor, request.actor.person_id or 0))


@router.put("/me/preferences", response=Me)
def set_preferences(request: ApiRequest, body: Preferences) -> Me:
    """Choose one's own language and look."""
    return _me(request, commands.set_preferences(request.actor, **body.model_dump()))


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
    values = body.model_dump() | {"skills": tuple(body.skills)}
    return _person(commands.add_person(request.actor, commands.PersonDraft(**values)))


@router.put("/people/{person_id}", response=PersonOut)
def edit_person(request: ApiRequest, person_id: Id, body: PersonEdit) -> PersonOut:
    """Change a person's own data and role."""
    row = queries.person(request.actor, person_id)
    stays = {name: getattr(row, name) for name in ("email", "phone", "joined_on", "skills")}
    values = stays | body.model_dump(exclude_unset=True)
    return _person(commands.edit_person(request.actor, person_id, **values))


@router.post("/people/{person_id}/move", response=PersonOut)
def move_person(request: ApiRequest, person_id: Id, body: PersonMove) -> PersonOut:
    """Move a person, with the whole team, to another department or line manager."""
    return _person(commands.move_person(request.actor, person_id, **body.model_dump()))


@router.post("/people/{person_id}/disable", response=None)
def disable_person(request: ApiRequest, person_id: Id, body: Leaving) -> None:
    """Close an account; sessions and tokens die at once."""
    commands.disable_person(request.actor, person_id, body.successor_id)


@router.post("/people/{person_id}/enable", response=PersonOut)
def enable_person(request: ApiRequest, person_id: Id, body: Return) -> PersonOut:
    """Open a closed account again; arrangements and tokens of before stay ended."""
    return _person(commands.enable_person(request.actor, person_id, body.password))


@router.post("/people/{person_id}/password", response=PersonOut)
def reset_password(request: ApiRequest, person_id: Id, body: NewPassword) -> PersonOut:
    """Give a person a new password; running sessions end."""
    return _person(commands.reset_password(request.actor, person_id, body.password))


@router.get("/departments", response=list[DepartmentOut])
def departments(request: ApiRequest, active: bool | None = True) -> list[DepartmentOut]:
    """The department tree, parents first."""
    return [DepartmentOut(**vars(node)) for node in queries.department_tree(request.actor, active=active)]


@router.post("/departments", response=DepartmentOut)
def add_department(request: ApiRequest, body: NewDepartment) -> DepartmentOut:
    """Add a department."""
    return _department(request, commands.add_department(request.actor, **body.model_dump()).pk)


@router.put("/departments/{department_id}", response=DepartmentOut)
def edit_department(request: ApiRequest, department_id: Id, body: DepartmentEdit) -> DepartmentOut:
    """Change, move or close a department; sight follows at once."""
    return _department(request, commands.edit_department(request.actor, department_id, **body.model_dump()).pk)


@router.get("/departments/{department_id}/posts", response=list[PostOut])
def headcount(request: ApiRequest, department_id: Id) -> list[PostOut]:
    """Planned and filled posts of one department, without those below, by role."""
    request.actor.require(MANAGE_PEOPLE)
    return _posts(request, department_id)


@router.put("/departments/{department_id}/posts/{role_id}", response=list[PostOut])
def set_headcount(request: ApiRequest, department_id: Id, role_id: Id, body: Posts) -> list[PostOut]:
    """Say how many posts of a role a department is allowed."""
    commands.set_headcount(request.actor, department_id, role_id, body.planned)
    return _posts(request, department_id)


@router.get("/capabilities", response=list[CapabilityOut])
def capabilities(request: ApiRequest) -> list[CapabilityOut]:
    """What a role may be allowed to do."""
    request.actor.require(MANAGE_PEOPLE)
    return [CapabilityOut(key=item.key, name=str(item.name)) for item in all_capabilities()]


@router.get("/roles", response=list[RoleOut])
def roles(request: ApiRequest) -> list[RoleOut]:
    """The roles of the company, for whoever manages people."""
    request.actor.require(MANAGE_PEOPLE)
    return [_role(role) for role in queries.roles(request.actor)]


@router.post("/roles", response=RoleOut)
def add_role(request: ApiRequest, body: NewRole) -> RoleOut:
    """Add a role of the company's own."""
    return _role(commands.add_role(request.actor, **_role_values(body)))


@router.put("/roles/{role_id}", response=RoleOut)
def edit_role(request: ApiRequest, role_id: Id, body: RoleEdit) -> RoleOut:
    """Change a role; everybody who holds it may do the new things, and only those, at once."""
    return _role(commands.edit_role(request.actor, role_id, **_role_values(body)))


def _me(request: ApiRequest, person: Person) -> Me:
    return Me(
        id=person.pk,
        username=person.username,
        name=person.name,
        department_id=person.department_id,
        role_id=person.role_id,
        language=person.language,
        theme=person.theme,
        capabilities=sorted(request.actor.capabilities),
    )


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
        skills=row.skills,
        version=row.edit_version,
    )


def _department(request: ApiRequest, department_id: int) -> DepartmentOut:
    return next(item for item in departments(request, active=None) if item.id == department_id)


def _posts(request: ApiRequest, department_id: int) -> list[PostOut]:
    queries.department(request.actor, department_id)
    return [PostOut(**vars(line)) for line in queries.headcount(request.actor, department_id)]


def _role_values(body: NewRole) -> dict[str, Any]:
    values = body.model_dump()
    return values | {"allowed": values.pop("capabilities")}


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
