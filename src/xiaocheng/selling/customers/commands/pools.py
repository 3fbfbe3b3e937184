"""Pools."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.text import sort_key
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.foundation.org.queries import department_names, names_of
from xiaocheng.selling.customers.access import MANAGE_POOLS
from xiaocheng.selling.customers.events import PoolSaved
from xiaocheng.selling.customers.feeding import Feed, checked_feed
from xiaocheng.selling.customers.models import Pool, PoolMember
from xiaocheng.selling.customers.models.pools import pools_of

PUBLIC, IMPORTED = "public", "imported"
MOST_DAYS_OR_CUSTOMERS = 100_000
STANDARD = {PUBLIC: _("公海"), IMPORTED: _("导入待分配")}


def standard_pool(code: str) -> Pool:
    """The standard pool of a code ("public", "imported"), made when first needed; the imported one is handed out."""
    pool, _created = Pool.objects.get_or_create(
        code=code, defaults={"name": str(STANDARD[code]), "is_claimable": code == PUBLIC, "is_open": code == PUBLIC}
    )
    return pool


def pool_in_sight(actor: Actor, pool_id: int) -> Pool:
    """A pool that the actor sees, to put customers into."""
    pool: Pool | None = pools_of(actor).filter(pk=pool_id).first()
    if pool is None:
        raise RuleBroken(_("没有这个公海。"), field="pool_id")
    return pool


@dataclass(frozen=True)
class PoolLimits:
    """What a pool has of its own: None for claims leaves the company's limits alone, for days takes the company's."""

    claims_a_day: int | None = None
    most_held: int | None = None
    back_to_owner_days: int | None = None


NO_LIMITS = PoolLimits()
UNFED: Feed = {}


def add_pool(
    actor: Actor,
    name: str,
    *,
    is_claimable: bool,
    is_open: bool,
    members: Collection[int] = (),
    departments: Collection[int] = (),
    limits: PoolLimits = NO_LIMITS,
    feed: Feed = UNFED,
) -> Pool:
    """Add a pool."""
    with transaction.atomic():
        actor.require(MANAGE_POOLS)
        name = _checked_name(name)
        told = {"is_claimable": is_claimable, "is_open": is_open, "fed_by": checked_feed(feed), **_checked(limits)}
        pool = Pool(code=_free_code(name), name=name, **told)
        check_columns(pool)
        pool.save(force_insert=True)
        _set_members(pool, members, departments)
        record(actor, PoolSaved(pool_id=pool.pk, name=name))
    return pool


def edit_pool(
    actor: Actor,
    pool_id: int,
    version: int,
    *,
    name: str,
    is_claimable: bool,
    is_open: bool,
    members: Collection[int] = (),
    departments: Collection[int] = (),
    limits: PoolLimits = NO_LIMITS,
    feed: Feed = UNFED,
) -> Pool:
    """Rename a pool, or change who sees it, whether they may claim and how much, and who comes by himself."""
    with transaction.atomic():
        pool = Pool.objects.select_for_update().filter(pk=pool_id).first()
        if pool is None:
            raise NotFound
        actor.require(MANAGE_POOLS)
        told = {"is_claimable": is_claimable, "is_open": is_open, "fed_by": checked_feed(feed), **_checked(limits)}
        save_edit(pool, version, name=_checked_name(name), **told)
        _set_members(pool, members, departments)
        record(actor, PoolSaved(pool_id=pool.pk, name=pool.name))
    return pool


def _checked(limits: PoolLimits) -> dict[str, int | None]:
    values: dict[str, int | None] = dict(vars(limits))
    for name, value in values.items():
        least = 0 if name == "back_to_owner_days" else 1
        if value is not None and not least <= value <= MOST_DAYS_OR_CUSTOMERS:
            raise RuleBroken(_("请填写合理的数字;不另设时留空。"), field=name)
    return values


def _checked_name(name: str) -> str:
    if not name.strip():
        raise RuleBroken(_("请填写名称。"), field="name")
    return name.strip()


def _free_code(name: str) -> str:
    stem = "".join(c for c in sort_key(name) if c.isascii() and c.isalnum())[:30] or "pool"
    taken = set(Pool.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for code in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if code not in taken)


def _set_members(pool: Pool, members: Collection[int], departments: Collection[int]) -> None:
    people, units = set(names_of(members)), set(department_names(SYSTEM, departments))
    PoolMember.objects.filter(pool=pool).exclude(person__in=people).exclude(department__in=units).delete()
    rows = [PoolMember(pool=pool, person_id=pk) for pk in sorted(people)]
    rows += [PoolMember(pool=pool, department_id=pk) for pk in sorted(units)]
    PoolMember.objects.bulk_create(rows, ignore_conflicts=True)
