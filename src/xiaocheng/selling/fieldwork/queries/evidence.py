"""The evidence about a dispute: put together by the product, not by the parties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import TimelineItem, latest
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.customers.events import ReceptionEdited
from xiaocheng.selling.customers.queries import ClockThen, Dispute, DisputeNote, OwnershipEpisode, Reception, Touch
from xiaocheng.selling.fieldwork.events import VisitAmended
from xiaocheng.selling.fieldwork.models import Outcome, Visit
from xiaocheng.selling.pipeline import queries as pipeline
from xiaocheng.selling.pipeline.queries import Opportunity

from .visits import visits

JUDGED = "a contact out of sight counts, too, for whether the time limit had passed"
MOST = 200


@dataclass(frozen=True)
class JudgedContact:
    """A visit, call or message of the disputed time; `judgement` says whether it kept the time limit, or why not.

    `amended` is the last time that somebody changed what had been told of it.
    """

    visit: Visit
    judgement: str
    amended: TimelineItem | None


@dataclass(frozen=True)
class KnownReception:
    """A reception of the disputed time, and the last time that somebody changed what had been noted of it."""

    reception: Reception
    amended: TimelineItem | None


@dataclass(frozen=True)
class Evidence:
    """What the actor may see of a dispute: whose the customer was, contacts, receptions, opportunities, the clock."""

    episodes: Sequence[OwnershipEpisode]
    contacts: Sequence[JudgedContact]
    receptions: Sequence[KnownReception]
    opportunities: Sequence[Opportunity]
    clock: ClockThen | None
    notes: Sequence[DisputeNote]


def evidence(actor: Actor, row: Dispute) -> Evidence:
    """The evidence about a dispute that the actor was shown; rows out of his sight are left out."""
    case = customers.case_of(actor, row)
    run = (case.first, case.until)
    every = Visit.objects.beyond_sight(because=JUDGED).filter(
        customer=row.customer_id, completed_at__isnull=False, occurred_at__range=run
    )
    touches = [*map(_touch, every), *case.receptions()]
    seen = visits(actor, customer_id=row.customer_id).filter(completed_at__isnull=False, occurred_at__range=run)
    received = customers.receptions_of(actor, row.customer_id).filter(occurred_at__range=run)
    shown, guests = list(seen[:MOST]), list(received.select_related("credit_person")[:MOST])
    amended = latest(VisitAmended, "fieldwork.visit", [visit.pk for visit in shown])
    edited = latest(ReceptionEdited, "customers.reception", [it.pk for it in guests])
    deals = pipeline.opportunities(actor, "all", filters=pipeline.Filters(customer_id=row.customer_id))
    return Evidence(
        episodes=customers.disputed_episodes(actor, row),
        contacts=[JudgedContact(it, case.judge(_touch(it)), amended.get(it.pk)) for it in shown],
        receptions=[KnownReception(it, edited.get(it.pk)) for it in guests],
        opportunities=list(deals[:MOST]),
        clock=case.clock(touches),
        notes=customers.dispute_notes(actor, row),
    )


def _touch(visit: Visit) -> Touch:
    return Touch(
        visit.credit_person_id,
        visit.occurred_at,
        visit.recorded_at,
        visit.kind,
        visit.outcome != Outcome.NOT_MET,
        visit.queued_at,
    )
