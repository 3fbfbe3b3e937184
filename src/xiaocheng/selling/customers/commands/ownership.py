"""Who is responsible for a customer changes: assignment, claim, release, handover. One episode ends, one begins."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.org.queries import assignable, names_of
from xiaocheng.selling.customers.access import ASSIGN, CLAIM, RELEASE
from xiaocheng.selling.customers.events import OwnerChanged
from xiaocheng.selling.customers.models import Customer, OwnershipEpisode, Pool
from xiaocheng.selling.customers.models.pools import pools_of

from .outcomes import Outcome
from .pools import PUBLIC, standard_pool


def assign(actor: Actor, customer_ids: Sequence[int], owner_id: int) -> list[Outcome]:
    """Give customers to a person whom the actor may hand work to, with an outcome for each id."""
    with transaction.atomic():
        rows = {row.pk: row for row in Customer.objects.visible_to(actor.in_own_right()).filter(pk__in=customer_ids)
                .select_for_update(of=("self",))}  # fmt: skip
        actor.require(ASSIGN)
        if not assignable(actor).filter(pk=owner_id).exists():
            raise RuleBroken(_("请选择您团队中的一位在职人员。"), field="owner_id")
        outcomes = [_assignable(rows.get(pk), owner_id, pk) for pk in customer_ids]
        chosen = dict.fromkeys(outcome.row_id for outcome in outcomes if outcome.refusal is None)
        _hand_to(actor, [rows[pk] for pk in chosen if pk is not None], "assignment", owner_id=owner_id)
    return outcomes


def claim(actor: Actor, customer_id: int) -> Customer:
    """Take a customer out of a claimable pool; of several who try at once exactly one succeeds."""
    with transaction.atomic():
        row: Customer = Customer.objects.one(actor.in_own_right(), customer_id)
        actor.require(CLAIM)
        if row.pool is None or actor.person_id is None:
            raise RuleBroken(_("这位客户已经有负责人,不在公海中。"))
        if not row.pool.is_claimable:
            raise RuleBroken(_("公海「%(pool)s」的客户由管理员分配,不能自行领取。") % {"pool": row.pool})
        in_pool = Customer.objects.beyond_sight(because="the condition lets exactly one claim win")
        if not in_pool.filter(pk=row.pk, owner=None, pool_id=row.pool_id).update(
            owner_id=actor.person_id, pool_id=None
        ):
            raise RuleBroken(_("这位客户刚刚被别人领取了。"))
        _turn_the_page(actor, [row], "claim", owner_id=actor.person_id)
    row.refresh_from_db()
    return row


def release(actor: Actor, customer_id: int, pool_id: int | None = None) -> None:
    """Give a customer up to a pool; by its owner or by somebody who has the owner in sight."""
    with transaction.atomic():
        row = Customer.objects.locked(actor, customer_id)
        actor.require(RELEASE)
        if row.owner_id is None:
            raise RuleBroken(_("这位客户没有负责人,已在公海中。"))
        if not actor.sight.sees_person(row.owner_id):
            raise RuleBroken(_("只有负责人或其上级可以把客户退回公海。"))
        pool = standard_pool(PUBLIC) if pool_id is None else pools_of(actor).filter(pk=pool_id).first()
        if pool is None:
            raise RuleBroken(_("没有这个公海。"), field="pool_id")
        _hand_to(actor, [row], "release", pool=pool)


def hand_over(actor: Actor, from_id: int, to_id: int) -> tuple[int, ...]:
    """Give all customers of a person who left to the successor; called by the handover, which was allowed."""
    with transaction.atomic():
        theirs = Customer.objects.beyond_sight(because="a handover moves every customer of the person")
        rows = list(theirs.filter(owner_id=from_id).select_for_update().order_by("pk"))
        _hand_to(actor, rows, "handover", owner_id=to_id)
    return tuple(row.pk for row in rows)


def _assignable(row: Customer | None, owner_id: int, customer_id: int) -> Outcome:
    if row is None:
        return Outcome(refusal=NotFound())
    if row.owner_id == owner_id:
        return Outcome(refusal=RuleBroken(_("已经由这个人负责。")), existing_id=customer_id)
    return Outcome(row_id=customer_id)


def _hand_to(
    actor: Actor, rows: Sequence[Customer], cause: str, *, owner_id: int | None = None, pool: Pool | None = None
) -> None:
    ids = [row.pk for row in rows]
    moved = Customer.objects.beyond_sight(because="the rows were loaded and allowed before").filter(pk__in=ids)
    moved.update(owner_id=owner_id, pool=pool, is_awaiting=False)
    _turn_the_page(actor, rows, cause, owner_id=owner_id, pool=pool)


def _turn_the_page(
    actor: Actor, rows: Sequence[Customer], cause: str, *, owner_id: int | None = None, pool: Pool | None = None
) -> None:
    """End the open episodes, begin new ones, tell the upper modules; `rows` still hold the former owner and pool."""
    at = clock.now()
    ids = [row.pk for row in rows]
    episodes = OwnershipEpisode.objects.beyond_sight(because="the customers were loaded and allowed before")
    episodes.filter(customer__in=ids, ended_at=None).update(ended_at=at, ended_cause=cause, successor_id=owner_id)
    OwnershipEpisode.objects.add_many(
        [
            OwnershipEpisode(
                customer_id=pk,
                person_id=owner_id,
                pool=pool,
                started_at=at,
                started_by_id=actor.person_id,
                started_cause=cause,
            )
            for pk in ids
        ]
    )
    record(actor, *_events(rows, cause, owner_id, pool))


def _events(rows: Sequence[Customer], cause: str, owner_id: int | None, pool: Pool | None) -> list[OwnerChanged]:
    people = names_of({owner_id, *(row.owner_id for row in rows)})
    pools = dict(Pool.objects.values_list("pk", "name"))
    to_name = pool.name if pool else people.get(owner_id or 0, "")
    return [
        OwnerChanged(
            customer_id=row.pk,
            from_id=row.owner_id,
            to_id=owner_id,
            pool_id=pool.pk if pool else None,
            cause=cause,
            from_name=people.get(row.owner_id or 0) or pools.get(row.pool_id or 0, "—"),
            to_name=to_name,
        )
        for row in rows
    ]
