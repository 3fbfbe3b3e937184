"""Two customers are one and the same: one stays, the other's rows become its own, and its number leads to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.once import settled
from xiaocheng.foundation.files import commands as files
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import EditConflict, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import Moved, record, tell_also_of
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.kernel.scope import ScopedModel, grant, hand_on_grants
from xiaocheng.selling.customers.access import MERGE
from xiaocheng.selling.customers.events import CustomersMerged
from xiaocheng.selling.customers.measures import CONVERTED, REGISTERED
from xiaocheng.selling.customers.merging import ASSISTANCE, KIND, assists, leave_own_values, packed, values_of
from xiaocheng.selling.customers.models import Customer, CustomerMerge, GroupMember, OwnershipEpisode, search_index
from xiaocheng.selling.customers.queries import require_details
from xiaocheng.selling.customers.tokens import index_again

from .team import add_assistant

M = TypeVar("M", bound=ScopedModel)
MERGED = "both customers were loaded and allowed before"


@dataclass(frozen=True)
class Merged:
    """What a merge did: its id, the columns of the survivor that changed, and how many rows of each table moved."""

    merge_id: int
    customer_id: int
    changed: tuple[str, ...]
    moved: Mapping[str, int]


class _Rehearsed(Exception):
    """Ends a rehearsal: everything that it did is undone."""

    def __init__(self, done: Merged) -> None:
        super().__init__()
        self.done = done


def rehearse_merge(actor: Actor, survivor_id: int, merged_id: int) -> Merged:
    """What a merge would do and move, found out by doing it and taking it back."""
    try:
        with transaction.atomic():
            raise _Rehearsed(merge(actor, survivor_id, merged_id))
    except _Rehearsed as rehearsed:
        return rehearsed.done


@settled
def merge(
    actor: Actor,
    survivor_id: int,
    merged_id: int,
    *,
    take: Collection[str] = (),
    versions: tuple[int, int] | None = None,
) -> Merged:
    """Merge a customer into another one; `take` names the fields whose value comes from the one that goes.

    Where the survivor's field is empty, the other's value fills it. `versions` are those that the person saw: who
    edited one of the two meanwhile has won, and the merge is looked at again.
    """
    with transaction.atomic():
        kept, gone = _both(actor, survivor_id, merged_id)
        actor.require(MERGE)
        seen = versions or (kept.edit_version, gone.edit_version)
        _decide(actor, kept, gone, seen)
        values, counted = values_of(kept, gone, take), _counted(kept, gone)
        before = {name: getattr(kept, name) for name in values}
        leave_own_values(gone)
        _save(kept, seen[0], values)
        done = _noted(actor, kept, gone, before)
        done.moved = {item.kind: list(item.ids) for item in _move(actor, kept, gone, done, counted) if item.ids}
        done.counted = [[*key, str(day), str(booking_day(day))] for *key, day in counted]
        done.corrections = _corrections(counted)
        members = GroupMember.objects.filter(customer_id=gone.pk).order_by("pk")
        done.left = [packed(GroupMember, vars(row)) for row in members]
        done.save(update_fields=["moved", "counted", "corrections", "left"])
        Customer.objects.beyond_sight(because=MERGED).filter(pk=gone.pk).delete()  # refused while a row points at it
    return Merged(done.pk, kept.pk, tuple(done.changed), {kind: len(ids) for kind, ids in done.moved.items()})


def _both(actor: Actor, survivor_id: int, merged_id: int) -> tuple[Customer, Customer]:
    kept, gone = locked_pair(actor, Customer, survivor_id, merged_id)
    if kept.erased_at or gone.erased_at:
        raise NotFound
    return kept, gone


def locked_pair(actor: Actor, model: type[M], survivor_id: int, merged_id: int) -> tuple[M, M]:
    """Two rows that are to be one, locked in the order of their ids: two who merge never wait for each other."""
    rows = model.objects.visible_to(actor.in_own_right()).filter(pk__in=[survivor_id, merged_id])
    found = {row.pk: row for row in rows.select_for_update(of=("self",)).order_by("pk")}
    if found.keys() != {survivor_id, merged_id}:
        raise NotFound
    return found[survivor_id], found[merged_id]


def _decide(actor: Actor, kept: Customer, gone: Customer, seen: tuple[int, int]) -> None:
    if kept.pk == gone.pk:
        raise RuleBroken(_("请选择另一位客户。"), field="merged_id")
    for row in (kept, gone):
        if row.in_dispute:
            raise RuleBroken(_("「%(name)s」有归属争议待裁决,请先裁决再合并。") % {"name": row.name})
        require_details(actor, row)
    if gone.edit_version != seen[1]:
        raise RuleBroken(_("要合并的客户刚刚被别人修改过,请重新核对。"))


def _save(kept: Customer, version: int, values: dict[str, Any]) -> None:
    """Values of another row need no checking; who edited the survivor since it was looked at has won."""
    rows = Customer.objects.beyond_sight(because=MERGED).filter(pk=kept.pk)
    if not rows.filter(edit_version=version).update(edit_version=version + 1, **values):
        raise EditConflict({name: getattr(kept, name) for name in values})
    for name, value in values.items():
        setattr(kept, name, value)


def _counted(kept: Customer, gone: Customer) -> list[tuple[str, int, int, dt.date]]:
    """What the customer that goes was counted as; a first deal that the survivor takes over stays counted."""
    found = []
    if gone.credit_person_id and gone.credit_department_id:
        found.append((REGISTERED, gone.credit_person_id, gone.credit_department_id, gone.booked_on))
    if gone.converted_by_id and gone.converted_department_id and kept.became_customer_on and gone.became_customer_on:
        found.append((CONVERTED, gone.converted_by_id, gone.converted_department_id, gone.became_customer_on))
    return found


def _corrections(counted: list[tuple[str, int, int, dt.date]]) -> list[list[Any]]:
    """In a closed period it stays counted, and is taken back today."""
    closed = [(key, booking_day(key[-1])) for key in counted if booking_day(key[-1]) != key[-1]]
    return [fact for key, today in closed for fact in ([*key[:-1], str(key[-1]), 1], [*key[:-1], str(today), -1])]


def _noted(actor: Actor, kept: Customer, gone: Customer, before: dict[str, Any]) -> CustomerMerge:
    done = CustomerMerge(
        survivor_id=kept.pk,
        merged_id=gone.pk,
        merged_name=gone.name,
        at=clock.now(),
        by_id=actor.person_id,
        row=packed(Customer, vars(gone)),
    )
    after = packed(Customer, vars(kept))
    former = packed(Customer, vars(kept) | before)
    done.changed = {name: [former[name], after[name]] for name in former if former[name] != after[name]}
    done.changed.pop("edit_version", None)
    done.save(force_insert=True)
    return done


def _move(
    actor: Actor, kept: Customer, gone: Customer, done: CustomerMerge, counted: list[tuple[str, int, int, dt.date]]
) -> list[Moved]:
    """Files and rights, then what the reactions move, from the contacts to the uppermost module."""
    event = CustomersMerged(
        customer_id=kept.pk,
        merged_id=gone.pk,
        merge_id=done.pk,
        counted=tuple((*key, booking_day(day), -1) for *key, day in counted),
        name=kept.name,
        merged_name=gone.name,
    )
    episodes = OwnershipEpisode.objects.beyond_sight(because=MERGED).filter(customer_id=gone.pk, ended_at=None)
    episodes.update(ended_at=done.at, ended_cause="merge", successor_id=kept.owner_id)
    moved = [
        Moved("files.attachment", files.hand_on(actor, KIND, gone.pk, kept.pk)),
        Moved("kernel.grant", hand_on_grants(Customer, gone.pk, kept.pk)),
    ]
    tell_also_of(KIND, gone.pk, kept.pk)
    moved += record(actor, event)
    if gone.owner_id and gone.owner_id != kept.owner_id:
        joined = add_assistant(actor, kept, gone.owner_id)
        moved.append(Moved(ASSISTANCE, joined))
        if kept.owner_id is None:  # nobody whom he could assist: he goes on seeing it in the pool
            grant(Customer, kept.pk, [gone.owner_id], assists(done.pk))
    search_index.remove([gone.pk])
    index_again([kept.pk])
    return moved
