"""The named world in which every test happens: a small company made by the organisation's own commands.

    总部 head_office ........ director 陈总监, administrator 管小敏
      华东区 east (region) .. east_manager 李华东
        上海组 shanghai ..... shanghai_lead 周上海, shanghai_rep 吴小沪
                              east_rep 张三, east_peer 赵六 (华东区 itself), east_disabled 郑停用
      华南区 south (region) . south_manager 王华南, south_rep 钱外人 (the outsider), promoter 孙促销

The line: director > east_manager > shanghai_lead > shanghai_rep; east_rep, east_peer under east_manager;
south_rep and promoter under south_manager; the administrator has nobody above.
"""

from __future__ import annotations

from typing import ClassVar

from django.apps import apps
from django.db import transaction
from django.test import Client

from tests.support.kept import Rows, insert, rows_of
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.org.commands import (
    PersonDraft,
    add_department,
    add_people,
    disable_person,
    edit_department,
    set_up_company,
)
from xiaocheng.foundation.org.index import index_people
from xiaocheng.foundation.org.models import Department, Person, Role
from xiaocheng.foundation.org.queries import actor_for

PASSWORD = "salz-und-brot-7"
DEPARTMENTS = {"head_office": "总部", "east": "华东区", "shanghai": "上海组", "south": "华南区"}
# key: (name, department, role, line manager); the key is also the login name
PEOPLE = {
    "director": ("陈总监", "head_office", "director", None),
    "east_manager": ("李华东", "east", "manager", "director"),
    "south_manager": ("王华南", "south", "manager", "director"),
    "shanghai_lead": ("周上海", "shanghai", "manager", "east_manager"),
    "east_rep": ("张三", "east", "rep", "east_manager"),
    "east_peer": ("赵六", "east", "rep", "east_manager"),
    "east_disabled": ("郑停用", "east", "rep", "east_manager"),
    "south_rep": ("钱外人", "south", "rep", "south_manager"),
    "promoter": ("孙促销", "south", "promoter", "south_manager"),
    "shanghai_rep": ("吴小沪", "shanghai", "rep", "shanghai_lead"),
}
HEADS = {"east": "east_manager", "south": "south_manager", "shanghai": "shanghai_lead"}
EVERYBODY = ("administrator", *PEOPLE)


class World:
    """The ids of the world's people and departments; rows, actors and browsers are made fresh when asked for."""

    def __init__(self) -> None:
        company = set_up_company(
            SYSTEM, DEPARTMENTS["head_office"], username="administrator", person="管小敏", password=PASSWORD
        )
        self.role_ids = {code: role.pk for code, role in company.roles.items()}
        self.department_ids = {"head_office": company.department.pk}
        self.ids = {"administrator": company.administrator.pk}
        for key, parent in (("east", "head_office"), ("south", "head_office"), ("shanghai", "east")):
            self._add_department(key, parent)
        for level in (["director"], ["east_manager", "south_manager"], ["shanghai_lead"], [*PEOPLE]):
            self._add_people([key for key in level if key not in self.ids])
        for key, head in HEADS.items():
            self._set_head(key, head)
        disable_person(SYSTEM, self.ids["east_disabled"])

    def _add_department(self, key: str, parent: str) -> None:
        department = add_department(
            SYSTEM, DEPARTMENTS[key], self.department_ids[parent], is_region=parent == "head_office"
        )
        self.department_ids[key] = department.pk

    def _add_people(self, keys: list[str]) -> None:
        drafts = []
        for key in keys:
            name, department, role, manager = PEOPLE[key]
            drafts.append(
                PersonDraft(
                    username=key,
                    name=name,
                    department_id=self.department_ids[department],
                    role_id=self.role_ids[role],
                    manager_id=self.ids[manager] if manager else None,
                    password=PASSWORD,
                )
            )
        self.ids |= {key: person.pk for key, person in zip(keys, add_people(SYSTEM, drafts), strict=True)}

    def _set_head(self, key: str, head: str) -> None:
        row = self.department(key)
        edit_department(
            SYSTEM,
            row.pk,
            row.edit_version,
            name=row.name,
            parent_id=row.parent_id,
            is_region=row.is_region,
            head_id=self.ids[head],
        )

    def id(self, key: str) -> int:
        """The id of a person."""
        return self.ids[key]

    def person(self, key: str) -> Person:
        """A person as he stands in the database now."""
        return Person.objects.select_related("role", "department").get(pk=self.ids[key])

    def department(self, key: str) -> Department:
        """A department as it stands in the database now."""
        return Department.objects.get(pk=self.department_ids[key])

    def role(self, code: str) -> Role:
        """A standard role as it stands in the database now."""
        return Role.objects.get(pk=self.role_ids[code])

    def actor(self, key: str) -> Actor:
        """The actor that a person is now, after whatever the test did to the organisation."""
        return actor_for(self.person(key))

    def client(self, key: str) -> Client:
        """A browser in which the person is signed in."""
        client = Client()
        client.force_login(self.person(key))
        return client


class _Rows:
    """The world's rows as the commands first wrote them in this process, and the world that names them."""

    world: ClassVar[World | None] = None
    kept: ClassVar[dict[str, Rows]] = {}
    people: ClassVar[list[Person]] = []


def make_world() -> World:
    """The world: built by the commands once in a process, afterwards put back row by row, which is ten times faster."""
    if _Rows.world is None:
        _Rows.world = World()
        _Rows.kept = rows_of(model for label in ("kernel", "org") for model in apps.get_app_config(label).get_models())
        _Rows.people = list(Person.objects.all())
    else:
        with transaction.atomic():
            insert(_Rows.kept)
            index_people(_Rows.people)
    return _Rows.world
