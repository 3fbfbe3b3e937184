"""Ways to agree to the keeping of places, to keep them, and to forget them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.fieldwork.access import VISIT
from xiaocheng.selling.fieldwork.events import PlaceConsentNoted
from xiaocheng.selling.fieldwork.models import Clocking, Moment, PlaceConsent, Visit, VisitPlace
from xiaocheng.selling.fieldwork.placing import Position, metres_between, verdict_of
from xiaocheng.selling.fieldwork.queries.places import takes_place
from xiaocheng.selling.fieldwork.rules import FieldworkRules

EXPIRED = "positions of everybody are forgotten after their term"


def note_place_consent(actor: Actor, *, is_given: bool) -> None:
    """Agree that the place of one's check-ins is kept, or withdraw that; saying the same twice is said once."""
    actor.require(VISIT)
    with transaction.atomic():
        if takes_place(actor) == is_given:
            return
        person_id, _department = actor.credited()
        PlaceConsent.objects.add(PlaceConsent(person_id=person_id, is_given=is_given, at=clock.now()))
        record(actor, PlaceConsentNoted(person_id=person_id, is_given=is_given))


def keep_place(actor: Actor, visit: Visit, moment: str, at: dt.datetime, position: Position | None) -> None:
    """Keep where a visit began or ended if the person agreed to it; called by both taps, blocks nothing."""
    if position is None or not position.is_possible or not takes_place(actor):
        return
    customer = visit.customer
    latitude, longitude = position.exact
    distance = metres_between(position.exact, customer.place) if customer and customer.place else None
    VisitPlace.objects.add(
        VisitPlace(
            visit=visit,
            moment=moment,
            at=at,
            latitude=latitude,
            longitude=longitude,
            accuracy=position.accuracy,
            distance=distance,
            verdict=verdict_of(distance, position.accuracy, rules(FieldworkRules, clock.day_of(at)).place_radius),
        )
    )


def place_by_visit(actor: Actor, visit_id: int) -> None:
    """Take the place of one's own check-in for that of the customer, who has none yet."""
    with transaction.atomic():
        visit: Visit = Visit.objects.locked(actor, visit_id)
        actor.require(VISIT)
        if visit.credit_person_id != actor.person_id:
            raise RuleBroken(_("拜访记录只能由本人填写。"))
        found = VisitPlace.objects.visible_to(actor).filter(visit=visit, moment=Moment.ARRIVAL).first()
        if found is None or found.latitude is None or visit.customer_id is None:
            raise NotFound
        if not customers.place_customer(
            actor, visit.customer_id, found.latitude, found.longitude, customers.BY_CHECK_IN
        ):
            raise RuleBroken(_("这位客户已经有位置。"))


def forget_places(actor: Actor) -> int:
    """Empty the positions that are older than the term of the rule; their verdicts stay."""
    actor.require_system()
    days = rules(FieldworkRules, clock.today()).position_days
    if not days:
        return 0
    before = clock.now() - dt.timedelta(days=days)
    tables = (VisitPlace.objects.beyond_sight(because=EXPIRED), Clocking.objects.beyond_sight(because=EXPIRED))
    emptied = {"latitude": None, "longitude": None, "accuracy": None, "distance": None}
    return sum(rows.filter(at__lt=before, latitude__isnull=False).update(**emptied) for rows in tables)
