"""Somebody leaves or changes team: who gets which customer is planned, looked at, and carried out all at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import Moved, record
from xiaocheng.foundation.org.commands import disable_person, hand_on_work, move_person
from xiaocheng.foundation.org.queries import assignable, names_of, person
from xiaocheng.selling.customers.access import HAND_OVER
from xiaocheng.selling.customers.events import HandoverDone, HandoverDropped, HandoverPlanned
from xiaocheng.selling.customers.handing import Drift, allowed, drift_of
from xiaocheng.selling.customers.models import Customer, Handover, HandoverLine
from xiaocheng.selling.customers.models.handovers import DONE, KINDS, LEAVING
from xiaocheng.selling.customers.sharing import EVEN, shared_out

from .ownership import hand_to

PLAN = "a handover plans and moves every customer of the person, who is in the actor's sight"
MOST_AT_ONCE = 20_000  # others wait while they move


@dataclass(frozen=True, kw_only=True)
class HandoverDraft:
    """Whose customers go to whom, how they are shared out; `successor_id` takes over everything else.

    Without `to_ids` every customer stays for now, to be given one by one or by conditions.
    """

    person_id: int
    kind: str = LEAVING
    to_ids: Sequence[int] = ()
    way: str = EVEN
    successor_id: int | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a person works after a handover."""

    department_id: int
    manager_id: int | None = None


class Drifted(RuleBroken):
    """Customers came or went after the plan was made: it is looked at again before anything moves."""

    def __init__(self, drift: Drift) -> None:
        super().__init__(
            _("清单与现状不符:%(gone)s 位客户已不归他负责,%(come)s 位是后来的。请更新清单,核对后再执行。")
            % {"gone": len(drift.gone), "come": len(drift.come)}
        )
        self.drift = drift


def plan_handover(actor: Actor, draft: HandoverDraft) -> Handover:
    """Prepare a handover: all customers of a person in sight, shared out among people in sight. Nothing moves yet."""
    with transaction.atomic():
        who = person(actor, draft.person_id)
        actor.require(HAND_OVER)
        if not actor.sight.sees_person(who.pk):
            raise NotFound
        if who.pk == actor.person_id:
            raise RuleBroken(_("自己的交接由上级办理。"), field="person_id")
        if draft.kind not in KINDS:
            raise RuleBroken(_("请从列出的选项中选择。"), field="kind")
        if draft.kind == LEAVING and draft.successor_id is None:
            raise RuleBroken(_("离职交接须指定接手人。"), field="successor_id")
        _check_takers(actor, who.pk, [pk for pk in (draft.successor_id,) if pk], "successor_id")
        row = Handover(
            person_id=who.pk, kind=draft.kind, successor_id=draft.successor_id, note=draft.note.strip(),
            planned_at=clock.now(), planned_by_id=actor.person_id,
        )  # fmt: skip
        _insert(row)
        _add_lines(row, _customers_of(who.pk), None)
        if draft.to_ids:
            _share(actor, row, row.lines.values_list("customer_id", flat=True), draft.to_ids, draft.way)
        _record_plan(actor, row, who.name)
    return row


def share_handover(
    actor: Actor, handover_id: int, customer_ids: Collection[int], to_ids: Sequence[int], way: str = EVEN
) -> int:
    """Say who gets some of the customers of a plan, in fair shares; without people they stay. Returns how many."""
    with transaction.atomic():
        row = _planned(actor, handover_id)
        count = _share(actor, row, customer_ids, to_ids, way)
        _record_plan(actor, row)
    return count


def refresh_handover(actor: Actor, handover_id: int) -> Drift:
    """Bring a plan up to date: customers that went away are left out, new ones wait to be given to somebody."""
    with transaction.atomic():
        row = _planned(actor, handover_id)
        drift = drift_of(row)
        row.lines.filter(customer_id__in=drift.gone).delete()
        _add_lines(row, drift.come, None)
        _record_plan(actor, row)
    return drift


def drop_handover(actor: Actor, handover_id: int) -> None:
    """Give a plan up; nothing had moved."""
    with transaction.atomic():
        row = _planned(actor, handover_id)
        record(actor, HandoverDropped(handover_id=row.pk, person_id=row.person_id, name=_name(row)))
        row.delete()


def carry_out_handover(actor: Actor, handover_id: int, *, closes: bool = False, place: Place | None = None) -> Handover:
    """Move everything of a plan in one transaction; with `closes` the account is closed, with `place` the person moves.

    What changed since the plan was looked at is told and nothing moves.
    """
    with transaction.atomic():
        row = _planned(actor, handover_id)
        theirs = _locked(row.person_id)
        _decide(actor, row, closes, set(_lines(row)), set(theirs))
        counts = _hand_out(actor, row, theirs)
        counts.update(_hand_on_the_rest(actor, row, closes, place))
        row.state, row.done_at, row.done_by_id, row.moved = DONE, clock.now(), actor.person_id, dict(counts)
        row.save(update_fields=["state", "done_at", "done_by", "moved"])
        to_ids = tuple(sorted({to for to in _lines(row).values() if to}))
        count = counts["customers.customer"]
        record(
            actor,
            HandoverDone(handover_id=row.pk, person_id=row.person_id, count=count, to_ids=to_ids, name=_name(row)),
        )
    return row


def note_handover(actor: Actor, person_id: int, successor_id: int, customer_ids: Collection[int]) -> None:
    """Keep the record of a handover to one person that the closing of an account brought about."""
    with transaction.atomic():
        now, who = clock.now(), actor.person_id
        row = Handover(
            person_id=person_id, kind=LEAVING, state=DONE, successor_id=successor_id, planned_at=now, planned_by_id=who,
            done_at=now, done_by_id=who, moved={"customers.customer": len(customer_ids)},
        )  # fmt: skip
        Handover.objects.add(row)
        _add_lines(row, customer_ids, successor_id)


def _planned(actor: Actor, handover_id: int) -> Handover:
    row = allowed(actor, Handover.objects.locked(actor, handover_id))
    if not row.is_planned:
        raise RuleBroken(_("这次交接已经完成。"))
    return row


def _decide(actor: Actor, row: Handover, closes: bool, planned: set[int], present: set[int]) -> None:
    if planned != present:
        raise Drifted(Drift(gone=tuple(sorted(planned - present)), come=tuple(sorted(present - planned))))
    if len(present) > MOST_AT_ONCE:
        raise RuleBroken(_("一次最多交接 %(count)s 位客户,请先分配一部分。") % {"count": MOST_AT_ONCE})
    stay = row.lines.filter(to=None).count()
    if row.kind == LEAVING and stay:
        raise RuleBroken(_("还有 %(count)s 位客户没有接手人。") % {"count": stay})
    if closes and row.kind != LEAVING:
        raise RuleBroken(_("只有离职交接可以同时停用账号。"), field="closes")
    takers = {to for to in _lines(row).values() if to} | ({row.successor_id} if row.successor_id else set())
    _check_takers(actor, row.person_id, sorted(takers), "to_ids")


def _hand_out(actor: Actor, row: Handover, theirs: dict[int, Customer]) -> Counter[str]:
    """Customers go to whom they are meant for; opportunities, tasks and plan lines follow them."""
    parts: dict[int, list[Customer]] = defaultdict(list)
    for pk, to in _lines(row).items():
        if to:
            parts[to].append(theirs[pk])
    counts: Counter[str] = Counter()
    for to, part in parts.items():
        counts["customers.customer"] += len(part)
        counts.update(_counted(hand_to(actor, part, "handover", owner_id=to)))
    return counts


def _hand_on_the_rest(actor: Actor, row: Handover, closes: bool, place: Place | None) -> Counter[str]:
    if closes:
        return _counted(disable_person(actor, row.person_id, row.successor_id))
    if place is not None:
        move_person(actor, row.person_id, department_id=place.department_id, manager_id=place.manager_id)
    return _counted(hand_on_work(actor, row.person_id, row.successor_id)) if row.successor_id else Counter()


def _counted(moved: Sequence[Moved]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for item in moved:
        counts[item.kind] += len(item.ids)
    return counts


def _share(actor: Actor, row: Handover, customer_ids: Collection[int], to_ids: Sequence[int], way: str) -> int:
    lines = row.lines.filter(customer_id__in=list(customer_ids))
    ids = list(lines.order_by("pk").values_list("customer_id", flat=True))
    if not to_ids:
        lines.update(to=None)
        return len(ids)
    _check_takers(actor, row.person_id, to_ids, "to_ids")
    others = row.lines.exclude(customer_id__in=ids).filter(to__in=to_ids).values_list("to").annotate(Count("pk"))
    parts: dict[int, list[int]] = defaultdict(list)
    for pk, to in shared_out(ids, to_ids, way, dict(others.order_by())).items():
        parts[to].append(pk)
    for to, part in parts.items():
        row.lines.filter(customer_id__in=part).update(to_id=to)
    return len(ids)


def _check_takers(actor: Actor, person_id: int, to_ids: Sequence[int], field: str) -> None:
    """Those who take over work here, are in the actor's sight, and are not the person himself."""
    wanted = set(to_ids)
    if person_id in wanted or assignable(actor).filter(pk__in=wanted).count() < len(wanted):
        raise RuleBroken(_("接手人须是您团队中的其他在职人员。"), field=field)


def _insert(row: Handover) -> None:
    check_columns(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # one plan for a person at a time
        raise RuleBroken(_("这个人已有一份准备中的交接,请先完成或放弃它。"), field="person_id") from None


def _add_lines(row: Handover, customer_ids: Collection[int], to_id: int | None) -> None:
    made = [HandoverLine(handover_id=row.pk, customer_id=pk, to_id=to_id) for pk in customer_ids]
    HandoverLine.objects.add_many(made)


def _lines(row: Handover) -> dict[int, int | None]:
    """By customer who gets it; of two that were merged meanwhile, what was said of the later one."""
    return dict(row.lines.order_by("pk").values_list("customer_id", "to_id"))


def _customers_of(person_id: int) -> list[int]:
    rows = Customer.objects.beyond_sight(because=PLAN).filter(owner_id=person_id).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _locked(person_id: int) -> dict[int, Customer]:
    rows = Customer.objects.beyond_sight(because=PLAN).filter(owner_id=person_id)
    return {row.pk: row for row in rows.select_for_update().order_by("pk")}


def _record_plan(actor: Actor, row: Handover, name: str = "") -> None:
    count = row.lines.count()
    record(actor, HandoverPlanned(handover_id=row.pk, person_id=row.person_id, count=count, name=name or _name(row)))


def _name(row: Handover) -> str:
    return names_of([row.person_id]).get(row.person_id, "")
