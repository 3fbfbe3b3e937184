"""Who is responsible for a customer changes: one episode ends, one begins. All ways lead through `hand_to`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, Value, When

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import Moved, record
from xiaocheng.foundation.org.queries import names_of
from xiaocheng.selling.customers.events import OwnerChanged
from xiaocheng.selling.customers.models import Customer, OwnershipEpisode, Pool

from .dispute_ends import follow_owner
from .question_ends import ask_the_next
from .team import end_team_work


def hand_over(actor: Actor, from_id: int, to_id: int) -> tuple[int, ...]:
    """Give all customers of a person who left to the successor; called by the handover, which was allowed."""
    with transaction.atomic():
        theirs = Customer.objects.beyond_sight(because="a handover moves every customer of the person")
        rows = list(theirs.filter(owner_id=from_id).select_for_update().order_by("pk"))
        hand_to(actor, rows, "handover", owner_id=to_id)
    return tuple(row.pk for row in rows)


@dataclass(frozen=True)
class Why:
    """What somebody says about giving a customer up: a code of the list of reasons, and his own words."""

    reason: str = ""
    note: str = ""


UNSAID = Why()


def hand_to(
    actor: Actor,
    rows: Sequence[Customer],
    cause: str,
    *,
    owner_id: int | None = None,
    pool: Pool | None = None,
    why: Why = UNSAID,
) -> list[Moved]:
    """Give customers that were loaded, locked and allowed to a person or a pool; without either they await reception.

    Returns what followed them in the modules above.

    Every change of ownership comes through here: the open episode ends, the next begins, nothing lies between.
    """
    if not rows:
        return []
    ids = [row.pk for row in rows]
    moved = Customer.objects.beyond_sight(because="the rows were loaded and allowed before").filter(pk__in=ids)
    moved.update(
        owner_id=owner_id,
        pool=pool,
        is_awaiting=owner_id is None and pool is None,
        clock_since=_begins(owner_id),
        unpaid_since=Case(When(unpaid_since__isnull=False, then=Value(clock.now()))),
        extended_to=None,
    )
    end_team_work(actor, rows, owner_id)
    follow_owner(actor, rows, owner_id)
    ask_the_next(actor, rows, owner_id)
    return _turn_the_page(actor, rows, cause, owner_id, pool, why)


def _begins(owner_id: int | None) -> Case | None:
    """The time limit of a new owner begins now, unless the customer has made its first deal."""
    return Case(When(became_customer_on__isnull=True, then=Value(clock.now()))) if owner_id else None


def _turn_the_page(
    actor: Actor, rows: Sequence[Customer], cause: str, owner_id: int | None, pool: Pool | None, why: Why
) -> list[Moved]:
    """End the open episodes, begin new ones, tell the upper modules; `rows` still hold the former owner and pool."""
    at = clock.now()
    episodes = OwnershipEpisode.objects.beyond_sight(because="the customers were loaded and allowed before")
    episodes.filter(customer__in=[row.pk for row in rows], ended_at=None).update(
        ended_at=at, ended_cause=cause, successor_id=owner_id
    )
    OwnershipEpisode.objects.add_many(
        [
            OwnershipEpisode(
                customer_id=row.pk,
                person_id=owner_id,
                pool=pool,
                started_at=at,
                started_by_id=actor.person_id,
                started_cause=cause,
                former_id=row.owner_id,
                from_pool_id=row.pool_id,
                reason=why.reason,
                note=why.note,
            )
            for row in rows
        ]
    )
    return record(actor, *_events(rows, cause, owner_id, pool, why.reason))


def _events(
    rows: Sequence[Customer], cause: str, owner_id: int | None, pool: Pool | None, reason: str
) -> list[OwnerChanged]:
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
            reason=reason,
        )
        for row in rows
    ]
