"""Whose work may be handed over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.queries import people
from xiaocheng.interface.web.shell.pickers import Choice, picker
from xiaocheng.selling.customers.access import HAND_OVER


@picker("handover-people", HAND_OVER)
def handing_over(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The others whom the actor sees, those who have left, too."""
    found = people(actor, text, active=None).exclude(pk=actor.person_id or 0)
    if not actor.sight.everyone:
        found = found.filter(pk__in=sorted(actor.sight.people))
    return [Choice(row.pk, row.name, row.department.name) for row in (found.filter(pk__in=ids) if ids else found[:20])]
