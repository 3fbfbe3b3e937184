"""Requests for more time: what waits for the actor, what became of those about one customer."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from xiaocheng.foundation.approvals.queries import Paper, waiting_for
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.selling.customers.models import Extension
from xiaocheng.selling.customers.models.extensions import ASKED


def extension(actor: Actor, extension_id: int) -> Extension:
    """One request that the actor may see, with who asked and for which customer."""
    row: Extension = Extension.objects.one(actor, extension_id, "person", "episode__customer")
    return row


def waiting_extensions(actor: Actor) -> list[Extension]:
    """The requests that wait for the actor's signature, the oldest first."""
    rows = (
        _rows(actor).filter(state=ASKED, episode__ended_at=None).exclude(person_id=actor.person_id or 0).order_by("pk")
    )
    return _mine(actor, list(rows))


def extensions_of(actor: Actor, customer_id: int) -> list[Extension]:
    """What was asked for one customer, the latest first, as far as the actor sees those who asked."""
    return list(_rows(actor).filter(episode__customer=customer_id).order_by("-pk"))


def decidable(actor: Actor, rows: Sequence[Extension]) -> set[int]:
    """The ids of those of the requests that the actor may decide now."""
    return {row.pk for row in _mine(actor, [row for row in rows if row.state == ASKED and not row.is_void])}


def _mine(actor: Actor, rows: list[Extension]) -> list[Extension]:
    papers = [Paper(row.pk, row.person_id, row.asked_at) for row in rows]
    mine = waiting_for(actor, papers) if papers else set()
    return [row for row in rows if row.pk in mine]


def _rows(actor: Actor) -> QuerySet[Extension]:
    rows: QuerySet[Extension] = Extension.objects.visible_to(actor)
    return rows.select_related("person", "decided_by", "episode__customer")
