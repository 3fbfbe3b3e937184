"""Which customers somebody may say to be his, who decides about that, and what rests until it is decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.approvals.queries import Paper, who_may_decide_each
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.access import SEE_EVERYONE
from xiaocheng.foundation.org.queries import people

from .access import ASSIGN
from .first_contact import FirstContactRules
from .models import Customer, Dispute, OwnershipEpisode

ONCE = "whoever was responsible for a customer once may say that it is his, though he sees it no longer"
HELD = _("这位客户有归属争议待裁决,裁决之前不能领取、分配或退回。")


def disputable(actor: Actor) -> QuerySet[Customer]:
    """The customers that the actor sees, and those that were his once."""
    once = OwnershipEpisode.objects.beyond_sight(because=ONCE).filter(person_id=actor.person_id or 0)
    seen = Customer.objects.visible_to(actor).values("pk")
    rows: QuerySet[Customer] = Customer.objects.beyond_sight(because=ONCE)
    return rows.filter(Q(pk__in=seen) | Q(pk__in=once.values("customer")), erased_at=None)


def deciders(claimant_id: int, holder_id: int | None, since: dt.datetime | None = None) -> dict[int, int | None]:
    """Who decides a dispute, with whom a deputy stands in for; where nobody is above both, who assigns to all."""
    return _deciders([Paper(0, claimant_id, since, holder_id)])[0]


def signers_of(rows: Collection[Dispute]) -> dict[int, dict[int, int | None]]:
    """By the id of each dispute the same."""
    return _deciders([Paper(row.pk, row.claimant_id, row.opened_at, row.holder_id) for row in rows])


def signer_of(actor: Actor, row: Dispute) -> tuple[bool, int | None]:
    """Whether the actor may decide a dispute, and for whom absent."""
    signers = signers_of([row])[row.pk]
    return actor.person_id in signers, signers.get(actor.person_id or 0)


def _deciders(papers: Sequence[Paper]) -> dict[int, dict[int, int | None]]:
    found = who_may_decide_each(SYSTEM, papers)
    everywhere = [] if all(found.values()) else _who_may_assign_all()
    for paper in papers:
        parties = {paper.person_id, paper.against_id}
        found[paper.row_id] = found[paper.row_id] or {who: None for who in everywhere if who not in parties}
    return found


def _who_may_assign_all() -> list[int]:
    rows = people(SYSTEM).select_related("role")
    return [row.pk for row in rows if {ASSIGN, SEE_EVERYONE} <= {*row.role.capabilities}]


def held(row: Customer) -> RuleBroken | None:
    """Why a customer may not be handed on now: a dispute about it waits for its verdict."""
    return RuleBroken(HELD) if row.in_dispute and rules(FirstContactRules, clock.today()).dispute_holds else None


def refuse_held(row: Customer) -> None:
    """Refuse to hand on a customer that somebody else says to be his."""
    refusal = held(row)
    if refusal is not None:
        raise refusal
