"""What a contact means for the customer and the opportunity below: last contact, next date, steps that it proves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.fieldwork.models import Kind, Outcome, Result, Visit
from xiaocheng.selling.pipeline import commands as pipeline

PROVES = {Kind.VISIT: "visit", Kind.CALL: "call", Kind.DEMO: "demo", Kind.OTHER: "other"}  # values of pipeline.evidence
QUOTED = "quote"


def after_contacts(actor: Actor, visits: Sequence[Visit]) -> None:
    """Tell the customers that they were contacted; a contact in which nobody was reached is not a valid one."""
    contacts = [
        customers.Contacted(
            visit.customer_id,
            visit.credit_person_id,
            visit.occurred_at,
            valid=visit.outcome != Outcome.NOT_MET,
            next_on=visit.next_on,
            kind=visit.kind,
            queued_at=visit.queued_at,
        )
        for visit in visits
        if visit.customer_id is not None
    ]
    customers.note_contacts(actor, contacts)
    customers.offer_restores(actor, contacts)
    if proofs := [proof for visit in visits for proof in _proofs(visit)]:
        pipeline.note_proofs(actor, proofs)
    if agreed := [
        pipeline.NextStep(visit.opportunity_id, visit.next_step, visit.next_on)
        for visit in visits
        if visit.opportunity_id is not None and visit.next_on is not None
    ]:
        pipeline.plan_next_steps(actor, agreed)


def prove_instead(actor: Actor, visit: Visit, former_opportunity: int | None) -> None:
    """A visit that was corrected proves what it tells now, of the opportunity that it names now."""
    told = {pk for pk in (former_opportunity, visit.opportunity_id) if pk is not None}
    if told:
        pipeline.prove_instead(actor, _occurrence(visit), told, list(_proofs(visit)))


def _occurrence(visit: Visit) -> str:
    """How the evidence of an opportunity names the visit."""
    return f"fieldwork.visit:{visit.pk}"


def _proofs(visit: Visit) -> Iterator[pipeline.Proof]:
    """Which steps of its opportunity a visit or call proves: nothing if nobody was reached, a visit if effective."""
    if visit.opportunity_id is None or visit.outcome == Outcome.NOT_MET:
        return
    kinds = [PROVES[kind] for kind in PROVES if kind == visit.kind and (kind != Kind.VISIT or visit.is_effective)]
    for kind in [*kinds, QUOTED] if visit.result == Result.QUOTE else kinds:
        yield pipeline.Proof(visit.opportunity_id, kind, _occurrence(visit), visit.occurred_at, visit.credit_person_id)
