"""Somebody takes customers out of a pool."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.org.queries import actor_for, person
from xiaocheng.selling.customers.access import CLAIM
from xiaocheng.selling.customers.claiming import Claims, hold_claims, let_go_at, refusal_of
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.customers.models.pools import pools_of

from .outcomes import Outcome
from .ownership import hand_to

RACE = "the actor saw these customers; whoever was faster may have them now"
MOST = 2000  # rows of one transaction: others wait meanwhile


def claim(actor: Actor, customer_id: int) -> Customer:
    """Take a customer out of a claimable pool; of several who try at once exactly one succeeds."""
    outcome = claim_many(actor, [customer_id])[0]
    if outcome.refusal is not None:
        raise outcome.refusal
    row: Customer = Customer.objects.one(actor, customer_id)
    return row


def claim_many(actor: Actor, customer_ids: Sequence[int]) -> list[Outcome]:
    """Take up to 2,000 customers out of pools, as far as the limits go, with an outcome for each id."""
    if len(customer_ids) > MOST:
        raise ValueError(f"at most {MOST} in one set")
    with transaction.atomic():
        seen = set(_visible_ids(actor, customer_ids))
        actor.require(CLAIM)
        hold_claims([actor.person_id])  # nobody slips past his own limit by claiming twice at once
        rows = _locked(seen)
        claims, let_go = Claims.of(actor), let_go_at(actor.person_id, seen)
        decided = [_decide(actor, rows.pop(pk, None), pk in seen, claims, let_go) for pk in customer_ids]
        hand_to(actor, [row for row, _outcome in decided if row], "claim", owner_id=actor.person_id)
    return [outcome for _row, outcome in decided]


def _visible_ids(actor: Actor, customer_ids: Sequence[int]) -> list[int]:
    seen = Customer.objects.visible_to(actor.in_own_right()).filter(pk__in=customer_ids)
    return list(seen.values_list("pk", flat=True))


def _locked(customer_ids: set[int]) -> dict[int, Customer]:
    """The customers as they stand once nobody else can change them: whoever was faster is seen here."""
    rows = Customer.objects.beyond_sight(because=RACE).filter(pk__in=customer_ids).select_related("pool")
    return {row.pk: row for row in rows.select_for_update(of=("self",)).order_by("pk")}


def _decide(
    actor: Actor, row: Customer | None, is_seen: bool, claims: Claims, let_go: dict[int, dt.datetime]
) -> tuple[Customer | None, Outcome]:
    """The customer if the actor gets it, and what becomes of it; an id that was named before is his by then."""
    if not is_seen:
        return None, Outcome(refusal=NotFound())
    refusal = RuleBroken(_("同一位客户只能领取一次。")) if row is None else refusal_of(row, claims, let_go)
    if row is None or refusal is not None or row.pool is None or actor.person_id is None:
        return None, Outcome(refusal=refusal or NotFound())
    claims.add(row)
    return row, Outcome(row_id=row.pk)


def takes_guest(actor: Actor, person_id: int, row: Customer) -> bool:
    """True when somebody who receives a customer of a pool may claim it: he sees the pool and is within all limits."""
    receiver = actor if person_id == actor.person_id else actor_for(person(actor, person_id))
    if row.pool_id is None or not receiver.can(CLAIM) or not pools_of(receiver).filter(pk=row.pool_id).exists():
        return False
    return refusal_of(row, Claims.of(receiver), let_go_at(person_id, [row.pk])) is None
