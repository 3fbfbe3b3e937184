"""People: join, change, move, leave, come back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import Moved, record
from xiaocheng.foundation.kernel.text import name_sort_key
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.foundation.org.events import (
    PasswordReset,
    PersonAdded,
    PersonEdited,
    PersonLeft,
    PersonMoved,
    PersonReturned,
    PreferencesChanged,
    WorkHandedOn,
)
from xiaocheng.foundation.org.index import index_people
from xiaocheng.foundation.org.leaving import end_of
from xiaocheng.foundation.org.manageable import check_somebody_manages
from xiaocheng.foundation.org.models import Department, Person, Role
from xiaocheng.foundation.org.reorganise import hang_people, take_turn
from xiaocheng.foundation.org.sight import rebuild_sight

USERNAME = re.compile(r"[\w.@+-]{2,60}")


@dataclass(frozen=True)
class PersonDraft:
    """Somebody who is to be added; without a password the person signs in by the company's login or after a reset."""

    username: str
    name: str
    department_id: int
    role_id: int
    manager_id: int | None = None
    email: str = ""
    phone: str = ""
    joined_on: dt.date | None = None
    skills: tuple[str, ...] = field(default=())
    password: str | None = None


def add_person(actor: Actor, draft: PersonDraft) -> Person:
    """Add one person."""
    return add_people(actor, [draft])[0]


@transaction.atomic
def add_people(actor: Actor, drafts: Sequence[PersonDraft]) -> list[Person]:
    """Add people, all or none; line managers must exist already."""
    take_turn()
    actor.require(MANAGE_PEOPLE)
    departments = Department.objects.filter(is_active=True).in_bulk({draft.department_id for draft in drafts})
    roles = Role.objects.in_bulk({draft.role_id for draft in drafts})
    managers = Person.objects.filter(is_active=True).in_bulk({d.manager_id for d in drafts if d.manager_id})
    _check_usernames([draft.username for draft in drafts])
    people = []
    for draft in drafts:
        _check_place(draft.department_id in departments, draft.role_id in roles, draft.manager_id, managers)
        people.append(_new_person(draft))
    people = Person.objects.bulk_create(people, batch_size=500)
    for manager_id in {draft.manager_id for draft in drafts}:
        hang_people([p for p in people if p.manager_id == manager_id], managers.get(manager_id or 0))
    index_people(people)
    rebuild_sight()
    record(
        actor,
        *(
            PersonAdded(
                person_id=person.pk,
                department_id=person.department_id,
                role_id=person.role_id,
                manager_id=person.manager_id,
                name=person.name,
            )
            for person in people
        ),
    )
    return people


@transaction.atomic
def edit_person(
    actor: Actor,
    person_id: int,
    version: int,
    *,
    username: str,
    name: str,
    role_id: int,
    email: str = "",
    phone: str = "",
    joined_on: dt.date | None = None,
    skills: Sequence[str] = (),
) -> Person:
    """Change a person's own data and role."""
    take_turn()
    person = _person(person_id)
    actor.require(MANAGE_PEOPLE)
    if person.username != username.casefold():
        _check_usernames([username])
    if not Role.objects.filter(pk=role_id).exists():
        raise RuleBroken(_("请选择角色。"), field="role")
    values: dict[str, Any] = {
        "username": username.casefold(), "name": name.strip(), "sort_key": name_sort_key(name.strip()),
        "role_id": role_id, "email": email.strip(), "phone": phone.strip(), "joined_on": joined_on,
        "skills": list(skills),
    }  # fmt: skip
    changed = tuple(key for key, value in values.items() if getattr(person, key) != value and key != "sort_key")
    save_edit(person, version, **values)
    check_somebody_manages()
    index_people([person])
    record(actor, PersonEdited(person_id=person.pk, fields=changed, role_id=role_id, name=person.name))
    return person


@transaction.atomic
def move_person(actor: Actor, person_id: int, *, department_id: int, manager_id: int | None) -> Person:
    """Move a person, with everybody below in the line, to another department or line manager."""
    take_turn()
    person = _person(person_id)
    actor.require(MANAGE_PEOPLE)
    department = Department.objects.filter(pk=department_id, is_active=True).first()
    manager = Person.objects.filter(pk=manager_id or 0, is_active=True).first()
    if department is None or (manager_id and manager is None):
        raise RuleBroken(_("部门或直属上级不存在或已停用。"), field="manager" if department else "department")
    before = (person.department_id, person.manager_id)
    Person.objects.filter(pk=person.pk).update(department=department)
    person.department = department
    hang_people([person], manager)
    rebuild_sight()
    record(
        actor,
        PersonMoved(
            person_id=person.pk,
            from_department_id=before[0],
            to_department_id=department.pk,
            from_manager_id=before[1],
            to_manager_id=manager_id,
            department=department.name,
            name=person.name,
        ),
    )
    return person


@transaction.atomic
def disable_person(actor: Actor, person_id: int, successor_id: int | None = None) -> list[Moved]:
    """Close an account: sessions and API tokens die at once, the team gets the successor or the next in line.

    Returns what other modules handed on to the successor.
    """
    take_turn()
    person = _person(person_id)
    actor.require(MANAGE_PEOPLE)
    if person.pk == actor.person_id:
        raise RuleBroken(_("不能停用自己的账号,请由另一位管理员操作。"))
    if not person.is_active:
        raise RuleBroken(_("这个账号已经停用。"))
    successor = Person.objects.filter(pk=successor_id or 0, is_active=True).exclude(pk=person.pk).first()
    if successor_id and successor is None:
        raise RuleBroken(_("接手人须是另一位在职人员。"), field="successor")
    today = clock.today()
    person.set_unusable_password()  # ends every session: their key is derived from the password
    person.is_active, person.left_on = False, today
    person.save(update_fields=["password", "is_active", "left_on"])
    check_somebody_manages()
    end_of(person, successor, today)
    rebuild_sight()
    return record(
        actor,
        PersonLeft(person_id=person.pk, successor_id=successor_id, left_on=today, name=person.name),
    )


@transaction.atomic
def hand_on_work(actor: Actor, person_id: int, successor_id: int) -> list[Moved]:
    """Give what a colleague in sight has to do, besides what follows his customers, to another one in sight.

    Returns what the modules handed on.
    """
    people = {row.pk: row for row in Person.objects.filter(pk__in=[person_id, successor_id])}
    if not {person_id, successor_id} <= people.keys() or not actor.sight.sees_person(person_id):
        raise NotFound
    successor = people[successor_id]
    if not successor.is_active or person_id == successor_id or not actor.sight.sees_person(successor_id):
        raise RuleBroken(_("接手人须是另一位在职人员。"), field="successor")
    event = WorkHandedOn(
        person_id=person_id, successor_id=successor_id, name=people[person_id].name, successor=successor.name
    )
    return record(actor, event)


@transaction.atomic
def enable_person(actor: Actor, person_id: int, password: str | None = None) -> Person:
    """Open a closed account again, with a new password; arrangements and tokens of before stay ended."""
    take_turn()
    person = _person(person_id)
    actor.require(MANAGE_PEOPLE)
    if person.is_active:
        raise RuleBroken(_("这个账号没有停用。"))
    if not person.department.is_active:
        raise RuleBroken(_("他的部门已停用,请先启用部门。"))
    person.is_active, person.left_on = True, None
    if password is not None:
        _set_password(person, password)
    person.save(update_fields=["password", "is_active", "left_on"])
    rebuild_sight()
    record(actor, PersonReturned(person_id=person.pk, name=person.name))
    return person


@transaction.atomic
def reset_password(actor: Actor, person_id: int, password: str) -> Person:
    """Give a person a new password; running sessions end."""
    person = _person(person_id)
    actor.require(MANAGE_PEOPLE)
    if not person.is_active:
        raise RuleBroken(_("这个账号已经停用。"))
    _set_password(person, password)
    person.save(update_fields=["password"])
    record(actor, PasswordReset(person_id=person.pk, name=person.name))
    return person


@transaction.atomic
def set_preferences(actor: Actor, *, language: str, theme: str) -> Person:
    """Choose one's own language and look."""
    person = _person(actor.person_id or 0)
    person.language, person.theme = language, theme
    check_columns(person, {"language", "theme"})
    person.save(update_fields=["language", "theme"])
    record(actor, PreferencesChanged(person_id=person.pk, language=language, theme=theme))
    return person


def _person(pk: int) -> Person:
    person = Person.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if person is None:
        raise NotFound
    return person


def _new_person(draft: PersonDraft) -> Person:
    name = draft.name.strip()
    person = Person(
        username=draft.username.casefold(),
        name=name,
        sort_key=name_sort_key(name),
        email=draft.email.strip(),
        phone=draft.phone.strip(),
        department_id=draft.department_id,
        role_id=draft.role_id,
        manager_id=draft.manager_id,
        joined_on=draft.joined_on,
        skills=list(draft.skills),
    )
    if draft.password is None:
        person.set_unusable_password()
    else:
        _set_password(person, draft.password)
    check_columns(person, {"username", "name", "email", "phone", "joined_on"})
    return person


def _set_password(person: Person, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as refused:
        raise RuleBroken(" ".join(refused.messages), field="password") from None
    person.set_password(password)


def _check_usernames(usernames: Sequence[str]) -> None:
    seen: set[str] = set()
    for username in usernames:
        if not USERNAME.fullmatch(username):
            raise RuleBroken(_("登录名须为 2-60 个字母、数字、汉字或 . @ + - _。"), field="username")
        if username.casefold() in seen:
            raise RuleBroken(_("登录名「%(name)s」重复。") % {"name": username}, field="username")
        seen.add(username.casefold())
    taken = Person.objects.filter(username__in=seen).values_list("username", flat=True).first()
    if taken:
        raise RuleBroken(_("登录名「%(name)s」已被使用。") % {"name": taken}, field="username")


def _check_place(department: bool, role: bool, manager_id: int | None, managers: dict[int, Person]) -> None:
    if not department:
        raise RuleBroken(_("请选择在用的部门。"), field="department")
    if not role:
        raise RuleBroken(_("请选择角色。"), field="role")
    if manager_id is not None and manager_id not in managers:
        raise RuleBroken(_("直属上级须是在职人员。"), field="manager")
