"""Roles: what each post may do, must do and should be able to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor, capabilities, standard_capabilities
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.foundation.org.events import RoleSaved
from xiaocheng.foundation.org.manageable import check_somebody_manages
from xiaocheng.foundation.org.models import Role
from xiaocheng.foundation.org.reorganise import take_turn


@transaction.atomic
def add_role(
    actor: Actor,
    name: str,
    *,
    allowed: Iterable[str] = (),
    duties: str = "",
    skills: Sequence[str] = (),
    signing_limit: Decimal | None = None,
) -> Role:
    """Add a role of the company's own."""
    actor.require(MANAGE_PEOPLE)
    values = _values(name, allowed, duties, skills, signing_limit, None)
    role = Role(code=f"own-{get_random_string(8).lower()}", offered=[item.key for item in capabilities()], **values)
    check_columns(role, {"name", "signing_limit"})
    role.save(force_insert=True)
    record(actor, RoleSaved(role_id=role.pk, name=role.name, added=tuple(role.capabilities), removed=()))
    return role


@transaction.atomic
def edit_role(
    actor: Actor,
    role_id: int,
    version: int,
    *,
    name: str,
    allowed: Iterable[str],
    duties: str = "",
    skills: Sequence[str] = (),
    signing_limit: Decimal | None = None,
) -> Role:
    """Change a role; everybody who holds it has the new capabilities with the next click."""
    take_turn()
    role = Role.objects.filter(pk=role_id).first()
    if role is None:
        raise NotFound
    actor.require(MANAGE_PEOPLE)
    before = set(role.capabilities)
    save_edit(role, version, **_values(name, allowed, duties, skills, signing_limit, role))
    check_somebody_manages()
    after = set(role.capabilities)
    record(
        actor,
        RoleSaved(
            role_id=role.pk, name=role.name, added=tuple(sorted(after - before)), removed=tuple(sorted(before - after))
        ),
    )
    return role


@transaction.atomic
def offer_new_capabilities(actor: Actor) -> list[Role]:
    """Give the standard roles what a new version declares for them, once; returns those that gained something.

    What the company took away from a role stays away, and roles of its own gain nothing by themselves.
    """
    take_turn()
    actor.require(MANAGE_PEOPLE)
    declared = [item.key for item in capabilities()]
    gained = []
    for role in Role.objects.exclude(offered=declared):
        before = set(role.capabilities)
        new = set(declared) - set(declared if role.offered is None else role.offered)
        after = before | (new & set(standard_capabilities(role.code)))
        save_edit(role, role.edit_version, capabilities=sorted(after), offered=declared)
        if after > before:
            added = tuple(sorted(after - before))
            record(actor, RoleSaved(role_id=role.pk, name=role.name, added=added, removed=()))
            gained.append(role)
    return gained


def _values(
    name: str,
    allowed: Iterable[str],
    duties: str,
    skills: Sequence[str],
    signing_limit: Decimal | None,
    role: Role | None,
) -> dict[str, Any]:
    if not name.strip():
        raise RuleBroken(_("请填写角色名称。"), field="name")
    if Role.objects.filter(name=name.strip()).exclude(pk=role.pk if role else 0).exists():
        raise RuleBroken(_("已有同名角色。"), field="name")
    chosen = set(allowed)
    known = {item.key for item in capabilities()}
    if not chosen <= known:
        raise RuleBroken(_("有不认识的权限,请刷新页面后重试。"), field="allowed")
    if signing_limit is not None and signing_limit < 0:
        raise RuleBroken(_("签批额度不能为负。"), field="signing_limit")
    return {
        "name": name.strip(),
        "capabilities": sorted(chosen),
        "duties": duties.strip(),
        "skills": list(skills),
        "signing_limit": signing_limit,
    }
