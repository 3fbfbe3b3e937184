"""When the people of the demo company come and go: mostly in time, now and then late, sometimes one forgets."""

from __future__ import annotations

import datetime as dt
import random

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.queries import Person, actor_for, is_workday
from xiaocheng.selling.fieldwork.commands import clock_in, clock_out

DAYS = 40  # so far back it is kept, which is what a month sheet shows


def clock_day(actor: Actor, day: dt.date, until: dt.datetime) -> None:
    """One person's two taps of a day, as far as they lie before an instant."""
    if until - clock.instant(day) > dt.timedelta(days=DAYS):
        return
    dice = random.Random(f"clock {actor.person_id} {day}")  # noqa: S311 - the demo company shall be the same each time
    came = clock.instant(day, dt.time(8, 40)) + dt.timedelta(minutes=dice.choice((0, 5, 8, 12, 15, 18, 19, 20, 33)))
    left = clock.instant(day, dt.time(18)) + dt.timedelta(minutes=dice.randint(1, 29))
    if came < until:
        with clock.as_of(came):
            clock_in(actor)
    if left < until and dice.random() > 0.04:
        with clock.as_of(left):
            clock_out(actor)


def clock_leaders(last: dt.date, until: dt.datetime, days: int) -> None:
    """The taps of the managers and the promoter on the last so many days."""
    people = Person.objects.filter(role__code__in=("manager", "promoter"), is_active=True).order_by("pk")
    actors = [actor_for(person) for person in people.select_related("role", "department")]
    for day in (last - dt.timedelta(days=n) for n in range(days)):
        if is_workday(day):
            for actor in actors:
                clock_day(actor, day, until)
