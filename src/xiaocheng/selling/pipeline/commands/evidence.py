"""What visits, calls and quotes mean for an opportunity: steps of its stages that they prove, the next step agreed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.selling.pipeline.details import differing, edited
from xiaocheng.selling.pipeline.events import StepsProvedLate
from xiaocheng.selling.pipeline.models import Evidence, Opportunity
from xiaocheng.selling.pipeline.models.processes import OPEN
from xiaocheng.selling.pipeline.proofs import count_late

CONSEQUENCE = "the visit, quote or call was allowed; this is its consequence"


@dataclass(frozen=True)
class Proof:
    """That something was done for an opportunity: of which kind, by what record, when and by whom."""

    opportunity_id: int
    kind: str
    occurrence: str
    at: dt.datetime
    by_id: int | None = None


def note_evidence(
    actor: Actor, opportunity_id: int, kind: str, occurrence: str, at: dt.datetime, *, is_contact: bool = True
) -> None:
    """Note proof that an activity was done for an opportunity; the same occurrence noted twice is one."""
    with transaction.atomic():
        note_proofs(actor, [Proof(opportunity_id, kind, occurrence, at)])
        rows = Opportunity.objects.beyond_sight(because=CONSEQUENCE).filter(pk=opportunity_id)
        if is_contact:
            rows.filter(last_activity_at__lt=at).update(last_activity_at=at)


@transaction.atomic
def note_proofs(actor: Actor, proofs: Sequence[Proof]) -> None:
    """Note proofs of what was done, many at once; what is noted already stays as it was noted first."""
    now = clock.now()
    rows = [
        Evidence(
            opportunity_id=proof.opportunity_id,
            kind=proof.kind,
            occurrence=proof.occurrence,
            occurred_at=proof.at,
            recorded_at=now,
            by_id=proof.by_id,
        )
        for proof in proofs
    ]
    if rows:
        Evidence.objects.bulk_create(rows, ignore_conflicts=True)
        _count_late(actor, {proof.opportunity_id for proof in proofs})


def _count_late(actor: Actor, opportunity_ids: Collection[int]) -> None:
    late = count_late(opportunity_ids)
    record(actor, *(StepsProvedLate(opportunity_id=pk, spans=spans) for pk, spans in late.items()))


@dataclass(frozen=True)
class NextStep:
    """What was agreed with the customer of an opportunity, and for when."""

    opportunity_id: int
    text: str
    day: dt.date


@transaction.atomic
def plan_next_steps(actor: Actor, steps: Sequence[NextStep]) -> None:
    """A day to come that was agreed with the customer is the next step of its opportunity while that is open."""
    coming = {step.opportunity_id: step for step in steps if step.day >= clock.today()}
    if not coming:
        return
    rows = Opportunity.objects.beyond_sight(because=CONSEQUENCE).filter(pk__in=coming, state=OPEN)
    changed = []
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        step = coming[row.pk]
        values = {"next_step": step.text or row.next_step, "next_step_on": step.day}
        if new := differing(row, values):
            save_edit(row, row.edit_version, **new)
            changed.append(edited(row, list(new), row.customer_id))
    record(actor, *changed)


@transaction.atomic
def prove_instead(actor: Actor, occurrence: str, former: Collection[int], proofs: Sequence[Proof]) -> None:
    """A record that was corrected proves these things from now on; `former`: the opportunities it was noted for."""
    stays = {(proof.opportunity_id, proof.kind) for proof in proofs}
    noted = Evidence.objects.filter(opportunity__in=former, occurrence=occurrence).exclude(kind="")
    gone = [row.pk for row in noted if (row.opportunity_id, row.kind) not in stays]
    if gone:
        Evidence.objects.filter(pk__in=gone).delete()
        _count_late(actor, former)
    note_proofs(actor, proofs)
