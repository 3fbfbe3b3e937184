"""Who works on a customer beside its owner."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.selling.customers.models import Customer, CustomerMember


@dataclass(frozen=True)
class Team:
    """The members of a customer's team, and what is left for the owner in per cent."""

    owner_share: Decimal
    members: list[CustomerMember]


def team(actor: Actor, row: Customer) -> Team:
    """The team of a customer that the caller has been allowed to see; of most customers nothing needs to be asked."""
    if not row.is_shared:
        return Team(Decimal(100), [])
    rows = CustomerMember.objects.visible_to(actor).filter(customer=row, ended_at=None)
    members = list(rows.select_related("person").order_by("role", "pk"))
    members.sort(key=lambda it: -(it.share or 0))
    return Team(Decimal(100) - sum((it.share or Decimal(0) for it in members), Decimal(0)), members)


def team_mates(actor: Actor, customer_ids: Collection[int]) -> dict[int, set[int]]:
    """By customer whose contacts count beside the owner's: the consequence of a contact asks, which was allowed."""
    found: dict[int, set[int]] = {}
    rows = CustomerMember.objects.beyond_sight(because="a contact was allowed; whether it counts is its consequence")
    for customer, person in rows.filter(customer__in=customer_ids, ended_at=None).values_list("customer", "person"):
        found.setdefault(customer, set()).add(person)
    return found
