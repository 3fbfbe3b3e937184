"""How many more customers somebody may claim: counted from the ledger, so that giving one back frees no claim."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken, Sentence
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.turns import take_turn

from .disputing import held
from .first_contact import FirstContactRules
from .models import Customer, OwnershipEpisode, Pool
from .rules import PoolRules

OWN = "the actor's own episodes, also of customers that he no longer sees"
A_DAY = _("今天已领取 %(count)s 位客户,达到公司的每日领取上限;%(day)s 零点起可以继续领取。")
A_DAY_HERE = _("今天已从「%(pool)s」领取 %(count)s 位,达到该公海的每日领取上限;%(day)s 零点起可以继续领取。")
HELD = _("领取后尚未成交的客户有 %(count)s 位,达到公司的领取保有上限;其中一位成交或转出后可以继续领取。")
HELD_HERE = _("从「%(pool)s」领取后尚未成交的有 %(count)s 位,达到该公海的保有上限;其中一位成交或转出后可以继续领取。")
LET_GO = ("lapse", "release")
DAY = dt.timedelta(days=1)


@dataclass
class Claims:
    """What a person has claimed: today, and what of it is still held without a deal; by the pool it came from."""

    today: Counter[int | None]
    held: Counter[int | None]
    limits: PoolRules
    tomorrow: dt.date

    @classmethod
    def of(cls, actor: Actor) -> Claims:
        """The claims of the actor as the ledger has them."""
        today = clock.today()
        mine = OwnershipEpisode.objects.beyond_sight(because=OWN).filter(
            person_id=actor.person_id or 0, started_cause="claim"
        )
        open_ones = Q(ended_at=None, customer__became_customer_on=None)
        counted = mine.filter(Q(started_at__gte=clock.instant(today)) | open_ones).values_list("from_pool")
        rows = counted.annotate(
            today=Count("pk", filter=Q(started_at__gte=clock.instant(today))), held=Count("pk", filter=open_ones)
        ).order_by()
        found = [(pool, new, kept) for pool, new, kept in rows]
        return cls(
            today=Counter({pool: new for pool, new, _kept in found}),
            held=Counter({pool: kept for pool, _new, kept in found}),
            limits=rules(PoolRules, today),
            tomorrow=today + DAY,
        )

    def refusal(self, pool: Pool) -> RuleBroken | None:
        """Which limit stands in the way of one more claim from a pool, and from when it no longer does."""
        for sentence, limit, count in self._limits(pool):
            if limit is not None and count >= limit:
                return RuleBroken(sentence % {"count": count, "pool": pool.name, "day": self.tomorrow.isoformat()})
        return None

    def left(self, pool: Pool) -> int | None:
        """How many more may be claimed from a pool now; None: any number."""
        limits = [(limit, count) for _sentence, limit, count in self._limits(pool)]
        return min((max(0, limit - count) for limit, count in limits if limit is not None), default=None)

    def _limits(self, pool: Pool) -> list[tuple[Sentence, int | None, int]]:
        """The sentence, the limit (None: there is none) and how far it is used up."""
        return [
            (A_DAY, self.limits.claims_a_day or None, self.today.total()),
            (A_DAY_HERE, pool.claims_a_day, self.today[pool.pk]),
            (HELD, self.limits.most_held or None, self.held.total()),
            (HELD_HERE, pool.most_held, self.held[pool.pk]),
        ]

    def add(self, row: Customer) -> None:
        """One more was claimed; whoever has bought already is not held without a deal."""
        self.today[row.pool_id] += 1
        self.held[row.pool_id] += row.became_customer_on is None


def let_go_at(person_id: int | None, customer_ids: Collection[int]) -> dict[int, dt.datetime]:
    """When somebody last let customers lapse or gave them up, by customer."""
    former = OwnershipEpisode.objects.beyond_sight(because=OWN).filter(
        customer__in=customer_ids, person_id=person_id or 0, ended_cause__in=LET_GO
    )
    return dict(former.values_list("customer").annotate(Max("ended_at")).order_by())


def cooling(row: Customer, let_go: Mapping[int, dt.datetime]) -> RuleBroken | None:
    """Who let a customer lapse or gave it up does not take it back at once: else the time limit would mean nothing."""
    at = let_go.get(row.pk)
    if at is None:
        return None
    days = row.pool.back_to_owner_days if row.pool else None
    if days is None:
        days = rules(FirstContactRules, clock.today()).back_to_owner_days
    again_on = clock.day_of(at) + days * DAY
    if again_on <= clock.today():
        return None
    told = {"day": again_on.isoformat(), "days": days}
    return RuleBroken(
        _("这位客户从您名下失效或被退回,原负责人冷却期 %(days)s 天,%(day)s 零点起您才能重新领取。") % told
    )


def refusal_of(row: Customer, claims: Claims, let_go: Mapping[int, dt.datetime]) -> RuleBroken | None:
    """Why the actor may not claim a customer that he sees; None: he may."""
    if row.pool is None:
        return RuleBroken(_("这位客户已经有负责人或正在待接待,不在公海中。"))
    if not row.pool.is_claimable:
        return RuleBroken(_("公海「%(pool)s」的客户只由主管分配,不能自行领取。") % {"pool": row.pool})
    return held(row) or cooling(row, let_go) or claims.refusal(row.pool)


def hold_claims(person_ids: Iterable[int | None]) -> None:
    """Let nobody else claim for these people until the transaction ends."""
    for pk in sorted({pk for pk in person_ids if pk is not None}):
        take_turn(f"claims of {pk}")
