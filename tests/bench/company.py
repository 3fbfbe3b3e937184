"""The company itself: 200 people on three levels, a pool, products and the process, made by the product's commands."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from tests.bench.names import person_name
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import PersonDraft, add_department, add_people, edit_department, set_up_company
from xiaocheng.foundation.org.models import Person
from xiaocheng.selling.catalogue.commands import ProductDraft, add_products
from xiaocheng.selling.customers.commands import standard_pool
from xiaocheng.selling.customers.commands.pools import PUBLIC
from xiaocheng.selling.pipeline.commands import install_template
from xiaocheng.selling.pipeline.models import Stage
from xiaocheng.selling.pipeline.templates import TEMPLATES

PASSWORD = "measured-in-one-run"
ADMIN, DIRECTOR, MANAGER, REP = "admin", "director", "manager", "rep"  # those who sign in
TEAMS = (16, 10, 20, 14, 17, 15, 13, 18, 12, 19, 16, 16)  # reps of each manager; with the others 200 people
SHARE = 0.025  # of everything is the measured rep's, so that his lists fill a page in a small company, too


@dataclass(frozen=True)
class Company:
    """What the generator needs to know of it."""

    reps: list[int]
    weights: list[float]  # of how much each rep has
    departments: dict[int, int]
    pool: int
    products: dict[int, tuple[str, Decimal]]
    stages: list[Stage]
    zone: ZoneInfo


def make_company(random: Random) -> Company:
    """Set it up."""
    top = set_up_company(SYSTEM, "测试制造集团", username=ADMIN, person="系统管理员", password=PASSWORD)
    names = iter(_names(random, 200))
    director = _add([DIRECTOR], names, top.department.pk, top.roles["director"].pk)[0]
    reps: list[Person] = []
    for number, size in enumerate(TEAMS, start=1):
        team = add_department(SYSTEM, f"销售{number}部", top.department.pk)
        username = MANAGER if number == 1 else f"manager{number}"
        manager = _add([username], names, team.pk, top.roles["manager"].pk, director.pk)[0]
        usernames = [REP if number == 1 and i == 0 else f"rep{number}-{i}" for i in range(size)]
        reps += _add(usernames, names, team.pk, top.roles["rep"].pk, manager.pk)
        edit_department(
            SYSTEM,
            team.pk,
            team.edit_version,
            name=team.name,
            parent_id=top.department.pk,
            is_region=False,
            head_id=manager.pk,
        )
    prices = {name: Decimal(random.randrange(20, 4000)) * 100 for name in (f"设备 X{i:02d}" for i in range(40))}
    added = add_products(SYSTEM, [ProductDraft(name=name, list_price=price) for name, price in prices.items()])
    processes = [install_template(SYSTEM, key) for key in TEMPLATES]
    return Company(
        reps=[person.pk for person in reps],
        weights=_weights(random, len(reps)),
        departments={person.pk: person.department_id for person in reps},
        pool=standard_pool(PUBLIC).pk,
        products=dict(zip([item.product_id or 0 for item in added], prices.items(), strict=True)),
        stages=list(Stage.objects.filter(version__process=processes[0])),
        zone=clock.zone(),
    )


def _names(random: Random, count: int) -> list[str]:
    """Different names: an import finds an owner by his."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[person_name(random)] = None
    return list(found)


def _add(usernames: list[str], names, department: int, role: int, manager: int | None = None) -> list[Person]:
    signing_in = {DIRECTOR, MANAGER, REP}
    return add_people(
        SYSTEM,
        [
            PersonDraft(
                username=username,
                name=next(names),
                department_id=department,
                role_id=role,
                manager_id=manager,
                password=PASSWORD if username in signing_in else None,
            )
            for username in usernames
        ],
    )


def _weights(random: Random, count: int) -> list[float]:
    """The first rep has his share, the others more or less alike."""
    others = [random.uniform(0.5, 1.5) for _ in range(count - 1)]
    return [SHARE * sum(others) / (1 - SHARE), *others]
