"""Ways to clock in and out."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.fieldwork.access import ATTEND
from xiaocheng.selling.fieldwork.attending import degrees
from xiaocheng.selling.fieldwork.events import ClockedIn, ClockedOut
from xiaocheng.selling.fieldwork.models import Clocking, Tap
from xiaocheng.selling.fieldwork.placing import Position, metres_between, verdict_of
from xiaocheng.selling.fieldwork.queries.places import takes_place
from xiaocheng.selling.fieldwork.rules import AttendanceRules, FieldworkRules


def clock_in(actor: Actor, position: Position | None = None) -> Clocking:
    """Begin the day; the first tap counts, later ones change nothing."""
    actor.require(ATTEND)
    with transaction.atomic():
        row, is_new = _tapped(actor, Tap.IN)
        if is_new:
            _place(actor, row, position)
            record(actor, ClockedIn(person_id=row.person_id, day=row.day))
    return row


def clock_out(actor: Actor, position: Position | None = None) -> Clocking:
    """End the day; the last tap counts."""
    actor.require(ATTEND)
    with transaction.atomic():
        row, is_new = _tapped(actor, Tap.OUT)
        if not is_new:
            row.at = max(row.at, clock.now())
            row.save(update_fields=["at"])
        _place(actor, row, position)
        record(actor, ClockedOut(person_id=row.person_id, day=row.day))
    return row


def _tapped(actor: Actor, tap: str) -> tuple[Clocking, bool]:
    """The tap of today, locked, and whether it is the first."""
    person_id, department_id = actor.credited()
    day = clock.today()
    mine = Clocking.objects.visible_to(actor).filter(person_id=person_id, day=day, tap=tap)
    found = mine.select_for_update(of=("self",)).first()
    if found is not None:
        return found, False
    row = Clocking(person_id=person_id, department_id=department_id, day=day, tap=tap, at=clock.now())
    try:
        with transaction.atomic():
            return Clocking.objects.add(row), True
    except IntegrityError:  # the other device was faster
        return mine.select_for_update(of=("self",)).get(), False


def _place(actor: Actor, row: Clocking, position: Position | None) -> None:
    """Keep where the tap was made if the person agreed to it, else nothing; never a reason to refuse."""
    row.latitude = row.longitude = row.accuracy = row.distance = None
    row.verdict = ""
    if position is not None and position.is_possible and takes_place(actor):
        office = degrees(rules(AttendanceRules, row.day).office_place)
        row.latitude, row.longitude = position.exact
        row.accuracy = position.accuracy
        row.distance = metres_between((row.latitude, row.longitude), office) if office else None
        row.verdict = verdict_of(row.distance, position.accuracy, rules(FieldworkRules, row.day).place_radius)
    row.save(update_fields=["latitude", "longitude", "accuracy", "distance", "verdict"])
