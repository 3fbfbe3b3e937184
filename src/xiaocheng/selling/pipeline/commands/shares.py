"""Co-owners of an opportunity and their shares; agreed by the owner or whoever has him in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.org.queries import names_of, people
from xiaocheng.selling.pipeline.access import WORK
from xiaocheng.selling.pipeline.events import SharesAgreed
from xiaocheng.selling.pipeline.models import Opportunity, OpportunityMember
from xiaocheng.selling.pipeline.sharing import WHOLE, active, end, settle

CENT = Decimal("0.01")


@dataclass(frozen=True)
class CoOwner:
    """Somebody who answers for an opportunity beside its owner, with a share in per cent."""

    person_id: int
    share: Decimal


@transaction.atomic
def agree_shares(actor: Actor, opportunity_id: int, others: Sequence[CoOwner]) -> list[OpportunityMember]:
    """Say who answers for an open opportunity from now on beside its owner; the shares that are left are the owner's.

    The shares of a win or loss are those of its moment: of a closed opportunity they do not change.
    """
    row: Opportunity = Opportunity.objects.locked(actor.in_own_right(), opportunity_id)
    actor.require(WORK)
    if not actor.sight.sees_person(row.owner_id):
        raise RuleBroken(_("只有负责人或其上级可以约定共同负责。"))
    if not row.is_open:
        raise RuleBroken(_("商机已经关闭,份额以关闭时为准。要改份额,请先重新打开商机。"))
    _check(actor, row.owner_id, others)
    before = {(it.person_id, it.share): it for it in active([row.pk])}
    wanted = {(it.person_id, it.share): it for it in others}
    end([it for key, it in before.items() if key not in wanted])
    joined = [it for key, it in wanted.items() if key not in before]
    for it in joined:
        OpportunityMember.objects.add(OpportunityMember(opportunity=row, since=clock.now(), **vars(it)))
    settle([row.pk])
    now = list(active([row.pk]).order_by("pk"))
    known = {person for person, _share in before}
    if before.keys() != wanted.keys():
        record(actor, _event(row, now, [it.person_id for it in joined if it.person_id not in known]))
    return now


def _check(actor: Actor, owner_id: int, others: Sequence[CoOwner]) -> None:
    ids = [it.person_id for it in others]
    if owner_id in ids:
        raise RuleBroken(_("负责人不用再加入:其余份额就是负责人的。"), field="person_id")
    if len(set(ids)) < len(ids):
        raise RuleBroken(_("同一位同事只能加入一次。"), field="person_id")
    if people(actor).filter(pk__in=ids).count() < len(ids):
        raise RuleBroken(_("没有这位同事,或者已经停用。"), field="person_id")
    if any(not 0 < it.share < WHOLE or it.share % CENT for it in others):
        raise RuleBroken(_("请写明共同负责的份额:大于 0、小于 100,最多两位小数。"), field="share")
    if sum((it.share for it in others), Decimal(0)) >= WHOLE:
        raise RuleBroken(_("份额合计要小于 100 %:其余是负责人的。"), field="share")


def _event(row: Opportunity, now: Sequence[OpportunityMember], joined: Sequence[int]) -> SharesAgreed:
    names = names_of([row.owner_id, *(it.person_id for it in now)])
    return SharesAgreed(
        opportunity_id=row.pk,
        customer_id=row.customer_id,
        owner=names.get(row.owner_id, ""),
        shares=tuple((names.get(it.person_id, ""), str(it.share)) for it in now),
        joined=tuple(joined),
    )
