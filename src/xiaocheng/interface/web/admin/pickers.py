"""Colleagues, departments and roles to choose from; their names are no secret inside the company."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org import queries
from xiaocheng.interface.web.shell.pickers import Choice, picker


@picker("people")
def people(actor: Actor, text: str, ids: Sequence[int]) -> Iterator[Choice]:
    """Everybody who works here."""
    rows = queries.people(actor, active=None).filter(pk__in=ids) if ids else queries.people(actor, text)
    return (Choice(row.pk, row.name, row.department.name) for row in rows)


@picker("teammates")
def teammates(actor: Actor, text: str, ids: Sequence[int]) -> Iterator[Choice]:
    """Those to whom the actor may hand work, himself included."""
    seen = queries.people(actor, text).filter(pk__in=queries.assignable(actor).values("pk"))
    return (Choice(row.pk, row.name, row.department.name) for row in (seen.filter(pk__in=ids) if ids else seen))


@picker("departments")
def departments(actor: Actor, text: str, ids: Sequence[int]) -> Iterator[Choice]:
    """The departments in the order of the tree, each with the one above it."""
    tree = queries.department_tree(actor, active=None if ids else True)
    names = {node.id: node.name for node in tree}
    for node in tree:
        if (node.id in ids) if ids else (text.casefold() in node.name.casefold()):
            yield Choice(node.id, node.name, names.get(node.parent_id or 0, ""))


@picker("roles")
def roles(actor: Actor, text: str, ids: Sequence[int]) -> Iterator[Choice]:
    """The roles of the company."""
    for row in queries.roles(actor):
        if (row.pk in ids) if ids else (text.casefold() in row.name.casefold()):
            yield Choice(row.pk, row.name)
