"""Who answers for an opportunity, and with which share."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.selling.pipeline.access import WORK
from xiaocheng.selling.pipeline.models import ClosingShare, Opportunity, OpportunityMember
from xiaocheng.selling.pipeline.sharing import WHOLE

BECAUSE = "whoever sees a deal sees who answers for it"


@dataclass(frozen=True)
class Holder:
    """Somebody who answers for an opportunity, and his share in per cent."""

    person_id: int
    name: str
    share: Decimal
    is_owner: bool = False


def holders(actor: Actor, row: Opportunity) -> list[Holder]:
    """Who answers for an opportunity that the caller has been allowed to see, the owner first.

    Of a closed one, who had a share when it was closed.
    """
    if not row.is_open:
        return _when_closed(row) or [Holder(row.owner_id, row.owner.name, WHOLE, True)]
    found = _members(row) if row.is_shared else []
    rest = WHOLE - sum((it.share for it in found), Decimal(0))
    return [Holder(row.owner_id, row.owner.name, rest, True), *found]


def may_agree_shares(actor: Actor, row: Opportunity) -> bool:
    """True for the owner of an open opportunity and whoever has him in sight."""
    return row.is_open and actor.can(WORK) and actor.sight.sees_person(row.owner_id)


def mine(actor: Actor) -> Q:
    """The condition for what the actor owns or shares; who shares nothing is not asked about it."""
    own = Q(owner_id=actor.person_id or 0)
    if not actor.may_be_opened(Opportunity._meta.label_lower):
        return own
    shared = OpportunityMember.objects.visible_to(actor).filter(person_id=actor.person_id or 0, ended_at=None)
    return own | Q(pk__in=list(shared.values_list("opportunity", flat=True)))


def _members(row: Opportunity) -> list[Holder]:
    members = row.members.filter(ended_at=None).select_related("person").order_by("-share", "pk")
    return [Holder(it.person_id, it.person.name, it.share) for it in members]


def _when_closed(row: Opportunity) -> list[Holder]:
    rows = ClosingShare.objects.beyond_sight(because=BECAUSE).filter(
        closing__opportunity=row, closing__sign=1, closing__reversed_on=None
    )
    found = rows.select_related("credit_person", "closing").order_by("-share", "pk")
    shares = [
        Holder(it.credit_person_id, it.credit_person.name, Decimal(it.share) / 100,
               it.credit_person_id == it.closing.credit_person_id)
        for it in found
    ]  # fmt: skip
    return sorted(shares, key=lambda it: not it.is_owner)
