"""Standing in, lending and mentoring: dated, and sight follows at once."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ninja import Router
from ninja import Schema as Answer

from xiaocheng.foundation.org import commands, queries
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.foundation.org.queries import Delegation, Lending, Mentorship

from .auth import ApiRequest
from .schemas import Body, Day, Id, shaped

router = Router(tags=["organisation"])


class DelegationOut(Answer):
    """Who stands in for whom."""

    id: int
    person_id: int
    deputy_id: int
    since: dt.date
    until: dt.date | None
    reason: str


class LendingOut(Answer):
    """Which department borrows whom, and whether the work counts there."""

    id: int
    person_id: int
    department_id: int
    since: dt.date
    until: dt.date | None
    is_credited: bool
    reason: str


class MentorshipOut(Answer):
    """Who mentors whom."""

    id: int
    mentee_id: int
    mentor_id: int
    since: dt.date
    until: dt.date | None
    aim: str


class ArrangementsOut(Answer):
    """A person's arrangements of both sides, those of the past too, the latest first."""

    delegations: list[DelegationOut]
    lendings: list[LendingOut]
    mentorships: list[MentorshipOut]


class NewDelegation(Body):
    """Who stands in, from when to when; without an end until it is ended."""

    deputy_id: Id
    since: Day
    until: Day | None = None
    reason: str = ""


class NewLending(Body):
    """Which department borrows, from when to when; without an end until it is ended."""

    department_id: Id
    since: Day
    until: Day | None = None
    is_credited: bool = True
    reason: str = ""


class NewMentorship(Body):
    """Who mentors, from when to when; without an end until it is ended."""

    mentor_id: Id
    since: Day
    until: Day | None = None
    aim: str = ""


@router.get("/people/{person_id}/arrangements", response=ArrangementsOut)
def arrangements(request: ApiRequest, person_id: Id) -> ArrangementsOut:
    """A person's arrangements: one's own, or anybody's for who keeps the people."""
    if person_id != request.actor.person_id:
        request.actor.require(MANAGE_PEOPLE)
    queries.person(request.actor, person_id)
    return ArrangementsOut(
        delegations=[_delegation(row) for row in queries.delegations(request.actor, person_id)],
        lendings=[_lending(row) for row in queries.lendings(request.actor, person_id)],
        mentorships=[_mentorship(row) for row in queries.mentorships(request.actor, person_id)],
    )


@router.post("/people/{person_id}/delegations", response=DelegationOut)
def delegate(request: ApiRequest, person_id: Id, body: NewDelegation) -> DelegationOut:
    """Let a deputy stand in for oneself, or, for who keeps the people, for anybody."""
    return _delegation(commands.delegate(request.actor, person_id, **body.model_dump()))


@router.post("/people/{person_id}/lendings", response=LendingOut)
def lend(request: ApiRequest, person_id: Id, body: NewLending) -> LendingOut:
    """Lend a person to another department."""
    return _lending(commands.lend(request.actor, person_id, **body.model_dump()))


@router.post("/people/{person_id}/mentorships", response=MentorshipOut)
def mentor(request: ApiRequest, person_id: Id, body: NewMentorship) -> MentorshipOut:
    """Give a person a mentor, who sees the person's work."""
    return _mentorship(commands.mentor(request.actor, person_id, **body.model_dump()))


@router.post("/arrangements/{sort}/{arrangement_id}/end", response=None)
def end_arrangement(
    request: ApiRequest, sort: Literal["delegation", "lending", "mentorship"], arrangement_id: Id
) -> None:
    """End an arrangement now: what lies ahead is struck, what began keeps its days up to yesterday."""
    commands.end_arrangement(request.actor, sort, arrangement_id)


def _delegation(row: Delegation) -> DelegationOut:
    return shaped(DelegationOut, row)


def _lending(row: Lending) -> LendingOut:
    return shaped(LendingOut, row)


def _mentorship(row: Mentorship) -> MentorshipOut:
    return shaped(MentorshipOut, row)
