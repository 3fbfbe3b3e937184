"""What the clock asks of the organisation, and how a job learns what the person who asked for it may do now."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.jobs import actors_come_from, daily

from .commands import note_missing_holidays
from .models import Person
from .sight import actor_for


@actors_come_from
def actor_now(person_id: int) -> Actor:
    """The actor that a person is at this moment."""
    return actor_for(Person.objects.get(pk=person_id))


@daily(dt.time(8, 0))
def look_for_holidays(slot: dt.datetime) -> None:
    """Note when the public holidays of the year that is near are missing."""
    note_missing_holidays(SYSTEM)
