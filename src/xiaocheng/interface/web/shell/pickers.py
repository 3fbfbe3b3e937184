"""Choosing a row of another table: sources declared by the families, read by forms and by the picker's JSON address.

A source gives only rows that the actor may see, so no dropdown lists what a page would hide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.http import JsonResponse
from django.views.decorators.http import require_GET

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound

from .access import SIGNED_IN, access
from .http import Request

LIMIT = 20
Source = Callable[[Actor, str, Sequence[int]], Iterable["Choice"]]


@dataclass(frozen=True)
class Choice:
    """One row to choose: its id, its name, and a word that tells it from others of that name."""

    id: int
    label: str
    note: str = ""


_sources: dict[str, tuple[Source, tuple[str, ...]]] = {}


def picker(name: str, *capabilities: str) -> Callable[[Source], Source]:
    """Declare a source: called with (actor, what was typed, ids); with ids it names just those, else the best 20."""

    def declare(source: Source) -> Source:
        _sources[name] = (source, capabilities)
        return source

    return declare


def names() -> list[str]:
    """The names of all sources."""
    return sorted(_sources)


def choices(name: str, actor: Actor, text: str = "", ids: Sequence[int] = ()) -> list[Choice]:
    """What a source offers to an actor."""
    if name not in _sources:
        raise NotFound
    source, capabilities = _sources[name]
    actor.require(*capabilities)
    found = []
    for choice in source(actor, text.strip(), ids):
        found.append(choice)
        if len(found) == LIMIT and not ids:
            break
    return found


@access(SIGNED_IN)
@require_GET
def pick(request: Request, name: str) -> JsonResponse:
    """The picker's address: the rows that fit what was typed."""
    offered = choices(name, request.actor, request.GET.get("q", ""))
    return JsonResponse({"rows": [{"id": c.id, "label": c.label, "note": c.note} for c in offered]})
