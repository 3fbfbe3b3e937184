"""What a person holds, counted by the modules that know it: what a handover shows before anything moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, Sentence
from xiaocheng.foundation.org.models import Person

Count = Callable[[Person], int]


@dataclass(frozen=True)
class Held:
    """So many things of one kind that a person holds, and what becomes of them."""

    kind: str
    label: Sentence
    fate: Sentence
    count: int


@dataclass(frozen=True)
class _Holding:
    """One kind of things; `ends` if it is concerned only when the account is closed, `moves` the key handed on."""

    kind: str
    label: Sentence
    fate: Sentence
    count: Count
    ends: bool = False
    moves: str = field(default="")


_declared: list[_Holding] = []


def holds(
    kind: str, label: Sentence, fate: Sentence, *, moves: str = "", ends: bool = False
) -> Callable[[Count], Count]:
    """Declare how things of a kind are counted that a person holds; `moves` names the foreign key handed on."""

    def register(count: Count) -> Count:
        _declared.append(_Holding(kind, label, fate, count, ends, moves))
        return count

    return register


def shown_keys() -> frozenset[str]:
    """The foreign keys of which a preview says how many rows they hand on."""
    return frozenset(item.moves for item in _declared if item.moves)


def holdings_of(actor: Actor, person_id: int, *, leaves: bool = True) -> list[Held]:
    """What a colleague in sight holds and what becomes of it; `leaves` counts what ends with the account, too."""
    person = Person.objects.select_related("role", "department").filter(pk=person_id).first()
    if person is None or not actor.sight.sees_person(person_id):
        raise NotFound
    found = [
        Held(item.kind, item.label, item.fate, item.count(person)) for item in _declared if leaves or not item.ends
    ]
    return [item for item in found if item.count]
