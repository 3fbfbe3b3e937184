"""The first step of a company."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.foundation.org.events import CompanySetUp
from xiaocheng.foundation.org.models import Department, Person, Role
from xiaocheng.foundation.org.reorganise import take_turn
from xiaocheng.foundation.org.sight import rebuild_sight
from xiaocheng.foundation.org.standard_roles import make_standard_roles

from .departments import add_department
from .people import PersonDraft, add_person


@dataclass(frozen=True)
class Company:
    """What a fresh company consists of."""

    department: Department
    roles: dict[str, Role]
    administrator: Person


@transaction.atomic
def set_up_company(
    actor: Actor, name: str, *, username: str, person: str, password: str | None, email: str = ""
) -> Company:
    """Create the company's top department, the standard roles and the first administrator; once only."""
    if Department.objects.exists():
        raise RuleBroken(_("公司已经建立,不能再次初始化。"))
    department = add_department(actor, name, None)
    roles = make_standard_roles()
    administrator = add_person(
        actor,
        PersonDraft(
            username=username,
            name=person,
            department_id=department.pk,
            role_id=roles["administrator"].pk,
            password=password,
            email=email,
        ),
    )
    record(actor, CompanySetUp(department_id=department.pk, company=department.name))
    return Company(department, roles, administrator)


@transaction.atomic
def recompute_sight(actor: Actor) -> None:
    """Compute again who sees whom, should it ever be in doubt."""
    take_turn()
    actor.require(MANAGE_PEOPLE)
    rebuild_sight()
