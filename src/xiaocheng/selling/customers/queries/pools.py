"""Pools: what is in them, who took out and put in, and how much somebody may still take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.periods import Period, period
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import names_of as people_names
from xiaocheng.selling.customers.claiming import Claims, let_go_at, refusal_of
from xiaocheng.selling.customers.first_contact import FirstContactRules
from xiaocheng.selling.customers.models import Customer, OwnershipEpisode, Pool
from xiaocheng.selling.customers.models.pools import pools_of
from xiaocheng.selling.customers.releasing import refusal_of as release_refusal


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
    """Who sees a pool that is not open to all, besides whole departments."""
    rows = pool(actor, pool_id).members.filter(person__isnull=False)
    return list(rows.values_list("person_id", flat=True))


def pool_departments(actor: Actor, pool_id: int) -> list[int]:
    """The departments, with all below them, that see a pool that is not open to all."""
    rows = pool(actor, pool_id).members.filter(department__isnull=False)
    return list(rows.values_list("department_id", flat=True))


def pool_choices(actor: Actor) -> list[tuple[int, str]]:
    """The pools for a form."""
    return list(pools(actor).values_list("pk", "name"))


@dataclass(frozen=True)
class PoolState:
    """A pool in figures: customers in it, come and gone this week."""

    pool: Pool
    size: int
    came: int
    went: int


def pool_states(actor: Actor, rows: Sequence[Pool]) -> list[PoolState]:
    """Pools that the actor sees, in figures: they count every customer, whoever sent or took it."""
    since = clock.instant(period("week", clock.today()).first)
    inside = Customer.objects.visible_to(actor).filter(pool__in=rows).values_list("pool").annotate(Count("pk"))
    moved = OwnershipEpisode.objects.beyond_sight(because="how many came and went tells of nobody")
    moved = moved.filter(started_at__gte=since)
    sizes = dict(inside.order_by())
    came = dict(moved.filter(pool__in=rows).values_list("pool").annotate(Count("pk")).order_by())
    went = dict(moved.filter(from_pool__in=rows).values_list("from_pool").annotate(Count("pk")).order_by())
    return [PoolState(row, sizes.get(row.pk, 0), came.get(row.pk, 0), went.get(row.pk, 0)) for row in rows]


@dataclass(frozen=True)
class Allowance:
    """What a person may still claim from a pool now (None: any number), and what its claims have come to."""

    pool: Pool
    left: int | None
    claimed_today: int
    held: int
    back_to_owner_days: int


def allowances(actor: Actor, rows: Sequence[Pool]) -> list[Allowance]:
    """What the actor may still claim from pools."""
    claims, company = Claims.of(actor), rules(FirstContactRules, clock.today())

    def days(row: Pool) -> int:
        return company.back_to_owner_days if row.back_to_owner_days is None else row.back_to_owner_days

    return [Allowance(row, claims.left(row), claims.today[row.pk], claims.held[row.pk], days(row)) for row in rows]


def claimable(actor: Actor, customer_ids: Sequence[int]) -> list[tuple[Customer, RuleBroken | None]]:
    """The visible ones among customers, in the order given, each with why the actor cannot claim it now; None: he can.

    As if all that can be were claimed: the limits count those further up.
    """
    seen = Customer.objects.visible_to(actor).filter(pk__in=customer_ids).select_related("pool")
    rows = {row.pk: row for row in seen}
    claims, let_go = Claims.of(actor), let_go_at(actor.person_id, rows)
    found = []
    for pk in dict.fromkeys(customer_ids):
        row = rows.get(pk)
        if row is not None:
            refusal = refusal_of(row, claims, let_go)
            if refusal is None:
                claims.add(row)
            found.append((row, refusal))
    return found


def releasable(actor: Actor, customer_ids: Sequence[int]) -> list[tuple[Customer, RuleBroken | None]]:
    """The visible ones among customers, in the order given, each with why the actor cannot give it up; None: he can."""
    seen = Customer.objects.visible_to(actor).filter(pk__in=customer_ids).select_related("owner")
    rows = {row.pk: row for row in seen}
    return [(rows[pk], release_refusal(actor, rows[pk])) for pk in dict.fromkeys(customer_ids) if pk in rows]


def oldest_in_pool(actor: Actor, pool_id: int, count: int) -> list[int]:
    """The customers that have been known the longest among those of a pool that the actor sees."""
    inside = Customer.objects.visible_to(actor).filter(pool_id=pool(actor, pool_id).pk)
    return list(inside.order_by("pk").values_list("pk", flat=True)[:count])


def ledger(actor: Actor, pool_id: int | None = None, way: str = "") -> QuerySet[OwnershipEpisode]:
    """What came into a pool ("in") and left it ("out"), the latest first, as far as the actor sees whose it was.

    Without a pool: of all the pools that the actor sees.
    """
    chosen = [pool(actor, pool_id)] if pool_id else pools(actor).values("pk")
    came, went = Q(pool__in=chosen), Q(from_pool__in=chosen)
    wanted = {"in": came, "out": went}.get(way, came | went)
    rows: QuerySet[OwnershipEpisode] = OwnershipEpisode.objects.visible_to(actor).filter(wanted)
    return rows.order_by("-pk")


@dataclass
class Turnover:
    """What one person took out of a pool and put into it; `net` is what he has more than before."""

    person_id: int
    name: str
    claimed: int = 0
    given: int = 0
    returned: int = 0
    lapsed: int = 0

    @property
    def net(self) -> int:
        """Out of the pool less into it."""
        return self.claimed + self.given - self.returned - self.lapsed


def turnover(actor: Actor, pool_id: int, during: Period) -> list[Turnover]:
    """Who took how much out of a pool and put how much into it, whoever took most first; by whom the actor sees."""
    since, until = clock.bounds(during.first, during.last)
    rows = ledger(actor, pool_id).filter(started_at__gte=since, started_at__lt=until).order_by()
    out = rows.filter(from_pool=pool_id, person__isnull=False).values_list("person", "started_cause")
    back = rows.filter(pool=pool_id, former__isnull=False).values_list("former", "started_cause")
    found: dict[int, Turnover] = {}
    for counted, columns in ((out, {"claim": "claimed"}), (back, {"lapse": "lapsed"})):
        usual = "given" if counted is out else "returned"
        for person, cause, count in counted.annotate(Count("pk")):
            line = found.setdefault(person, Turnover(person, ""))
            column = columns.get(cause, usual)
            setattr(line, column, getattr(line, column) + count)
    names = people_names(found)
    for person, line in found.items():
        line.name = names.get(person, "")
    return sorted(found.values(), key=lambda line: (-line.claimed - line.given, line.name))
