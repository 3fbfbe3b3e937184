"""What the filters of insight offer: only departments and people whom the actor sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.text import normal
from xiaocheng.foundation.org.queries import department_tree, people
from xiaocheng.insight.access import SEE
from xiaocheng.interface.web.shell.pickers import Choice, picker
from xiaocheng.selling.catalogue.queries import products


@picker("insight-teams", SEE)
def teams(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The departments that the actor sees, in the order of the tree."""
    for unit in department_tree(actor, active=None):
        if not (actor.sight.everyone or unit.id in actor.sight.departments):
            continue
        if unit.id in ids if ids else normal(text) in normal(unit.name):
            yield Choice(unit.id, unit.name)


@picker("insight-people", SEE)
def seen_people(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The people whom the actor sees, himself included."""
    seen = people(actor, text, active=None)
    if not actor.sight.everyone:
        seen = seen.filter(pk__in=sorted(actor.sight.people))
    for person in seen.filter(pk__in=ids) if ids else seen:
        yield Choice(person.pk, person.name, person.department.name)


@picker("insight-products", SEE)
def all_products(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """Every product, those off sale too."""
    found = products(actor, text)
    for product in found.filter(pk__in=ids) if ids else found:
        yield Choice(product.pk, product.name)
