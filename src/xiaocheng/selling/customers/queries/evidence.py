"""What a dispute is decided by: whose the customer was, which contacts kept the time limit, when it passed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import Delegation, deputies_of
from xiaocheng.selling.customers.first_contact import PAID, FirstContactRules
from xiaocheng.selling.customers.models import Customer, CustomerMember, Dispute, OwnershipEpisode, Reception
from xiaocheng.selling.customers.models.extensions import GRANTED
from xiaocheng.selling.customers.models.reception import AS_CONTACT, Channel

SHOWN = "the dispute was shown to the actor; of others' contacts it is only judged whether they count"
COUNTS, ONE_WAY, OTHER_KIND, NOT_THE_OWNERS, SOLD, AFTERWARDS, LATE_DEVICE = (
    "counts", "one_way", "other_kind", "not_the_owners", "sold", "afterwards", "late_device",
)  # fmt: skip
JUDGEMENTS = {
    COUNTS: _("有效"),
    ONE_WAY: _("单向联系,没有联系上"),
    OTHER_KIND: _("这种方式不计入时限"),
    NOT_THE_OWNERS: _("不是当时的负责人、代理人或协作人员"),
    SOLD: _("已成交,不再计时"),
    AFTERWARDS: _("这段归属结束之后才记录"),
    LATE_DEVICE: _("当时已在离线设备上记录,结束之后才送达"),
}
LONGEST = dt.timedelta(days=366)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Touch:
    """A contact as evidence: who, when it happened, when it was recorded, how, and whether it went both ways."""

    person_id: int
    at: dt.datetime
    recorded_at: dt.datetime
    kind: str
    two_way: bool = True
    queued_at: dt.datetime | None = None  # on a device without connection


@dataclass(frozen=True)
class ClockThen:
    """How the time limit ran for whoever had the customer before the disputed moment."""

    episode: OwnershipEpisode
    last_contact_at: dt.datetime | None  # the last one that counts
    days: int
    not_counted: tuple[dt.date, ...]  # days that were passed over
    lapses_on: dt.date  # 00:00 of that day
    extended_to: dt.date | None


class Case:
    """What is known about the disputed time of one dispute."""

    def __init__(self, actor: Actor, row: Dispute) -> None:
        every = OwnershipEpisode.objects.beyond_sight(because=SHOWN).filter(customer=row.customer_id)
        self.episodes = list(every.select_related("person", "pool").order_by("pk"))
        disputed = next(it for it in self.episodes if it.pk == row.episode_id)
        before = [it for it in self.episodes if it.person_id and it.pk < disputed.pk]
        self.stretch = before[-1] if before else None
        self.until = row.ended_at or clock.now()
        self.first = max((self.stretch or disputed).started_at, row.opened_at - LONGEST)
        self.customer: Customer = row.customer
        members = CustomerMember.objects.beyond_sight(because=SHOWN).filter(customer=row.customer_id)
        self._members: Sequence[CustomerMember] = list(members) if row.customer.is_shared or members.exists() else []
        self._deputies: Sequence[Delegation] = deputies_of({it.person_id for it in self.episodes if it.person_id})

    def judge(self, touch: Touch) -> str:
        """Whether a contact kept the time limit; if not, the first reason why."""
        day, episode = clock.day_of(touch.at), self._episode_at(touch.at)
        sold_on = self.customer.became_customer_on
        if not touch.two_way:
            return ONE_WAY
        limits = rules(FirstContactRules, day)
        if not limits.keeps(touch.kind):
            return OTHER_KIND
        if sold_on is not None and day >= sold_on and limits.until != PAID:
            return SOLD
        if episode is None or not self._was_the_owners(touch, episode, day):
            return NOT_THE_OWNERS
        if episode.ended_at is None or touch.recorded_at <= episode.ended_at:
            return COUNTS
        return LATE_DEVICE if touch.queued_at and touch.queued_at <= episode.ended_at else AFTERWARDS

    def clock(self, touches: Iterable[Touch]) -> ClockThen | None:
        """The time limit before the disputed moment; None where nobody had the customer before."""
        if self.stretch is None:
            return None
        begin, end = self.stretch.started_at, self.stretch.ended_at or self.until
        theirs = [it for it in touches if self._episode_at(it.at) is self.stretch]
        counted = [it.at for it in theirs if self.judge(it) == COUNTS]
        last = max(counted, default=None)
        limits = rules(FirstContactRules, clock.day_of(end))
        since = clock.day_of(last or begin)
        lapses_on = limits.lapses_on(since, self.customer.level)
        days = [since + n * DAY for n in range(1, (lapses_on - since).days)]
        granted = self.stretch.extensions.filter(state=GRANTED).order_by("pk").values_list("until", flat=True).last()
        return ClockThen(
            episode=self.stretch,
            last_contact_at=last,
            days=limits.days_of(self.customer.level),
            not_counted=tuple(day for day in days if not limits.counts(day)),
            lapses_on=max(lapses_on, granted or lapses_on),
            extended_to=granted,
        )

    def receptions(self) -> list[Touch]:
        """The receptions of the disputed time as contacts; those for an absent owner are his."""
        rows = Reception.objects.beyond_sight(because=SHOWN).filter(
            customer=self.customer.pk, cancelled_at=None, occurred_at__range=(self.first, self.until)
        )
        return [
            Touch(
                row.owner_id or row.credit_person_id, row.occurred_at, row.recorded_at, AS_CONTACT[Channel(row.channel)]
            )
            for row in rows
        ]

    def _episode_at(self, at: dt.datetime) -> OwnershipEpisode | None:
        there = [it for it in self.episodes if it.started_at <= at and (it.ended_at is None or at <= it.ended_at)]
        return there[-1] if there else None

    def _was_the_owners(self, touch: Touch, episode: OwnershipEpisode, day: dt.date) -> bool:
        if touch.person_id == episode.person_id:
            return True
        mates = (
            it for it in self._members if it.since <= touch.at and (it.ended_at is None or touch.at <= it.ended_at)
        )
        if episode.person_id and touch.person_id in {it.person_id for it in mates}:
            return True
        return any(
            (it.person_id, it.deputy_id) == (episode.person_id, touch.person_id)
            and it.since <= day
            and (it.until is None or day <= it.until)
            for it in self._deputies
        )


def disputed_episodes(actor: Actor, row: Dispute) -> list[OwnershipEpisode]:
    """Who was responsible for a disputed customer, the latest first, as far as the actor sees it."""
    mine = Q(pk=row.episode_id)  # whose it was at the disputed moment is what the dispute names
    seen = OwnershipEpisode.objects.visible_to(actor).filter(customer=row.customer_id).values("pk")
    rows = OwnershipEpisode.objects.beyond_sight(because=SHOWN).filter(mine | Q(pk__in=seen))
    return list(rows.select_related("person", "pool", "started_by").order_by("-pk"))


def case_of(actor: Actor, row: Dispute) -> Case:
    """What a dispute that the actor was shown is judged by."""
    return Case(actor, row)
