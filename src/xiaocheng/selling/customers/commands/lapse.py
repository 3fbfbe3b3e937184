"""What the clock does to customers: left without contact too long they lapse; taken by nobody they go to the pool."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.bulk import in_sets
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import actor_for, anybody_on_duty, next_workday, people, supervisors_of
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.events import CustomerNearLapse, TeamNearLapse
from xiaocheng.selling.customers.feeding import fed_pools, lapsed_from, waited_from
from xiaocheng.selling.customers.first_contact import POOL, FirstContactRules
from xiaocheng.selling.customers.models import Customer, Extension, OwnershipEpisode, Pool
from xiaocheng.selling.customers.models.extensions import ASKED
from xiaocheng.selling.customers.queries import customers

from .ownership import hand_to
from .pools import PUBLIC, standard_pool

SWEEP = "the time limit applies to every customer, whoever looks"
SET = 2000  # customers of one transaction: others wait meanwhile
DAY = dt.timedelta(days=1)


def lapse_overdue(actor: Actor) -> int:
    """Let every customer lapse whose time limit has passed; may be repeated at any time. Gives how many lapsed.

    They await a reception, or the hour at which they are handed out, where a roster says who receives; else, or by the
    rule for their level, they go to a pool: the first one in order that takes them, else the public one.
    """
    actor.require_system()
    today = clock.today()
    limits = rules(FirstContactRules, today)
    if not limits.is_on:
        return 0
    overdue = limits.overdue(today) & _not_held(limits)
    to_pool = overdue & limits.goes(POOL) if anybody_on_duty(today) else overdue
    pooled = sum(_move_all(actor, to_pool & lapsed_from(pool.fed_by), "lapse", pool) for pool in fed_pools())
    pooled += _move_all(actor, to_pool, "lapse", standard_pool(PUBLIC))
    return pooled + _move_all(actor, overdue, "lapse", None)


def end_waiting(actor: Actor) -> int:
    """Put customers into a pool that have awaited a reception for longer than the rule says; gives how many."""
    actor.require_system()
    today = clock.today()
    limits = rules(FirstContactRules, today)
    episodes = OwnershipEpisode.objects.beyond_sight(because=SWEEP).filter(ended_at=None, person=None, pool=None)
    waiting = Q(is_awaiting=True, episodes__in=episodes.filter(started_at__lt=_waits_since(limits, today)))
    waiting &= limits.moves
    moved = sum(_move_all(actor, waiting & waited_from(pool.fed_by), "awaiting", pool) for pool in fed_pools())
    return moved + _move_all(actor, waiting, "awaiting", standard_pool(PUBLIC))


def warn_owners(actor: Actor, today: dt.date) -> int:
    """Note which customers lapse in so many days, for their owners to hear; each once. Gives how many customers.

    Those who supervise the owners hear once a day how many of their teams' are about to.
    """
    actor.require_system()
    limits = rules(FirstContactRules, today)
    if not limits.is_on or not limits.warn_days:
        return 0
    then = today + limits.warn_days * DAY
    near = _all().filter(limits.overdue(then)).exclude(limits.overdue(then - DAY))
    found = near.order_by("owner_id", "pk").values_list("pk", "owner_id")
    with transaction.atomic():
        record(actor, *(CustomerNearLapse(customer_id=pk, owner_id=owner, on=then) for pk, owner in found))
        teams = _near_by_supervisor(limits.overdue(then), today)
        if teams:
            record(actor, TeamNearLapse(on=then, by_supervisor=teams))
    return len(found)


def _near_by_supervisor(near: Q, today: dt.date) -> dict[str, int]:
    """How many customers are about to lapse that each supervisor of an owner sees in his list."""
    owners = set(_all().filter(near).order_by().values_list("owner_id", flat=True).distinct())
    above = {pk for signers in supervisors_of(owners, today).values() for pk in signers}
    found: dict[str, int] = {}
    for person in people(SYSTEM).filter(pk__in=above):
        there = actor_for(person)
        count = customers(there, "near").order_by().count() if there.can(SEE) else 0
        found |= {str(person.pk): count} if count else {}
    return found


def _not_held(limits: FirstContactRules) -> Q:
    """Where the company wants it so, customers wait whose owner's request for more time waits."""
    if not limits.waiting_holds:
        return Q()
    asked = Extension.objects.beyond_sight(because=SWEEP).filter(state=ASKED, episode__ended_at=None)
    return ~Q(pk__in=asked.values("episode__customer"))


def _waits_since(limits: FirstContactRules, today: dt.date) -> dt.datetime:
    """Who awaits since before this instant has done so for longer than the rule says."""
    day = today
    while next_workday(day, limits.awaiting_days + 1) > today:
        day -= DAY
    return clock.instant(day + DAY)


def _all() -> QuerySet[Customer]:
    return Customer.objects.beyond_sight(because=SWEEP)


def _move_all(actor: Actor, condition: Q, cause: str, pool: Pool | None) -> int:
    """Move the customers that fit, some at a time."""
    ids = list(_all().filter(condition).order_by("pk").values_list("pk", flat=True))
    return sum(_move(actor, some, condition, cause, pool) for some in in_sets(ids, SET))


def _move(actor: Actor, ids: Sequence[int], condition: Q, cause: str, pool: Pool | None) -> int:
    """Move those that still fit when their rows are locked."""
    with transaction.atomic():
        rows = list(_all().filter(condition, pk__in=ids).select_for_update(of=("self",)).order_by("pk"))
        hand_to(actor, rows, cause, pool=pool)
    return len(rows)
