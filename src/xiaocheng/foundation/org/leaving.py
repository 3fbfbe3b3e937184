"""What ends in the organisation when a person leaves."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from xiaocheng.foundation.kernel import clock

from .models import ApiToken, Delegation, Department, DutyShift, Lending, Mentorship, Person
from .reorganise import hang_people


def end_of(person: Person, successor: Person | None, today: dt.date) -> None:
    """Tokens die, arrangements end, shifts are struck, team and departments go to the successor or the next in line."""
    ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=clock.now())
    DutyShift.objects.filter(person=person, day__gte=today).delete()
    for rows in (
        Delegation.objects.filter(Q(person=person) | Q(deputy=person)),
        Lending.objects.filter(person=person),
        Mentorship.objects.filter(Q(mentor=person) | Q(mentee=person)),
    ):
        rows.filter(since__gte=today).delete()
        rows.filter(Q(until=None) | Q(until__gte=today)).update(until=today - dt.timedelta(days=1))
    _hand_on_team(person, successor)
    Department.objects.filter(head=person).update(head=successor)


def _hand_on_team(person: Person, successor: Person | None) -> None:
    if successor and successor.line_path.startswith(person.line_path):
        hang_people([successor], person.manager)  # promoted out of the team that he takes over
    team = list(Person.objects.filter(manager=person).exclude(pk=successor.pk if successor else 0))
    hang_people(team, successor or person.manager)
