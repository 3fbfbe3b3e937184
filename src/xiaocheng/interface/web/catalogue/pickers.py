"""Products to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.shell.pickers import Choice, picker
from xiaocheng.selling.catalogue import queries


@picker("products")
def products(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The products on sale, or those that are chosen already."""
    found = queries.products(actor, text, active_only=not ids)
    return [Choice(row.pk, row.name, row.code) for row in (found.filter(pk__in=ids) if ids else found[:20])]
