"""How a job learns what the person who asked for it may do now."""

from __future__ import annotations

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.jobs import actors_come_from

from .models import Person
from .sight import actor_for


@actors_come_from
def actor_now(person_id: int) -> Actor:
    """The actor that a person is at this moment."""
    return actor_for(Person.objects.get(pk=person_id))
