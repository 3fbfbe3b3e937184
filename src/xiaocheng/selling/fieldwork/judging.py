"""What a visit is judged by: the evidence that there is, and what is missing by the rules of its day."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.rules import rules

from .models import Moment, PlaceVerdict, Visit, VisitPlace
from .photographs import photographs
from .rules import Evidence, FieldworkRules, Shortfall


def rules_of(visit: Visit) -> FieldworkRules:
    """The rules of the day on which it happened."""
    return rules(FieldworkRules, clock.day_of(visit.occurred_at))


class Told(Protocol):
    """The answers that a visit is judged by: those it has, or those that are being given."""

    @property
    def outcome(self) -> str: ...  # noqa: D102
    @property
    def result(self) -> str: ...  # noqa: D102
    @property
    def next_on(self) -> dt.date | None: ...  # noqa: D102


def shortfalls_of(actor: Actor, visit: Visit, told: Told) -> list[Shortfall]:
    """What a visit with these answers lacks to be effective; photos are looked for only where the rule asks for one."""
    judged = rules_of(visit)
    stay = visit.stay or dt.timedelta()
    evidence = Evidence(
        checked_in=visit.checked_in_at is not None,
        elsewhere=judged.effective_needs_place and _was_elsewhere(actor, visit),
        minutes=stay // dt.timedelta(minutes=1),
        has_photo=judged.effective_needs_photo and _has_photo(actor, visit),
        outcome=told.outcome,
        result=told.result,
        has_next_day=told.next_on is not None,
    )
    return judged.shortfalls(evidence)


def _was_elsewhere(actor: Actor, visit: Visit) -> bool:
    """True when the check-in was out of range; whoever keeps his place to himself was not."""
    arrivals = VisitPlace.objects.visible_to(actor).filter(visit_id=visit.pk or 0, moment=Moment.ARRIVAL)
    return arrivals.filter(verdict=PlaceVerdict.OUT_OF_RANGE).exists()


def _has_photo(actor: Actor, visit: Visit) -> bool:
    """True when whoever made the visit took a photo before he told what came of it."""
    if visit.pk is None:
        return False
    taken = photographs(actor, visit.pk).filter(added_by=visit.credit_person_id)
    if visit.completed_at is not None:
        taken = taken.filter(added_at__lte=visit.completed_at)
    return taken.exists()
