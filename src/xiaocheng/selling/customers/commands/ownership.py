"""Who is responsible for a customer changes: assignment, claim, release, handover. One episode ends, one begins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Case, Max, Value, When
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import assignable, is_on_duty, names_of
from xiaocheng.selling.customers.access import ASSIGN, CLAIM, RELEASE
from xiaocheng.selling.customers.events import OwnerChanged
from xiaocheng.selling.customers.first_contact import FirstContactRules
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
        hand_to(actor, [rows[pk] for pk in chosen if pk is not None], "assignment", owner_id=owner_id)
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
        _refuse_former_owner(actor, row)
        _take(actor, row, "claim")
    row.refresh_from_db()
    return row


def receive(actor: Actor, customer_id: int) -> Customer:
    """Take a customer that awaits reception, as one of those on duty today; of several at once exactly one succeeds."""
    with transaction.atomic():
        row: Customer = Customer.objects.one(actor.in_own_right(), customer_id)
        actor.require(CLAIM)
        if not row.is_awaiting or actor.person_id is None:
            raise RuleBroken(_("这位客户不在待接待中。"))
        if not is_on_duty(actor.person_id, clock.today()):
            raise RuleBroken(_("待接待的客户由今天的当值人员接待。"))
        _refuse_former_owner(actor, row)
        _take(actor, row, "reception")
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
        hand_to(actor, [row], "release", pool=pool)


def hand_over(actor: Actor, from_id: int, to_id: int) -> tuple[int, ...]:
    """Give all customers of a person who left to the successor; called by the handover, which was allowed."""
    with transaction.atomic():
        theirs = Customer.objects.beyond_sight(because="a handover moves every customer of the person")
        rows = list(theirs.filter(owner_id=from_id).select_for_update().order_by("pk"))
        hand_to(actor, rows, "handover", owner_id=to_id)
    return tuple(row.pk for row in rows)


def _refuse_former_owner(actor: Actor, row: Customer) -> None:
    """Who let a customer lapse or gave it up does not take it back at once: else the time limit would mean nothing."""
    days = rules(FirstContactRules, clock.today()).back_to_owner_days
    former = OwnershipEpisode.objects.beyond_sight(because="the actor's own episodes").filter(
        customer_id=row.pk, person_id=actor.person_id, ended_cause__in=["lapse", "release"]
    )
    last = former.aggregate(last=Max("ended_at"))["last"]
    again_on = clock.day_of(last) + dt.timedelta(days=days) if last else clock.today()
    if again_on > clock.today():
        raise RuleBroken(_("这位客户从您名下失效或被退回,%(day)s 起您才能重新领取。") % {"day": again_on.isoformat()})


def _take(actor: Actor, row: Customer, cause: str) -> None:
    """Make the actor the owner, unless somebody else has become it meanwhile."""
    free = Customer.objects.beyond_sight(because="the condition lets exactly one claim win")
    if not free.filter(pk=row.pk, owner=None, pool_id=row.pool_id, is_awaiting=row.is_awaiting).update(
        owner_id=actor.person_id, pool_id=None, is_awaiting=False, clock_since=_begins(actor.person_id)
    ):
        raise RuleBroken(_("这位客户刚刚被别人领取了。"))
    _turn_the_page(actor, [row], cause, owner_id=actor.person_id)


def _assignable(row: Customer | None, owner_id: int, customer_id: int) -> Outcome:
    if row is None:
        return Outcome(refusal=NotFound())
    if row.owner_id == owner_id:
        return Outcome(refusal=RuleBroken(_("已经由这个人负责。")), existing_id=customer_id)
    return Outcome(row_id=customer_id)


def hand_to(
    actor: Actor, rows: Sequence[Customer], cause: str, *, owner_id: int | None = None, pool: Pool | None = None
) -> None:
    """Give customers that were loaded and allowed to a person or a pool; without either they await reception."""
    if not rows:
        return
    ids = [row.pk for row in rows]
    moved = Customer.objects.beyond_sight(because="the rows were loaded and allowed before").filter(pk__in=ids)
    moved.update(
        owner_id=owner_id, pool=pool, is_awaiting=owner_id is None and pool is None, clock_since=_begins(owner_id)
    )
    _turn_the_page(actor, rows, cause, owner_id=owner_id, pool=pool)


def _begins(owner_id: int | None) -> Case | None:
    """The time limit of a new owner begins now, unless the customer has made its first deal."""
    return Case(When(became_customer_on__isnull=True, then=Value(clock.now()))) if owner_id else None


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
