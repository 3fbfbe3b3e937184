"""Shares of an opportunity: who has them now, what each has of a closing, and what becomes of them with another owner.

Whoever calls has loaded the opportunity and allowed the act.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.db.models import QuerySet

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.money import SCALE, MoneyRules
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.scope import open_instead
from xiaocheng.foundation.org.queries import credited_departments

from .models import Closing, ClosingShare, Opportunity, OpportunityMember
from .opened import open_customers

KIND, CO_OWNER = "pipeline.opportunity", "co_owner"
PART = "the opportunity was loaded and allowed before"
WHOLE = Decimal(100)


@dataclass(frozen=True)
class Part:
    """What one person has of a closing: the share in ten-thousandths, the amount without the sign of the closing."""

    credit_person_id: int
    credit_department_id: int
    share: int
    amount: Decimal | None


def parts_of(closing: Closing) -> Sequence[Part | ClosingShare]:
    """To whom a closing is credited: one person the whole, or several by their shares."""
    if closing.is_shared:
        return list(closing.shares.all())
    return [Part(closing.credit_person_id, closing.credit_department_id, SCALE, closing.amount)]


def share_out(closing: Closing) -> None:
    """Divide a closing among the owner and the co-owners of the time; what rounding leaves is the owner's."""
    members = list(active([closing.opportunity_id]).order_by("pk"))
    people = [closing.credit_person_id, *(it.person_id for it in members)]
    departments = credited_departments(people, clock.day_of(closing.occurred_at))
    digits = rules(MoneyRules, closing.booked_on).minor_digits
    shares = [int(it.share * 100) for it in members]
    amounts = [_down(closing.amount, share, digits) for share in shares]
    left = None if closing.amount is None else closing.amount - sum((it or Decimal(0) for it in amounts), Decimal(0))
    credited = zip(people, [SCALE - sum(shares), *shares], [left, *amounts], strict=True)
    _keep(closing, [Part(who, departments[who], share, amount) for who, share, amount in credited])


def share_alike(closing: Closing, other: Closing) -> None:
    """Divide a closing among the same people as another one: its reversal takes from each what he was given."""
    _keep(closing, parts_of(other))


def _keep(closing: Closing, parts: Sequence[Part | ClosingShare]) -> None:
    when = {name: getattr(closing, name) for name in ("occurred_at", "recorded_at", "booked_on")}
    for part in parts:
        ClosingShare.objects.add(
            ClosingShare(
                closing=closing,
                credit_person_id=part.credit_person_id,
                credit_department_id=part.credit_department_id,
                share=part.share,
                amount=part.amount,
                **when,
            )
        )


def _down(amount: Decimal | None, share: int, digits: int) -> Decimal | None:
    """A share of an amount, to the minor unit that is fully reached."""
    return None if amount is None else (amount * share / SCALE).quantize(Decimal(1).scaleb(-digits), ROUND_DOWN)


def active(opportunity_ids: Collection[int]) -> QuerySet[OpportunityMember]:
    """The co-owners that opportunities have now."""
    rows: QuerySet[OpportunityMember] = OpportunityMember.objects.beyond_sight(because=PART)
    return rows.filter(opportunity__in=opportunity_ids, ended_at=None)


def end(rows: Collection[OpportunityMember]) -> None:
    """Those are co-owners no more."""
    ended = OpportunityMember.objects.beyond_sight(because=PART).filter(pk__in=[row.pk for row in rows])
    ended.update(ended_at=clock.now())


def settle(opportunity_ids: Collection[int]) -> None:
    """Open the opportunities and their customers to the co-owners as they now are, and to nobody who was one before."""
    now = [(deal, person, CO_OWNER) for deal, person in active(opportunity_ids).values_list("opportunity", "person")]
    open_instead(KIND, opportunity_ids, [CO_OWNER], now, deciding=[CO_OWNER])
    rows = Opportunity.objects.beyond_sight(because=PART)
    shared = {deal for deal, _person, _why in now}
    rows.filter(pk__in=shared).update(is_shared=True)
    rows.filter(pk__in=set(opportunity_ids) - shared).update(is_shared=False)
    deals = rows.filter(pk__in=opportunity_ids, customer__isnull=False).values_list("pk", "customer_id")
    if with_customer := dict(deals):
        open_customers(with_customer, set(with_customer.values()))


def leave_to_owners(owners: dict[int, int]) -> None:
    """Whoever became the owner of an opportunity (id -> person) is no co-owner of it any more; the others stay."""
    gone = [it for it in active(owners).order_by("pk") if it.person_id == owners[it.opportunity_id]]
    if gone:
        end(gone)
        settle({it.opportunity_id for it in gone})


def hand_on_memberships(from_id: int, to_id: int | None) -> list[int]:
    """The places of somebody who left go to the successor, unless he answers for the deal already; else they end."""
    rows = OpportunityMember.objects.beyond_sight(because="a handover moves every place of the person")
    theirs = list(rows.filter(person_id=from_id, ended_at=None).select_related("opportunity"))
    ids = [row.opportunity_id for row in theirs]
    there = set(active(ids).filter(person_id=to_id).values_list("opportunity", flat=True)) if to_id else set()
    end(theirs)
    for row in theirs:
        if to_id and row.opportunity_id not in there and row.opportunity.owner_id != to_id:
            place = OpportunityMember(
                opportunity_id=row.opportunity_id, person_id=to_id, share=row.share, since=clock.now()
            )
            OpportunityMember.objects.add(place)
    settle(ids)
    return [row.pk for row in theirs]
