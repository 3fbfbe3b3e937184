"""Every way to change targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import EditConflict, NotFound, Refusal, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.measures import measure
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.foundation.org.queries import Person, assignable

from .access import HAVE, SET
from .events import TargetChanged, TargetSet, TargetWithdrawn
from .measured import MEASURES
from .models import Target


@dataclass(frozen=True, kw_only=True)
class TargetDraft:
    """One target as it shall be; no value takes it back. `version` is the one seen; 0 where there was none."""

    person_id: int
    measure: str
    month: dt.date
    value: Decimal | None
    basis: str = ""
    version: int = 0


@dataclass(frozen=True)
class TargetOutcome:
    """What became of one target of many: the row as it stands, or why it was refused."""

    draft: TargetDraft
    target: Target | None = None
    refusal: Refusal | None = None


def set_targets(actor: Actor, drafts: Sequence[TargetDraft]) -> list[TargetOutcome]:
    """Set, change or take back many targets of people beneath, with an outcome for each."""
    actor.require(SET)
    may = {person.pk: person for person in assignable(actor).select_related("role")}
    outcomes = []
    for draft in drafts:
        try:
            with transaction.atomic():
                outcomes.append(TargetOutcome(draft, _set(actor, draft, may.get(draft.person_id))))
        except Refusal as refusal:
            outcomes.append(TargetOutcome(draft, refusal=refusal))
    return outcomes


def withdraw_target(actor: Actor, target_id: int, version: int) -> None:
    """Take a target of somebody beneath back; the journal keeps what it was."""
    with transaction.atomic():
        row: Target = Target.objects.locked(actor, target_id)
        actor.require(SET)
        _refuse_own(actor, row.person_id)
        _withdraw(actor, row, version)


def _set(actor: Actor, draft: TargetDraft, person: Person | None) -> Target | None:
    if person is None:
        raise NotFound
    _refuse_own(actor, person.pk)
    if draft.measure not in MEASURES:
        raise RuleBroken(_("这个指标不能定目标。"), field="measure")
    if draft.month.day != 1:
        raise RuleBroken(_("目标按整月定,月份请写当月 1 日。"), field="month")
    found = Target.objects.visible_to(actor).filter(person=person, measure=draft.measure, month=draft.month)
    row = found.select_for_update(of=("self",)).first()
    if draft.value is None:
        if row is not None:
            _withdraw(actor, row, draft.version)
        return None
    _check(draft, draft.value, person, is_new=row is None)
    return _add(actor, draft, draft.value) if row is None else _change(actor, row, draft, draft.value)


def _check(draft: TargetDraft, value: Decimal, person: Person, *, is_new: bool) -> None:
    if value <= 0:
        raise RuleBroken(_("目标要大于零;不定目标请留空。"), field="value")
    if measure(draft.measure).unit == "count" and value != value.to_integral_value():
        raise RuleBroken(_("次数和家数的目标是整数。"), field="value")
    if is_new and HAVE not in person.role.capabilities:
        raise RuleBroken(_("%(name)s的角色没有自己的月度目标。") % {"name": person.name}, field="person_id")


def _refuse_own(actor: Actor, person_id: int) -> None:
    if person_id == actor.person_id:
        raise RuleBroken(_("自己的目标由上级来定。"))


def _add(actor: Actor, draft: TargetDraft, value: Decimal) -> Target:
    if draft.version:  # taken back by somebody else meanwhile
        raise EditConflict({"value": None})
    row = Target(
        person_id=draft.person_id, measure=draft.measure, month=draft.month, value=value, basis=draft.basis.strip()
    )
    try:
        with transaction.atomic():
            Target.objects.add(row)
    except IntegrityError:  # set by somebody else at the same moment
        raise EditConflict({"value": None}) from None
    record(
        actor, TargetSet(target_id=row.pk, person_id=row.person_id, measure=row.measure, month=row.month, value=value)
    )
    return row


def _change(actor: Actor, row: Target, draft: TargetDraft, value: Decimal) -> Target:
    former, basis = row.value, draft.basis.strip() or row.basis
    if (value, basis) == (former, row.basis):
        return row
    save_edit(row, draft.version, value=value, basis=basis)
    if value != former:
        record(
            actor,
            TargetChanged(
                target_id=row.pk,
                person_id=row.person_id,
                measure=row.measure,
                month=row.month,
                former=former,
                value=value,
            ),
        )
    return row


def _withdraw(actor: Actor, row: Target, version: int) -> None:
    if row.edit_version != version:
        raise EditConflict({"value": row.value})
    gone = TargetWithdrawn(
        target_id=row.pk, person_id=row.person_id, measure=row.measure, month=row.month, former=row.value
    )
    row.delete()
    record(actor, gone)
