"""Customers are handed out: to one person, or to several in fair shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.org.queries import assignable
from xiaocheng.selling.customers.access import ASSIGN
from xiaocheng.selling.customers.disputing import held
from xiaocheng.selling.customers.models import Customer, Pool
from xiaocheng.selling.customers.sharing import EVEN, shared_out

from .outcomes import Outcome
from .ownership import hand_to
from .pools import pool_in_sight


def assign(actor: Actor, customer_ids: Sequence[int], owner_id: int) -> list[Outcome]:
    """Give customers to a person whom the actor may hand work to, with an outcome for each id."""
    return distribute(actor, customer_ids, [owner_id])


def distribute(actor: Actor, customer_ids: Sequence[int], owner_ids: Sequence[int], way: str = EVEN) -> list[Outcome]:
    """Share customers out among people whom the actor may hand work to, with an outcome for each id."""
    with transaction.atomic():
        rows = _locked(actor, customer_ids)
        actor.require(ASSIGN)
        _refuse_strangers(actor, owner_ids)
        wanted = [pk for pk in dict.fromkeys(customer_ids) if pk in rows and not held(rows[pk])]
        owners = shared_out(wanted, owner_ids, way)
        parts: dict[int, list[Customer]] = defaultdict(list)
        for pk in wanted:
            if rows[pk].owner_id != owners[pk]:
                parts[owners[pk]].append(rows[pk])
        for owner_id, part in parts.items():
            hand_to(actor, part, "assignment", owner_id=owner_id)
    return [_outcome(pk, rows, owners) for pk in customer_ids]


def move_to_pool(actor: Actor, customer_ids: Sequence[int], pool_id: int) -> list[Outcome]:
    """Move customers from the pools in which they are to another that the actor sees, with an outcome for each id."""
    with transaction.atomic():
        rows = _locked(actor, customer_ids)
        actor.require(ASSIGN)
        pool = pool_in_sight(actor, pool_id)
        refusals = {pk: _stays(row, pool) for pk, row in rows.items()}
        hand_to(actor, [row for pk, row in rows.items() if refusals[pk] is None], "moved", pool=pool)
    return [
        Outcome(row_id=pk) if pk in rows and refusals[pk] is None else Outcome(refusal=refusals.get(pk) or NotFound())
        for pk in customer_ids
    ]


def _locked(actor: Actor, customer_ids: Sequence[int]) -> dict[int, Customer]:
    seen = Customer.objects.visible_to(actor.in_own_right()).filter(pk__in=customer_ids, erased_at=None)
    return {row.pk: row for row in seen.select_for_update(of=("self",)).order_by("pk")}


def _stays(row: Customer, pool: Pool) -> RuleBroken | None:
    """Why a customer does not go to another pool."""
    if row.pool_id is None:
        return RuleBroken(_("这位客户已经有负责人或正在待接待,不在公海中。"))
    if row.pool_id == pool.pk:
        return RuleBroken(_("已经在这个公海中。"))
    return held(row)


def _refuse_strangers(actor: Actor, owner_ids: Sequence[int]) -> None:
    if not owner_ids or assignable(actor).filter(pk__in=owner_ids).count() < len(set(owner_ids)):
        raise RuleBroken(_("请选择您团队中的在职人员。"), field="owner_ids")


def _outcome(customer_id: int, rows: Mapping[int, Customer], owners: Mapping[int, int]) -> Outcome:
    """What became of a customer; `rows` still hold the former owners."""
    if customer_id not in rows:
        return Outcome(refusal=NotFound())
    if refusal := held(rows[customer_id]):
        return Outcome(refusal=refusal)
    if rows[customer_id].owner_id == owners[customer_id]:
        return Outcome(refusal=RuleBroken(_("已经由这个人负责。")), existing_id=customer_id)
    return Outcome(row_id=customer_id)
