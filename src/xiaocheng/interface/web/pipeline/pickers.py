"""What the forms of the pipeline offer: only what the actor may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.queries import assignable, names_of, people
from xiaocheng.interface.web.shell.pickers import Choice, picker
from xiaocheng.selling.catalogue import queries as catalogue
from xiaocheng.selling.pipeline import queries
from xiaocheng.selling.pipeline.access import SEE


@picker("deal-products", SEE)
def deal_products(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The products on sale."""
    if ids:
        return [Choice(pk, name) for pk, name in catalogue.names_of(actor, ids).items()]
    return [Choice(pk, name) for pk, name in catalogue.choices(actor, text)]


@picker("competitors", SEE)
def competitors(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The competitors in use, or those that are chosen already."""
    found = queries.competitors(actor, text, active_only=not ids)
    return [Choice(row.pk, row.name, row.aliases) for row in (found.filter(pk__in=ids) if ids else found[:20])]


@picker("deal-owners", SEE)
def deal_owners(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The people to whom the actor may give an opportunity, himself included."""
    if ids:
        return [Choice(pk, name) for pk, name in names_of(ids).items()]
    found = people(actor, text).filter(pk__in=assignable(actor).order_by().values("pk"))[:20]
    return [Choice(person.pk, person.name, person.department.name) for person in found]
