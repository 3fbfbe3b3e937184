"""A merge was a mistake: the customer that went comes back with what has not changed since."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.once import less_what_is_taken, settled
from xiaocheng.foundation.fields.queries import changed_keys
from xiaocheng.foundation.files import commands as files
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import Moved, record, tell_no_more_of
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.scope import hand_on_grants, withdraw
from xiaocheng.foundation.org.queries import people
from xiaocheng.selling.customers.access import MERGE
from xiaocheng.selling.customers.events import CustomersMerged, MergeUndone
from xiaocheng.selling.customers.merging import ASSISTANCE, KIND, assists, packed, unpacked
from xiaocheng.selling.customers.models import Customer, CustomerGroup, CustomerMerge, GroupMember, OwnershipEpisode
from xiaocheng.selling.customers.options import CUSTOMER
from xiaocheng.selling.customers.rules import CustomerRules
from xiaocheng.selling.customers.tokens import index_again

from .merge import MERGED
from .pools import PUBLIC, standard_pool
from .team import end_assistance


@dataclass(frozen=True)
class Unmerged:
    """The customer that is back; columns changed since, which stay; how many rows of each table did not return.

    `left` are the own fields without what it held in them: they may not repeat, and another one holds it by now.
    """

    customer_id: int
    kept: tuple[str, ...]
    missing: dict[str, int]
    without_owner: bool
    left: tuple[str, ...] = ()


@settled
def undo_merge(actor: Actor, merge_id: int) -> Unmerged:
    """Make two customers of one again, within the days of the rule; what changed since stays with the survivor."""
    with transaction.atomic():
        done: CustomerMerge = CustomerMerge.objects.locked(actor, merge_id)
        actor.require(MERGE)
        kept = _survivor(actor, done)
        _decide(done)
        _mark(actor, done)
        changed = _put_back(kept, done)
        back, without_owner, left = _row(actor, done)
        moved = _move(actor, kept, back, done, without_owner)
        index_again([kept.pk, back.pk])
    there = {item.kind: len(item.ids) for item in moved}
    missing = {kind: len(ids) - there.get(kind, 0) for kind, ids in done.moved.items()}
    return Unmerged(back.pk, changed, {kind: count for kind, count in missing.items() if count}, without_owner, left)


def _survivor(actor: Actor, done: CustomerMerge) -> Customer:
    try:
        row: Customer = Customer.objects.locked(actor.in_own_right(), done.survivor_id)
    except NotFound:
        raise RuleBroken(_("保留的客户后来也被合并了,请先撤销那次合并。")) from None
    return row


def _decide(done: CustomerMerge) -> None:
    days = rules(CustomerRules, clock.today()).merge_undo_days
    if done.undone_at is not None:
        raise RuleBroken(_("这次合并已经撤销。"))
    if clock.day_of(done.at) + dt.timedelta(days=days) < clock.today():
        raise RuleBroken(_("合并超过 %(days)s 天,不能再撤销。") % {"days": days})
    if not done.row:
        raise RuleBroken(_("这位客户的个人信息已经清除,不能再恢复。"))


def _mark(actor: Actor, done: CustomerMerge) -> None:
    """Of two who undo at once exactly one succeeds."""
    free = CustomerMerge.objects.beyond_sight(because=MERGED).filter(pk=done.pk, undone_at=None)
    if not free.update(undone_at=clock.now(), undone_by_id=actor.person_id, row={}):
        raise RuleBroken(_("这次合并已经撤销。"))


def _put_back(kept: Customer, done: CustomerMerge) -> tuple[str, ...]:
    """The survivor's columns as they were; gives those that somebody has changed since."""
    now = packed(Customer, vars(kept))
    same = {name: former for name, (former, after) in done.changed.items() if now[name] == after}
    values = unpacked(Customer, same)
    if "clock_since" in values and (kept.owner_id is None or values.get("became_customer_on", 0) == 0):
        del values["clock_since"]  # another owner's time limit, or a first deal of its own since
    rows = Customer.objects.beyond_sight(because=MERGED).filter(pk=kept.pk)
    rows.update(**values, edit_version=kept.edit_version + 1)
    return tuple(name for name in done.changed if name not in values)


def _row(actor: Actor, done: CustomerMerge) -> tuple[Customer, bool, tuple[str, ...]]:
    """The merged customer itself; without an owner who still works here it comes back into the pool.

    What may not repeat and another one holds by now it comes back without; those fields are named.
    """
    back = Customer(**unpacked(Customer, done.row))
    held, back.custom = back.custom, less_what_is_taken(CUSTOMER, back.custom)
    left = back.owner_id is not None and not people(actor, active=True).filter(pk=back.owner_id).exists()
    if left:
        back.owner_id, back.pool_id, back.clock_since = None, standard_pool(PUBLIC).pk, None
    back.save(force_insert=True)
    return back, left, tuple(changed_keys(held, back.custom))


def _move(actor: Actor, kept: Customer, back: Customer, done: CustomerMerge, without_owner: bool) -> list[Moved]:
    event = MergeUndone(
        customer_id=kept.pk,
        merged_id=back.pk,
        merge_id=done.pk,
        moved=tuple((kind, tuple(ids)) for kind, ids in done.moved.items()),
        counted=_counted_again(done),
        name=kept.name,
        merged_name=back.name,
    )
    withdraw(Customer, kept.pk, assists(done.pk))
    moved = [
        Moved("files.attachment", files.hand_on(actor, KIND, kept.pk, back.pk, event.only("files.attachment"))),
        Moved("kernel.grant", hand_on_grants(Customer, kept.pk, back.pk, event.only("kernel.grant"))),
    ]
    assisting = tuple(event.only(ASSISTANCE))
    end_assistance(actor, kept.pk, assisting)
    tell_no_more_of(KIND, back.pk, kept.pk, but=(CustomersMerged, MergeUndone))
    moved += [*record(actor, event), Moved(ASSISTANCE, assisting)]
    _open_episode(back, without_owner)
    groups = set(CustomerGroup.objects.values_list("pk", flat=True))
    members = [GroupMember(**unpacked(GroupMember, row)) for row in done.left]
    GroupMember.objects.bulk_create(row for row in members if row.group_id in groups)
    return moved


def _open_episode(back: Customer, without_owner: bool) -> None:
    episodes = OwnershipEpisode.objects.beyond_sight(because=MERGED).filter(customer_id=back.pk)
    if without_owner:
        begun = {"started_at": clock.now(), "started_cause": "merge"}
        OwnershipEpisode.objects.add_many([OwnershipEpisode(customer_id=back.pk, pool_id=back.pool_id, **begun)])
    else:
        last = list(episodes.filter(ended_cause="merge").order_by("-pk").values_list("pk", flat=True)[:1])
        episodes.filter(pk__in=last).update(ended_at=None, ended_cause="", successor_id=None)


def _counted_again(done: CustomerMerge) -> tuple[Any, ...]:
    """It counts again, in a closed period from today on; what was taken back there stays taken back."""
    again = [
        (key, dt.date.fromisoformat(taken), booking_day(dt.date.fromisoformat(taken))) for *key, taken in done.counted
    ]
    done.corrections = [
        [*key[:3], str(day), value]
        for key, taken, today in again
        if taken != today
        for day, value in ((taken, -1), (today, 1))
    ]
    done.save(update_fields=["corrections"])
    return tuple((*key[:3], today, 1) for key, _taken, today in again)


def forget_merged(actor: Actor) -> int:
    """Keep no copy of merged customers that can no longer come back: their data is personal. Gives how many."""
    actor.require_system()
    days = rules(CustomerRules, clock.today()).merge_undo_days
    old = clock.instant(clock.today() - dt.timedelta(days=days))
    rows = CustomerMerge.objects.beyond_sight(because="copies are forgotten, whoever merged").filter(at__lt=old)
    return rows.exclude(row={}).update(row={}, changed={}, moved={}, left=[])
