"""Who wins more or less often than all others by more than luck."""

from __future__ import annotations

from ninja import Query, Router
from ninja import Schema as Answer

from xiaocheng.insight import queries

from .auth import ApiRequest
from .insight import Asked, figure_out, selected
from .insight_shapes import FigureOut, Scope

router = Router(tags=["insight"])


class PersonComparedOut(Answer):
    """The win rate of somebody, raw and drawn towards that of all.

    `beyond`: 0 where luck explains the difference, 1 outside the 95 % limits, 2 outside those of 99.8 %; below: minus.
    """

    person_id: int
    name: str
    win_rate: FigureOut
    shrunk: FigureOut
    beyond: int


class PeopleComparedOut(Answer):
    """The rate of all together, and the people by name; nobody where fewer than three closed five deals each."""

    scope: Scope
    average: FigureOut
    people: list[PersonComparedOut]


@router.get("/insight/people", response=PeopleComparedOut)
def people_compared(request: ApiRequest, asked: Query[Asked]) -> PeopleComparedOut:
    """Who differs by more than luck in the period; nobody is ranked."""
    selection, scope = selected(request.actor, asked)
    found = queries.people_compared(request.actor, selection)
    return PeopleComparedOut(
        scope=scope,
        average=figure_out(found.average),
        people=[
            PersonComparedOut(
                person_id=person.id,
                name=person.name,
                win_rate=figure_out(person.win_rate),
                shrunk=figure_out(person.shrunk),
                beyond=person.beyond,
            )
            for person in found.people
        ],
    )
