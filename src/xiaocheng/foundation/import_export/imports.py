"""People, departments and regions as they stand in a company's table: the one target that lies below this module."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xiaocheng.foundation.kernel import text
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.foundation.org.commands import PersonDraft, add_department, add_people, undo_people
from xiaocheng.foundation.org.queries import department_tree, people, roles

from .cells import key_of
from .kinds import Date, Named, Text, listed
from .targets import Done, Field, Row, Target, Undo, declare


def _role() -> Named:
    return listed(lambda: [(code, name) for code, name in roles(_anybody()).values_list("code", "name")])


def _anybody() -> Actor:
    return Actor(person_id=None)


class _Staff:
    """The people and departments that are there, and those that the rows add."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.by_name: dict[str, int] = {}
        self.usernames: set[str] = set()
        for pk, name, username in people(actor, active=None).values_list("pk", "name", "username"):
            self.by_name.setdefault(key_of(name), pk)
            self.usernames.add(username)
        self.roles = dict(roles(actor).values_list("code", "pk"))
        tree = department_tree(actor)
        self.departments = {(node.parent_id, node.name): node.id for node in tree}
        self.company = next((node.id for node in tree if node.parent_id is None), None)

    def place(self, row: Row) -> int:
        """The department of a row: below its region where it has one, made where it is missing."""
        if self.company is None:
            raise RuleBroken(_("还没有建立公司。请先完成公司设置,再导入人员。"))
        region, department = row.get("region"), row.get("department")
        at = self._department(region, self.company, is_region=True) if region else self.company
        return self._department(department, at, is_region=False) if department else at

    def _department(self, name: str, parent: int, *, is_region: bool) -> int:
        known = self.departments.get((parent, name))
        if known is None:
            known = add_department(self.actor, name, parent, is_region=is_region).pk
            self.departments[parent, name] = known
        return known

    def add(self, rows: Sequence[Row], manages: set[str]) -> dict[str, int]:
        """Add those of the rows whose line manager is there already; returns the new ids by name."""
        drafts = [self._draft(row, manages) for row in rows]
        added = {key_of(person.name): person.pk for person in add_people(self.actor, drafts)}
        self.by_name |= added
        return added

    def _draft(self, row: Row, manages: set[str]) -> PersonDraft:
        standard = "manager" if key_of(row["name"]) in manages else "rep"
        return PersonDraft(
            username=row.get("username") or self._free_username(row["name"]),
            name=row["name"],
            department_id=self.place(row),
            role_id=self.roles[row.get("role") or standard],
            manager_id=self.by_name.get(key_of(row.get("manager") or "")),
            email=row.get("email") or "",
            phone=row.get("phone") or "",
            joined_on=row.get("joined_on"),
        )

    def _free_username(self, name: str) -> str:
        """Pinyin or letters of the name, words joined by dots, with a number if somebody has it."""
        words = ["".join(text.syllables(word)) for word in name.split()]
        stem = re.sub(r"[^a-z0-9.]", "", ".".join(words).casefold())[:50] or "user"
        stem = stem if len(stem) > 1 else f"user.{stem}"
        free = next(name for name in (stem, *(f"{stem}{n}" for n in range(2, 10_000))) if name not in self.usernames)
        self.usernames.add(free)
        return free


def write_people(actor: Actor, rows: Sequence[Row], options: Mapping[str, Any]) -> list[Done]:
    """Add the people who are not there yet, line managers first; those who are only named as managers too."""
    staff = _Staff(actor)
    manages = {key_of(row["manager"]) for row in rows if row.get("manager")}
    there = {key for row in rows if (key := key_of(row["name"])) in staff.by_name}
    waiting = {key: row for row in _with_managers(rows) if (key := key_of(row["name"])) not in staff.by_name}
    added: dict[str, int] = {}
    while waiting:
        ready = {key: row for key, row in waiting.items() if key_of(row.get("manager") or "") not in waiting}
        if not ready:
            names = text.listed(row["name"] for row in waiting.values())[:200]
            raise RuleBroken(
                _("这些人的上级关系成了一个圈:%(names)s。请在文件中改正。") % {"names": names}, field="manager"
            )
        added |= staff.add(list(ready.values()), manages)
        waiting = {key: row for key, row in waiting.items() if key not in ready}
    keys = [key_of(row["name"]) for row in rows]
    besides = iter([tuple(pk for key, pk in added.items() if key not in keys)])
    return [Done(staff.by_name[key], is_new=key not in there, besides=next(besides, ())) for key in keys]


def _with_managers(rows: Sequence[Row]) -> list[Row]:
    """The rows, and before them one for each manager who has none: in the place of the first whom he manages."""
    named = {key_of(row["name"]) for row in rows}
    managers: dict[str, Row] = {}
    for row in rows:
        name = row.get("manager")
        if name and key_of(name) not in named:
            place = {"region": row.get("region"), "department": row.get("department")}
            managers.setdefault(key_of(name), {"name": name, **place})
    return [*managers.values(), *rows]


PEOPLE = declare(
    Target(
        key="people",
        name=pgettext_lazy("several", "人员"),
        subject="org.person",
        capability=MANAGE_PEOPLE,
        fields=(
            Field("name", gettext_lazy("姓名"), Text(60), required=True,
                  synonyms=("员工", "员工姓名", "业务员", "销售代表", "销售人员", "sales agent", "agent",
                            "employee", "full name", "sales rep")),
            Field("manager", gettext_lazy("直属上级"), Text(60),
                  synonyms=("上级", "主管", "经理", "直接上级", "汇报对象", "supervisor", "reports to",
                            "line manager")),
            Field("region", gettext_lazy("区域"), Text(80),
                  synonyms=("大区", "办事处", "分公司", "regional office", "region", "office", "branch")),
            Field("department", gettext_lazy("部门"), Text(80),
                  synonyms=("所属部门", "团队", "小组", "dept", "team")),
            Field("role", gettext_lazy("角色"), _role(),
                  synonyms=("岗位", "职务", "职位", "position", "job title")),
            Field("username", gettext_lazy("登录名"), Text(60),
                  synonyms=("账号", "用户名", "工号", "login", "account name", "user name", "employee id")),
            Field("email", gettext_lazy("邮箱"), Text(254),
                  synonyms=("电子邮箱", "电子邮件", "e-mail", "mail")),
            Field("phone", gettext_lazy("手机"), Text(30),
                  synonyms=("电话", "手机号", "联系电话", "mobile", "telephone")),
            Field("joined_on", gettext_lazy("入职日期"), Date(),
                  synonyms=("入职时间", "入职", "joined", "hire date")),
        ),
        identity=lambda row: key_of(row["username"] or row["name"]),
        write=write_people,
        undo=Undo(
            model="org.person",
            told=("org.PersonAdded",),
            take_back=undo_people,
            note=gettext_lazy("登录过的人员不能撤销,请停用账号;导入时新建的部门会保留。"),
        ),
    )
)  # fmt: skip
