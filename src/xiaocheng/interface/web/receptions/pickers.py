"""What the forms of receptions offer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.queries import duty_sites
from xiaocheng.interface.web.shell.pickers import Choice, picker


@picker("duty-sites")
def sites(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """Showrooms and hotlines; companies have a handful."""
    found = duty_sites(actor).filter(name__icontains=text)
    return [Choice(row.pk, row.name, "") for row in (found.filter(pk__in=ids) if ids else found)]
