"""Pools."""

from __future__ import annotations

from django.db.models import QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.selling.customers.models import Pool
from xiaocheng.selling.customers.models.pools import pools_of


def pools(actor: Actor) -> QuerySet[Pool]:
    """The pools whose customers the actor sees."""
    return pools_of(actor).order_by("pk")


def pool(actor: Actor, pool_id: int) -> Pool:
    """One pool."""
    row = pools(actor).filter(pk=pool_id).first()
    if row is None:
        raise NotFound
    return row


def pool_members(actor: Actor, pool_id: int) -> list[int]:
    """Who sees a pool that is not open to all."""
    return list(pool(actor, pool_id).members.values_list("person_id", flat=True))


def pool_choices(actor: Actor) -> list[tuple[int, str]]:
    """The pools for a form."""
    return list(pools(actor).values_list("pk", "name"))
