"""The people of the demo company: three levels, about thirty of them."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import (
    PersonDraft,
    add_department,
    add_people,
    edit_department,
    set_headcount,
    set_up_company,
)
from xiaocheng.foundation.org.queries import Department, Person, department

from . import words

LOGINS = ["director", "manager1", "lead1", "rep1", "admin"]  # offered with one click on the login page
PASSWORD = "xiaocheng-demo"  # noqa: S105 - printed on the demo's login page
COMPANY = "启明智能装备"
# region -> its teams; a region without teams has reps of its own
REGIONS: dict[str, tuple[str, ...]] = {
    "east": ("上海组", "杭州组"),
    "south": ("深圳组", "广州组"),
    "north": (),
    "southwest": (),
}
REGION_NAMES = {"east": "华东区", "south": "华南区", "north": "华北区", "southwest": "西南区"}
REPS_OF_TEAM, REPS_OF_REGION = 3, 4


@dataclass(frozen=True)
class Staff:
    """The demo company's people by what they do."""

    director: Person
    administrator: Person
    managers: dict[str, Person]  # by region
    leads: list[Person]
    reps: dict[str, list[Person]]  # by region

    def region_of(self, rep: Person) -> str:
        """The region in which a rep works."""
        return next(region for region, reps in self.reps.items() if rep in reps)

    def all_reps(self) -> list[Person]:
        """Every rep."""
        return [rep for reps in self.reps.values() for rep in reps]


class Hiring:
    """Adds departments and people level by level."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.names: set[str] = set()
        self.company = set_up_company(
            SYSTEM, COMPANY, username="admin", person=self._name(), password=PASSWORD, email="admin@example.com"
        )

    def everybody(self) -> Staff:
        """Hire the whole company."""
        top = self.company.department
        director = self._hire("director", top, [("director", None)])[0]
        self._lead(top, director)
        set_headcount(SYSTEM, top.pk, self.company.roles["administrator"].pk, 1)
        managers: dict[str, Person] = {}
        leads: list[Person] = []
        reps: dict[str, list[Person]] = {}
        for number, (region, teams) in enumerate(REGIONS.items(), 1):
            unit = add_department(SYSTEM, REGION_NAMES[region], top.pk, is_region=True)
            managers[region] = self._hire("manager", unit, [(f"manager{number}", director)])[0]
            self._lead(unit, managers[region])
            reps[region] = []
            for team in teams:
                group = add_department(SYSTEM, team, unit.pk)
                lead = self._hire("manager", group, [(f"lead{len(leads) + 1}", managers[region])])[0]
                self._lead(group, lead)
                leads.append(lead)
                reps[region] += self._reps(group, lead, REPS_OF_TEAM, sum(map(len, reps.values())))
            if not teams:
                reps[region] = self._reps(unit, managers[region], REPS_OF_REGION, sum(map(len, reps.values())))
        self._hire("promoter", unit, [("promoter", managers[region])])
        return Staff(director, self.company.administrator, managers, leads, reps)

    def _reps(self, department: Department, above: Person, count: int, before: int) -> list[Person]:
        return self._hire("rep", department, [(f"rep{before + i}", above) for i in range(1, count + 1)])

    def _hire(self, role: str, department: Department, posts: list[tuple[str, Person | None]]) -> list[Person]:
        """Fill posts; a department of reps is allowed one more than it has."""
        set_headcount(SYSTEM, department.pk, self.company.roles[role].pk, len(posts) + (role == "rep"))
        drafts = [
            PersonDraft(
                username=username,
                name=self._name(),
                department_id=department.pk,
                role_id=self.company.roles[role].pk,
                manager_id=above.pk if above else None,
                email=f"{username}@example.com",
                phone=words.mobile(self.dice),
                joined_on=clock.today() - dt.timedelta(days=self.dice.randrange(200, 2400)),
                password=PASSWORD if username in LOGINS else None,
            )
            for username, above in posts
        ]
        return add_people(SYSTEM, drafts)

    def _lead(self, unit: Department, head: Person) -> None:
        row = department(SYSTEM, unit.pk)
        edit_department(
            SYSTEM, row.pk, row.edit_version, name=row.name, parent_id=row.parent_id, is_region=row.is_region,
            head_id=head.pk,
        )  # fmt: skip

    def _name(self) -> str:
        name = words.person_name(self.dice)
        while name in self.names:
            name = words.person_name(self.dice)
        self.names.add(name)
        return name
