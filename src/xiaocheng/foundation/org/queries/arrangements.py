"""Dated arrangements between people."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.models import Delegation, Lending, Mentorship


def delegations(actor: Actor, person_id: int) -> QuerySet[Delegation]:
    """Who stands in for a person and for whom the person stands in, the latest first."""
    rows = Delegation.objects.select_related("person", "deputy").order_by("-since", "-pk")
    return rows.filter(Q(person_id=person_id) | Q(deputy_id=person_id))


def deputies_of(people: Collection[int]) -> list[Delegation]:
    """Who ever stood in for some people, and from which day to which."""
    return list(Delegation.objects.filter(person_id__in=people))


def lendings(actor: Actor, person_id: int) -> QuerySet[Lending]:
    """Where a person has been lent, the latest first."""
    return Lending.objects.filter(person_id=person_id).select_related("department").order_by("-since", "-pk")


def mentorships(actor: Actor, person_id: int) -> QuerySet[Mentorship]:
    """Who mentors a person and whom the person mentors, the latest first."""
    rows = Mentorship.objects.select_related("mentor", "mentee").order_by("-since", "-pk")
    return rows.filter(Q(mentor_id=person_id) | Q(mentee_id=person_id))
