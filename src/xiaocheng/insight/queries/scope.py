"""Whose figures a person may ask for, and what each choice means."""

from __future__ import annotations

from typing import Literal

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.org.queries import department_and_below

Basis = Literal["company", "team", "people", "mine"]


def bases(actor: Actor) -> list[Basis]:
    """The choices of an actor, the usual one first.

    company: everything; team: credited to the departments that the actor heads; people: credited to the people he has
    now, wherever they were then; mine: credited to himself.
    """
    if actor.sight.everyone:
        return ["company"] if actor.person_id is None else ["company", "mine"]
    found: list[Basis] = []
    if actor.sight.departments:
        found.append("team")
    if actor.sight.people - {actor.person_id}:
        found.append("people")
    return [*found, "mine"]


def whose(actor: Actor, basis: Basis, team_id: int | None = None, person_id: int | None = None) -> Whose:
    """Whose facts to count: of the basis, of a department with those below, of one person. Sight narrows it further."""
    departments = actor.sight.departments if basis == "team" else None
    people = actor.sight.people if basis == "people" else None
    if basis == "mine":
        people = frozenset({actor.person_id or 0})
    if team_id is not None:
        below = department_and_below(team_id)
        departments = below if departments is None else below & departments
    if person_id is not None:
        people = frozenset({person_id}) if people is None else people & {person_id}
    return Whose(people, departments)
