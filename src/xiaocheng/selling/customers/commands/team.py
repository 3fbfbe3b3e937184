"""Team work on a customer: co-owners with shares, assistants; agreed by the owner or whoever has him in sight."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.scope import open_instead
from xiaocheng.foundation.org.queries import names_of, people
from xiaocheng.selling.customers.access import SHARE
from xiaocheng.selling.customers.events import TeamAgreed
from xiaocheng.selling.customers.models import Customer, CustomerMember
from xiaocheng.selling.customers.models.team import ASSISTANT, CO_OWNER, ROLES

KIND = "customers.customer"
PART = "the customer was loaded and allowed before"
WHOLE, CENT = Decimal(100), Decimal("0.01")


@dataclass(frozen=True)
class Member:
    """Somebody who joins in: a co-owner with a share in per cent, or an assistant without."""

    person_id: int
    role: str = ASSISTANT
    share: Decimal | None = None


def agree_team(actor: Actor, customer_id: int, team: Sequence[Member]) -> list[CustomerMember]:
    """Say who works on a customer from now on beside its owner; the shares that are left are the owner's."""
    with transaction.atomic():
        row: Customer = Customer.objects.locked(actor.in_own_right(), customer_id)
        actor.require(SHARE)
        if row.owner_id is None or not actor.sight.sees_person(row.owner_id):
            raise RuleBroken(_("只有负责人或其上级可以约定协作。"))
        return _agree(actor, row, row.owner_id, team)


def share_with(actor: Actor, row: Customer, person_id: int, share: Decimal) -> None:
    """Let somebody share the responsibility for a customer that was loaded, locked and allowed; the team stays."""
    if row.owner_id is None:
        raise RuleBroken(_("客户现在没有负责人,不能约定共同负责。"))
    others = [Member(it.person_id, it.role, it.share) for it in _active([row.pk]) if it.person_id != person_id]
    _agree(actor, row, row.owner_id, [*others, Member(person_id, CO_OWNER, share)])


def add_assistant(actor: Actor, row: Customer, person_id: int) -> tuple[int, ...]:
    """Let somebody assist the owner of a customer that was loaded and allowed; who works on it already goes on so."""
    team = list(_active([row.pk]).values_list("person", flat=True))
    if row.owner_id is None or person_id in team or not people(actor).filter(pk=person_id).exists():
        return ()
    member = CustomerMember(customer=row, person_id=person_id, role=ASSISTANT, since=clock.now())
    CustomerMember.objects.add(member)
    settle_teams(actor, [row.pk])
    record(actor, _event(row, list(_active([row.pk]).order_by("pk")), [person_id]))
    return (member.pk,)


def end_assistance(actor: Actor, customer_id: int, member_ids: Collection[int]) -> None:
    """End those places in the team of a customer; what was agreed anew since is another place, and stays."""
    rows = list(_active([customer_id]).filter(pk__in=member_ids))
    _end(rows)
    settle_teams(actor, [customer_id] if rows else [])


def _agree(actor: Actor, row: Customer, owner_id: int, team: Sequence[Member]) -> list[CustomerMember]:
    _check(actor, owner_id, team)
    before = {(it.person_id, it.role, it.share): it for it in _active([row.pk])}
    wanted = {(it.person_id, it.role, it.share): it for it in team}
    _end([it for key, it in before.items() if key not in wanted])
    joined = [
        CustomerMember(customer=row, since=clock.now(), **vars(it)) for key, it in wanted.items() if key not in before
    ]
    for member in joined:
        CustomerMember.objects.add(member)
    settle_teams(actor, [row.pk])
    now = list(_active([row.pk]).order_by("pk"))
    known = {person for person, _role, _share in before}
    record(actor, _event(row, now, [it.person_id for it in joined if it.person_id not in known]))
    return now


def end_team_work(actor: Actor, rows: Sequence[Customer], owner_id: int | None) -> None:
    """What becomes of the teams of customers that get another owner: who becomes the owner leaves the team, the others
    stay; without an owner team work is over."""
    shared = [row.pk for row in rows if row.is_shared]
    if shared:
        members = _active(shared)
        _end(members if owner_id is None else members.filter(person_id=owner_id))
        settle_teams(actor, shared)


def hand_on_memberships(actor: Actor, from_id: int, to_id: int | None) -> tuple[int, ...]:
    """The places of somebody who left go to the successor, unless he is there already; else they are over."""
    rows = CustomerMember.objects.beyond_sight(because="a handover moves every place of the person")
    theirs = list(rows.filter(person_id=from_id, ended_at=None).select_related("customer"))
    ids = [row.customer_id for row in theirs]
    there = set(_active(ids).filter(person_id=to_id).values_list("customer", flat=True)) if to_id else set()
    _end(theirs)
    for row in theirs:
        if to_id and row.customer_id not in there and row.customer.owner_id != to_id:
            CustomerMember.objects.add(
                CustomerMember(
                    customer_id=row.customer_id, person_id=to_id, role=row.role, share=row.share, since=clock.now()
                )
            )
    settle_teams(actor, ids)
    return tuple(row.pk for row in theirs)


def settle_teams(actor: Actor, customer_ids: Collection[int]) -> None:
    """Open the customers to their teams as they now are, and to nobody who left them."""
    if not customer_ids:
        return
    now = list(_active(customer_ids).values_list("customer", "person", "role"))
    open_instead(KIND, customer_ids, list(ROLES), now, deciding=[CO_OWNER])
    rows = Customer.objects.beyond_sight(because=PART)
    shared = {customer for customer, _person, _role in now}
    rows.filter(pk__in=shared).update(is_shared=True)
    rows.filter(pk__in=set(customer_ids) - shared).update(is_shared=False)


def check_merged_teams(actor: Actor, merged_id: int, survivor_id: int) -> None:
    """Refuse to merge customers whose teams do not go together."""
    members = list(_active([merged_id, survivor_id]).values_list("person", "share"))
    if not members:
        return
    owner = Customer.objects.beyond_sight(because=PART).values_list("owner", flat=True).get(pk=survivor_id)
    people = [person for person, _share in members]
    shares = sum((share for _person, share in members if share), Decimal(0))
    if owner is None or owner in people or len(set(people)) < len(people) or shares >= WHOLE:
        raise RuleBroken(_("两位客户的协作人员或份额合不到一起,请先在其中一位客户上调整「协作」。"))


def _check(actor: Actor, owner_id: int, team: Sequence[Member]) -> None:
    ids = [it.person_id for it in team]
    if owner_id in ids:
        raise RuleBroken(_("负责人不用再加入协作。"))
    if len(set(ids)) < len(ids):
        raise RuleBroken(_("同一位同事只能加入一次。"))
    if people(actor).filter(pk__in=ids).count() < len(ids):
        raise RuleBroken(_("没有这位同事,或者已经停用。"))
    for it in team:
        _check_share(it)
    if sum((it.share or Decimal(0) for it in team), Decimal(0)) >= WHOLE:
        raise RuleBroken(_("份额合计要小于 100 %:其余是负责人的。"), field="share")


def _check_share(it: Member) -> None:
    if it.role not in ROLES:
        raise RuleBroken(_("请选择共同负责或协助。"), field="role")
    if it.role == ASSISTANT and it.share is not None:
        raise RuleBroken(_("协助的同事没有份额。"), field="share")
    if it.role == CO_OWNER and (it.share is None or not 0 < it.share < WHOLE or it.share % CENT):
        raise RuleBroken(_("请写明共同负责的份额:大于 0、小于 100,最多两位小数。"), field="share")


def _active(customer_ids: Collection[int]) -> QuerySet[CustomerMember]:
    rows: QuerySet[CustomerMember] = CustomerMember.objects.beyond_sight(because=PART)
    return rows.filter(customer__in=customer_ids, ended_at=None)


def _end(rows: Collection[CustomerMember] | QuerySet[CustomerMember]) -> None:
    ended = CustomerMember.objects.beyond_sight(because=PART).filter(pk__in=[row.pk for row in rows])
    ended.update(ended_at=clock.now())


def _event(row: Customer, now: Sequence[CustomerMember], joined: Sequence[int]) -> TeamAgreed:
    names = names_of([row.owner_id, *(it.person_id for it in now)])
    return TeamAgreed(
        customer_id=row.pk,
        owner=names.get(row.owner_id or 0, ""),
        team=tuple((names.get(it.person_id, ""), it.role, str(it.share or "")) for it in now),
        joined=tuple(joined),
    )
